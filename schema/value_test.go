package schema_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

func TestCanonicalNumber(t *testing.T) {
	cases := map[string]struct {
		in, want string
		fail     bool
	}{
		"Whole":     {in: "12", want: "12"},
		"Zeros":     {in: "12.00", want: "12"},
		"Fraction":  {in: "0.50", want: "0.5"},
		"Exponent":  {in: "1.2e1", want: "12"},
		"Tiny":      {in: "1e-3", want: "0.001"},
		"Negative":  {in: "-007", want: "-7"},
		"MinusZero": {in: "-0.0", want: "0"},
		"Spaces":    {in: " 3 ", want: "3"},
		"Words":     {in: "many", fail: true},
		"Infinite":  {in: "Inf", fail: true},
		"Huge":      {in: "1e999999", fail: true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := schema.CanonicalNumber(tc.in)
			if (err != nil) != tc.fail {
				t.Fatalf("CanonicalNumber(%q): %v", tc.in, err)
			}
			if diff := cmp.Diff(tc.want, got); !tc.fail && diff != "" {
				t.Errorf("CanonicalNumber(%q): -want, +got:\n%s", tc.in, diff)
			}
		})
	}
}

// TestValueJSON goes from JSON to a Value and back, and through cty.
func TestValueJSON(t *testing.T) {
	cases := map[string]struct {
		in, want string
		ty       cty.Type
	}{
		"Null":    {in: `null`, want: `null`, ty: cty.String},
		"Text":    {in: `"a<b>\n"`, want: `"a<b>\n"`, ty: cty.String},
		"Number":  {in: `2.50`, want: `2.5`, ty: cty.Number},
		"Bool":    {in: `true`, want: `true`, ty: cty.Bool},
		"List":    {in: `["b","a"]`, want: `["b","a"]`, ty: cty.List(cty.String)},
		"Mixed":   {in: `["b",1,[null]]`, want: `["b",1,[null]]`, ty: cty.DynamicPseudoType},
		"Map":     {in: `{"b":1,"a":2}`, want: `{"a":2,"b":1}`, ty: cty.Map(cty.Number)},
		"Any":     {in: `{"b":1,"a":"x"}`, want: `{"a":"x","b":1}`, ty: cty.Map(cty.DynamicPseudoType)},
		"Nothing": {in: `[]`, want: `[]`, ty: cty.Set(cty.String)},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var v schema.Value
			if err := json.Unmarshal([]byte(tc.in), &v); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, v.String()); diff != "" {
				t.Errorf("String(): -want, +got:\n%s", diff)
			}
			asCty, err := v.ToCty(tc.ty)
			if err != nil {
				t.Fatal(err)
			}
			back, err := schema.FromCty(asCty)
			if err != nil {
				t.Fatal(err)
			}
			if !back.Equal(v) {
				t.Errorf("FromCty(ToCty(%s)) = %s", v, back)
			}
		})
	}
}

func TestValueEqual(t *testing.T) {
	one, text := schema.NumberValue("1"), schema.StringValue("1")
	cases := map[string]struct {
		reason string
		a, b   schema.Value
		want   bool
	}{
		"Same":    {reason: "equal texts", a: text, b: schema.StringValue("1"), want: true},
		"Type":    {reason: "a number is no text", a: one, b: text},
		"Absent":  {reason: "two absent values are equal", want: true},
		"Unknown": {reason: "an unknown value is equal to nothing", a: schema.UnknownValue(), b: schema.UnknownValue()},
		"Inside":  {reason: "nor is a list with one", a: schema.ListValue(schema.UnknownValue()), b: schema.ListValue(schema.UnknownValue())},
		"Sets":    {reason: "sets have one order and no repetitions", a: schema.SetOf([]string{"b", "a", "b"}), b: schema.SetOf([]string{"a", "b"}), want: true},
		"Maps":    {reason: "maps compare by key", a: schema.MapValue(map[string]schema.Value{"a": one}), b: schema.MapValue(map[string]schema.Value{"b": one})},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := tc.a.Equal(tc.b); got != tc.want {
				t.Errorf("%s: Equal = %v, want %v", tc.reason, got, tc.want)
			}
		})
	}
}

