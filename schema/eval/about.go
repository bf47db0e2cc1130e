package eval

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

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
		case i == nil || d.Summary == noColumn:
			f.order = append(f.order, d)
		case known.n >= maxFindings:
			known.about.More++
		default:
			// A copy, because others may hold the same diagnostic.
			named := *d
			known.about = &About{Address: f.scope.address(f.block, i.key).String(), Origin: f.scope.e.rowOf(i)}
			named.Extra = known.about
			f.order = append(f.order, &named)
		}
		known.n++
	}
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
