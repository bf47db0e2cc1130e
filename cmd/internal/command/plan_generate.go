package command

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/urfave/cli/v3"

	"lockstep/cmd/internal/pull"
	"lockstep/cmd/internal/pull/gather"
	"lockstep/cmd/internal/view"
	"lockstep/planner/engine"
	"lockstep/planner/state"
	"lockstep/schema"
	"lockstep/schema/config"
	"lockstep/schema/eval"
)

// generatedHead begins a file of configuration, in the words that people know.
const generatedHead = "# __generated__ by lockstep\n# Please review these resources and move them into your main configuration files.\n\n"

func generateFlag() cli.Flag {
	return &cli.StringFlag{Name: "generate-config-out", Usage: "write configuration to a new `FILE`, which becomes part of the plan, for import blocks whose resources are not declared"}
}

// generating writes the blocks that import blocks lack.
type generating struct {
	*session
	flags *cli.Command
}

// run writes the file that -generate-config-out names, when it is given and a block
// is missing. What else is wrong with the files is for the plan to tell.
func (g generating) run(ctx context.Context) error {
	file := g.flags.String("generate-config-out")
	if file == "" {
		return nil
	}
	if filepath.Base(file) != filepath.Clean(file) || !strings.HasSuffix(file, ".hcl") || strings.HasSuffix(file, ".vars.hcl") || strings.HasPrefix(file, ".") {
		return usage("-generate-config-out=%s: name a file of this folder that ends in .hcl, so that the plan reads it.", file)
	}
	out := destination{}
	if err := out.free([]string{file}); err != nil {
		return err
	}
	cfg, diags := g.loadConfig()
	missing := undeclared(diags)
	if len(missing) == 0 || len(missing) < len(diags.Errs()) {
		return nil
	}
	if err := g.warn(cannotGenerate(missing)); err != nil {
		return err
	}
	p, err := g.evaluated(g.flags, cfg, g.env.Now(), nil)
	if err != nil {
		return err
	}
	e, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer e.Close()
	return g.write(ctx, p, e, missing, file)
}

// undeclared are the import blocks without a resource block.
func undeclared(diags hcl.Diagnostics) map[hcl.Range]*config.Import {
	all := map[hcl.Range]*config.Import{}
	for _, d := range diags {
		if u, ok := d.Extra.(*config.Undeclared); ok {
			all[u.Import.Range] = u.Import
		}
	}
	return all
}

// cannotGenerate tells which of the import blocks no configuration can be written for.
func cannotGenerate(missing map[hcl.Range]*config.Import) (diags hcl.Diagnostics) {
	for at, i := range missing {
		to, key := i.TargetAddress()
		why := ""
		switch {
		case i.ForEach != nil:
			why = "The import block has for_each."
		case key != nil || to.Key != (schema.Key{}):
			why = fmt.Sprintf("%s is an instance of a resource with for_each or count.", to)
		case to.Module != "":
			why = fmt.Sprintf("%s lies in a module, whose files others may use as well.", to)
		default:
			continue
		}
		diags = append(diags, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Cannot generate configuration",
			Detail: why + " Write the resource block, or let `lockstep pull` write it.", Subject: at.Ptr()})
	}
	slices.SortFunc(diags, func(a, b *hcl.Diagnostic) int { return a.Subject.Start.Byte - b.Subject.Start.Byte })
	return diags
}

