package drift

import (
	"bufio"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"lockstep/planner"
)

// Ignore is what a file .lockstepignore leaves out of drift reports.
type Ignore struct{ rules []rule }

// rule leaves out kinds, addresses, or fields of kinds, by patterns in which * stands
// for any text and ? for any character.
type rule struct {
	what            string
	pattern, fields string
}

// IgnoreFile is the name of the file in the folder of the files.
const IgnoreFile = ".lockstepignore"

// ParseIgnore reads the lines of a file. Errors tell the line.
func ParseIgnore(in io.Reader) (*Ignore, error) {
	out := &Ignore{}
	lines := bufio.NewScanner(in)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(strings.TrimPrefix(lines.Text(), "\ufeff"))
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		r, err := parseRule(line)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		out.rules = append(out.rules, r)
	}
	return out, lines.Err()
}

func parseRule(line string) (rule, error) {
	what, rest, _ := strings.Cut(line, " ")
	rest = strings.TrimSpace(rest)
	switch words := strings.Fields(rest); {
	case what != "kind" && what != "address" && what != "field":
		return rule{}, fmt.Errorf("%q is no rule; write `kind ghl_note`, `address ghl_contact.leads[*]` or `field ghl_contact tags`", line)
	case rest == "":
		return rule{}, fmt.Errorf("%q lacks a pattern", line)
	case what == "kind" && len(words) != 1:
		return rule{}, fmt.Errorf("%q has more than one pattern; write one rule on each line", line)
	case what == "field" && len(words) != 2:
		return rule{}, fmt.Errorf("%q is not `field KIND PATH`; for every kind write `field * PATH`", line)
	case what == "field":
		return rule{what: what, pattern: words[0], fields: words[1]}, nil
	default:
		return rule{what: what, pattern: rest}, nil
	}
}

// Apply returns the plan without what is left out, and how many objects were left
// out whole. The plan that is given stays as it is.
func (g *Ignore) Apply(p *planner.Plan) (*planner.Plan, int) {
	if len(g.rules) == 0 {
		return p, 0
	}
	out := *p
	out.Changes, out.Kinds = nil, slices.Clone(p.Kinds)
	for i := range p.Changes {
		c := p.Changes[i]
		if g.object(&c) || !g.fields(&c) {
			uncount(out.Kinds, &p.Changes[i])
			continue
		}
		recount(out.Kinds, &p.Changes[i], &c)
		out.Changes = append(out.Changes, c)
	}
	out.Kinds = slices.DeleteFunc(out.Kinds, func(k planner.KindSummary) bool { return g.matches("kind", k.Kind) })
	out.Unmanaged = slices.DeleteFunc(slices.Clone(p.Unmanaged), func(u planner.Stranger) bool { return g.matches("kind", u.Kind.Name) })
	return &out, len(p.Changes) - len(out.Changes)
}

// object reports whether a change is left out whole.
func (g *Ignore) object(c *planner.Change) bool {
	return g.matches("address", c.Address.String()) || c.Kind != nil && g.matches("kind", c.Kind.Name)
}

// fields takes the fields that are left out from a change that writes some of a live
// object. It reports whether anything is left of it.
func (g *Ignore) fields(c *planner.Change) bool {
	if c.Action != planner.Update {
		return true
	}
	c.Fields = slices.DeleteFunc(slices.Clone(c.Fields), func(f planner.FieldChange) bool { return g.field(c.Kind.Name, f.Path) })
	return len(c.Fields) > 0
}

func (g *Ignore) field(kind, at string) bool {
	return slices.ContainsFunc(g.rules, func(r rule) bool {
		return r.what == "field" && glob(r.pattern, kind) && (glob(r.fields, at) || strings.HasPrefix(at, r.fields+"."))
	})
}

func (g *Ignore) matches(what, text string) bool {
	return slices.ContainsFunc(g.rules, func(r rule) bool { return r.what == what && glob(r.pattern, text) })
}

// glob matches a text as a whole. Brackets are those of addresses, and slashes no
// boundaries.
func glob(pattern, text string) bool {
	hide := strings.NewReplacer(`\`, `\\`, `[`, `\[`, `/`, "\x00")
	ok, err := path.Match(hide.Replace(pattern), strings.ReplaceAll(text, "/", "\x00"))
	return ok && err == nil
}

// uncount takes an object out of the summary of its kind: it neither moved nor is in
// step.
func uncount(all []planner.KindSummary, c *planner.Change) {
	if n := counter(all, c); n != nil && *n > 0 {
		*n--
	}
}

// recount counts a change by what is left of it.
func recount(all []planner.KindSummary, was, now *planner.Change) {
	from, to := counter(all, was), counter(all, now)
	if from != to && from != nil && to != nil && *from > 0 {
		*from--
		*to++
	}
}

// counter is where the summary counts a change; nil when it does not.
func counter(all []planner.KindSummary, c *planner.Change) *int {
	if c.Kind == nil {
		return nil
	}
	i := slices.IndexFunc(all, func(k planner.KindSummary) bool { return k.Provider == c.Provider && k.Kind == c.Kind.Name })
	if i < 0 {
		return nil
	}
	live, file := c.Moved()
	switch {
	case c.Gone:
		return &all[i].Gone
	case c.Action != planner.Delete && live && file:
		return &all[i].BothMoved
	case c.Action != planner.Delete && live:
		return &all[i].LiveMoved
	case file || c.Action == planner.Create || c.Action == planner.Replace || c.Action == planner.Delete:
		return &all[i].FileMoved
	default:
		return &all[i].InStep
	}
}
