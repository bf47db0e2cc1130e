package planner

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"lockstep/planner/state"
	"lockstep/planner/state/statetest"
	"lockstep/schema"
)

// newSealer makes the sealer of a state with a fixed salt.
func newSealer(t testing.TB, personal string) *state.Sealer {
	t.Helper()
	head := `{"lockstep_state":2,"lineage":"l","salt":"s","personal_data":"` + personal + `","serial":1}` + "\n"
	s, err := state.Open(t.Context(), &statetest.Memory{Log: []byte(head)}, state.Options{Personal: personal})
	if err != nil {
		t.Fatal(err)
	}
	return s.Sealer()
}

var contactKind = &schema.Kind{
	Name: "crm_contact", Noun: "contact", Plural: "contacts", Personal: true,
	Keys: []schema.NaturalKey{{"email"}, {"phone"}},
	Attributes: []schema.Attribute{
		{Name: "email", Type: cty.String, Optional: true, Personal: true},
		{Name: "phone", Type: cty.String, Optional: true, Personal: true},
		{Name: "name", Type: cty.String, Optional: true, Personal: true},
		{Name: "city", Type: cty.String, Optional: true},
		{Name: "country", Type: cty.String, Optional: true, Default: schema.StringValue("US")},
		{Name: "birth", Type: cty.String, Optional: true, Personal: true, Default: schema.StringValue("none")},
		{Name: "origin", Type: cty.String, Optional: true, Immutable: true},
		{Name: "source", Type: cty.String, Optional: true, CreateOnly: true},
		{Name: "story", Type: cty.String, Optional: true, WriteOnly: true, Immutable: true, Resent: true},
		{Name: "secret", Type: cty.String, Optional: true, WriteOnly: true, Sensitive: true, Channel: "details"},
		{Name: "tags", Type: cty.Set(cty.String), Optional: true, Own: schema.OwnMembers, Channel: "tags"},
		{Name: "groups", Type: cty.Set(cty.String), Optional: true, Own: schema.OwnMembers, Channel: "groups", Personal: true},
		{Name: "custom_fields", Type: cty.Map(cty.DynamicPseudoType), Optional: true, Own: schema.OwnKeys},
		{Name: "created", Type: cty.String, Computed: true},
	},
}

var taskKind = &schema.Kind{
	Name: "crm_task", Noun: "task", Plural: "tasks", Parent: "contact_id", Content: []string{"title"}, After: []string{"crm_contact"},
	Attributes: []schema.Attribute{
		{Name: "contact_id", Type: cty.String, Required: true, Immutable: true},
		{Name: "title", Type: cty.String, Required: true},
		{Name: "done", Type: cty.Bool, Optional: true, Default: schema.BoolValue(false)},
		{Name: "due", Type: cty.String, Optional: true},
	},
}

func none(string) bool { return false }

func text(path, value string) schema.Field {
	return schema.Field{Path: path, Value: schema.StringValue(value)}
}

func members(claim schema.Claim, path string, names ...string) schema.Field {
	return schema.Field{Path: path, Claim: claim, Value: schema.SetOf(names)}
}

func includes(names ...string) schema.Field {
	return members(schema.ClaimIncludes, "tags", names...)
}

func exactly(names ...string) schema.Field { return members(schema.ClaimExactly, "tags", names...) }

func excludes(names ...string) schema.Field { return members(schema.ClaimExcludes, "tags", names...) }

// liveTags is the field as a provider reads it.
func liveTags(names ...string) schema.Field { return members(schema.ClaimValue, "tags", names...) }

func fields(list ...schema.Field) schema.Fields {
	f := schema.Fields(list)
	f.Sort()
	return f
}

func object(kind *schema.Kind, id string, list ...schema.Field) schema.Object {
	return schema.Object{Kind: kind.Name, ID: id, Version: "v1", Fields: fields(list...)}
}

func address(kind *schema.Kind, name string) schema.Address {
	return schema.Address{Kind: kind.Name, Name: "x", Key: schema.Key{Type: schema.StringKey, Text: name}}
}

// record makes what the state keeps of fields that were applied.
func record(t testing.TB, s *state.Sealer, kind *schema.Kind, name, id string, list ...schema.Field) *state.Record {
	t.Helper()
	r := state.NewRecord(s.Address(address(kind, name)))
	r.Provider, r.ID = "crm", id
	if err := r.SetBase(s, state.Applied{Address: address(kind, name), Kind: kind, Fields: fields(list...), Keep: none}); err != nil {
		t.Fatal(err)
	}
	return r
}

// roster pairs desired objects of one kind; all records are of block "x".
func roster(s *state.Sealer, kind *schema.Kind, live []schema.Object, records ...*state.Record) *Roster {
	m := &Roster{
		Provider: "crm", Kind: kind, Live: NewLive(kind),
		Past: Past{
			Sealer: s, Records: state.NewRecords(0), Previous: map[schema.Address]schema.Address{},
		},
		Files: Files{
			Removals: map[schema.Address]bool{}, Declared: func(schema.Address) bool { return false },
			Repeated: func(schema.Address) bool { return false },
		},
	}
	m.Live.Add(live)
	for _, r := range records {
		m.Records.Put(r.Address(), r)
	}
	return m
}

// want makes desired objects of one block, named by their instance key.
func want(s *state.Sealer, kind *schema.Kind, b *Block, name string, list ...schema.Field) Desired {
	a := address(kind, name)
	return desired(b, a, s.Address(a), list...)
}

// desired makes a desired object, packed as one of many.
func desired(b *Block, a, sealed schema.Address, list ...schema.Field) Desired {
	return NewDesired(b, &Site{Address: a.Block(), Sealed: sealed.Block()}, a.Key, sealed.Key.Text, new(schema.Packer).Pack(fields(list...)))
}

func block(line int) *Block {
	return &Block{Place: hcl.Range{Filename: "main.hcl", Start: hcl.Pos{Line: line}}}
}

// values compares values by what they show: an unknown one is equal to another.
var values = cmp.Transformer("value", func(v schema.Value) string {
	if v.IsAbsent() {
		return "absent"
	}
	return v.String()
})

// all is the whole decision about a roster.
func all(r *Roster) *Decision {
	d := r.Decide()
	d.Leave()
	return d
}
