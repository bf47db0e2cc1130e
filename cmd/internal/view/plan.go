package view

import (
	"bufio"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner"
	"lockstep/schema"
)

// noChanges is the line of a plan that has nothing to do, for people; other tools
// look for noChangesForTools.
const noChanges = "No changes. The CRM matches the files."

// What programs for Terraform look for, to the letter: Atlantis in
// server/events/models, tfcmt in pkg/terraform, dflook's actions in github_pr_comment.
const (
	noChangesForTools = "No changes. Your infrastructure matches the configuration."
	actionsForTools   = "Terraform will perform the following actions:"
	movedForTools     = "Note: Objects have changed outside of Terraform"
	// Rule ends what stands above the changes: warnings, and what moved.
	Rule = "────────────────────────────────────────────────────────────"
)

// roomForChanges is how many characters the changes of a folded plan take: with
// conflicts, outputs and the end it then fits in a comment on a pull request, which
// has 65,536.
const roomForChanges = 36_000

// roomForOutputs is how many characters the outputs of a folded plan take, and
// maxOutput each value of them.
const roomForOutputs, maxOutput = 6_000, 500

// Plan renders a plan for people: what moved in the CRM, what may be lost, the
// changes, the numbers, the outputs, and in the end what it costs and what forbids it.
// Other tools parse the header lines, the notes on where an object came from, which
// are the first below them, and the summary line, which stands above the outputs;
// nothing may follow a header on its line.
func Plan(w io.Writer, p *planner.Plan, o Options) error {
	out := bufio.NewWriter(w)
	v := &planView{page: page{out: out, o: o, paint: newPalette(o.Color)}, instances: p.Instances}
	if p.Empty() {
		v.unmatched(p)
		v.unknowable(p)
		text := noChanges
		if unknowables(p) > 0 {
			text = "No changes. What can be read of the CRM matches the files."
		}
		v.line("%s", v.paint.bold(v.paint.green("No changes."))+strings.TrimPrefix(text, "No changes."))
		if v.o.ForTools {
			v.line("%s", noChangesForTools)
		}
		return out.Flush()
	}
	v.moved(p)
	v.unmatched(p)
	v.unknowable(p)
	v.heading(p)
	v.conflicts(p)
	v.entries(v.fold(p))
	v.invocations(p)
	v.summary(p)
	v.outputs(p)
	v.ending(p)
	return out.Flush()
}

type planView struct {
	page
	// instances are how many objects each block declares.
	instances map[schema.Address]int
}

// entries writes as many entries as there is room for, and counts the others.
func (v *planView) entries(all []entry) {
	shown := v.upTo(roomForChanges, len(all), func(i int) { v.entry(all[i]) })
	var counts planner.Counts
	more := 0
	for _, e := range all[shown:] {
		more += len(e.changes)
		for _, c := range e.changes {
			counts.Count(c)
		}
	}
	if more > 0 {
		v.line("  … and %s: %s (-full lists them)\n", plural(more, "more change", "more changes"), strings.Join(countWords(counts), ", "))
	}
}

// entry writes one change or one fold of changes.
func (v *planView) entry(e entry) {
	v.line("  %s", v.paint.bold(v.header(e)))
	for _, note := range append(v.origins(e), v.notes(e)...) {
		for line := range strings.SplitSeq(wrap("# ("+note+")", max(v.o.Width-2, 0), "#  "), "\n") {
			v.line("  %s", v.paint.faint(line))
		}
	}
	if e.folded() {
		v.list("  #   ", v.objects(e), len(e.changes))
		v.foldedFields(e)
	} else {
		v.fields(e.changes[0])
	}
	v.line("")
}

// header is the line that names objects and action in words.
func (v *planView) header(e entry) string {
	c, name := e.changes[0], "# "+v.name(e, v.instances)
	switch c.Action {
	case planner.Create:
		return name + " will be created"
	case planner.Adopt:
		if len(c.Fields) > 0 {
			return name + " will be updated in-place"
		}
		return name + " will be imported"
	case planner.Update:
		return name + " will be updated in-place"
	case planner.Replace:
		return name + " must be replaced"
	case planner.Delete:
		if c.Retires() {
			return name + " will be retired"
		}
		return name + " will be destroyed"
	case planner.Forget:
		return name + " will be forgotten"
	case planner.Read:
		return name + " will be read during apply"
	case planner.Move:
		if c.Previous != nil {
			return "# " + v.previous(e) + " has moved to " + v.name(e, v.instances)
		}
	}
	return name + " is unchanged"
}

// previous is how a move calls where its objects come from.
func (v *planView) previous(e entry) string {
	from := *e.changes[0].Previous
	if !e.folded() {
		return planner.Called(from, e.changes[0].Kind, e.changes[0].Live)
	}
	if _, one := e.block(); one {
		return from.Block().String()
	}
	return "their blocks"
}

