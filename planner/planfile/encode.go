package planfile

import (
	"encoding/json"
	"slices"
	"time"

	"lockstep/planner"
	"lockstep/planner/state"
	"lockstep/schema"
)

// document is a File as JSON. What it embeds is written among its own fields.
type document struct {
	header
	about
	Changes   []change                   `json:"changes"`
	Kinds     []planner.KindSummary      `json:"kinds"`
	Waves     []wave                     `json:"waves"`
	Reads     []planner.ReadSummary      `json:"reads"`
	Cost      planner.Cost               `json:"cost"`
	WritesTo  []writesTo                 `json:"writes_to,omitempty"`
	Outputs   []planner.OutputChange     `json:"outputs,omitempty"`
	Variables map[string]json.RawMessage `json:"variables,omitempty"`
	Files     json.RawMessage            `json:"configuration,omitempty"`
	Instances map[string]int             `json:"instances,omitempty"`
	Unmatched []unmatched                `json:"unmatched,omitempty"`
	Refusals  []planner.Refusal          `json:"refusals,omitempty"`
	// Invocations are the actions to run.
	Invocations []invocation `json:"invocations,omitempty"`
}

// about is what the plan is for.
type about struct {
	Destroy   bool              `json:"destroy,omitempty"`
	Selection planner.Selection `json:"selection,omitzero"`
}

// header tells when a plan was made, with what and for which accounts.
type header struct {
	Format       int               `json:"lockstep_plan"`
	ToolVersion  string            `json:"tool_version"`
	ConfigDigest string            `json:"config_digest"`
	Accounts     map[string]string `json:"accounts,omitempty"`
	Lineage      string            `json:"lineage,omitempty"`
	Serial       int               `json:"serial"`
	Workspace    string            `json:"workspace,omitempty"`
	Time         time.Time         `json:"time"`
	Salt         string            `json:"salt"`
	Digests      map[string]string `json:"digests"`
	Digest       string            `json:"digest,omitempty"`
}

// writesTo is an account that the plan writes to.
type writesTo struct {
	Provider string `json:"provider"`
	Noun     string `json:"noun,omitempty"`
	ID       string `json:"id,omitempty"`
	Name     string `json:"name,omitempty"`
}

type unmatched struct {
	Mapping   string   `json:"mapping"`
	Kind      string   `json:"kind"`
	Of        int      `json:"of"`
	Addresses []string `json:"addresses"`
}

type change struct {
	author
	Kind       string  `json:"kind,omitempty"`
	Provider   string  `json:"provider"`
	Action     string  `json:"action"`
	ID         string  `json:"id,omitempty"`
	Reason     string  `json:"reason,omitempty"`
	Version    string  `json:"version,omitempty"`
	Gone       bool    `json:"gone,omitempty"`
	Unrecorded bool    `json:"unrecorded,omitempty"`
	Along      []along `json:"along,omitempty"`
	Fields     []field `json:"fields,omitempty"`
	// Live are the attributes as they were read; sensitive ones have no value.
	Live   []live   `json:"live,omitempty"`
	Others []author `json:"others,omitempty"`
}

type live struct {
	Path      string       `json:"path"`
	Value     schema.Value `json:"value,omitzero"`
	Sensitive bool         `json:"sensitive,omitempty"`
}

type along struct {
	Kind      string `json:"kind"`
	Attribute string `json:"attribute,omitempty"`
	Count     int    `json:"count"`
	Again     int    `json:"again,omitempty"`
}

// author is who wants a change, or a part of it.
type author struct {
	Address  string      `json:"address"`
	Previous string      `json:"previous,omitempty"`
	Level    int         `json:"level"`
	File     string      `json:"file,omitempty"`
	Line     int         `json:"line,omitempty"`
	Keep     state.Flags `json:"keep,omitzero"`
}

