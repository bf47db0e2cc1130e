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
	full.Parent, full.Version, full.Written, full.Flags = "p", "v1", 99, Flags{Adopted: true, Protected: true, OnDestroy: "forget", Ignored: "city,custom_fields.a}b", Match: "d}", Unfinished: true}
	mapped := record(t, s, "m", "1", text("city", "A"))
	mapped.Address, mapped.Target, mapped.Flags = schema.Address{Kind: schema.MappingKind, Name: "club"}, kind.Name, Flags{Match: "d"}
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

func TestBase(t *testing.T) {
	in := []schema.Field{text("email", "ann@example.com"), text("city", "A"), text("secret", "hush"),
		{Path: "tags", Claim: schema.ClaimExactly, Value: schema.SetOf([]string{"vip"})},
		{Path: "custom_fields.a", Value: schema.UnknownValue()}, {Path: "custom_fields.b", Value: schema.StringValue("B"), Derived: true}}
	cases := map[string]struct {
		reason, personal string
		want             []BaseField
	}{
		"Plain": {"only sensitive values are hashed; unknown and derived ones are left out", "plain", []BaseField{
			{Path: "city", Value: schema.StringValue("A")}, {Path: "email", Value: schema.StringValue("ann@example.com")},
			{Path: "secret", Hash: "secret"}, {Path: "tags", Claim: schema.ClaimExactly, Value: schema.SetOf([]string{"vip"})}}},
		"Hashed": {"personal values are hashed too", "hashed", []BaseField{
			{Path: "city", Value: schema.StringValue("A")}, {Path: "email", Hash: "email"},
			{Path: "secret", Hash: "secret"}, {Path: "tags", Claim: schema.ClaimExactly, Value: schema.SetOf([]string{"vip"})}}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			s := open(t, &statetest.Memory{}, Options{Personal: tc.personal})
			got, err := record(t, s, "a", "1", in...).Base()
			if err != nil {
				t.Fatal(err)
			}
			for i := range tc.want {
				for _, f := range in {
					if tc.want[i].Hash != "" && f.Path == tc.want[i].Path {
						tc.want[i].Hash = s.Sealer().Value(f.Path, f.Value)
					}
				}
			}
			if diff := cmp.Diff(tc.want, got, values); diff != "" {
				t.Errorf("%s: -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// A path that was not written keeps what the old record has of it, and the
// record then no longer claims to know what the files want.
func TestSetBaseKeeps(t *testing.T) {
	s := open(t, &statetest.Memory{}, Options{Personal: "hashed"})
	old := record(t, s, "a", "1", text("city", "old"), text("email", "old@example.com"))
	r := &Record{Address: address("a")}
	now := schema.Fields{text("city", "new"), text("email", "new@example.com")}
	if err := r.SetBase(s.Sealer(), kind, now, old, func(path string) bool { return path == "email" }); err != nil {
		t.Fatal(err)
	}
	got, err := r.Base()
	if err != nil {
		t.Fatal(err)
	}
	want := []BaseField{{Path: "city", Value: schema.StringValue("new")}, {Path: "email", Hash: s.Sealer().Value("email", schema.StringValue("old@example.com"))}}
	if diff := cmp.Diff(want, got, values); diff != "" || r.Sum != "" || old.Sum == "" {
		t.Errorf("sum %q: -want +got:\n%s", r.Sum, diff)
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

func TestSealer(t *testing.T) {
	one, other := newSealer(secret("s", ""), true), newSealer(secret("s", "key"), true)
	v := schema.StringValue("ann@example.com")
	if one.Value("email", v) == other.Value("email", v) || one.Value("email", v) == newSealer(secret("t", ""), true).Value("email", v) {
		t.Error("a hash depends on salt and key")
	}
	if one.Value("email", v) == one.Value("phone", v) {
		t.Error("equal values of two fields must not look equal")
	}
	sums := map[string]string{}
	for name, f := range map[string]schema.Fields{
		"none": {}, "value": {text("a", "b")}, "path": {text("b", "b")}, "number": {{Path: "a", Value: schema.NumberValue("1")}}, "text": {text("a", "1")},
		"absent": {{Path: "a"}}, "empty": {text("a", "")}, "two": {text("a", "b"), text("b", "b")}, "claim": {{Path: "a", Claim: schema.ClaimExcludes, Value: schema.StringValue("b")}},
	} {
		sum := one.Sum(f)
		if twin, twice := sums[sum]; twice {
			t.Errorf("%s and %s have one sum", name, twin)
		}
		sums[sum] = name
	}
	if one.Sum(schema.Fields{text("a", "b"), {Path: "c", Derived: true}}) != one.Sum(schema.Fields{text("a", "b")}) {
		t.Error("derived fields do not count")
	}
}

func TestSealAddress(t *testing.T) {
	s := newSealer([]byte("s"), true)
	ann, bob := s.Key("ann@example.com"), s.Key("bob@example.com")
	cases := map[string]struct{ reason, in, want string }{
		"Person":  {"the key of a person", `crm_contact.x["ann@example.com"]`, `crm_contact.x["` + ann + `"]`},
		"Tag":     {"a key may name a person whatever the kind", `crm_tag.t["ann@example.com"]`, `crm_tag.t["` + ann + `"]`},
		"Mapping": {"of a mapping as well, and of its source", `mapping.club["ann@example.com"].source`, `mapping.club["` + ann + `"].source`},
		"Module":  {"modules are made for people too", `module.person["ann@example.com"].crm_tag.t`, `module.person["` + ann + `"].crm_tag.t`},
		"Nested":  {"on each step", `module.a["ann@example.com"].module.b[2].module.c["bob@example.com"].crm_tag.t["ann@example.com"]`, `module.a["` + ann + `"].module.b[2].module.c["` + bob + `"].crm_tag.t["` + ann + `"]`},
		"Quotes":  {"a key may hold what ends others", `module.a["x\"].b[\""].crm_tag.t`, `module.a["` + s.Key(`x"].b["`) + `"].crm_tag.t`},
		"Sealed":  {"what is sealed stays", `module.a["` + bob + `"].crm_tag.t["` + ann + `"]`, `module.a["` + bob + `"].crm_tag.t["` + ann + `"]`},
		"Alike":   {"what only looks so does not", `crm_tag.t["#ann@example.com 123456"]`, `crm_tag.t["` + s.Key("#ann@example.com 123456") + `"]`},
		"Index":   {"numbers name no one", `module.a[1].crm_contact.x[3]`, `module.a[1].crm_contact.x[3]`},
		"None":    {"nor does no key", `module.a.crm_contact.x`, `module.a.crm_contact.x`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			in, err := schema.ParseAddress(tc.in)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, s.Address(in).String()); diff != "" {
				t.Errorf("%s: -want +got:\n%s", tc.reason, diff)
			}
			if got := newSealer([]byte("s"), false).Address(in); got != in {
				t.Errorf("in a plain state it stays %s, got %s", in, got)
			}
		})
	}
}

func TestRecover(t *testing.T) {
	s := newSealer([]byte("s"), true)
	live := &schema.Object{Fields: schema.Fields{text("city", "A"), text("email", "ann@example.com"), text("name", "Shoe Size")}}
	cases := map[string]struct {
		reason string
		in     string
		live   *schema.Object
		want   string
	}{
		"Found":    {"the live object shows the key", s.Key("ann@example.com"), live, "ann@example.com"},
		"Snake":    {"keys are made of names", s.Key("shoe_size"), live, "shoe_size"},
		"Kebab":    {"in more than one way", s.Key("shoe-size"), live, "shoe-size"},
		"Lower":    {"in more than one way", s.Key("shoe size"), live, "shoe size"},
		"NotShown": {"no text of the live object fits", s.Key("bob@example.com"), live, ""},
		"Gone":     {"there is no live object", s.Key("ann@example.com"), nil, ""},
		"Plain":    {"a key that is not sealed is not looked for", "ann@example.com", live, ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got, found := s.Recover(tc.in, tc.live)
			if got != tc.want || found != (tc.want != "") {
				t.Errorf("%s: got %q, %t, want %q", tc.reason, got, found, tc.want)
			}
		})
	}
}

func TestKeyed(t *testing.T) {
	const right = "the right key of it"
	b := &statetest.Memory{}
	s := open(t, b, Options{Personal: "hashed", Key: right})
	write(t, s, Batch{Put: []*Record{record(t, s, "a", "1", text("email", "ann@example.com"))}})
	for name, tc := range map[string]struct{ reason, key, want string }{
		"None":  {"without the key nothing could be compared", "", "set LOCKSTEP_STATE_KEY"},
		"Wrong": {"with another key everything would look moved", "a wrong key of it", "another key"},
		"Short": {"a short key is no key", "wrong", "has 5 characters"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Open(t.Context(), b, Options{Personal: "hashed", Key: tc.key})
			if err == nil || !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), "wrong") {
				t.Errorf("%s: got %v, want an error that says %q", tc.reason, err, tc.want)
			}
		})
	}
	if again := open(t, b, Options{Personal: "hashed", Key: right}); again.Snapshot().Record(s.Sealer().Address(address("a"))) == nil {
		t.Error("the right key opens it")
	}
}

func TestKeyLength(t *testing.T) {
	cases := map[string]struct {
		reason, key string
		refused     bool
	}{
		"None":    {reason: "no key is asked for"},
		"Eleven":  {reason: "it is guessed", key: "0123456789a", refused: true},
		"Twelve":  {reason: "each guess takes a while", key: "0123456789ab"},
		"Letters": {reason: "letters are counted, not bytes", key: "äöüäöüäöüäö", refused: true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := Open(t.Context(), &statetest.Memory{}, Options{Personal: "hashed", Key: tc.key})
			var short *ShortKeyError
			if errors.As(err, &short) != tc.refused || err != nil && !tc.refused {
				t.Errorf("%s: got %v", tc.reason, err)
			}
		})
	}
}

