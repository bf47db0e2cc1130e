package view

import (
	"path/filepath"

	"lockstep/planner"
)

// ownJSON is what a plan says beyond Terraform's representation. Readers of
// that ignore it.
type ownJSON struct {
	ownHeadJSON
	Summary    countsJSON      `json:"summary"`
	Cost       costJSON        `json:"cost"`
	WritesTo   []placeJSON     `json:"writes_to"`
	Reads      []readJSON      `json:"reads"`
	Kinds      []kindJSON      `json:"kinds"`
	Waves      []waveJSON      `json:"waves"`
	Operations []operationJSON `json:"operations"`
	Sources    []sourceJSON    `json:"sources"`
	openJSON
	// Reverts are the fields by which the plan undoes edits made where it writes.
	Reverts   []conflictJSON  `json:"reverts"`
	Unmatched []unmatchedJSON `json:"unmatched"`
	Refusals  []refusalJSON   `json:"refusals"`
	Along     []alongJSON     `json:"along"`
}

// openJSON is what somebody is to decide.
type openJSON struct {
	Conflicts []conflictJSON `json:"conflicts"`
	// Unrecorded are the addresses of what may exist already, where no call tells.
	Unrecorded []string `json:"unrecorded,omitempty"`
}

// ownHeadJSON tells what wrote the plan, and which kind of plan it is.
type ownHeadJSON struct {
	FormatVersion string `json:"format_version"`
	Version       string `json:"version,omitempty"`
	Destroy       bool   `json:"destroy"`
	// Digest is what -expect=DIGEST takes.
	Digest string `json:"digest,omitempty"`
}

// alongJSON counts the objects that go with one that is deleted, or the values of
// an attribute of others.
type alongJSON struct {
	Address string `json:"address"`
	Kind    string `json:"kind"`
	Count   int    `json:"count"`
	// Attribute is set for values, and Again are those that are written again.
	Attribute string `json:"attribute,omitempty"`
	Again     int    `json:"again,omitempty"`
}

type countsJSON struct {
	Import  int `json:"import"`
	Add     int `json:"add"`
	Change  int `json:"change"`
	Destroy int `json:"destroy"`
	Forget  int `json:"forget"`
	Move    int `json:"move"`
	Read    int `json:"read"`
}

type costJSON struct {
	Calls          int     `json:"calls"`
	Bulk           int     `json:"bulk"`
	Single         int     `json:"single"`
	Seconds        float64 `json:"seconds"`
	DailyLimit     int     `json:"daily_limit"`
	DailyRemaining int     `json:"daily_remaining"`
	ParentReads    int     `json:"parent_reads"`
}

type readJSON struct {
	Provider string `json:"provider"`
	Kind     string `json:"kind"`
	How      string `json:"how"`
	Objects  int    `json:"objects"`
	Calls    int    `json:"calls"`
}

type kindJSON struct {
	Provider  string `json:"provider"`
	Kind      string `json:"kind"`
	Managed   int    `json:"managed"`
	Live      int    `json:"live"`
	Unmanaged int    `json:"unmanaged"`
	InStep    int    `json:"in_step"`
	LiveMoved int    `json:"changed_in_crm"`
	FileMoved int    `json:"changed_in_files"`
	BothMoved int    `json:"changed_in_both"`
	Gone      int    `json:"deleted_in_crm"`

	Unknowable planner.Unknowable `json:"unknowable,omitzero"`
}

type waveJSON struct {
	Provider   string   `json:"provider"`
	Level      int      `json:"level"`
	Step       int      `json:"step"`
	After      []int    `json:"after"`
	Operations []string `json:"operations"`
}

type operationJSON struct {
	ID      string   `json:"id"`
	Kind    string   `json:"kind"`
	Name    string   `json:"name"`
	Method  string   `json:"method"`
	Path    string   `json:"path"`
	Action  string   `json:"action"`
	Channel string   `json:"channel,omitempty"`
	Bulk    bool     `json:"bulk"`
	Members []string `json:"members"`
}

type sourceJSON struct {
	Address string `json:"address"`
	File    string `json:"file"`
	Line    int    `json:"line"`
}

type conflictJSON struct {
	Address string `json:"address"`
	Field   string `json:"field"`
	Base    any    `json:"base"`
	File    any    `json:"file"`
	Live    any    `json:"live"`
}

type unmatchedJSON struct {
	Mapping   string   `json:"mapping"`
	Kind      string   `json:"kind"`
	Count     int      `json:"count"`
	Of        int      `json:"of"`
	Addresses []string `json:"addresses"`
}

