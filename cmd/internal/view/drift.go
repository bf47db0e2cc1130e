package view

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"lockstep/cmd/internal/drift"
	"lockstep/planner"
	"lockstep/schema"
)

// Drift writes the drift report for people: each object that moved with the
// fields, both values and who moved, then a table of all kinds.
func Drift(w io.Writer, p *planner.Plan, r *drift.Report, nouns Nouns, o Options) error {
	out := bufio.NewWriter(w)
	v := &driftView{page{out: out, o: o, paint: newPalette(o.Color)}}
	for _, class := range drift.Classes() {
		v.class(p, class)
	}
	v.strangers(r)
	v.table(p, nouns)
	v.compared(r)
	switch n := unknowables(p); {
	case drift.Drifted(p):
	case n > 0:
		v.line("No drift in what can be read. %s recorded, and cannot be checked.", plural(n, "object is", "objects are"))
	default:
		v.line("No drift. The CRM, the files and the state are in step.")
	}
	return out.Flush()
}

type driftView struct{ page }

// roomForDrift is how many characters the objects of one class take in a folded
// report. What only the files changed is the business of the plan, and has less.
const roomForDrift, roomForFiles = 14_000, 6_000

// class lists the objects of one class. Equal drift folds.
func (v *driftView) class(p *planner.Plan, class drift.Class) {
	found := v.entries(p, class)
	n := 0
	for _, e := range found {
		n += len(e.changes)
	}
	if n == 0 {
		return
	}
	v.line("%s (%s):", v.paint.bold(strings.ToUpper(class.Words()[:1])+class.Words()[1:]), plural(n, "object", "objects"))
	room := roomForDrift
	if class == drift.InFiles {
		room = roomForFiles
	}
	shown := v.upTo(room, len(found), func(i int) { v.entry(found[i], class) })
	for _, e := range found[:shown] {
		n -= len(e.changes)
	}
	if n > 0 {
		v.line("  … and %s more (-full lists them)", thousands(n))
	}
	v.line("")
}

// strangers lists what is live and not managed, where it was asked for.
func (v *driftView) strangers(r *drift.Report) {
	var found []string
	for i := range r.Objects {
		if o := &r.Objects[i]; o.Class == drift.Unmanaged {
			found = append(found, o.Called())
		}
	}
	if len(found) == 0 {
		return
	}
	v.line("%s (%s):", v.paint.bold("Not managed"), plural(len(found), "object", "objects"))
	shown := v.upTo(roomForFiles, len(found), func(i int) { v.line("  %s", found[i]) })
	if more := len(found) - shown; more > 0 {
		v.line("  … and %s more (-full lists them)", thousands(more))
	}
	v.line("")
}

// compared tells what is new since an earlier report, and what was left out.
func (v *driftView) compared(r *drift.Report) {
	if r.Compared {
		v.line("Since the last report: %s new, %s settled.", thousands(r.New), thousands(r.Settled))
		shown := 0
		for i := range r.Objects {
			if o := &r.Objects[i]; o.New && (v.o.Full || shown < namedKeys) {
				v.line("  new: %s", o.Called())
				shown++
			}
		}
	}
	if r.Ignored > 0 {
		v.line("%s ignored, as %s says.", plural(r.Ignored, "object is", "objects are"), drift.IgnoreFile)
	}
}

// entries are the objects of a class; equal ones are one entry.
func (v *driftView) entries(p *planner.Plan, class drift.Class) []entry {
	var all []entry
	for i := range p.Changes {
		if drift.Classify(&p.Changes[i]) == class {
			all = append(all, entry{changes: []*planner.Change{&p.Changes[i]}})
		}
	}
	if v.o.Full {
		return all
	}
	whole := *v
	whole.o.Full = true
	return equal(all, func(c *planner.Change) string { return strings.Join(whole.details(c, class), "\n") })
}

func (v *driftView) entry(e entry, class drift.Class) {
	place := placeText(e.changes[0].Place)
	if _, one := e.block(); place != "" && one {
		place = " (" + place + ")"
	} else {
		place = ""
	}
	name, what := v.name(e, nil), v.what(e.changes[0], class)
	if what != "" {
		what = ": " + what
	}
	v.line("  %s%s%s", name, place, what)
	if e.folded() {
		v.list("      ", v.objects(e), len(e.changes))
	}
	for _, line := range v.details(e.changes[0], class) {
		v.line("    %s", line)
	}
}

// details tell of each field how it moved.
func (v *driftView) details(c *planner.Change, class drift.Class) []string {
	if class == drift.Gone || c.Action != planner.Update {
		return nil
	}
	var rows [][]string
	for i := range c.Fields {
		rows = append(rows, []string{c.Fields[i].Path, v.moved(c, &c.Fields[i])})
	}
	var lines []string
	for _, r := range aligned(rows) {
		lines = append(lines, r[0]+"  "+r[1])
	}
	return lines
}

