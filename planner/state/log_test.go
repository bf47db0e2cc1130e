package state

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"lockstep/schema"
)

const head = `{"lockstep_state":2,"lineage":"l","salt":"s","personal_data":"hashed","serial":7}` + "\n"

func line1(key, id string) string {
	return `{"object":"` + strings.ReplaceAll(address(key).String(), `"`, `\"`) + `","provider":"crm","id":"` + id + `"}` + "\n"
}

func gone(key string) string {
	return `{"gone":"` + strings.ReplaceAll(address(key).String(), `"`, `\"`) + `"}` + "\n"
}

func intent(key string) string {
	return `{"intent":{"object":"` + strings.ReplaceAll(address(key).String(), `"`, `\"`) + `","provider":"crm","parent":"p","at":5}}` + "\n"
}

// counted is a head that was written with so many lines.
func counted(lines int) string {
	return strings.TrimSuffix(head, "}\n") + fmt.Sprintf(`,"lines":%d}`, lines) + "\n"
}

type picture struct {
	IDs     map[string]string
	Intents []string
	Outputs map[string]string
	Serial  int
	Cut     int
	Lineage string
}

func look(s *Snapshot) picture {
	p := picture{IDs: map[string]string{}, Outputs: map[string]string{}, Serial: s.Serial, Cut: s.Cut, Lineage: s.Lineage()}
	for a, r := range s.Records.All() {
		p.IDs[a.Key.Text] = r.ID
	}
	for a, i := range s.Intents {
		p.Intents = append(p.Intents, a.Key.Text+" "+i.Provider+" "+i.Parent)
	}
	for name, o := range s.Outputs {
		p.Outputs[name] = string(o.Value)
	}
	return p
}

