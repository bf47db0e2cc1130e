package eval

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
	"lockstep/schema/config"
	"lockstep/schema/functions"
)

// About is what a diagnostic about one instance of a block, or about one item of a
// loop, carries in its Extra.
type About struct {
	// Address of the instance; empty when it has none yet.
	Address string
	// Origin is the row that it is made of, as Evaluator.Origin returns it.
	Origin string
	// More counts others that are not told.
	More int
}

// maxFindings is how many instances with the same error are told.
const maxFindings = 1000

// findings gathers the diagnostics of many instances of one block. They fold into
// one where they are shown.
type findings struct {
	scope *scope
	block *config.Resource
	// order has the diagnostics, and last the last one of each cause.
	order []*hcl.Diagnostic
	last  map[string]*told
	// count is how many diagnostics were added.
	count int
}

// told is how often a cause was told.
type told struct {
	n     int
	about *About
}

// add takes the diagnostics of one instance; i is nil for what holds for all.
func (f *findings) add(i *item, diags hcl.Diagnostics) {
	f.count += len(diags)
	for _, d := range diags {
		cause := d.Summary
		if d.Subject != nil {
			cause += d.Subject.String()
		}
		if f.last == nil {
			f.last = map[string]*told{}
		}
		known := f.last[cause]
		if known == nil {
			known = &told{}
			f.last[cause] = known
		}
		switch {
		case d.Summary == noColumn && known.n > 0:
			// It is about the header, not about a row.
		case d.Summary == noColumn || i == nil && f.scope.path == "":
			f.order = append(f.order, d)
		case known.n >= maxFindings:
			known.about.More++
		default:
			// A copy, because others may hold the same diagnostic.
			named := *d
			known.about = f.about(i)
			named.Extra = known.about
			f.order = append(f.order, &named)
		}
		known.n++
	}
}

// about tells of an instance, or, when i is nil, of all instances in one instance of
// a module.
func (f *findings) about(i *item) *About {
	if i == nil {
		return &About{Address: f.scope.address(f.block, schema.Key{}).String()}
	}
	return &About{Address: f.scope.address(f.block, i.key).String(), Origin: f.scope.e.rowOf(i)}
}

// ofModule tells of what is given to an instance of a module which instance it is,
// where there are several.
func (s *scope) ofModule(diags hcl.Diagnostics) hcl.Diagnostics {
	if len(s.each) == 0 {
		return diags
	}
	about := &About{Address: s.path}
	if each := s.each["each"]; each != cty.NilVal {
		about.Origin = s.e.rowOfValue(each.GetAttr("value")).Origin()
	}
	named := make(hcl.Diagnostics, len(diags))
	for i, d := range diags {
		c := *d
		if c.Summary != noColumn && aboutOf(d) == nil {
			c.Extra = about
		}
		named[i] = &c
	}
	return named
}

// diagnostics are the findings with the instances they are about.
func (f *findings) diagnostics() hcl.Diagnostics { return f.order }

// rowOf is the row that an item is made of, "leads.csv:118"; empty when it is of
// none.
func (e *Evaluator) rowOf(i *item) string {
	switch value := i.each(); {
	case !i.from.IsZero():
		return i.from.Origin()
	case !i.row.IsZero():
		return i.row.Origin()
	case value == cty.NilVal:
		return ""
	default:
		return e.rowOfValue(value).Origin()
	}
}

// rowOfValue finds the row that a value was made of; the zero Row when there is none.
func (e *Evaluator) rowOfValue(v cty.Value) functions.Row { return tables(e.library.Tables()).rowOf(v) }

// inLoop tells which row of a table an expression within a loop failed for.
func (x *explanation) inLoop(d *hcl.Diagnostic) *hcl.Diagnostic {
	if d.Extra != nil && aboutOf(d) != nil {
		return d
	}
	for ctx := d.EvalContext; ctx != nil && ctx != x.ctx; ctx = ctx.Parent() {
		for _, v := range ctx.Variables {
			if row := x.s.e.rowOfValue(v); !row.IsZero() {
				named := *d
				named.Extra = &About{Origin: row.Origin()}
				return &named
			}
		}
	}
	return d
}

func aboutOf(d *hcl.Diagnostic) *About {
	about, _ := d.Extra.(*About)
	return about
}
