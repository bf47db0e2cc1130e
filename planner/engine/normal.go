package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"lockstep/planner"
	"lockstep/providers"
	"lockstep/schema"
)

// normal spells the fields of a desired object as Normal does, and refuses
// the fields of an object that cannot be written.
func (a *account) normal(ctx context.Context, kind *schema.Kind, fields schema.Fields) (schema.Fields, error) {
	fields, err := Normal(ctx, a.provider, kind, fields)
	if err != nil {
		return nil, err
	}
	return fields, a.writable(kind.Name, fields)
}

// writable returns why an object with some fields cannot be written, nil when it
// can.
func (a *account) writable(kind string, fields schema.Fields) error {
	if a.canWrite == nil {
		return nil
	}
	return a.canWrite(kind, fields)
}

// Normal spells the fields of a desired object as its provider does, and
// refuses what contradicts itself. Errors are as those of
// providers.Normalizer, without sensitive values.
func Normal(ctx context.Context, p providers.Provider, kind *schema.Kind, fields schema.Fields) (schema.Fields, error) {
	if err := blank(kind, fields); err != nil {
		return nil, err
	}
	if err := either(kind, fields); err != nil {
		return nil, err
	}
	fields = filledIn(kind, fields)
	n, ok := p.(providers.Normalizer)
	if !ok {
		return fields, nil
	}
	spelt, err := n.Normalize(ctx, kind.Name, fields)
	if err != nil {
		return nil, Quiet(err, kind, fields)
	}
	if err := blank(kind, spelt); err != nil {
		return nil, err
	}
	return spelt, contradiction(spelt)
}

// blank refuses to empty what no object can be without.
func blank(kind *schema.Kind, fields schema.Fields) error {
	for i := range kind.Attributes {
		a := &kind.Attributes[i]
		if !a.Required {
			continue
		}
		if v := fields.Value(a.Name); v.Type() == schema.String && strings.TrimSpace(v.Text()) == "" {
			return &providers.FieldError{Path: a.Name, Problem: fmt.Sprintf("a %s needs %s, and it is empty", kind.Noun, a.Name),
				Advice: "Write a value, or leave the object out where there is none."}
		}
	}
	return nil
}

// either refuses two attributes of which an object has exactly one.
func either(kind *schema.Kind, fields schema.Fields) error {
	for _, choice := range kind.Either {
		if given := chosen(choice, fields); len(given) > 1 {
			return &providers.FieldError{Path: given[1], Problem: fmt.Sprintf("a %s has either %s, not both", kind.Noun, strings.Join(given, " or ")),
				Advice: "Keep one of them."}
		}
	}
	return nil
}

// neither refuses an object that has none of the attributes of which it needs one.
func neither(kind *schema.Kind, fields schema.Fields) error {
	for _, choice := range kind.Either {
		if len(chosen(choice, fields)) == 0 {
			return &providers.FieldError{Path: choice[0], Problem: fmt.Sprintf("a %s needs one of %s, and all are null or empty", kind.Noun, strings.Join(choice, ", ")),
				Advice: "Write a value for one of them, or leave the object out where there is none."}
		}
	}
	return nil
}

// chosen are the attributes of a choice that have a value, known or not.
func chosen(choice []string, fields schema.Fields) []string {
	return slices.DeleteFunc(slices.Clone(choice), func(name string) bool {
		v := fields.Value(name)
		return v.IsAbsent() || v.Type() == schema.String && strings.TrimSpace(v.Text()) == ""
	})
}

// filledIn leaves out empty texts that the server would fill in: they are as if
// they were not written. An attribute with a default is emptied by them.
func filledIn(kind *schema.Kind, fields schema.Fields) schema.Fields {
	given := func(f schema.Field) bool {
		a := kind.Attribute(schema.PathAttribute(f.Path))
		return a != nil && a.Optional && a.Computed && a.Default.IsAbsent() && f.Value.Type() == schema.String && strings.TrimSpace(f.Value.Text()) == ""
	}
	if !slices.ContainsFunc(fields, given) {
		return fields
	}
	return slices.DeleteFunc(slices.Clone(fields), given)
}

// otherKey refuses a key of a map that is spelt in another way, in the fields of
// a mapping, which are named by their paths. An empty text may be left out.
func otherKey(written, spelt schema.Fields) error {
	for _, f := range written {
		if _, still := spelt.Find(f.Path); still || schema.PathKey(f.Path) == "" || len(spelt.Of(schema.PathAttribute(f.Path))) == 0 {
			continue
		}
		return &providers.FieldError{Path: f.Path, Problem: fmt.Sprintf("%q is a key in another spelling", schema.PathKey(f.Path)),
			Advice: "Write one of: " + strings.Join(otherPaths(spelt, written), ", ") + "."}
	}
	return nil
}

// otherPaths are the paths that only one of two objects has.
func otherPaths(of, without schema.Fields) []string {
	var paths []string
	for _, f := range of {
		if _, both := without.Find(f.Path); !both && !f.Derived {
			paths = append(paths, f.Path)
		}
	}
	return paths
}

// Quiet takes sensitive values out of what a provider or a server says about
// fields.
func Quiet(err error, kind *schema.Kind, fields schema.Fields) error {
	sensitive := func(f schema.Field) bool {
		a := kind.Attribute(schema.PathAttribute(f.Path))
		return f.Sensitive || a != nil && a.Sensitive
	}
	var field *providers.FieldError
	if errors.As(err, &field) {
		if f, ok := fields.Find(field.Path); ok && sensitive(f) {
			return &providers.FieldError{Path: field.Path, Problem: "the value does not fit; it is sensitive and not shown", Advice: field.Advice}
		}
	}
	var api *providers.APIError
	if errors.As(err, &api) {
		for _, f := range fields {
			if text := f.Value.Text(); text != "" && sensitive(f) {
				api.Message = strings.ReplaceAll(api.Message, text, "(sensitive value)")
			}
		}
	}
	return err
}

// contradiction refuses a member that is excluded in another spelling: it
// would be added and removed by turns.
func contradiction(fields schema.Fields) error {
	for _, excluded := range fields {
		if excluded.Claim != schema.ClaimExcludes {
			continue
		}
		for _, f := range fields {
			if f.Path != excluded.Path || f.Claim == schema.ClaimExcludes || !f.Value.IsKnown() {
				continue
			}
			for _, name := range f.Value.Strings() {
				if slices.Contains(excluded.Value.Strings(), name) {
					return &providers.FieldError{Path: f.Path, Problem: fmt.Sprintf("%q is both a member of %s and excluded from it", name, f.Path),
						Advice: "Spelling aside, it can be only one of the two."}
				}
			}
		}
	}
	return nil
}

// respelling returns the kinds whose maps have keys that name objects which a
// plan writes: how their values are spelt is only known once those are there.
func respelling(accounts map[string]*account, p *planner.Plan) map[kindRef]bool {
	written := map[kindRef]bool{}
	for i := range p.Changes {
		if c := &p.Changes[i]; c.Kind != nil && c.Writes() {
			written[kindRef{c.Provider, c.Kind.Name}] = true
		}
	}
	found := map[kindRef]bool{}
	for name, account := range accounts {
		for _, kind := range account.schema.Kinds {
			if slices.ContainsFunc(kind.Attributes, func(a schema.Attribute) bool {
				return a.KeysOf != nil && written[kindRef{name, a.KeysOf.Kind}]
			}) {
				found[kindRef{name, kind.Name}] = true
			}
		}
	}
	return found
}
