package view

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"lockstep/planner"
)

// MaxComment is how many bytes a comment on a pull request takes: GitHub's limit is
// 65,536 characters, of which the caller may need some for a link.
const MaxComment = 65_000

// MaxSummary is how many bytes the summary of a step takes: GitHub's limit is 1 MiB.
const MaxSummary = 1_000_000

// Review is a plan for whoever reviews it: what matters first, and what there is no
// room for counted.
type Review struct {
	// Folder of the files, by which a comment is found again.
	Folder string
	// Line counts the changes.
	Line string
	// Places are where the plan writes.
	Places []string
	// Refusals are why an apply refuses the plan.
	Refusals []string
	// Reverts counts what undoes edits; empty when nothing does.
	Reverts string
	// Cost and Digest of the plan; both are empty when there is nothing to do.
	Cost, Digest string
	Empty        bool

	parts []part
}

// part is some changes under one title, each a block of lines of a diff.
type part struct {
	title string
	// matters is true for what a reviewer has to see: it is not folded away.
	matters bool
	blocks  []reviewBlock
}

// reviewBlock is one change, or many that do the same. head is its first line, which
// stands alone where there is no room for all.
type reviewBlock struct {
	text, head string
	objects    int
}

// reviewing writes the parts of a review as a plan shows them.
type reviewing struct{ *planView }

// NewReview makes a review of a plan of a folder.
func NewReview(p *planner.Plan, folder string, o Options) *Review {
	o.Color, o.Width = false, 0
	v := reviewing{&planView{page: page{o: o, paint: newPalette(false)}, instances: p.Instances}}
	r := &Review{Folder: folder, Line: planLine(p), Refusals: safety(p), Reverts: revertsLine(p), Digest: p.Digest, Empty: p.Empty()}
	if r.Empty {
		r.Line = noChanges
	} else {
		r.Cost = costLine(p)
	}
	for _, a := range p.WritesTo {
		r.Places = append(r.Places, placeName(a))
	}
	r.add(v.reviewConflicts(p))
	for _, some := range v.ranked(p) {
		r.add(some)
	}
	r.add(v.reviewActions(p))
	r.add(v.reviewOutputs(p))
	r.add(v.reviewNotes(p))
	return r
}

func (r *Review) add(p part) {
	if len(p.blocks) > 0 {
		r.parts = append(r.parts, p)
	}
}

// ranked are the changes in the order in which they matter.
func (v reviewing) ranked(p *planner.Plan) []part {
	parts := []part{{title: "To destroy", matters: true}, {title: "To replace", matters: true}, {title: "To forget", matters: true},
		{title: "Reverts edits in the CRM", matters: true}, {title: "Everything else"}}
	for _, e := range v.fold(p) {
		at := [...]int{0, 2, 3, 4}[e.rank()]
		if e.changes[0].Action == planner.Replace {
			at = 1
		}
		text := v.diff(func() { v.entry(e) })
		head, _, _ := strings.Cut(text, "\n")
		parts[at].blocks = append(parts[at].blocks, reviewBlock{text: text, head: head + "\n", objects: len(e.changes)})
	}
	rest := &parts[len(parts)-1]
	before := slices.ContainsFunc(parts, func(p part) bool { return p.matters && len(p.blocks) > 0 })
	if !before && len(p.Conflicts()) == 0 {
		rest.title, rest.matters = "Changes", true // there is nothing else to see
	}
	return parts
}

// mostContested is how many conflicts of one field of one kind a review lists one by
// one: hundreds of them would hide what is destroyed.
const mostContested = 10

