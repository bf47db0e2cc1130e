package bounds

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// TestOperators has expressions without names and functions.
func TestOperators(t *testing.T) {
	long := `"` + strings.Repeat("9", 1_000_000) + `"`
	tests := map[string]struct {
		reason, in string
		// want is the value, or part of the error when it begins with "error: ".
		want string
	}{
		"Sum":        {reason: "Numbers are added as ever.", in: `1 + 2 * 3 - 4`, want: "3"},
		"Text":       {reason: "A text that is a number is one.", in: `"1.5" + "2"`, want: "3.5"},
		"Negative":   {reason: "So has a sign.", in: `-"2" - -3`, want: "1"},
		"Remainder":  {reason: "And a remainder.", in: `"17" % 5`, want: "2"},
		"Comparison": {reason: "And can be compared.", in: `"10" > 9`, want: "true"},
		"NoNumber":   {reason: "The operand that is no number is told.", in: `1 + "a"`, want: "error: the right operand does not fit: a number is required"},
		"Null":       {reason: "Null is no number either.", in: `null + 1`, want: "error: argument must not be null"},
		"Exponent":   {reason: "Such a number is never written out.", in: `"1e99999999" + 1`, want: "error: the left operand does not fit: it holds a number of more than 9,999 digits"},
		"Fraction":   {reason: "Nor one so close to zero.", in: `"1e-99999999" + 1`, want: "error: 9,999 digits"},
		"Modulo":     {reason: "A remainder would make whole numbers of both.", in: `5 % "1e99999999"`, want: "error: the right operand does not fit"},
		"Negation":   {reason: "One operand has no side.", in: `-"1e99999999"`, want: "error: the operand does not fit"},
		"Digits":     {reason: "Reading digits takes the square of their number.", in: long + ` < 1`, want: "error: 9,999 digits"},
		"Product":    {reason: "Numbers within the limits make one beyond.", in: `1e9000 * 1e9000`, want: "error: 9,999 digits"},
		"Nested":     {reason: "So within a choice, a list and a call.", in: `[true ? ("1e99999999" - 1) : 2]`, want: "error: 9,999 digits"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			expr, diags := ParseExpression([]byte(tc.in), "test")
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			v, diags := expr.Value(nil)
			if part, ok := strings.CutPrefix(tc.want, "error: "); ok {
				if !strings.Contains(said(diags), part) {
					t.Errorf("%s\ngot %v %q, want an error with %q", tc.reason, v, said(diags), part)
				}
				return
			}
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			text, err := Convert(v, cty.String)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, text.AsString()); diff != "" {
				t.Errorf("%s\n%s", tc.reason, diff)
			}
		})
	}
}

func said(diags hcl.Diagnostics) string {
	if !diags.HasErrors() {
		return ""
	}
	return diags[0].Detail
}

func TestConvert(t *testing.T) {
	huge, long := cty.StringVal("1e99999999"), cty.StringVal(strings.Repeat("word ", 10_000))
	person := cty.Object(map[string]cty.Type{"name": cty.String, "age": cty.Number})
	tests := map[string]struct {
		reason  string
		in      cty.Value
		want    cty.Type
		refused bool
	}{
		"Number":   {reason: "The text would become a number.", in: huge, want: cty.Number, refused: true},
		"Text":     {reason: "It stays a text.", in: huge, want: cty.String},
		"List":     {reason: "So within a list,", in: cty.TupleVal([]cty.Value{cty.Zero, huge}), want: cty.List(cty.Number), refused: true},
		"Map":      {reason: "a map,", in: cty.ObjectVal(map[string]cty.Value{"a": huge}), want: cty.Map(cty.Number), refused: true},
		"Tuple":    {reason: "a tuple", in: cty.TupleVal([]cty.Value{long, huge}), want: cty.Tuple([]cty.Type{cty.String, cty.Number}), refused: true},
		"Object":   {reason: "and an object.", in: cty.ObjectVal(map[string]cty.Value{"name": long, "age": huge}), want: person, refused: true},
		"LongName": {reason: "Only where a number is wanted is length bounded.", in: cty.ObjectVal(map[string]cty.Value{"name": long, "age": cty.StringVal("7")}), want: person},
		"Secret":   {reason: "A mark hides nothing.", in: huge.Mark("secret"), want: cty.Number, refused: true},
		"Unknown":  {reason: "What is unknown has no length.", in: cty.UnknownVal(cty.String), want: cty.Number},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := Convert(tc.in, tc.want); (err != nil) != tc.refused {
				t.Errorf("%s\nConvert: %v, refused wanted: %t", tc.reason, err, tc.refused)
			}
		})
	}
}

func TestFunction(t *testing.T) {
	tests := map[string]struct {
		reason string
		call   func() (cty.Value, error)
		want   cty.Value // NilVal for an error
	}{
		"Number":    {reason: "A function of numbers is as ever.", call: call(Function(stdlib.MaxFunc), cty.NumberIntVal(1), cty.StringVal("2")), want: cty.NumberIntVal(2)},
		"Huge":      {reason: "Its parameters refuse what is too long.", call: call(Function(stdlib.FloorFunc), cty.StringVal("1e99999999"))},
		"Infinite":  {reason: "So does its result.", call: call(Function(stdlib.PowFunc), cty.NumberIntVal(10), cty.NumberIntVal(9999))},
		"OtherKind": {reason: "Parameters for lists are not looked at.", call: call(Function(stdlib.ElementFunc), cty.TupleVal([]cty.Value{cty.True}), cty.StringVal("0")), want: cty.True},
		"Unknown": {reason: "What is unknown stays a number.", call: call(Function(stdlib.FloorFunc), cty.DynamicVal),
			want: cty.UnknownVal(cty.Number).RefineNotNull()},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := tc.call()
			if (err != nil) != (tc.want == cty.NilVal) || err == nil && !got.RawEquals(tc.want) {
				t.Errorf("%s\ngot %#v, %v, want %#v", tc.reason, got, err, tc.want)
			}
		})
	}
}

func call(f interface {
	Call([]cty.Value) (cty.Value, error)
}, args ...cty.Value) func() (cty.Value, error) {
	return func() (cty.Value, error) { return f.Call(args) }
}
