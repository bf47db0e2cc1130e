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

// NoChanges is the line that says so. Other tools look for its very words.
const NoChanges = "No changes. Your infrastructure matches the configuration."

// Plan renders a plan for people. The header lines, the summary line and the
// line of no changes are parsed by other tools and must keep their words;
// nothing may follow a header on its line.
func Plan(w io.Writer, p *planner.Plan, o Options) error {
	out := bufio.NewWriter(w)
	v := &planView{out: out, o: o, paint: newPalette(o.Color), redact: newRedactor(p, o), instances: p.Instances}
	if p.Empty() {
		v.unmatched(p)
		fmt.Fprintln(out, v.paint.bold(v.paint.green("No changes."))+strings.TrimPrefix(NoChanges, "No changes."))
		return out.Flush()
	}
	for _, e := range fold(p, o) {
		v.entry(e)
	}
	v.unmatched(p)
	v.conflicts(p)
	v.outputs(p)
	v.summary(p)
	return out.Flush()
}

type planView struct {
	out    *bufio.Writer
	o      Options
	paint  palette
	redact *redactor
	// instances are how many objects each block declares.
	instances map[schema.Address]int
}

func (v *planView) line(format string, a ...any) { fmt.Fprintf(v.out, format+"\n", a...) }

// share tells how many objects of a block an entry has.
func (v *planView) share(c *planner.Change, n int) string {
	if of := v.instances[c.Address.Block()]; of > n {
		return fmt.Sprintf("%d of %d", n, of)
	}
	return fmt.Sprintf("%d objects", n)
}

// entry writes one change or one fold of changes.
func (v *planView) entry(e entry) {
	c := e.changes[0]
	address := v.redact.address(c.Address).String()
	if e.folded() {
		address = fmt.Sprintf("%s[%s]", v.redact.address(c.Address.Block()), v.share(c, len(e.changes)))
	}
	v.line("  %s", v.paint.bold(header(c, address, v.redact)))
	for _, note := range v.notes(e) {
		v.line("  %s", v.paint.faint("# ("+note+")"))
	}
	if e.folded() {
		v.foldedFields(e)
	} else {
		v.fields(c)
	}
	v.line("")
}

// header is the line that names object and action in words.
func header(c *planner.Change, address string, r *redactor) string {
	switch c.Action {
	case planner.Create:
		return "# " + address + " will be created"
	case planner.Adopt:
		if len(c.Fields) > 0 {
			return "# " + address + " will be updated in-place"
		}
		return "# " + address + " will be imported"
	case planner.Update:
		return "# " + address + " will be updated in-place"
	case planner.Replace:
		return "# " + address + " must be replaced"
	case planner.Delete:
		return "# " + address + " will be destroyed"
	case planner.Forget:
		return "# " + address + " will be forgotten"
	case planner.Read:
		return "# " + address + " will be read during apply"
	case planner.Move:
		if c.Previous != nil {
			return "# " + r.address(*c.Previous).String() + " has moved to " + address
		}
	}
	return "# " + address + " is unchanged"
}

// notes are what stands in brackets below the header, each on a line. Where an
// object came from has a line of its own, in the words that other tools parse.
func (v *planView) notes(e entry) []string {
	c := e.changes[0]
	var parts, notes []string
	if place := placeText(c.Place); place != "" {
		parts = append(parts, place)
	}
	if e.folded() {
		parts = append(parts, "-full lists them")
	}
	if c.Action == planner.Adopt && e.folded() && len(c.Fields) > 0 {
		parts = append(parts, "imported")
	}
	if c.Reason != "" && e.sameReason() {
		parts = append(parts, v.redact.text(c.Reason))
	}
	if len(parts) > 0 {
		notes = append(notes, strings.Join(parts, "; "))
	}
	if along := alongText(planner.AllAlong(slices.Values(e.changes))); along != "" {
		notes = append(notes, "and "+along+" with it")
	}
	if c.Action == planner.Adopt && !e.folded() {
		notes = append(notes, fmt.Sprintf("imported from %q", c.ID))
	}
	if c.Previous != nil && c.Action != planner.Move && !e.folded() {
		notes = append(notes, "moved from "+v.redact.address(*c.Previous).String())
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
		line := v.o.field(c.Action, f)
		if f.By > 0 {
			line.text += " # by " + v.redact.address(c.By(f).Address).String()
		}
		lines, width = append(lines, line), max(width, len(line.path))
	}
	for _, l := range lines {
		v.line("  %s %s %s", v.paint.sign(l.sign), pad(l.path, width), l.text)
	}
}

// unmatched counts the instances of mappings without a target, and lists them
// with -full.
func (v *planView) unmatched(p *planner.Plan) {
	for _, u := range p.Unmatched {
		text := fmt.Sprintf("%s: no %s was found for %s of %s, which are skipped", u.Mapping, u.Kind.Noun, thousands(len(u.Addresses)), thousands(u.Of))
		if !v.o.Full {
			text += "; -full lists them"
		}
		v.line("%s %s", v.paint.yellow("Unmatched:"), text+".")
		if !v.o.Full {
			continue
		}
		for _, a := range u.Addresses {
			v.line("  %s", v.redact.address(a))
		}
	}
	if len(p.Unmatched) > 0 {
		v.line("")
	}
}