func TestDecode(t *testing.T) {
	cases := map[string]struct {
		reason string
		in     string
		want   picture
	}{
		"Empty":        {"no log yet", "", picture{}},
		"Header":       {"a header alone", head, picture{Serial: 7}},
		"LaterWins":    {"a later line for an address wins", head + line1("a", "1") + line1("a", "2"), picture{IDs: map[string]string{"a": "2"}, Serial: 7}},
		"Tombstone":    {"a tombstone deletes", head + line1("a", "1") + line1("b", "2") + gone("a"), picture{IDs: map[string]string{"b": "2"}, Serial: 7}},
		"Reborn":       {"a record after a tombstone is there again", head + line1("a", "1") + gone("a") + line1("a", "3"), picture{IDs: map[string]string{"a": "3"}, Serial: 7}},
		"OpenIntent":   {"nothing answered the intent", head + intent("a"), picture{Intents: []string{"a crm p"}, Serial: 7}},
		"ClosedIntent": {"a record closes the intent", head + intent("a") + line1("a", "1"), picture{IDs: map[string]string{"a": "1"}, Serial: 7}},
		"GivenUp":      {"a tombstone closes the intent", head + intent("a") + gone("a"), picture{Serial: 7}},
		"OpenAgain":    {"an intent after a record is open beside it", head + line1("a", "1") + intent("a"), picture{IDs: map[string]string{"a": "1"}, Intents: []string{"a crm p"}, Serial: 7}},
		"Serial":       {"the serial only grows", head + `{"serial":9}` + "\n" + `{"serial":8}` + "\n", picture{Serial: 9}},
		"Outputs":      {"later outputs take the place of all earlier ones", head + `{"outputs":{"a":{"value":1},"b":{"value":2}}}` + "\n" + `{"outputs":{"b":{"value":"x"}}}` + "\n", picture{Outputs: map[string]string{"b": `"x"`}, Serial: 7}},
		"Cut":          {"half a last line is left out and reported", head + line1("a", "1") + `{"object":"crm`, picture{IDs: map[string]string{"a": "1"}, Serial: 7, Cut: 3}},
		"CutAtNewline": {"a last line without its newline is half a line", head + strings.TrimSuffix(line1("a", "1"), "\n"), picture{Serial: 7, Cut: 2}},
		"TooShort":     {"a log that was written with more lines lost some, even between two lines", counted(2) + line1("a", "1"), picture{IDs: map[string]string{"a": "1"}, Serial: 7, Cut: 3}},
		"AsWritten":    {"nothing is missing", counted(1) + line1("a", "1"), picture{IDs: map[string]string{"a": "1"}, Serial: 7}},
		"OpenBatch":    {"a batch without its end lost some of it", counted(0) + intent("a") + `{"serial":8}` + "\n" + line1("a", "1"), picture{IDs: map[string]string{"a": "1"}, Serial: 8, Cut: 5}},
		"ClosedBatch":  {"a batch with its end is whole", counted(0) + line1("a", "1") + `{"serial":8}` + "\n", picture{IDs: map[string]string{"a": "1"}, Serial: 8}},
		"EmptyLine":    {"empty lines say nothing", head + "\n" + line1("a", "1"), picture{IDs: map[string]string{"a": "1"}, Serial: 7}},
		"LeadingLine":  {"not even before the header", "\n" + head + line1("a", "1"), picture{IDs: map[string]string{"a": "1"}, Serial: 7}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			s, err := Decode(strings.NewReader(tc.in))
			if err != nil {
				t.Fatal(err)
			}
			if tc.in != "" {
				tc.want.Lineage = "l"
			}
			if diff := cmp.Diff(tc.want, look(s), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s: -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestDecodeRefuses(t *testing.T) {
	cases := map[string]struct {
		reason string
		in     string
		want   []string
	}{
		"Middle":      {"a corrupt line in the middle", head + `{"object":` + "\n" + line1("a", "1"), []string{"line 2 of the state", "not JSON", "restore a copy"}},
		"LastWhole":   {"a corrupt last line with its newline was not cut by a crash", head + line1("a", "1") + "garbage\n", []string{"line 3 of the state"}},
		"NoID":        {"a record without id", head + line1("a", ""), []string{"line 2", "no id"}},
		"NoAddress":   {"a record under something else", head + `{"object":"vip","provider":"crm","id":"1"}` + "\n", []string{"line 2", "not an address"}},
		"BadGone":     {"a tombstone of nothing", head + `{"gone":"vip"}` + "\n", []string{"line 2", "not an address"}},
		"BadIntent":   {"an intent for nothing", head + `{"intent":{"object":"vip"}}` + "\n", []string{"line 2", "not an address"}},
		"NewKind":     {"a kind of line that a newer program writes", head + `{"lease":"x"}` + "\n", []string{"line 2", "newer lockstep", "upgrade"}},
		"Newer":       {"a newer format", `{"lockstep_state":3,"lineage":"l"}` + "\n", []string{"line 1", "version 3", "upgrade"}},
		"Stretched":   {"a key that is stretched in a newer way", `{"lockstep_state":2,"lineage":"l","key":"argon3"}` + "\n", []string{"line 1", "argon3", "upgrade"}},
		"Older":       {"an older format, which left keys in clear", `{"lockstep_state":1,"lineage":"l","keyed":true}` + "\n", []string{"line 1", "earlier lockstep", "Move it away"}},
		"OtherFile":   {"another file", `{"version":4}` + "\n", []string{"line 1", "another file"}},
		"OtherCut":    {"another file on one line without newline: it must not be overwritten", `{"version":4,"terraform_version":"1.9"}`, []string{"line 1", "another file"}},
		"HalfHeader":  {"half a header: logs are begun in one piece", head[:20], []string{"line 1"}},
		"NoHeader":    {"a record comes first", line1("a", "1"), []string{"line 1"}},
		"BlankFirst":  {"nor after an empty line", "\n" + line1("a", "1"), []string{"line 2"}},
		"NegativeFmt": {"a format that never was", `{"lockstep_state":-1}` + "\n", []string{"line 1"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			s, err := Decode(strings.NewReader(tc.in))
			if err == nil {
				t.Fatalf("%s must be refused, got %+v", tc.reason, look(s))
			}
			for _, want := range tc.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%s: %q does not say %q", tc.reason, err, want)
				}
			}
		})
	}
}

// The quick way of reading a record gives what the careful way gives.
func TestQuickRecord(t *testing.T) {
	for name, in := range map[string]string{
		"Rich":     `{"object":"module.a[\"k\"].crm_contact.x[\"ann\"]","provider":"crm.eu","id":"1","parent":"p","version":"v","written":5,"sum":"283e5hTWVYuH3FBrRgMgFQ","flags":{"adopted":true,"protected":true,"on_destroy":"forget"},"base":{"city":"A","tags+":["a","b"]}}`,
		"Keyed":    `{"object":"crm_contact.x[\"ann@example.com\"]","provider":"crm","id":"1"}`,
		"Index":    `{"object":"crm_contact.x[3]","provider":"crm","id":"[\"1\"]"}`,
		"Bracket":  `{"object":"crm_contact.x[\"a[\\\"b\\\"]\"]","provider":"crm","id":"1"}`,
		"Template": `{"object":"crm_contact.x[\"$${a} %%{b}\"]","provider":"crm","id":"1"}`,
		"Source":   `{"object":"mapping.club[\"ada\"].source","target":"crm_contact","provider":"crm","id":"1"}`,
		"Escaped":  `{"object":"crm_contact.x[\"\u00e4\\\"nn\"]","provider":"crm","id":"\u0041\n"}`,
		"Spaces":   `{"object": "crm_contact.x", "provider": "crm", "id": "1", "base": {"city" : "A"} } `,
		"Unknown":  `{"object":"crm_contact.x","provider":"crm","id":"1","later":true}`,
		"Null":     `{"object":"crm_contact.x","provider":"crm","id":"1","flags":null,"base":null}`,
	} {
		t.Run(name, func(t *testing.T) {
			s, err := Decode(strings.NewReader(head + in + "\n"))
			if err != nil {
				t.Fatal(err)
			}
			var l line
			if err := json.Unmarshal([]byte(in), &l); err != nil {
				t.Fatal(err)
			}
			want, err := l.record()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]*Record{want}, s.Sorted(), records, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("-careful +quick:\n%s", diff)
			}
		})
	}
}

