package drift

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"time"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner"
	"lockstep/schema"
)

// Input is what a report is made of.
type Input struct {
	// Plan has everything, and Shown the same changes in the same order as they may be
	// shown: it is Plan itself where nothing is hidden.
	Plan, Shown *planner.Plan
	// Values are the three sides of a field of Shown as they may be shown.
	Values func(*planner.Change, *planner.FieldChange) (base, file, live any)
	// Link is the address of the page of a live object, empty when it has none.
	Link func(provider string, o *schema.Object) string
	// Ignored counts the objects that were left out of the plan.
	Ignored int
	// Earlier is the report to compare with, nil for none.
	Earlier *Report
	Made    time.Time
}

// Build makes the report.
func Build(in Input) *Report {
	r := &Report{FormatVersion: FormatVersion, Drifted: Drifted(in.Plan), Redacted: in.Plan != in.Shown,
		Made: in.Made.UTC().Format(time.RFC3339), Ignored: in.Ignored, Objects: []Object{}, Kinds: kinds(in.Plan)}
	r.Coverage = coverage(r.Kinds)
	known := newEarlier(in.Earlier)
	for i := range in.Plan.Changes {
		exact, shown := &in.Plan.Changes[i], &in.Shown.Changes[i]
		o := in.object(shown)
		whole := o
		if exact != shown {
			whole = in.object(exact)
		}
		o.Link, o.New = in.link(exact.Provider, exact.Live), known.isNew(&whole)
		r.Objects = append(r.Objects, o)
	}
	for i := range in.Plan.Unmanaged {
		exact, shown := &in.Plan.Unmanaged[i], &in.Shown.Unmanaged[i]
		o := stranger(shown)
		whole := stranger(exact)
		o.Link, o.New = in.link(exact.Provider, exact.Live), known.isNew(&whole)
		r.Objects = append(r.Objects, o)
	}
	r.Compared, r.Settled = in.Earlier != nil, known.settled()
	for i := range r.Objects {
		if r.Objects[i].New {
			r.New++
		}
	}
	return r
}

// Drifted reports whether something moved: an object that is gone is drift, also when
// nothing is done about it.
func Drifted(p *planner.Plan) bool {
	return len(p.Changes) > 0 || slices.ContainsFunc(p.Kinds, func(k planner.KindSummary) bool { return k.Gone > 0 })
}

// Classify returns who moved a planned change.
func Classify(c *planner.Change) Class {
	live, file := c.Moved()
	switch {
	case c.Gone:
		return Gone
	case c.Unrecorded:
		return Unknowable
	case (c.Action == planner.Update || c.Action == planner.Delete) && live && file:
		return InBoth
	case c.Action == planner.Update && live:
		return InCRM
	default:
		return InFiles
	}
}

// link is the page of a live object; empty when it has none.
func (in *Input) link(provider string, live *schema.Object) string {
	if live == nil || in.Link == nil {
		return ""
	}
	return in.Link(provider, live)
}

func (in *Input) object(c *planner.Change) Object {
	o := Object{Address: c.Address.String(), Provider: c.Provider, ID: c.ID, Class: Classify(c),
		Action: c.Action.String(), Source: place(c.Place), Fields: []Field{}, Changed: changed(c.Live)}
	if c.Kind != nil {
		o.Kind = c.Kind.Name
		if in.Plan == in.Shown {
			o.Name = planner.Title(c.Kind, c.Live)
		}
	}
	for i := range c.Fields {
		f := &c.Fields[i]
		field := Field{Path: f.Path, Moved: movedBy(c, f)}
		field.Base, field.File, field.Live = in.Values(c, f)
		if !f.HasBase || f.IsSet() && f.Base.IsAbsent() {
			field.Base = nil // the state has the members that were claimed, not the whole set
		}
		if !f.Sensitive {
			field.Add, field.Remove = f.Add, f.Remove
		}
		o.Fields = append(o.Fields, field)
	}
	return o
}

// stranger is an object that is not managed.
func stranger(u *planner.Stranger) Object {
	return Object{Provider: u.Provider, Kind: u.Kind.Name, Name: u.Title, ID: u.Live.ID, Class: Unmanaged,
		Action: planner.NoOp.String(), Fields: []Field{}, Changed: changed(u.Live)}
}

// changed is when an object last changed, where its version is a time.
func changed(o *schema.Object) string {
	if o == nil {
		return ""
	}
	at, err := time.Parse(time.RFC3339, o.Version)
	if err != nil {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}

// movedBy tells who moved one field.
func movedBy(c *planner.Change, f *planner.FieldChange) string {
	switch {
	case f.LiveMoved && f.FileMoved:
		return "both"
	case f.LiveMoved != c.Address.Source:
		// Of what goes back to a source, live is the source, and the target
		// moved.
		return "crm"
	default:
		return "files"
	}
}

func place(r hcl.Range) string {
	if r.Filename == "" {
		return ""
	}
	return fmt.Sprintf("%s:%d", filepath.ToSlash(r.Filename), r.Start.Line)
}

func kinds(p *planner.Plan) []Kind {
	out := make([]Kind, 0, len(p.Kinds))
	for _, k := range p.Kinds {
		out = append(out, Kind{Provider: k.Provider, Kind: k.Kind, Managed: k.Managed, Live: k.Live, Unmanaged: k.Unmanaged, InStep: k.InStep,
			LiveMoved: k.LiveMoved, FileMoved: k.FileMoved, BothMoved: k.BothMoved, Gone: k.Gone, Unknowable: k.Unknowable,
			Coverage: percent(k.Live-k.Unmanaged, k.Live)})
	}
	return out
}

// coverage is that of all kinds together.
func coverage(all []Kind) *float64 {
	managed, live := 0, 0
	for _, k := range all {
		if k.Live > 0 {
			managed, live = managed+k.Live-k.Unmanaged, live+k.Live
		}
	}
	return percent(managed, live)
}

// percent rounds down, so that 100 means all.
func percent(n, of int) *float64 {
	if of <= 0 {
		return nil
	}
	share := math.Floor(1000*float64(n)/float64(of)) / 10
	return &share
}