func TestFields(t *testing.T) {
	f := schema.Fields{
		{Path: "tags", Value: schema.StringValue("x"), Claim: schema.ClaimExcludes},
		{Path: "custom_fields.b"}, {Path: "email", Value: schema.StringValue("e")},
		{Path: "tags", Value: schema.StringValue("i"), Claim: schema.ClaimIncludes}, {Path: "custom_fields.a"},
	}
	f.Sort()
	var got []string
	for _, field := range f {
		got = append(got, field.Path+field.Value.Text())
	}
	if diff := cmp.Diff([]string{"custom_fields.a", "custom_fields.b", "emaile", "tagsi", "tagsx"}, got); diff != "" {
		t.Errorf("Sort(): -want, +got:\n%s", diff)
	}
	if first, ok := f.Find("tags"); !ok || first.Claim != schema.ClaimIncludes {
		t.Errorf("Find(tags) = %v, %v, want the first claim", first, ok)
	}
	if _, ok := f.Find("phone"); ok {
		t.Error("Find(phone) found something")
	}
	if n := len(f.Of("custom_fields")); n != 2 {
		t.Errorf("Of(custom_fields) has %d fields, want 2", n)
	}
}

func TestNear(t *testing.T) {
	cases := map[string]struct {
		reason, in, want string
		among            []string
	}{
		"Swapped":  {reason: "letters that changed places are one mistake", in: "emial", among: []string{"email", "name"}, want: "email"},
		"Short":    {reason: "in three letters one mistake is allowed", in: "vra", among: []string{"var", "path"}, want: "var"},
		"Letter":   {reason: "one letter is like no other", in: "a", among: []string{"b"}},
		"Far":      {reason: "other words are not near", in: "phone", among: []string{"email"}},
		"Long":     {reason: "long names may have more mistakes", in: "custom_feilds_x", among: []string{"custom_fields"}, want: "custom_fields"},
		"Tie":      {reason: "of equally near names the first by alphabet", in: "tag", among: []string{"tab", "tad"}, want: "tab"},
		"Nothing":  {reason: "no candidates, no advice", in: "x"},
		"TwoSwaps": {reason: "too far for four letters", in: "aabb", among: []string{"bbaa"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, schema.Near(tc.in, tc.among)); diff != "" {
				t.Errorf("%s: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestWrittenValue tells how a text is compared from how it is written.
func TestWrittenValue(t *testing.T) {
	v := schema.WrittenValue("hi", "<b>hi</b>")
	viaCty, err := v.ToCty(cty.String)
	if err != nil {
		t.Fatal(err)
	}
	marshalled, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct{ reason, want, got string }{
		"Text":       {"comparing ignores the formatting", "hi", v.Text()},
		"AppendJSON": {"so does the state", `"hi"`, string(v.AppendJSON(nil))},
		"Written":    {"the formatting is sent", "<b>hi</b>", v.Written()},
		"String":     {"people see what is sent", `"<b>hi</b>"`, v.String()},
		"Marshal":    {"saved plans show what is sent", `"\u003cb\u003ehi\u003c/b\u003e"`, string(marshalled)},
		"Cty":        {"a reference gives what was written", "<b>hi</b>", viaCty.AsString()},
		"Same":       {"a text that is written as it is compared", "hi", schema.WrittenValue("hi", "hi").Written()},
	}
	for name, tc := range cases {
		if diff := cmp.Diff(tc.want, tc.got); diff != "" {
			t.Errorf("%s: %s (-want +got):\n%s", name, tc.reason, diff)
		}
	}
	for _, other := range []schema.Value{schema.StringValue("hi"), schema.WrittenValue("hi", "<i>hi</i>")} {
		if !v.Equal(other) || !other.Equal(v) {
			t.Errorf("%s and %s are compared by more than %q", v, other, "hi")
		}
	}
	if v.Equal(schema.StringValue("<b>hi</b>")) {
		t.Errorf("%s equals a text that is compared otherwise", v)
	}
}
