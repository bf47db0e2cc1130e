package planfile

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner"
	"lockstep/planner/state"
	"lockstep/providers"
	"lockstep/schema"
)

// document is a File as JSON. What it embeds is written among its own fields.
type document struct {
	header
	Destroy   bool                       `json:"destroy,omitempty"`
	Changes   []change                   `json:"changes"`
	Kinds     []planner.KindSummary      `json:"kinds"`
	Waves     []wave                     `json:"waves"`
	Reads     []planner.ReadSummary      `json:"reads"`
	Cost      planner.Cost               `json:"cost"`
	Outputs   []planner.OutputChange     `json:"outputs,omitempty"`
	Variables map[string]json.RawMessage `json:"variables,omitempty"`
	Instances map[string]int             `json:"instances,omitempty"`
	Unmatched []unmatched                `json:"unmatched,omitempty"`
	Refusals  []planner.Refusal          `json:"refusals,omitempty"`
}

// header tells when a plan was made, with what and for which accounts.
type header struct {
	Format       int               `json:"lockstep_plan"`
	ToolVersion  string            `json:"tool_version"`
	ConfigDigest string            `json:"config_digest"`
	Accounts     map[string]string `json:"accounts,omitempty"`
	Lineage      string            `json:"lineage,omitempty"`
	Serial       int               `json:"serial"`
	Time         time.Time         `json:"time"`
	Salt         string            `json:"salt"`
	Digests      map[string]string `json:"digests"`
}

type unmatched struct {
	Mapping   string   `json:"mapping"`
	Kind      string   `json:"kind"`
	Of        int      `json:"of"`
	Addresses []string `json:"addresses"`
}

type change struct {
	Address  string `json:"address"`
	Previous string `json:"previous,omitempty"`
	Kind     string `json:"kind,omitempty"`
	Of       string `json:"of,omitempty"`
	Provider string `json:"provider"`
	Action   string `json:"action"`
	ID       string `json:"id,omitempty"`
	Reason   string `json:"reason,omitempty"`
	Version  string `json:"version,omitempty"`
	Level    int    `json:"level"`
	Gone     bool   `json:"gone,omitempty"`
	place
	Keep   state.Flags `json:"keep,omitzero"`
	Along  []along     `json:"along,omitempty"`
	Fields []field     `json:"fields,omitempty"`
}

// place is where an object is declared.
type place struct {
	File string `json:"file,omitempty"`
	Line int    `json:"line,omitempty"`
}

type along struct {
	Kind  string `json:"kind"`
	Count int    `json:"count"`
}

type field struct {
	Path    string       `json:"path"`
	Claim   schema.Claim `json:"claim,omitempty"`
	Base    *value       `json:"base,omitempty"`
	Live    *value       `json:"live,omitempty"`
	Desired *value       `json:"desired,omitempty"`
	Add     []string     `json:"add,omitempty"`
	Remove  []string     `json:"remove,omitempty"`
	marks
	Mapped string `json:"mapped,omitempty"`
	Note   string `json:"note,omitempty"`
}

// marks are what is true or false of a field.
type marks struct {
	BaseHidden bool `json:"base_hidden,omitempty"`
	LiveMoved  bool `json:"live_moved,omitempty"`
	FileMoved  bool `json:"file_moved,omitempty"`
	Conflict   bool `json:"conflict,omitempty"`
	Replaces   bool `json:"replaces,omitempty"`
	Sensitive  bool `json:"sensitive,omitempty"`
	Personal   bool `json:"personal,omitempty"`
}

// value is a Value that may be unknown.
type value struct {
	Value   schema.Value `json:"value,omitzero"`
	Unknown bool         `json:"unknown,omitempty"`
}

type wave struct {
	Provider   string      `json:"provider"`
	Level      int         `json:"level"`
	Step       int         `json:"step"`
	Deletes    bool        `json:"deletes,omitempty"`
	After      []int       `json:"after,omitempty"`
	Operations []operation `json:"operations"`
}

type operation struct {
	ID      string `json:"id"`
	Kind    string `json:"kind"`
	Name    string `json:"name"`
	Method  string `json:"method"`
	Path    string `json:"path"`
	Action  string `json:"action"`
	Channel string `json:"channel,omitempty"`
	Bulk    bool   `json:"bulk,omitempty"`
	Refs    []int  `json:"changes"`
}

