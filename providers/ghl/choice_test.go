package ghl

import (
	"errors"
	"strings"
	"testing"

	"lockstep/providers"
	"lockstep/schema"
)

func TestKeyCheck(t *testing.T) {
	s := schema.StringValue
	list := func(items ...string) schema.Value { return schema.StringsValue(items) }
	cases := map[string]struct {
		reason, dataType string
		open             bool
		options          []string
		in               schema.Value
		want             string // part of the problem; empty when the value fits
	}{
		"number":       {reason: "a number may be written as a text", dataType: "NUMERICAL", in: s("5.0")},
		"NaN":          {reason: "the server takes numbers only", dataType: "NUMERICAL", in: s("NaN"), want: "is not a number"},
		"price":        {reason: "a currency is no part of a number", dataType: "MONETORY", in: s("$5"), want: "is not a number"},
		"long number":  {reason: "a membership number would become another", dataType: "FLOAT", in: s("12345678901234567"), want: "more digits"},
		"date":         {reason: "a day is a day", dataType: "DATE", in: s("tomorrow"), want: "is not a date"},
		"file":         {reason: "the API does not take files", dataType: "FILE_UPLOAD", in: s("x"), want: "cannot be written"},
		"list as text": {reason: "a text field holds one text", dataType: "TEXT", in: list("a"), want: "is not a text"},
		"empty":        {reason: "an empty text clears", dataType: "RADIO", options: []string{"S", "M"}, in: s("")},
		"option":       {reason: "people can choose it", dataType: "SINGLE_OPTIONS", options: []string{"S", "M"}, in: s("M")},
		"spaces":       {reason: "spaces around are no part of an option", dataType: "RADIO", options: []string{"S", "M"}, in: s(" M ")},
		"no option":    {reason: "people cannot choose it", dataType: "SINGLE_OPTIONS", options: []string{"S", "M"}, in: s("XL"), want: `"XL" is no option of the custom field size`},
		"case":         {reason: "options differ by case", dataType: "RADIO", options: []string{"S", "M"}, in: s("s"), want: `"s" is no option`},
		"custom":       {reason: "the field takes other values", dataType: "RADIO", open: true, options: []string{"S", "M"}, in: s("XL")},
		"not told":     {reason: "the options are not known", dataType: "RADIO", in: s("XL")},
		"boxes":        {reason: "each member is an option", dataType: "CHECKBOX", options: []string{"a", "b"}, in: list("b", "a")},
		"wrong box":    {reason: "one member is none", dataType: "MULTIPLE_OPTIONS", options: []string{"a", "b"}, in: list("b", "c"), want: `"c" is no option`},
		"joined":       {reason: "two options in one text", dataType: "CHECKBOX", options: []string{"a", "b"}, in: list("a,b"), want: `"a,b" has a comma`},
		"joined cell":  {reason: "the same from a cell of a table", dataType: "CHECKBOX", in: s("a,b"), want: `"a,b" has a comma`},
		"comma":        {reason: "an option may have a comma", dataType: "CHECKBOX", options: []string{"Graz, AT"}, in: list("Graz, AT")},
		"no type":      {reason: "nothing is known of the field", in: s("x")},
	}
	p, _ := New().(*Provider)
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			named := map[string]schema.Value{
				"field_key": s("size"), "data_type": s(tc.dataType), "options": list(tc.options...), "custom_options": schema.BoolValue(tc.open),
			}
			err := p.KeyCheck(func(a string) schema.Value { return named[a] })(schema.Field{Path: "custom_fields.size", Value: tc.in})
			if tc.want == "" {
				if err != nil {
					t.Errorf("%s: %v", tc.reason, err)
				}
				return
			}
			var field *providers.FieldError
			if !errors.As(err, &field) || field.Path != "custom_fields.size" || field.Advice == "" || !strings.Contains(field.Problem, tc.want) {
				t.Errorf("%s: %v, want a FieldError with %q and an advice", tc.reason, err, tc.want)
			}
		})
	}
}
