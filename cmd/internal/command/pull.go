package command

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/urfave/cli/v3"

	"lockstep/cmd/internal/pull"
	"lockstep/cmd/internal/pull/gather"
	"lockstep/cmd/internal/view"
	"lockstep/planner/engine"
	"lockstep/schema"
)

func pullCommand(s *session) *cli.Command {
	return &cli.Command{
		Name: "pull", Usage: "write files for what exists in the CRM", ArgsUsage: "[KIND]...",
		Description: "Without a KIND, all kinds that can be written and listed in few calls. Writes a block for each object that no file declares yet, " +
			"with references in place of ids, and import blocks: the next plan has only imports, and after its apply they can be deleted. " +
			"Writes neither CRM nor state, and no file that is there already.",
		Flags: append(variableFlags(),
			&cli.StringSliceFlag{Name: "where", Usage: "only objects with `ARGUMENT=VALUE`, as data sources take it; may be repeated, with one KIND"},
			&cli.StringFlag{Name: "out", Usage: "write the files to the folder `DIR`, which is a project of its own"},
			choice("format", "`FORMAT` is blocks, one for each object, or csv: a table of each kind and one block that goes through its rows", "blocks", "csv"),
			&cli.BoolFlag{Name: "redact", Hidden: true}),
		Metadata: examples(
			"lockstep pull", "the whole account in files",
			"lockstep pull ghl_contact -where tag=member -format=csv", "members.csv to be: contacts with a tag, one row each",
			"lockstep pull ghl_task ghl_note", "also what takes a call for each contact"),
		Action: pulling{s}.run,
	}
}

// pulling writes files for live objects.
type pulling struct{ *session }

func (u pulling) run(ctx context.Context, c *cli.Command) error {
	if c.Bool("redact") {
		return usage("pull does not take -redact: an apply would write what is masked in the files to the CRM. Keep the files where only those who may see the CRM can read them.")
	}
	p, err := u.load(c)
	if err != nil {
		return err
	}
	e, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer e.Close()
	in, err := u.asked(ctx, c, e)
	if err != nil {
		return err
	}
	out := destination{dir: c.String("out")}
	if err := out.free(u.expected(in, c.String("format") == "csv")); err != nil {
		return err
	}
	work := pull.Input{Tables: c.String("format") == "csv", Spell: func(provider string, kind *schema.Kind, fields schema.Fields) (schema.Fields, error) {
		return engine.Spell(ctx, e, provider, kind, fields)
	}}
	if out.here() {
		if work.Managed, err = u.managed(ctx, e); err != nil {
			return err
		}
		work.Taken = taken(p)
	}
	return u.write(ctx, e, in, work, out)
}

// write reads what is live and writes the files.
func (u pulling) write(ctx context.Context, e *engine.Engine, in gather.Input, work pull.Input, out destination) error {
	sets, left, err := gather.Read(ctx, in)
	u.line.Clear()
	u.tellOdd(e)
	if ctx.Err() != nil {
		return &outcome{code: ExitInterrupted, diags: problem("Interrupted", "No file was written.")}
	}
	if err != nil {
		return failed(hcl.Diagnostics{unread("Cannot read what is live", capital(err.Error()), err)})
	}
	work.Sets = sets
	result := pull.Write(work)
	if err := out.create(result.Files); err != nil {
		return err
	}
	u.tell(view.PulledWithout(append(left, result.Left...)))
	if len(result.Written) == 0 {
		u.say("There is nothing to write: no live object that the files do not declare already.")
		return nil
	}
	for _, w := range result.Written {
		u.say("%s: %s", out.path(w.File), view.Count(w.Objects, w.Kind.Noun, w.Kind.Plural))
	}
	u.note("%s", out.next(e.Calls()))
	return nil
}

// managed are the objects that the files declare, and how expressions refer to them.
func (u pulling) managed(ctx context.Context, e *engine.Engine) (map[pull.Ref]string, error) {
	diags := e.Look(ctx)
	u.line.Clear()
	if diags.HasErrors() {
		return nil, interrupted(ctx, diags)
	}
	found := map[pull.Ref]string{}
	for _, p := range u.catalog() {
		for _, k := range p.Kinds {
			managed, _ := e.Managed(k.Name)
			for _, m := range managed {
				found[pull.Ref{Provider: m.Provider, Kind: k.Name, ID: m.ID}] = pull.Reference(m.Address)
			}
		}
	}
	return found, nil
}

// taken are the names that the files of a project have.
func taken(p *project) map[string]bool {
	all := map[string]bool{}
	for _, r := range slices.Concat(p.config.Root.Resources, p.config.Root.Data) {
		all[r.Address().String()] = true
	}
	for name := range p.config.Root.Locals {
		all["local."+name] = true
	}
	return all
}

// expected are the files that are sure to be written if there are objects.
func (u pulling) expected(in gather.Input, tables bool) []string {
	var files []string
	for _, a := range in.Accounts {
		for _, name := range in.Kinds {
			if k := a.Schema().Kind(name); k != nil {
				files = append(files, pull.FileNames(a.Ref, k, tables)...)
			}
		}
	}
	return files
}

// next tells what to do with the files.
func (f destination) next(calls int) string {
	text := "Read in " + view.Count(calls, "call", "calls") + ". `lockstep plan` shows what is imported; after `lockstep apply` the files import_*.hcl can be deleted."
	if f.here() {
		return text
	}
	return text + " Put the provider block into " + filepath.ToSlash(f.dir) + " first."
}

// splitWhere parts ARGUMENT=VALUE.
func splitWhere(text string) (path, value string, err error) {
	path, value, ok := strings.Cut(text, "=")
	if !ok || path == "" || value == "" {
		return "", "", usage("-where=%s: write ARGUMENT=VALUE, as in -where tag=member.", text)
	}
	return path, value, nil
}