// conflicts lists what moved in the files and in the CRM, one by one: folding
// would hide what may be lost.
func (v *planView) conflicts(p *planner.Plan) {
	var rows [][5]string
	where, never := "in the files and in the CRM", 0
	for _, i := range p.Conflicts() {
		c := &p.Changes[i]
		for j := range c.Fields {
			f := &c.Fields[j]
			if !f.Conflict {
				continue
			}
			rows = append(rows, v.conflict(c, f))
			if !f.HasBase {
				never++
			}
			if c.By(f).Address.Mapping() {
				where = "on both sides"
			}
		}
	}
	if len(rows) == 0 {
		return
	}
	word := plural(len(rows), "conflict", "conflicts")
	told := fmt.Sprintf("changed %s since the last apply", where)
	switch never {
	case 0:
	case len(rows):
		told = "the two sides differ and were never in step"
	default:
		told += ", or never in step"
	}
	v.line("  %s %s: %s", v.paint.sign("!"), word, told)
	var width [4]int
	for _, r := range rows {
		for k := range width {
			width[k] = max(width[k], columns(r[k]))
		}
	}
	for _, r := range rows {
		v.line("    %s   base %s   %s %s   live %s", pad(r[0], width[0]), pad(r[1], width[1]), pad(r[2], width[2]), pad(r[3], width[3]), r[4])
	}
	v.line("")
}

// conflict is one row: the field, the base, who wants what, and the live value.
func (v *planView) conflict(c *planner.Change, f *planner.FieldChange) [5]string {
	by := c.By(f).Address
	name := v.redact.address(by).String() + "." + f.Path
	author, _ := sides(by)
	if mask := v.o.mask(f); mask != "" {
		return [5]string{name, mask, author, mask, mask}
	}
	base := v.o.text(f.Base)
	switch {
	case f.BaseHidden:
		base = hashedText
	case !f.HasBase:
		base = "(none)"
	}
	return [5]string{name, base, author, v.o.text(f.Desired), v.o.text(f.Live)}
}

// sides are the words for who wants a value and for where it is written.
func sides(author schema.Address) (wants, live string) {
	switch {
	case author.Source:
		return "target", "source"
	case author.Mapping():
		return "source", "target"
	default:
		return "file", "live"
	}
}

func (v *planView) outputs(p *planner.Plan) {
	changes := outputChanges(p, v.o)
	if len(changes) == 0 {
		return
	}
	v.line("Changes to Outputs:")
	width := 0
	for _, o := range changes {
		width = max(width, len(o.Name))
	}
	for _, o := range changes {
		sign, text := outputText(o)
		v.line("  %s %s = %s", v.paint.sign(sign), pad(o.Name, width), text)
	}
	v.line("")
}

func outputText(o planner.OutputChange) (sign, text string) {
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
	switch {
	case before == "":
		return "+", after
	case after == "":
		return "-", before + " -> null"
	default:
		return "~", before + " -> " + after
	}
}

func (v *planView) summary(p *planner.Plan) {
	if len(p.Changes) == 0 {
		v.line("You can apply this plan to save these new output values; nothing in the CRM changes.")
		return
	}
	v.line("%s", v.paint.bold(SummaryLine(p.Counts())))
	if line := AlongLine(p); line != "" {
		v.line("%s", line)
	}
	v.line("%s", CostLine(p))
	for i, message := range safety(p) {
		prefix := "Safety: "
		if i > 0 {
			prefix = "        "
		}
		v.line("%s%s", v.paint.yellow(prefix), v.redact.text(message))
	}
}

// safety tells why an apply with -auto-approve would be refused.
func safety(p *planner.Plan) []string {
	var messages []string
	for _, r := range p.Refusals {
		messages = append(messages, r.Message)
	}
	if n := len(p.Conflicts()); n > 0 {
		messages = append(messages, fmt.Sprintf("%s with conflicts. -auto-approve needs -on-conflict=config to do what the files say, or -on-conflict=live to keep what the CRM has.",
			plural(n, "object", "objects")))
	}
	return messages
}

// SummaryLine counts a plan in the words that other tools parse.
func SummaryLine(n planner.Counts) string {
	line := "Plan: "
	if n.Import > 0 {
		line += fmt.Sprintf("%d to import, ", n.Import)
	}
	line += fmt.Sprintf("%d to add, %d to change, %d to destroy", n.Add, n.Change, n.Destroy)
	if n.Forget > 0 {
		line += fmt.Sprintf(", %d to forget", n.Forget)
	}
	return line + "."
}

// CostLine tells what applying takes.
func CostLine(p *planner.Plan) string {
	c := p.Cost
	if c.Calls == 0 {
		return "Cost: no calls; only the state is written."
	}
	line := fmt.Sprintf("Cost: %s (%s bulk, %s single), about %s", plural(c.Calls, "call", "calls"),
		thousands(c.Bulk), thousands(c.Calls-c.Bulk), seconds(c.Seconds))
	if c.DailyLimit > 0 {
		line += fmt.Sprintf(", %s of the day's %s", share(c.Calls, c.DailyLimit), thousands(c.DailyLimit))
	}
	line += "."
	if c.ParentReads > 0 {
		line += fmt.Sprintf(" Reading took %s, such as the notes of a contact.",
			plural(c.ParentReads, "call for one parent", "calls for one parent each"))
	}
	if c.DailyLimit > 0 && c.DailyRemaining >= 0 && c.Calls > c.DailyRemaining {
		line += fmt.Sprintf(" Only %s are left today: it cannot finish before the quota resets.", thousands(c.DailyRemaining))
	}
	return line
}

func share(n, of int) string {
	percent := 100 * float64(n) / float64(of)
	if percent < 0.05 {
		return "less than 0.1 %"
	}
	return fmt.Sprintf("%.1f %%", percent)
}

func seconds(s float64) string {
	switch {
	case s < 1:
		return "1 s"
	case s < 120:
		return fmt.Sprintf("%.0f s", s)
	default:
		return fmt.Sprintf("%.0f min", s/60)
	}
}

// keyText is the key as it stands in an address, or the name of the object
// without key.
func keyText(k schema.Key) string {
	if k.Type == schema.NoKey {
		return "(no key)"
	}
	return k.String()
}