func (v reviewing) reviewConflicts(p *planner.Plan) part {
	type field struct{ kind, path string }
	out := part{title: "Conflicts: changed in the files and in the CRM", matters: true}
	counts := map[field]int{}
	var order []field
	for _, i := range p.Conflicts() {
		c := &p.Changes[i]
		for j := range c.Fields {
			if !c.Fields[j].Conflict {
				continue
			}
			of := field{c.Kind.Name, c.Fields[j].Path}
			if counts[of]++; counts[of] == 1 {
				order = append(order, of)
			}
			if counts[of] > mostContested {
				continue
			}
			row := v.conflict(c, &c.Fields[j])
			text := v.diff(func() { v.line("  ! %s   base %s   %s %s   live %s", row[0], row[1], row[2], row[3], row[4]) })
			out.blocks = append(out.blocks, reviewBlock{text: text, objects: 1})
		}
	}
	for _, of := range order {
		if more := counts[of] - mostContested; more > 0 {
			text := v.diff(func() {
				v.line("  ! %s: %s of %s (-full lists them)", of.kind, plural(more, "more conflict", "more conflicts"), of.path)
			})
			out.blocks = append(out.blocks, reviewBlock{text: text, objects: more})
		}
	}
	return out
}

func (v reviewing) reviewActions(p *planner.Plan) part {
	out := part{title: "Actions to be invoked", matters: true}
	for i := range p.Invocations {
		text := v.diff(func() { v.invocation(&p.Invocations[i]) })
		out.blocks = append(out.blocks, reviewBlock{text: text, objects: 1})
	}
	return out
}

func (v reviewing) reviewOutputs(p *planner.Plan) part {
	out := part{title: "Outputs"}
	for _, o := range p.Outputs {
		sign, value := v.outputText(o)
		text := v.diff(func() { v.line("  %s %s = %s", sign, o.Name, value) })
		out.blocks = append(out.blocks, reviewBlock{text: text, objects: 1})
	}
	return out
}

// reviewNotes are about what the plan leaves alone.
func (v reviewing) reviewNotes(p *planner.Plan) part {
	out := part{title: "Notes"}
	for _, note := range []func(*planner.Plan){v.unmatched, v.unknowable} {
		if text := v.diff(func() { note(p) }); text != "" {
			out.blocks = append(out.blocks, reviewBlock{text: text, objects: 1})
		}
	}
	return out
}

// signed is a line of a change that begins with a sign.
var signed = regexp.MustCompile(`^  (-/\+|<=|[-+~.!]) `)

// diff returns what is written as lines of a diff: the sign in the first column, with
// ! for ~, which no diff knows. Nothing in it ends a fence of Markdown.
func (v reviewing) diff(write func()) string {
	out := v.out
	defer func() { v.out = out }()
	var b bytes.Buffer
	v.out = NewVisible(&b, false)
	write()
	var diff strings.Builder
	for line := range strings.Lines(b.String()) {
		if found := signed.FindStringSubmatch(line); found != nil {
			sign := found[1]
			if sign == "~" {
				sign = "!"
			}
			diff.WriteString(sign + " " + line[len(found[0]):])
			continue
		}
		line = strings.TrimPrefix(line, "  ")
		if strings.HasPrefix(strings.TrimLeft(line, " "), "```") {
			line = "    " + line
		}
		diff.WriteString(line)
	}
	return diff.String()
}

// fit returns the lines of a part that fit in a room of bytes, and how many objects
// have no line. Of what does not fit whole the first line stands there, if that fits.
func (p part) fit(room int) (lines string, left int) {
	var b strings.Builder
	for _, block := range p.blocks {
		switch {
		case b.Len()+len(block.text) <= room:
			b.WriteString(block.text)
		case block.head != "" && b.Len()+len(block.head)+len(cutShort) <= room:
			b.WriteString(block.head + cutShort)
		default:
			left += block.objects
		}
	}
	return b.String(), left
}

// cutShort stands below the first line of a block that has no room.
const cutShort = "  … (there is no room for the rest here)\n"

// objects is how many objects a part is about.
func (p part) objects() int {
	n := 0
	for _, b := range p.blocks {
		n += b.objects
	}
	return n
}
