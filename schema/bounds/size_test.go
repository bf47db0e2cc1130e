package bounds

import (
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"
)

func TestValue(t *testing.T) {
	doubled := func(steps int, double func(v cty.Value) cty.Value) cty.Value {
		v := cty.StringVal("x")
		for range steps {
			v = double(v)
		}
		return v
	}
	pair := func(v cty.Value) cty.Value { return cty.TupleVal([]cty.Value{v, v}) }
	object := func(v cty.Value) cty.Value { return cty.ObjectVal(map[string]cty.Value{"a": v, "b": v}) }
	list := func(v cty.Value) cty.Value { return cty.ListVal([]cty.Value{v, v}) }
	tests := map[string]struct {
		reason  string
		in      cty.Value
		refused bool
	}{
		"Pairs":   {reason: "A list that holds one list twice stands for it twice.", in: doubled(24, pair), refused: true},
		"Objects": {reason: "So does an object.", in: doubled(24, object), refused: true},
		"Lists":   {reason: "And a list of one type.", in: doubled(24, list), refused: true},
		"Mixed":   {reason: "And a list within objects.", in: doubled(12, func(v cty.Value) cty.Value { return object(list(v)) }), refused: true},
		"Few":     {reason: "A hundred thousand values are not many.", in: doubled(16, pair)},
		"Text":    {reason: "A text has a length.", in: cty.StringVal(strings.Repeat("x", MaxText+1)), refused: true},
		"Secret":  {reason: "A secret one too.", in: cty.StringVal(strings.Repeat("x", MaxText+1)).Mark("secret"), refused: true},
		"Unknown": {reason: "What is unknown has no size.", in: cty.UnknownVal(cty.List(cty.String))},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if err := Value(tc.in); (err != nil) != tc.refused {
				t.Errorf("%s\nValue: %v, refused wanted: %t", tc.reason, err, tc.refused)
			}
		})
	}
}