// what adds the action where it is not an update.
func (v *driftView) what(c *planner.Change, class drift.Class) string {
	if class == drift.Gone {
		return ""
	}
	switch c.Action {
	case planner.Update:
		return ""
	case planner.Adopt:
		return "exists in the CRM and is not managed yet"
	case planner.Create:
		return "not created yet"
	case planner.Delete:
		return "no longer in the files"
	case planner.Forget:
		return "to be forgotten"
	case planner.Replace:
		return "must be replaced"
	case planner.Move:
		return "moved from " + planner.Called(*c.Previous, c.Kind, c.Live)
	default:
		return ""
	}
}

// moved tells both values and who moved.
func (v *driftView) moved(c *planner.Change, f *planner.FieldChange) string {
	by := c.By(f).Address
	author, live := sides(by)
	show := func(x schema.Value) string {
		if mask := v.o.mask(f); mask != "" && !x.IsAbsent() {
			return mask
		}
		return v.o.text(x)
	}
	text := fmt.Sprintf("%s %s   %s %s", author, show(f.Desired), live, show(f.Live))
	if f.IsSet() && v.o.mask(f) == "" {
		text += "   (to restore: " + v.o.members(f, "") + ")"
	}
	if by.Mapping() {
		return text + mappingMoved(by, f)
	}
	switch {
	case f.LiveMoved && f.FileMoved:
		base := show(f.Base)
		if f.BaseHidden {
			base = hashedText
		}
		return text + "   both moved, from " + base
	case f.LiveMoved:
		return text + "   the CRM moved"
	case f.LostWith != "":
		return text + "   lost with " + f.LostWith
	case f.HasBase:
		return text + "   the file moved"
	default:
		return text + "   new in the files"
	}
}

// mappingMoved tells which side of a mapping moved.
func mappingMoved(by schema.Address, f *planner.FieldChange) string {
	author, live := sides(by)
	switch {
	case f.Note != "":
		return "   " + f.Note
	case f.LiveMoved && f.FileMoved:
		return "   both sides moved"
	case f.LiveMoved:
		return "   the " + live + " moved"
	case f.HasBase:
		return "   the " + author + " moved"
	default:
		return "   never mapped before"
	}
}

// table counts every kind by who moved.
func (v *driftView) table(p *planner.Plan, nouns Nouns) {
	head := []string{""}
	several := slices.ContainsFunc(p.Kinds, func(k planner.KindSummary) bool { return k.Provider != p.Kinds[0].Provider })
	for _, k := range p.Kinds {
		noun := nouns.of(k.Kind, 2)
		if several {
			noun = k.Provider + " " + noun
		}
		head = append(head, noun)
	}
	rows := [][]string{head}
	row := func(name string, of func(planner.KindSummary) int) {
		cells := []string{name}
		for _, k := range p.Kinds {
			cells = append(cells, thousands(of(k)))
		}
		rows = append(rows, cells)
	}
	row("in step", func(k planner.KindSummary) int { return k.InStep })
	row("changed in the CRM", func(k planner.KindSummary) int { return k.LiveMoved })
	row("changed in files", func(k planner.KindSummary) int { return k.FileMoved })
	row("changed in both", func(k planner.KindSummary) int { return k.BothMoved })
	row("deleted in the CRM", func(k planner.KindSummary) int { return k.Gone })
	if unknowables(p) > 0 {
		row("recorded, unknowable", func(k planner.KindSummary) int { return k.Unknowable.Count })
	}
	row("unmanaged, untouched", func(k planner.KindSummary) int { return k.Unmanaged })
	cells := []string{"managed"}
	for _, k := range p.Kinds {
		text := "–"
		if k.Live > 0 {
			text = share(k.Live-k.Unmanaged, k.Live)
		}
		cells = append(cells, text)
	}
	rows = append(rows, cells)
	if len(p.Kinds) == 0 {
		return
	}
	v.rows(rows)
	v.line("")
}

// rows writes a table, its first column left and the others right.
func (v *driftView) rows(rows [][]string) {
	width := make([]int, len(rows[0]))
	for _, r := range rows {
		for i, cell := range r {
			width[i] = max(width[i], columns(cell))
		}
	}
	for n, r := range rows {
		cells := make([]string, len(r))
		for i, cell := range r {
			cells[i] = pad(cell, width[i])
			if i > 0 {
				cells[i] = strings.Repeat(" ", width[i]-columns(cell)) + cell
			}
		}
		v.line("| %s |", strings.Join(cells, " | "))
		if n == 0 {
			v.rule(width)
		}
	}
}

// rule underlines the head of a table, in the way of Markdown.
func (v *driftView) rule(width []int) {
	cells := make([]string, len(width))
	for i, n := range width {
		cells[i] = strings.Repeat("-", n)
	}
	v.line("| %s |", strings.Join(cells, " | "))
}

// DriftValues are the three sides of a field as a report may show them.
func DriftValues(o Options) func(*planner.Change, *planner.FieldChange) (base, file, live any) {
	v := &planJSON{o: o}
	return func(c *planner.Change, f *planner.FieldChange) (base, file, live any) {
		x := v.conflict(c, f)
		return x.Base, x.File, x.Live
	}
}
