package state

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/schema"
)

func TestSealer(t *testing.T) {
	one, other := newSealer(secret("s", ""), true), newSealer(secret("s", "key"), true)
	v := schema.StringValue("ann@example.com")
	if one.Value("email", v) == other.Value("email", v) || one.Value("email", v) == newSealer(secret("t", ""), true).Value("email", v) {
		t.Error("a hash depends on salt and key")
	}
	if one.Value("email", v) == one.Value("phone", v) {
		t.Error("equal values of two fields must not look equal")
	}
	sums := map[Digest]string{}
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

// The mark of a sensitive value counts among what the files want.
func TestDesiredSum(t *testing.T) {
	s := newSealer([]byte("s"), true)
	open, secret := text("a", "b"), text("a", "b")
	secret.Sensitive = true
	if s.DesiredSum(schema.Fields{open}) == s.DesiredSum(schema.Fields{secret}) {
		t.Error("what becomes sensitive must be hidden in the record")
	}
	if s.Sum(schema.Fields{open}) != s.Sum(schema.Fields{secret}) {
		t.Error("what finds an object is the same, be it sensitive or not")
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