// write reads the objects and writes their blocks.
func (g generating) write(ctx context.Context, p *project, e *engine.Engine, missing map[hcl.Range]*config.Import, file string) error {
	imports, diags := p.eval.Imports()
	if err := g.warn(diags); err != nil {
		return err
	}
	imports = slices.DeleteFunc(imports, func(i eval.Import) bool { return missing[i.Range] == nil })
	work := pull.Input{Into: file, Names: map[pull.Ref]string{}, Taken: taken(p), Managed: recorded(e),
		Spell: func(provider string, kind *schema.Kind, fields schema.Fields) (schema.Fields, error) {
			return engine.Spell(ctx, e, provider, kind, fields)
		}}
	for _, i := range imports {
		ref := pull.Ref{Provider: i.Provider.String(), Kind: i.To.Kind, ID: i.ID}
		if other := work.Names[ref]; other != "" {
			return failed(hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "Object is imported twice", Subject: i.Range.Ptr(),
				Detail: fmt.Sprintf("%s.%s is imported from the id %q as well. Remove one of the two import blocks.", ref.Kind, other, ref.ID)}})
		}
		work.Names[ref] = i.To.Name
		work.Taken[i.To.String()] = true
		delete(work.Managed, ref)
	}
	left, err := g.read(ctx, e, &work)
	if err != nil {
		return err
	}
	result := pull.Write(work)
	g.tell(view.PulledWithout(append(left, result.Left...)))
	if err := found(imports, work.Sets); err != nil {
		return err
	}
	if len(result.Files) == 0 {
		return nil
	}
	result.Files[0].Content = append([]byte(generatedHead), result.Files[0].Content...)
	if err := (destination{}).create(result.Files); err != nil {
		return err
	}
	g.note("lockstep has generated configuration and written it to %s. Please review the configuration and edit it as necessary before adding it to version control.", file)
	return nil
}

// read reads the objects that are imported, account by account.
func (g generating) read(ctx context.Context, e *engine.Engine, work *pull.Input) (left []pull.Left, err error) {
	accounts := map[string]map[string][]string{}
	for ref := range work.Names {
		if accounts[ref.Provider] == nil {
			accounts[ref.Provider] = map[string][]string{}
		}
		accounts[ref.Provider][ref.Kind] = append(accounts[ref.Provider][ref.Kind], ref.ID)
	}
	for _, ref := range slices.Sorted(maps.Keys(accounts)) {
		sets, without, err := gather.Read(ctx, gather.Input{
			Accounts: []gather.Account{{Ref: ref, Provider: e.Providers()[ref], Reaches: func(k *schema.Kind) error { return engine.Reaches(e, ref, k) }}},
			Kinds:    slices.Sorted(maps.Keys(accounts[ref])), IDs: accounts[ref],
			Progress: func(kind *schema.Kind, done, total int) {
				g.progress(engine.Progress{Phase: "Reading", Kind: kind.Plural, Done: done, Total: total, Calls: e.Calls()})
			},
		})
		g.line.Clear()
		if err != nil {
			return nil, interrupted(ctx, hcl.Diagnostics{unread("Cannot read what is live", capital(err.Error()), err)})
		}
		work.Sets, left = append(work.Sets, sets...), append(left, without...)
	}
	return left, nil
}

// found reports the imports whose ids no object has.
func found(imports []eval.Import, sets []pull.Set) error {
	var diags hcl.Diagnostics
	for _, i := range imports {
		there := slices.ContainsFunc(sets, func(s pull.Set) bool {
			return s.Kind.Name == i.To.Kind && slices.ContainsFunc(s.Objects, func(o schema.Object) bool { return o.ID == i.ID })
		})
		if !there {
			diags = append(diags, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Nothing to import", Subject: i.Range.Ptr(),
				Detail: fmt.Sprintf("There is no live object with the id %s for %s, or it could not be read.", i.ID, i.To)})
		}
	}
	return failed(diags)
}

// recorded are the objects that the state has, and how expressions refer to them.
func recorded(e *engine.Engine) map[pull.Ref]string {
	all := map[pull.Ref]string{}
	for _, r := range e.Store.Snapshot().Sorted() {
		a := r.Address()
		if a.Mapping() || a.Key.Type == schema.StringKey && state.SealedKey(a.Key.Text) {
			continue
		}
		all[pull.Ref{Provider: r.Provider, Kind: a.Kind, ID: r.ID}] = pull.Reference(a)
	}
	return all
}