// origins tell where objects came from, in the words that other tools look for on the
// line below the header.
func (v *planView) origins(e entry) []string {
	c := e.changes[0]
	var notes []string
	switch {
	case c.Action != planner.Adopt:
	case !e.folded():
		notes = append(notes, fmt.Sprintf("imported from %q", c.ID))
	case len(c.Fields) > 0:
		notes = append(notes, "imported from the CRM")
	}
	if c.Previous != nil && c.Action != planner.Move {
		notes = append(notes, "moved from "+v.previous(e))
	}
	return notes
}

// notes are what else stands in brackets below the header, each on a line.
func (v *planView) notes(e entry) []string {
	c := e.changes[0]
	_, one := e.block()
	var parts, notes []string
	if place := placeText(c.Place); place != "" && one {
		parts = append(parts, place)
	}
	if e.folded() {
		parts = append(parts, "-full lists them")
	}
	if c.Reason != "" {
		parts = append(parts, c.Reason)
	}
	if len(parts) > 0 {
		notes = append(notes, strings.Join(parts, "; "))
	}
	if along := alongText(planner.AllAlong(slices.Values(e.changes))); along != "" {
		notes = append(notes, "and "+along+" with it")
	}
	return notes
}

func placeText(r hcl.Range) string {
	if r.Filename == "" {
		return ""
	}
	return fmt.Sprintf("%s:%d", filepath.ToSlash(r.Filename), r.Start.Line)
}

// fields lists the fields of a single change, their values aligned.
func (v *planView) fields(c *planner.Change) {
	if c.Action == planner.Forget {
		return // it stays as it is
	}
	var lines []fieldLine
	width := 0
	for i := range c.Fields {
		f := &c.Fields[i]
		if f.IsSet() && len(f.Add)+len(f.Remove) == 0 && c.Action != planner.Delete && f.Desired.IsAbsent() {
			continue
		}
		if items := v.o.itemLines(c, f); len(items) > 0 {
			for _, line := range items {
				lines, width = append(lines, line), max(width, len(line.path))
			}
			continue
		}
		line := v.field(c, f, func(by schema.Address) schema.Address { return by })
		lines, width = append(lines, line), max(width, len(line.path))
	}
	for _, l := range lines {
		v.line("  %s %s %s", v.paint.sign(l.sign), pad(l.path, width), l.text)
	}
}

// field renders a field of a change, with a remark when it undoes an edit or belongs
// to a mapping. shown shortens the address of the mapping.
func (v *planView) field(c *planner.Change, f *planner.FieldChange, shown func(schema.Address) schema.Address) fieldLine {
	line := v.o.field(c.Action, f)
	by := c.By(f).Address
	if c.Undoes(f) && f.Note == "" {
		line.text += "  # " + revertsText(by, f)
	}
	if f.By > 0 {
		line.text += " # by " + shown(by).String()
	}
	return line
}

func revertsText(by schema.Address, f *planner.FieldChange) string {
	where := "the CRM"
	if by.Source {
		where = "the source"
	}
	if f.FileMoved {
		return "reverts an edit in " + where + ", in part"
	}
	return "reverts an edit in " + where
}

// unmatched counts the instances of mappings without a target, and lists them
// with -full.
func (v *planView) unmatched(p *planner.Plan) {
	for _, u := range p.Unmatched {
		text := fmt.Sprintf("%s: no %s was found for %s of %s, which are skipped", u.Mapping, u.Kind.Noun, thousands(len(u.Addresses)), thousands(u.Of))
		if !v.o.Full {
			text += "; -full lists them"
		}
		const prefix = "Unmatched: "
		v.line("%s%s", v.paint.yellow(prefix), Fit(prefix+text+".", v.o.Width)[len(prefix):])
		if !v.o.Full {
			continue
		}
		for _, a := range u.Addresses {
			v.line("  %s", a)
		}
	}
	if len(p.Unmatched) > 0 {
		v.line("")
	}
}

func (v *planView) outputs(p *planner.Plan) {
	changes := p.Outputs
	if len(changes) == 0 {
		return
	}
	v.line("\nChanges to Outputs:")
	width := 0
	for _, o := range changes {
		width = max(width, len(o.Name))
	}
	shown := v.upTo(roomForOutputs, len(changes), func(i int) {
		sign, text := v.outputText(changes[i])
		v.line("  %s %s = %s", v.paint.sign(sign), pad(changes[i].Name, width), text)
	})
	if more := len(changes) - shown; more > 0 {
		v.line("  … and %s more (-full lists them)", thousands(more))
	}
}

// cut shortens the JSON text of an output.
func (v *planView) cut(text string) string {
	if runes := []rune(text); len(runes) > maxOutput && !v.o.Full {
		return string(runes[:maxOutput]) + "…"
	}
	return text
}

func (v *planView) outputText(o planner.OutputChange) (sign, text string) {
	after := o.After
	switch {
	case o.Unknown:
		after = unknownText
	case o.Sensitive:
		after = sensitiveText
	}
	before := o.Before
	if o.Sensitive && before != "" {
		before = sensitiveText
	}
	before, after = v.cut(before), v.cut(after)
	switch {
	case before == "":
		return "+", after
	case after == "":
		return "-", before + " -> null"
	default:
		return "~", before + " -> " + after
	}
}
