package command

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v3"
	"github.com/zclconf/go-cty/cty"

	"lockstep/cmd/internal/pull/gather"
	"lockstep/planner/engine"
	"lockstep/providers"
	"lockstep/schema"
)

// asked is what the command line asks to read.
func (u pulling) asked(ctx context.Context, c *cli.Command, e *engine.Engine) (gather.Input, error) {
	in := gather.Input{Kinds: c.Args().Slice(), Progress: func(kind *schema.Kind, done, total int) {
		u.progress(engine.Progress{Phase: "Reading", Kind: kind.Plural, Done: done, Total: total, Calls: e.Calls()})
	}}
	all := e.Providers()
	for _, ref := range slices.Sorted(maps.Keys(all)) {
		in.Accounts = append(in.Accounts, gather.Account{
			Ref: ref, Provider: all[ref], Reaches: func(k *schema.Kind) error { return engine.Reaches(e, ref, k) },
			Gone: func(kind, id string) bool { return engine.Lingers(e, ref, kind, id) },
		})
	}
	if len(all) == 0 {
		return in, failed(problem("There is no provider", "The files of this folder have no provider block, so that there is no account to read. Write one, such as provider \"ghl\" {}, or run `lockstep init -from-scratch`."))
	}
	for _, name := range in.Kinds {
		if err := pullable(in.Accounts, name); err != nil {
			return in, err
		}
	}
	return in, narrowed(ctx, &in, c.StringSlice("where"))
}

// pullable refuses a kind that no file can manage.
func pullable(accounts []gather.Account, name string) error {
	var names []string
	for _, a := range accounts {
		for _, k := range a.Schema().Kinds {
			switch {
			case k.Name != name && !k.ReadOnly:
				names = append(names, k.Name)
			case k.Name == name && k.ReadOnly:
				return usage("%s can only be read, so there is nothing to write to files: a data block reads it. `lockstep explain data.%s` tells how.", capital(k.Plural), name)
			case k.Name == name && k.Listing.Blind:
				return usage("The API does not tell which %s there are, so they cannot be pulled: write their blocks, and a plan finds out.", k.Plural)
			case k.Name == name:
				return nil
			}
		}
	}
	return usage("There is no kind %q among those of the providers of this folder.%s", name, schema.DidYouMean(name, names))
}

// narrowed takes over what -where says: arguments of one data source of the kind.
func narrowed(ctx context.Context, in *gather.Input, where []string) error {
	if len(where) == 0 {
		return nil
	}
	if len(in.Kinds) != 1 {
		return usage("-where goes with one KIND, whose objects it narrows down.")
	}
	var paths []string
	values := map[string]string{}
	for _, text := range where {
		path, value, err := splitWhere(text)
		if err != nil {
			return err
		}
		paths, values[path] = append(paths, path), value
	}
	in.Accounts = slices.DeleteFunc(in.Accounts, func(a gather.Account) bool { return a.Schema().Kind(in.Kinds[0]) == nil })
	schemas := in.Accounts[0].Schema()
	source := sourceFor(schemas, in.Kinds[0], paths)
	if source == nil {
		return usage("-where=%s: no data source of %s takes that. %s", where[0], in.Kinds[0], argumentsOf(schemas, in.Kinds[0]))
	}
	fields, err := argumentFields(source, values)
	if err != nil {
		return err
	}
	if n, ok := in.Accounts[0].Provider.(providers.Normalizer); ok {
		if fields, err = n.Normalize(ctx, in.Kinds[0], fields); err != nil {
			return usage("-where: %s.", strings.TrimSuffix(err.Error(), "."))
		}
	}
	in.Source, in.Where = source.Name, fields
	return nil
}

// sourceFor is the data source for many objects of a kind that takes all arguments;
// nil when none does.
func sourceFor(p *schema.Provider, kind string, paths []string) *schema.DataSource {
	for _, d := range p.Data {
		takes := func(path string) bool { return d.Argument(schema.PathAttribute(path)) != nil }
		if d.Kind == kind && d.Many != "" && !slices.ContainsFunc(paths, func(path string) bool { return !takes(path) }) {
			return d
		}
	}
	return nil
}

// argumentsOf tells by what the objects of a kind can be selected.
func argumentsOf(p *schema.Provider, kind string) string {
	var names []string
	for _, d := range p.Data {
		if d.Kind == kind && d.Many != "" {
			for i := range d.Arguments {
				names = append(names, d.Arguments[i].Name)
			}
		}
	}
	if len(names) == 0 {
		return "Its objects cannot be narrowed down: pull all, and take out what is not wanted."
	}
	slices.Sort(names)
	return "It is one of: " + strings.Join(slices.Compact(names), ", ") + "."
}

// argumentFields are the arguments of a data source with the types that it declares.
func argumentFields(d *schema.DataSource, values map[string]string) (schema.Fields, error) {
	var fields schema.Fields
	maps := map[string]map[string]schema.Value{}
	for path, text := range values {
		a := d.Argument(schema.PathAttribute(path))
		v := schema.StringValue(text)
		switch {
		case a.Type.IsMapType() && schema.PathKey(path) == "":
			return nil, usage("-where=%s=%s: %s has keys, as in -where %s.tier=gold.", path, text, path, path)
		case a.Type.IsMapType():
			if maps[a.Name] == nil {
				maps[a.Name] = map[string]schema.Value{}
			}
			maps[a.Name][schema.PathKey(path)] = v
			continue
		case a.Type == cty.Bool:
			truth, err := strconv.ParseBool(text)
			if err != nil {
				return nil, usage("-where=%s=%s: it is true or false.", path, text)
			}
			v = schema.BoolValue(truth)
		case a.Type == cty.Number:
			number, err := schema.CanonicalNumber(text)
			if err != nil {
				return nil, usage("-where=%s=%s: it is a number.", path, text)
			}
			v = schema.NumberValue(number)
		}
		fields = append(fields, schema.Field{Path: a.Name, Value: v})
	}
	for name, entries := range maps {
		fields = append(fields, schema.Field{Path: name, Value: schema.MapValue(entries)})
	}
	fields.Sort()
	return fields, nil
}
