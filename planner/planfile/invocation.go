package planfile

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner"
	"lockstep/schema"
	"lockstep/schema/config"
)

// invocation is an action to run.
type invocation struct {
	Address  string     `json:"address"`
	Provider string     `json:"provider"`
	File     string     `json:"file,omitempty"`
	Line     int        `json:"line,omitempty"`
	Fields   []argument `json:"fields,omitempty"`
	Trigger  *trigger   `json:"trigger,omitempty"`
}

type argument struct {
	Path      string `json:"path"`
	Value     *value `json:"value,omitempty"`
	Sensitive bool   `json:"sensitive,omitempty"`
}

type trigger struct {
	Address string       `json:"address"`
	Event   config.Event `json:"event"`
	Block   int          `json:"block"`
	Index   int          `json:"index"`
	Unsure  bool         `json:"unsure,omitempty"`
	Again   bool         `json:"again,omitempty"`
}

func encodeInvocation(i *planner.Invocation) invocation {
	e := invocation{Address: i.Address.String(), Provider: i.Provider, File: i.Place.Filename, Line: i.Place.Start.Line}
	for _, f := range i.Fields {
		a := argument{Path: f.Path, Sensitive: f.Sensitive}
		if declared := i.Action.Argument(schema.PathAttribute(f.Path)); declared != nil && declared.Sensitive {
			a.Sensitive = true
		}
		if !a.Sensitive {
			a.Value = encodeValue(f.Value)
		}
		e.Fields = append(e.Fields, a)
	}
	if t := i.Trigger; t != nil {
		e.Trigger = &trigger{t.Address.String(), t.Event, t.Block, t.Index, t.Unsure, t.Again}
	}
	return e
}

func (e *invocation) decode(catalog []*schema.Provider) (i planner.Invocation, err error) {
	i = planner.Invocation{Provider: e.Provider, Place: hcl.Range{Filename: e.File, Start: hcl.Pos{Line: e.Line}, End: hcl.Pos{Line: e.Line}}}
	if i.Address, err = schema.ParseAddress(e.Address); err != nil {
		return i, err
	}
	for _, p := range catalog {
		if a := p.Action(i.Address.Action()); a != nil {
			i.Action = a
		}
	}
	if i.Action == nil {
		return i, fmt.Errorf("%s is an action that this lockstep does not know", i.Address)
	}
	for _, f := range e.Fields {
		i.Fields = append(i.Fields, schema.Field{Path: f.Path, Value: f.Value.decode(), Sensitive: f.Sensitive})
	}
	if e.Trigger == nil {
		return i, nil
	}
	i.Trigger = &planner.Trigger{Event: e.Trigger.Event, Block: e.Trigger.Block, Index: e.Trigger.Index, Unsure: e.Trigger.Unsure, Again: e.Trigger.Again}
	i.Trigger.Address, err = schema.ParseAddress(e.Trigger.Address)
	return i, err
}

// movedInvocations names the actions that differ between the saved plan and a fresh one.
func (f *File) movedInvocations(fresh *planner.Plan) []string {
	var moved []string
	seen := map[string]bool{}
	for n := range fresh.Invocations {
		i := &fresh.Invocations[n]
		seen[i.Key()] = true
		was, ok := f.Digests[i.Key()]
		switch {
		case !ok:
			moved = append(moved, fmt.Sprintf("%s would now be invoked too, %s", i.Address, i.When()))
		case was != i.Digest(f.Salt):
			moved = append(moved, fmt.Sprintf("%s would now be invoked otherwise than when the plan was made", i.Address))
		}
	}
	for n := range f.Plan.Invocations {
		if i := &f.Plan.Invocations[n]; !seen[i.Key()] {
			moved = append(moved, fmt.Sprintf("%s would no longer be invoked (the plan invokes it %s)", i.Address, i.When()))
		}
	}
	return moved
}
