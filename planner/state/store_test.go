package state

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"lockstep/planner/state/statetest"
	"lockstep/schema"
)

// Everything that is written is there when the log is opened again, from its
// tail and after it was compacted.
func TestStoreRoundTrip(t *testing.T) {
	b := &statetest.Memory{}
	s := open(t, b, Options{Personal: "plain"})
	if s.Begun() || len(b.Log) > 0 {
		t.Fatal("a state is begun by its first write")
	}
	full := record(t, s, "a", "1", text("email", "ann@example.com"), text("city", "A <&> ä"),
		schema.Field{Path: "tags", Claim: schema.ClaimIncludes, Value: schema.SetOf([]string{"vip"})}, schema.Field{Path: "tags", Claim: schema.ClaimExcludes, Value: schema.SetOf([]string{"old"})},
		schema.Field{Path: "custom_fields.n", Value: schema.NumberValue("12.5")}, text("secret", "hush"))
	full.Parent, full.Version, full.Written = "p", "v1", 99
	full.SetFlags(Flags{Adopted: true, Protected: true, OnDestroy: "forget", Ignored: "city,custom_fields.a}b", Match: Digest{15: 1}, Unfinished: true})
	mapped := record(t, s, "m", "1", text("city", "A"))
	mapped.Place(schema.Address{Kind: schema.MappingKind, Name: "club"})
	mapped.Target = kind.Name
	mapped.SetFlags(Flags{Match: Digest{1}})
	write(t, s, Batch{Put: []*Record{full, mapped, record(t, s, "b", "2")}, Outputs: map[string]Output{"o": {Value: json.RawMessage(`{"k":"<"}`)}, "p": {Sensitive: true}}})
	write(t, s, Batch{Intents: []Intent{{Address: address("c"), Provider: "crm", Parent: "p", At: 5}}, Gone: []schema.Address{address("b")}})
	check := func(when string) {
		t.Helper()
		again := open(t, b, Options{Personal: "plain"})
		if diff := cmp.Diff(s.Snapshot(), again.Snapshot(), records, cmpopts.IgnoreUnexported(Snapshot{}), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: -written +read:\n%s", when, diff)
		}
		if again.Snapshot().Lineage() != s.Snapshot().Lineage() || !again.Begun() {
			t.Errorf("%s: it is another log", when)
		}
	}
	check("from the tail")
	if err := s.Compact(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	check("compacted")
	if n := bytes.Count(b.Log, []byte("\n")); n != 5 {
		t.Errorf("header, outputs, two records, one intent wanted; got %d lines:\n%s", n, b.Log)
	}
}

// No personal value, no personal key and no sensitive value is in the bytes.
func TestNothingPersonalInTheBytes(t *testing.T) {
	for name, o := range map[string]Options{"Salted": {Personal: "hashed"}, "Keyed": {Personal: "hashed", Key: "a k3y of some length"}, "Unsaid": {}} {
		t.Run(name, func(t *testing.T) {
			b := &statetest.Memory{}
			s := open(t, b, o)
			r := record(t, s, "ann@example.com", "1", text("email", "ann@example.com"), text("city", "Bern"), text("custom_fields.shoe", "forty-two"), text("secret", "hush"),
				schema.Field{Path: "tags", Claim: schema.ClaimIncludes, Value: schema.SetOf([]string{"from-a-secret"}), Sensitive: true})
			write(t, s, Batch{Put: []*Record{r}, Intents: []Intent{{Address: s.Sealer().Address(address("bob@example.com"))}}})
			if err := s.Compact(t.Context(), true); err != nil {
				t.Fatal(err)
			}
			for _, secret := range []string{"ann", "bob", "example.com", "forty-two", "hush", "from-a-secret", "k3y of"} {
				if bytes.Contains(b.Log, []byte(secret)) {
					t.Errorf("%q stands in the state:\n%s", secret, b.Log)
				}
			}
			if !bytes.Contains(b.Log, []byte("Bern")) {
				t.Error("what is not personal is kept in clear")
			}
		})
	}
}

func TestMismatch(t *testing.T) {
	cases := map[string]struct {
		reason       string
		begun, asked Options
		want         string
	}{
		"Same":    {"as it was begun", Options{Personal: "hashed", Key: "key of some length"}, Options{Personal: "hashed", Key: "key of some length"}, ""},
		"Unasked": {"who only looks asks for nothing", Options{Personal: "plain"}, Options{}, ""},
		"Plain":   {"what was written in clear stays readable", Options{Personal: "plain"}, Options{Personal: "hashed"}, `begun with "plain"`},
		"Hashed":  {"hashes are not undone", Options{Personal: "hashed"}, Options{Personal: "plain"}, `begun with "hashed"`},
		"Unkeyed": {"a key that protects nothing must not be trusted", Options{Personal: "hashed"}, Options{Personal: "hashed", Key: "key of some length"}, "its hashes do not use it"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			b := &statetest.Memory{}
			if got := open(t, b, tc.begun).Mismatch(tc.begun); got != "" {
				t.Errorf("a new state does as asked, got %q", got)
			}
			write(t, open(t, b, tc.begun), Batch{Gone: []schema.Address{address("b")}})
			got := open(t, b, tc.asked).Mismatch(tc.asked)
			if (tc.want == "") != (got == "") || !strings.Contains(got, tc.want) {
				t.Errorf("%s: got %q, want %q", tc.reason, got, tc.want)
			}
		})
	}
}

