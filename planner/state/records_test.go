package state

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"lockstep/schema"
)

// TestRecords puts and drops records at random, and finds what a map finds.
func TestRecords(t *testing.T) {
	addresses := []schema.Address{address("a"), address("b"), address(""), {Kind: "crm_task", Name: "x", Key: address("a").Key}, {Module: "module.m", Kind: kind.Name, Name: "x", Key: address("a").Key}}
	for i := range int32(3) {
		addresses = append(addresses, schema.Address{Kind: kind.Name, Name: "n", Key: schema.Key{Type: schema.IntKey, Int: i}})
	}
	rapid.Check(t, func(t *rapid.T) {
		records, want := NewRecords(rapid.IntRange(0, 3).Draw(t, "room")), map[schema.Address]*Record{}
		for range rapid.IntRange(0, 20).Draw(t, "steps") {
			a := rapid.SampledFrom(addresses).Draw(t, "address")
			if rapid.Bool().Draw(t, "drop") {
				records.Drop(a)
				delete(want, a)
				continue
			}
			r := NewRecord(rapid.SampledFrom(addresses).Draw(t, "own"))
			records.Put(a, r)
			want[a] = r
		}
		if got := maps.Collect(records.All()); !maps.Equal(got, want) || records.Len() != len(want) {
			t.Fatalf("got %v (%d), want %v", got, records.Len(), want)
		}
		if diff := cmp.Diff(slices.SortedFunc(maps.Keys(want), schema.Address.Compare), records.Addresses(), cmp.Transformer("text", schema.Address.String)); diff != "" && len(want) > 0 {
			t.Fatalf("addresses: -want +got:\n%s", diff)
		}
		for _, a := range addresses {
			n := records.Number(a)
			if records.Get(a) != want[a] || n >= 0 != (want[a] != nil) {
				t.Fatalf("%s: got %v under the number %d, want %v", a, records.Get(a), n, want[a])
			}
			if n < 0 {
				continue
			}
			if at, r := records.At(n); at != a || r != want[a] {
				t.Fatalf("%s: number %d is %s", a, n, at)
			}
		}
	})
}

func TestNoRecords(t *testing.T) {
	var none *Records
	if none.Len() != 0 || none.Numbers() != 0 || none.Get(address("a")) != nil || len(none.Addresses()) != 0 {
		t.Error("nil has records")
	}
}

func TestDigest(t *testing.T) {
	some := Digest{1, 2, 15: 3}
	cases := map[string]struct {
		reason, in string
		want       Digest
	}{
		"Written": {"what was written is read", some.String(), some},
		"Empty":   {"no text is no digest", "", Digest{}},
		"Short":   {"a text that was cut off is none", some.String()[1:], Digest{}},
		"Long":    {"nor is one with more at its end", some.String() + "A", Digest{}},
		"Other":   {"nor is one with other letters", "!" + some.String()[1:], Digest{}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var got Digest
			if err := got.UnmarshalText([]byte(tc.in)); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s: -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}