// TestNoQuickGuess holds that what the log shows of a key needs the stretched key:
// the hashes of the key alone, and of the key with the salt, are not in it.
func TestNoQuickGuess(t *testing.T) {
	const key = "correct horse battery"
	b := &statetest.Memory{}
	s := open(t, b, Options{Personal: "hashed", Key: key})
	write(t, s, Batch{Put: []*Record{record(t, s, "a", "1", text("email", "ann@example.com"))}})
	salt := s.snap.head.Salt
	for _, quick := range []string{key, salt + key, salt + "\x00" + key, key + salt} {
		guess := newSealer([]byte(quick), true)
		for what, hash := range map[string]string{
			"check": guess.digest("check", ""), "key": guess.Key("a"), "value": guess.Value("email", schema.StringValue("ann@example.com")), "sum": guess.Sum(schema.Fields{text("email", "ann@example.com")}),
		} {
			if bytes.Contains(b.Log, []byte(hash)) {
				t.Errorf("the %s tells a guess of the key without stretching it:\n%s", what, b.Log)
			}
		}
	}
	if !bytes.Contains(b.Log, []byte(s.Sealer().digest("check", ""))) {
		t.Error("the check of the right key is in the header")
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
	if again.Snapshot().Cut != 0 || s.Snapshot().Cut != 0 || len(again.Snapshot().Records) != 1 || again.Snapshot().Serial != 8 {
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