// Half a last line is repaired by the next write, and by nothing before it.
func TestCutIsRepaired(t *testing.T) {
	b := &statetest.Memory{Log: []byte(head + line1("a", "1") + `{"object":"crm`)}
	s := open(t, b, Options{})
	before := string(b.Log)
	if s.Snapshot().Cut != 3 || string(b.Log) != before {
		t.Fatal("reading only reports the cut line")
	}
	write(t, s, Batch{Gone: []schema.Address{address("b")}})
	again := open(t, b, Options{})
	if again.Snapshot().Cut != 0 || s.Snapshot().Cut != 0 || again.Snapshot().Records.Len() != 1 || again.Snapshot().Serial != 8 {
		t.Errorf("the log is not whole again:\n%s", b.Log)
	}
	if !s.Snapshot().Incomplete() || !again.Snapshot().Incomplete() {
		t.Errorf("what was lost is not found by the first write:\n%s", b.Log)
	}
	if err := again.Compact(t.Context(), false); err != nil || !open(t, b, Options{}).Snapshot().Incomplete() {
		t.Errorf("nor by an apply that was not completed: %v\n%s", err, b.Log)
	}
	if err := again.Compact(t.Context(), true); err != nil || open(t, b, Options{}).Snapshot().Incomplete() {
		t.Errorf("a completed apply ends the doubt: %v\n%s", err, b.Log)
	}
}

// Whatever write fails, the log never says what the snapshot does not, once
// the next write has succeeded.
func TestFailedWrite(t *testing.T) {
	for name, begun := range map[string]bool{"First": false, "Later": true} {
		t.Run(name, func(t *testing.T) {
			b := &statetest.Memory{}
			s := open(t, b, Options{Personal: "plain"})
			if begun {
				write(t, s, Batch{Put: []*Record{record(t, s, "a", "1")}})
			}
			was := s.Snapshot().Serial
			b.Take(0)
			lost := Batch{Put: []*Record{record(t, s, "lost", "9"), record(t, s, "lost2", "9"), record(t, s, "lost3", "9")}, Gone: []schema.Address{address("a")}}
			if err := s.Write(t.Context(), lost); !errors.Is(err, statetest.ErrFull) || !strings.Contains(err.Error(), "memory") {
				t.Fatalf("an error that wraps the cause and names the log wanted, got %v", err)
			}
			if s.Snapshot().Serial != was || s.Snapshot().Record(address("lost")) != nil {
				t.Error("a failed write must not be seen")
			}
			b.Take(-1)
			write(t, s, Batch{Put: []*Record{record(t, s, "b", "2")}})
			again := open(t, b, Options{})
			if diff := cmp.Diff(look(s.Snapshot()), look(again.Snapshot()), cmpopts.EquateEmpty()); diff != "" || again.Snapshot().Record(address("lost")) != nil {
				t.Errorf("-snapshot +log:\n%s", diff)
			}
		})
	}
}