func encode(f *File) *document {
	d := &document{
		header: header{
			Format: FormatVersion, ToolVersion: f.ToolVersion, ConfigDigest: f.ConfigDigest, Accounts: f.Accounts,
			Lineage: f.Lineage, Serial: f.Serial, Time: f.Time, Salt: f.Salt, Digests: f.Digests,
		},
		Variables: f.Variables, Instances: map[string]int{},
		Destroy: f.Plan.Destroy, Kinds: f.Plan.Kinds, Reads: f.Plan.Reads, Cost: f.Plan.Cost, Outputs: masked(f.Plan.Outputs), Refusals: f.Plan.Refusals,
		Changes: make([]change, len(f.Plan.Changes)), Waves: make([]wave, len(f.Plan.Waves)),
	}
	for a, n := range f.Plan.Instances {
		d.Instances[a.String()] = n
	}
	for _, u := range f.Plan.Unmatched {
		e := unmatched{Mapping: u.Mapping.String(), Kind: u.Kind.Name, Of: u.Of}
		for _, a := range u.Addresses {
			e.Addresses = append(e.Addresses, a.String())
		}
		d.Unmatched = append(d.Unmatched, e)
	}
	for i := range f.Plan.Changes {
		d.Changes[i] = encodeChange(&f.Plan.Changes[i])
	}
	for i, w := range f.Plan.Waves {
		d.Waves[i] = wave{Provider: w.Provider, Level: w.Level, Step: w.Step, Deletes: w.Deletes, After: w.After, Operations: make([]operation, len(w.Operations))}
		for j, o := range w.Operations {
			d.Waves[i].Operations[j] = operation{ID: o.ID, Kind: o.Kind, Name: o.Name, Method: o.Method, Path: o.Path, Action: o.Action.String(), Channel: o.Channel, Bulk: o.Bulk, Refs: o.Refs}
		}
	}
	return d
}

// masked leaves the values of sensitive outputs out.
func masked(outputs []planner.OutputChange) []planner.OutputChange {
	outputs = slices.Clone(outputs)
	for i := range outputs {
		if outputs[i].Sensitive {
			outputs[i].Before, outputs[i].After = "", ""
		}
	}
	return outputs
}

func encodeChange(c *planner.Change) change {
	e := change{
		Address: c.Address.String(), Provider: c.Provider, Action: c.Action.String(), ID: c.ID, Reason: c.Reason,
		Level: c.Level, Gone: c.Gone, place: place{c.Place.Filename, c.Place.Start.Line}, Keep: c.Keep,
	}
	if c.Previous != nil {
		e.Previous = c.Previous.String()
	}
	if c.Live != nil {
		e.Version = c.Live.Version
	}
	if c.Address.Mapping() {
		e.Kind = c.Kind.Name
	}
	if c.Of != nil {
		e.Of = c.Of.String()
	}
	for _, a := range c.Along {
		e.Along = append(e.Along, along{a.Kind.Name, a.Count})
	}
	for i := range c.Fields {
		e.Fields = append(e.Fields, encodeField(&c.Fields[i]))
	}
	return e
}

func encodeField(f *planner.FieldChange) field {
	e := field{
		Path: f.Path, Claim: f.Claim, Add: f.Add, Remove: f.Remove, Mapped: f.Mapped, Note: f.Note,
		marks: marks{
			BaseHidden: f.BaseHidden, LiveMoved: f.LiveMoved, FileMoved: f.FileMoved, Conflict: f.Conflict,
			Replaces: f.Replaces, Sensitive: f.Sensitive, Personal: f.Personal,
		},
	}
	if f.Sensitive {
		e.Add, e.Remove = nil, nil
		return e
	}
	e.Live, e.Desired = encodeValue(f.Live), encodeValue(f.Desired)
	if f.HasBase {
		e.Base = encodeValue(f.Base)
		if e.Base == nil {
			e.Base = &value{}
		}
	}
	return e
}

func encodeValue(v schema.Value) *value {
	switch {
	case v.IsAbsent():
		return nil
	case !v.IsKnown():
		return &value{Unknown: true}
	default:
		return &value{Value: v}
	}
}

func (d *document) file(catalog []*schema.Provider) (*File, error) {
	f := &File{
		ToolVersion: d.ToolVersion, ConfigDigest: d.ConfigDigest, Accounts: d.Accounts, Lineage: d.Lineage, Serial: d.Serial,
		Time: d.Time, Salt: d.Salt, Digests: d.Digests, Variables: d.Variables,
		Plan: &planner.Plan{Destroy: d.Destroy, Instances: map[schema.Address]int{}, Kinds: d.Kinds, Reads: d.Reads, Cost: d.Cost, Outputs: d.Outputs, Refusals: d.Refusals},
	}
	for text, n := range d.Instances {
		a, err := schema.ParseAddress(text)
		if err != nil {
			return nil, err
		}
		f.Plan.Instances[a] = n
	}
	for _, e := range d.Unmatched {
		u, err := e.decode(catalog)
		if err != nil {
			return nil, err
		}
		f.Plan.Unmatched = append(f.Plan.Unmatched, u)
	}
	f.Plan.Changes = slices.Grow(f.Plan.Changes, len(d.Changes))
	for i := range d.Changes {
		c, err := d.Changes[i].decode(catalog)
		if err != nil {
			return nil, err
		}
		f.Plan.Changes = append(f.Plan.Changes, c)
	}
	for i := range d.Waves {
		w, err := d.Waves[i].decode(len(d.Waves), len(d.Changes))
		if err != nil {
			return nil, err
		}
		f.Plan.Waves = append(f.Plan.Waves, w)
	}
	return f, nil
}

