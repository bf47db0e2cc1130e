package view

import (
	"fmt"

	"lockstep/planner"
	"lockstep/schema"
)

// mostConflicts and roomForConflicts are how many conflicts a folded plan lists, and
// how many characters they take.
const mostConflicts, roomForConflicts = 100, 12_000

// conflicts lists what moved in the files and in the CRM, one by one: folding
// would hide what may be lost.
func (v *planView) conflicts(p *planner.Plan) {
	var rows [][]string
	var all conflictCount
	for _, i := range p.Conflicts() {
		c := &p.Changes[i]
		for j := range c.Fields {
			f := &c.Fields[j]
			if !f.Conflict {
				continue
			}
			all.add(c, f)
			if len(rows) < mostConflicts || v.o.Full {
				rows = append(rows, v.conflict(c, f))
			}
		}
	}
	if all.conflicts == 0 {
		return
	}
	v.line("  %s %s", v.paint.sign("!"), all)
	rows = aligned(rows)
	shown := v.upTo(roomForConflicts, len(rows), func(i int) {
		r := rows[i]
		v.line("    %s   base %s   %s %s   live %s", r[0], r[1], r[2], r[3], r[4])
	})
	if more := all.conflicts - shown; more > 0 {
		v.line("    … and %s more (-full lists them)", thousands(more))
	}
	v.line("")
}

// conflictCount counts conflicts, and among them fields that were never in step and
// fields of mappings.
type conflictCount struct{ conflicts, never, mapped int }

func (n *conflictCount) add(c *planner.Change, f *planner.FieldChange) {
	n.conflicts++
	if !f.HasBase {
		n.never++
	}
	if c.By(f).Address.Mapping() {
		n.mapped++
	}
}

// String is the line above the conflicts.
func (n conflictCount) String() string {
	where := "in the files and in the CRM"
	if n.mapped > 0 {
		where = "on both sides"
	}
	told := fmt.Sprintf("changed %s since the last apply", where)
	switch n.never {
	case 0:
	case n.conflicts:
		told = "the two sides differ and were never in step"
	default:
		told += ", or never in step"
	}
	return plural(n.conflicts, "conflict", "conflicts") + ": " + told
}

// conflict is one row: the field, the base, who wants what, and the live value.
func (v *planView) conflict(c *planner.Change, f *planner.FieldChange) []string {
	by := c.By(f).Address
	name := planner.Called(by, c.Kind, c.Live) + "." + f.Path
	author, _ := sides(by)
	if mask := v.o.mask(f); mask != "" {
		return []string{name, mask, author, mask, mask}
	}
	base := v.o.text(f.Base)
	switch {
	case f.BaseHidden:
		base = hashedText
	case !f.HasBase:
		base = "(none)"
	}
	return []string{name, base, author, v.o.text(f.Desired), v.o.text(f.Live)}
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