type field struct {
	Path    string       `json:"path"`
	By      int          `json:"by,omitempty"`
	Claim   schema.Claim `json:"claim,omitempty"`
	Base    *value       `json:"base,omitempty"`
	Live    *value       `json:"live,omitempty"`
	Desired *value       `json:"desired,omitempty"`
	Add     []string     `json:"add,omitempty"`
	Remove  []string     `json:"remove,omitempty"`
	marks
	From string `json:"from,omitempty"`
	Lost string `json:"lost_with,omitempty"`
	Note string `json:"note,omitempty"`
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
			Digest: f.Plan.Digest,
			Format: FormatVersion, ToolVersion: f.ToolVersion, ConfigDigest: f.ConfigDigest, Accounts: f.Accounts,
			Lineage: f.Lineage, Serial: f.Serial, Workspace: f.Workspace, Time: f.Time, Salt: f.Salt, Digests: f.Digests,
		},
		Variables: f.Variables, Files: f.Configuration, Instances: map[string]int{},
		about: about{f.Plan.Destroy, f.Plan.Selection}, Kinds: f.Plan.Kinds, Reads: f.Plan.Reads, Cost: f.Plan.Cost, Outputs: masked(f.Plan.Outputs), Refusals: f.Plan.Refusals,
		Changes: make([]change, len(f.Plan.Changes)), Waves: make([]wave, len(f.Plan.Waves)),
	}
	for a, n := range f.Plan.Instances {
		d.Instances[a.String()] = n
	}
	for _, a := range f.Plan.WritesTo {
		d.WritesTo = append(d.WritesTo, writesTo{a.Provider, a.Noun, a.ID, a.Name})
	}
	for _, u := range f.Plan.Unmatched {
		e := unmatched{Mapping: u.Mapping.String(), Kind: u.Kind.Name, Of: u.Of}
		for _, a := range u.Addresses {
			e.Addresses = append(e.Addresses, a.String())
		}
		d.Unmatched = append(d.Unmatched, e)
	}
	for i := range f.Plan.Invocations {
		d.Invocations = append(d.Invocations, encodeInvocation(&f.Plan.Invocations[i]))
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
	e := change{author: encodeAuthor(&c.Author), Provider: c.Provider, Action: c.Action.String(), ID: c.ID, Reason: c.Reason, Gone: c.Gone, Unrecorded: c.Unrecorded}
	if c.Live != nil {
		e.Version = c.Live.Version
		e.Live = encodeLive(c.Kind, c.Live.Fields)
	}
	if c.Address.Mapping() {
		e.Kind = c.Kind.Name
	}
	for _, a := range c.Along {
		e.Along = append(e.Along, along{a.Kind.Name, a.Attribute, a.Count, a.Again})
	}
	for i := range c.Fields {
		e.Fields = append(e.Fields, encodeField(&c.Fields[i]))
	}
	for i := range c.Others {
		e.Others = append(e.Others, encodeAuthor(&c.Others[i]))
	}
	return e
}

// encodeLive leaves sensitive values out.
func encodeLive(kind *schema.Kind, fields schema.Fields) []live {
	out := make([]live, 0, len(fields))
	for _, f := range fields {
		e := live{Path: f.Path, Value: f.Value, Sensitive: f.Sensitive}
		if kind != nil {
			a := kind.Attribute(schema.PathAttribute(f.Path))
			e.Sensitive = e.Sensitive || a != nil && a.Sensitive
		}
		if e.Sensitive {
			e.Value = schema.Value{}
		}
		out = append(out, e)
	}
	return out
}

func encodeAuthor(a *planner.Author) author {
	e := author{Address: a.Address.String(), Level: a.Level, File: a.Place.Filename, Line: a.Place.Start.Line, Keep: a.Keep}
	if a.Previous != nil {
		e.Previous = a.Previous.String()
	}
	return e
}

func encodeField(f *planner.FieldChange) field {
	e := field{
		Path: f.Path, By: f.By, Claim: f.Claim, Add: f.Add, Remove: f.Remove, From: f.From, Lost: f.LostWith, Note: f.Note,
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
