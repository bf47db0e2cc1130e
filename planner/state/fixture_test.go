package state

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

var errDisk = errors.New("the disk is full")

// fakeBackend keeps a log in memory. failing says how many of the next writes
// fail; a failing append leaves half of its bytes behind.
type fakeBackend struct {
	log     []byte
	failing int
}

func (f *fakeBackend) Name() string                         { return "memory" }
func (f *fakeBackend) Load(context.Context) (string, error) { return string(f.log), nil }

func (f *fakeBackend) Append(_ context.Context, lines []byte) error {
	if f.failing > 0 {
		f.failing--
		f.log = append(f.log, lines[:len(lines)/2]...)
		return errDisk
	}
	f.log = append(f.log, lines...)
	return nil
}

func (f *fakeBackend) Replace(_ context.Context, log []byte) error {
	if f.failing > 0 {
		f.failing--
		return errDisk
	}
	f.log = append([]byte(nil), log...)
	return nil
}

func (f *fakeBackend) Lock(context.Context, string) (func() error, error) {
	return func() error { return nil }, nil
}

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

func never(string) bool { return false }

// record makes a record with a base. The address is sealed as the store does.
func record(t testing.TB, s *Store, key, id string, fields ...schema.Field) *Record {
	t.Helper()
	r := &Record{Address: s.Sealer().Address(kind, address(key)), Provider: "crm", ID: id}
	f := schema.Fields(fields)
	f.Sort()
	if err := r.SetBase(s.Sealer(), kind, f, nil, never); err != nil {
		t.Fatal(err)
	}
	return r
}

var (
	values  = cmp.Transformer("value", func(v schema.Value) string { return v.String() })
	records = cmp.AllowUnexported(Record{})
)