// The quick way of reading a base gives what the careful way gives, or leaves
// it to that.
func TestQuickBase(t *testing.T) {
	for _, tt := range []struct {
		reason, base string
		quick        bool
	}{
		{"hashes, texts and sets", `{"city":{"#":"abc"},"name":"A \"b\" \\","tags+":["a","b"],"tags-":[]}`, true},
		{"marks of sensitive values", `{"city":{"!":"abc"},"name":"A"}`, true},
		{"hashes of members", `{"tags+":{"#":["a","b"]},"tags-":{"!":[]}}`, true},
		{"half a list of hashes", `{"tags+":{"#":["a"}}`, false},
		{"an empty hash", `{"city":{"#":""}}`, true},
		{"nothing", `{}`, true},
		{"a number, a truth and null", `{"a":1.50,"b":true,"c":null}`, false},
		{"a map", `{"a":{"#":"x","b":"y"}}`, false},
		{"a map with another key", `{"a":{"b":"y"}}`, false},
		{"a list of lists", `{"a":[["b"]]}`, false},
		{"names that are not sorted", `{"b":"1","a":"2"}`, false},
		{"spaces", `{"a": "b"}`, false},
		{"an escaped text", `{"a":"\u00e4\n"}`, false},
		{"letters beyond ASCII", `{"a":"ä"}`, false},
		{"one name twice", `{"a":"1","a":"2"}`, false},
		{"half of it", `{"a":"1"`, false},
		{"more after it", `{"a":"1"}{}`, false},
		{"a comma too many", `{"a":"1",}`, false},
		{"a comma too many in a list", `{"a":["1",]}`, false},
		{"no comma in a list", `{"a":["1""2"]}`, false},
		{"no map", `["a"]`, false},
	} {
		t.Run(tt.reason, func(t *testing.T) {
			got, ok := scanBase([]byte(tt.base))
			if ok != tt.quick {
				t.Fatalf("scanBase(%s) = %v, %t, want %t", tt.base, got, ok, tt.quick)
			}
			if !ok {
				return
			}
			want, err := decodeBase([]byte(tt.base))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmp.Comparer(schema.Value.Equal)); diff != "" {
				t.Errorf("-careful +quick:\n%s", diff)
			}
		})
	}
}

// Whatever is decoded is written so that it decodes to the same, and twice
// writing gives the same bytes.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{"", head, head + line1("a", "1") + line1("a", "2") + gone("b") + intent("c") + `{"outputs":{"o":{"value":[1,"x"]}}}` + "\n" + `{"serial":9}` + "\n",
		head + `{"object":"crm_contact.x","provider":"crm","id":"1","flags":{"adopted":true},"base":{"a":1.50,"tags+":["x"],"h":{"#":"abc"},"i":{"!":"abc"},"j=":{"!":["a","b"]}}}` + "\n" + gone("a"), head + `{"object"`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data string) {
		s, err := Decode(strings.NewReader(data))
		if err != nil || s.head.Format == 0 {
			return
		}
		first, err := s.encode()
		if err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		again, err := Decode(strings.NewReader(string(first)))
		if err != nil {
			t.Fatalf("what was written cannot be read: %v\n%s", err, first)
		}
		second, err := again.encode()
		if err != nil {
			t.Fatal(err)
		}
		same := s.Records.Len() == again.Records.Len() && len(s.Intents) == len(again.Intents) && len(s.Outputs) == len(again.Outputs) && s.Serial == again.Serial
		if !same || !bytes.Equal(first, second) {
			t.Fatalf("a second writing differs:\n%s\n%s", first, second)
		}
		for _, r := range again.Records.All() {
			base := r.base.whole()
			if quick, ok := scanBase([]byte(base)); ok {
				careful, err := decodeBase([]byte(base))
				if diff := cmp.Diff(careful, quick, cmpopts.EquateEmpty(), cmp.Comparer(schema.Value.Equal)); err != nil || diff != "" {
					t.Fatalf("%s: %v, -careful +quick:\n%s", base, err, diff)
				}
			}
			if _, err := r.Base(); err == nil && len(base) > 0 && base[0] != '{' && base != "null" {
				t.Fatalf("a base that is no map was read: %s", base)
			}
		}
	})
}

func TestSorted(t *testing.T) {
	s, err := Decode(strings.NewReader(head + line1("b", "2") + line1("a", "1")))
	if err != nil {
		t.Fatal(err)
	}
	var got []schema.Address
	for _, r := range s.Sorted() {
		got = append(got, r.Address())
	}
	if diff := cmp.Diff([]schema.Address{address("a"), address("b")}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