func (e *unmatched) decode(catalog []*schema.Provider) (u planner.Unmatched, err error) {
	u = planner.Unmatched{Of: e.Of, Kind: kindIn(catalog, e.Kind)}
	if u.Kind == nil {
		return u, fmt.Errorf("%s is of a kind that this lockstep does not know", e.Mapping)
	}
	if u.Mapping, err = schema.ParseAddress(e.Mapping); err != nil {
		return u, err
	}
	for _, text := range e.Addresses {
		a, err := schema.ParseAddress(text)
		if err != nil {
			return u, err
		}
		u.Addresses = append(u.Addresses, a)
	}
	return u, nil
}

// kindIn finds a kind by its name; nil when there is none.
func kindIn(catalog []*schema.Provider, name string) *schema.Kind {
	for _, p := range catalog {
		if k := p.Kind(name); k != nil {
			return k
		}
	}
	return nil
}

// decode checks that the wave refers to one of so many waves and changes.
func (e *wave) decode(waves, changes int) (planner.Wave, error) {
	outside := func(n int) func(int) bool { return func(i int) bool { return i < 0 || i >= n } }
	w := planner.Wave{Provider: e.Provider, Level: e.Level, Step: e.Step, Deletes: e.Deletes, After: e.After}
	if slices.ContainsFunc(e.After, outside(waves)) {
		return w, errors.New("a wave waits for one that is not there")
	}
	for _, o := range e.Operations {
		if slices.ContainsFunc(o.Refs, outside(changes)) {
			return w, fmt.Errorf("operation %s names a change that is not there", o.ID)
		}
		action, err := parseAction(o.Action)
		if err != nil {
			return w, fmt.Errorf("operation %s: %w", o.ID, err)
		}
		w.Operations = append(w.Operations, planner.Operation{ID: o.ID, Refs: o.Refs, Operation: providers.Operation{
			Kind: o.Kind, Name: o.Name, Method: o.Method, Path: o.Path, Action: action, Channel: o.Channel, Bulk: o.Bulk}})
	}
	return w, nil
}

func parseAction(s string) (providers.Action, error) {
	for a := providers.Create; a <= providers.Delete; a++ {
		if a.String() == s {
			return a, nil
		}
	}
	return 0, fmt.Errorf("%q is no action of a call", s)
}

func (e *change) decode(catalog []*schema.Provider) (planner.Change, error) {
	c := planner.Change{Provider: e.Provider, ID: e.ID, Reason: e.Reason, Level: e.Level, Gone: e.Gone, Keep: e.Keep}
	var err error
	if c.Address, err = schema.ParseAddress(e.Address); err != nil {
		return c, err
	}
	for _, other := range []struct {
		text string
		into **schema.Address
	}{{e.Previous, &c.Previous}, {e.Of, &c.Of}} {
		if other.text == "" {
			continue
		}
		a, err := schema.ParseAddress(other.text)
		if err != nil {
			return c, err
		}
		*other.into = &a
	}
	if c.Action, err = planner.ParseAction(e.Action); err != nil {
		return c, err
	}
	if !c.Address.Data {
		c.Kind = kindIn(catalog, cmp.Or(e.Kind, c.Address.Kind))
	}
	if c.Kind == nil && !c.Address.Data {
		return c, fmt.Errorf("%s is of a kind that this lockstep does not know", c.Address)
	}
	if e.ID != "" {
		c.Live = &schema.Object{Kind: cmp.Or(e.Kind, c.Address.Kind), ID: e.ID, Version: e.Version}
	}
	c.Place = hcl.Range{Filename: e.File, Start: hcl.Pos{Line: e.Line}, End: hcl.Pos{Line: e.Line}}
	for _, a := range e.Along {
		kind := kindIn(catalog, a.Kind)
		if kind == nil {
			return c, fmt.Errorf("%s goes with objects of a kind that this lockstep does not know", c.Address)
		}
		c.Along = append(c.Along, planner.Along{Kind: kind, Count: a.Count})
	}
	for i := range e.Fields {
		if e.Fields[i].Claim > schema.ClaimExcludes {
			return c, fmt.Errorf("%s has a claim that this lockstep does not know", c.Address)
		}
		c.Fields = append(c.Fields, e.Fields[i].decode())
	}
	return c, nil
}

func (e *field) decode() planner.FieldChange {
	return planner.FieldChange{
		Path: e.Path, Claim: e.Claim, Base: e.Base.decode(), HasBase: e.Base != nil, BaseHidden: e.BaseHidden,
		Live: e.Live.decode(), Desired: e.Desired.decode(), Add: e.Add, Remove: e.Remove, LiveMoved: e.LiveMoved,
		FileMoved: e.FileMoved, Conflict: e.Conflict, Replaces: e.Replaces, Sensitive: e.Sensitive, Personal: e.Personal,
		Mapped: e.Mapped, Note: e.Note,
	}
}

func (v *value) decode() schema.Value {
	switch {
	case v == nil:
		return schema.Value{}
	case v.Unknown:
		return schema.UnknownValue()
	default:
		return v.Value
	}
}
