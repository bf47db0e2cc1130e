package state

import (
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

var kind = &schema.Kind{Name: "crm_contact", Personal: true, Attributes: []schema.Attribute{
	{Name: "email", Type: cty.String, Personal: true},
	{Name: "city", Type: cty.String},
	{Name: "secret", Type: cty.String, Sensitive: true},
	{Name: "tags", Type: cty.Set(cty.String), Own: schema.OwnMembers},
	{Name: "custom_fields", Type: cty.Map(cty.DynamicPseudoType), Own: schema.OwnKeys, Personal: true},
}}

func open(t testing.TB, b Backend, o Options) *Store {
	t.Helper()
	s, err := Open(t.Context(), b, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func write(t testing.TB, s *Store, b Batch) {
	t.Helper()
	if err := s.Write(t.Context(), b); err != nil {
		t.Fatal(err)
	}
}

func address(key string) schema.Address {
	return schema.Address{Kind: kind.Name, Name: "x", Key: schema.Key{Type: schema.StringKey, Text: key}}
}

func text(path, value string) schema.Field {
	return schema.Field{Path: path, Value: schema.StringValue(value)}
}

// whole is all of a piece, or why it cannot be read.
func (p piece) whole() string {
	text, err := p.read(nil)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func byAddress(records *Records) map[schema.Address]*Record { return maps.Collect(records.All()) }

func never(string) bool { return false }

// record makes a record with a base. The address is sealed as the store does.
func record(t testing.TB, s *Store, key, id string, fields ...schema.Field) *Record {
	t.Helper()
	r := NewRecord(s.Sealer().Address(address(key)))
	r.Provider, r.ID = "crm", id
	f := schema.Fields(fields)
	f.Sort()
	if err := r.SetBase(s.Sealer(), Applied{Address: address(key), Kind: kind, Fields: f, Keep: never}); err != nil {
		t.Fatal(err)
	}
	return r
}

var (
	values  = cmp.Transformer("value", func(v schema.Value) string { return v.String() })
	records = cmp.Options{cmp.AllowUnexported(Record{}), cmp.Transformer("base", piece.whole), cmp.Transformer("records", byAddress)}
)
