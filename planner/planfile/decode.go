package planfile

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner"
	"lockstep/providers"
	"lockstep/schema"
)

func (d *document) file(catalog []*schema.Provider) (*File, error) {
	f := &File{
		ToolVersion: d.ToolVersion, ConfigDigest: d.ConfigDigest, Accounts: d.Accounts, Lineage: d.Lineage, Serial: d.Serial, Workspace: d.Workspace,
		Time: d.Time, Salt: d.Salt, Digests: d.Digests, Variables: d.Variables, Configuration: d.Files,
		Plan: &planner.Plan{Digest: d.Digest, Destroy: d.Destroy, Selection: d.Selection, Instances: map[schema.Address]int{}, Kinds: d.Kinds, Reads: d.Reads, Cost: d.Cost, Outputs: d.Outputs, Refusals: d.Refusals},
	}
	for text, n := range d.Instances {
		a, err := schema.ParseAddress(text)
		if err != nil {
			return nil, err
		}
		f.Plan.Instances[a] = n
	}
	for _, a := range d.WritesTo {
		f.Plan.WritesTo = append(f.Plan.WritesTo, planner.Account{Provider: a.Provider, Place: providers.Place{Noun: a.Noun, ID: a.ID, Name: a.Name}})
	}
	for _, e := range d.Unmatched {
		u, err := e.decode(catalog)
		if err != nil {
			return nil, err
		}
		f.Plan.Unmatched = append(f.Plan.Unmatched, u)
	}
	for i := range d.Invocations {
		one, err := d.Invocations[i].decode(catalog)
		if err != nil {
			return nil, err
		}
		f.Plan.Invocations = append(f.Plan.Invocations, one)
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
	c := planner.Change{Provider: e.Provider, ID: e.ID, Reason: e.Reason, Standing: planner.Standing{Gone: e.Gone, Unrecorded: e.Unrecorded}}
	var err error
	if c.Author, err = e.author.decode(); err != nil {
		return c, err
	}
	for i := range e.Others {
		other, err := e.Others[i].decode()
		if err != nil {
			return c, err
		}
		c.Others = append(c.Others, other)
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
		for _, f := range e.Live {
			c.Live.Fields = append(c.Live.Fields, schema.Field{Path: f.Path, Value: f.Value, Sensitive: f.Sensitive})
		}
	}
	for _, a := range e.Along {
		kind := kindIn(catalog, a.Kind)
		if kind == nil {
			return c, fmt.Errorf("%s goes with objects of a kind that this lockstep does not know", c.Address)
		}
		c.Along = append(c.Along, planner.Along{Kind: kind, Attribute: a.Attribute, Count: a.Count, Again: a.Again})
	}
	for i := range e.Fields {
		if by := e.Fields[i].By; by < 0 || by > len(e.Others) {
			return c, fmt.Errorf("%s has a field of an author that is not there", c.Address)
		}
		if e.Fields[i].Claim > schema.ClaimExcludes {
			return c, fmt.Errorf("%s has a claim that this lockstep does not know", c.Address)
		}
		c.Fields = append(c.Fields, e.Fields[i].decode())
	}
	return c, nil
}

func (e *field) decode() planner.FieldChange {
	return planner.FieldChange{
		Path: e.Path, By: e.By, Claim: e.Claim,
		Sides: planner.Sides{
			Base: e.Base.decode(), HasBase: e.Base != nil, BaseHidden: e.BaseHidden, LiveMoved: e.LiveMoved,
			FileMoved: e.FileMoved, Conflict: e.Conflict,
		},
		Live: e.Live.decode(), Desired: e.Desired.decode(), Add: e.Add, Remove: e.Remove, Replaces: e.Replaces,
		Sensitive: e.Sensitive, Personal: e.Personal, From: e.From, LostWith: e.Lost, Note: e.Note,
	}
}

func (e *author) decode() (a planner.Author, err error) {
	a = planner.Author{Level: e.Level, Keep: e.Keep, Place: hcl.Range{Filename: e.File, Start: hcl.Pos{Line: e.Line}, End: hcl.Pos{Line: e.Line}}}
	if a.Address, err = schema.ParseAddress(e.Address); err != nil || e.Previous == "" {
		return a, err
	}
	previous, err := schema.ParseAddress(e.Previous)
	a.Previous = &previous
	return a, err
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