type refusalJSON struct {
	Rule     string `json:"rule"`
	Provider string `json:"provider,omitempty"`
	Kind     string `json:"kind,omitempty"`
	Count    int    `json:"count"`
	Of       int    `json:"of"`
	Message  string `json:"message"`
}

func (v *planJSON) own(p *planner.Plan) ownJSON {
	out := ownJSON{
		ownHeadJSON: ownHeadJSON{FormatVersion: "1.0", Destroy: p.Destroy, Digest: p.Digest}, Summary: countsJSON(p.Counts()), Cost: cost(p.Cost),
		WritesTo: places(p), Reads: reads(p), Kinds: kinds(p), Waves: []waveJSON{}, Operations: []operationJSON{},
		Sources: []sourceJSON{}, openJSON: openJSON{Conflicts: []conflictJSON{}}, Reverts: []conflictJSON{}, Unmatched: []unmatchedJSON{}, Refusals: []refusalJSON{}, Along: []alongJSON{},
	}
	for _, w := range p.Waves {
		wave := waveJSON{Provider: w.Provider, Level: w.Level, Step: w.Step, After: append([]int{}, w.After...), Operations: []string{}}
		for i := range w.Operations {
			wave.Operations = append(wave.Operations, w.Operations[i].ID)
			out.Operations = append(out.Operations, v.operation(p, &w.Operations[i]))
		}
		out.Waves = append(out.Waves, wave)
	}
	for i := range p.Changes {
		v.ownChange(&out, &p.Changes[i])
	}
	for _, u := range p.Unmatched {
		item := unmatchedJSON{Mapping: u.Mapping.String(), Kind: u.Kind.Name, Count: len(u.Addresses), Of: u.Of}
		for _, a := range u.Addresses {
			item.Addresses = append(item.Addresses, a.String())
		}
		out.Unmatched = append(out.Unmatched, item)
	}
	for _, r := range p.Refusals {
		out.Refusals = append(out.Refusals, refusalJSON{r.Rule, r.Provider, r.Kind, r.Count, r.Of, r.Message})
	}
	return out
}

// ownChange adds what is to be told of one change.
func (v *planJSON) ownChange(out *ownJSON, c *planner.Change) {
	address := c.Address.String()
	if c.Place.Filename != "" {
		out.Sources = append(out.Sources, sourceJSON{address, filepath.ToSlash(c.Place.Filename), c.Place.Start.Line})
	}
	if c.Unrecorded {
		out.Unrecorded = append(out.Unrecorded, address)
	}
	for _, a := range c.Along {
		out.Along = append(out.Along, alongJSON{address, a.Kind.Name, a.Count, a.Attribute, a.Again})
	}
	for j := range c.Fields {
		f := &c.Fields[j]
		if f.Conflict {
			out.Conflicts = append(out.Conflicts, v.conflict(c, f))
		}
		if c.Undoes(f) {
			out.Reverts = append(out.Reverts, v.conflict(c, f))
		}
	}
}

func cost(c planner.Cost) costJSON {
	return costJSON{c.Calls, c.Bulk, c.Calls - c.Bulk, c.Seconds, c.DailyLimit, c.DailyRemaining, c.ParentReads}
}

func reads(p *planner.Plan) []readJSON {
	out := make([]readJSON, 0, len(p.Reads))
	for _, r := range p.Reads {
		out = append(out, readJSON(r))
	}
	return out
}

func kinds(p *planner.Plan) []kindJSON {
	out := make([]kindJSON, 0, len(p.Kinds))
	for _, k := range p.Kinds {
		out = append(out, kindJSON(k))
	}
	return out
}

func (v *planJSON) operation(p *planner.Plan, op *planner.Operation) operationJSON {
	out := operationJSON{ID: op.ID, Kind: op.Kind, Name: op.Name, Method: op.Method, Path: op.Path,
		Action: op.Action.String(), Channel: op.Channel, Bulk: op.Bulk, Members: make([]string, 0, len(op.Refs))}
	for _, ref := range op.Refs {
		if ref >= 0 && ref < len(p.Changes) {
			out.Members = append(out.Members, p.Changes[ref].Address.String())
		}
	}
	return out
}

func (v *planJSON) conflict(c *planner.Change, f *planner.FieldChange) conflictJSON {
	out := conflictJSON{Address: c.By(f).Address.String(), Field: f.Path, Base: f.Base, File: f.Desired, Live: f.Live}
	if f.BaseHidden {
		out.Base = hashedText
	}
	if !f.Desired.IsKnown() {
		out.File = unknownText
	}
	if mask := v.o.mask(f); mask != "" {
		out.Base, out.File, out.Live = mask, mask, mask
	}
	return out
}
