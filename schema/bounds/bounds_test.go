package bounds

import (
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

const many = 50_000

func TestCheck(t *testing.T) {
	tests := map[string]struct {
		reason  string
		in      string
		refused bool
	}{
		"Brackets":  {reason: "Nested lists are read one within the other.", in: "a = " + strings.Repeat("[", many), refused: true},
		"Blocks":    {reason: "So are blocks.", in: strings.Repeat("b {\n", many), refused: true},
		"Negation":  {reason: "Each ! is an expression within another.", in: "a = " + strings.Repeat("!", many) + "true", refused: true},
		"Sum":       {reason: "A sum nests to the left.", in: "a = 1" + strings.Repeat("+1", many), refused: true},
		"Lines":     {reason: "Lines within brackets end nothing.", in: "a = (1" + strings.Repeat("+\n1", many) + ")", refused: true},
		"Choice":    {reason: "A choice nests to the right.", in: "a = " + strings.Repeat("b ? 1 : ", many) + "2", refused: true},
		"Index":     {reason: "An index nests to the left.", in: "a = b" + strings.Repeat("[c]", many), refused: true},
		"Splat":     {reason: "So does a splat.", in: "a = b" + strings.Repeat(".*", many), refused: true},
		"Templates": {reason: "Templates nest within quotes.", in: "a = " + strings.Repeat(`"${`, many), refused: true},
		"If":        {reason: "So do their directives.", in: `a = "` + strings.Repeat("%{if b}", many) + `"`, refused: true},
		"Number":    {reason: "A number of a hundred million digits is never written out.", in: "a = 1e99999999", refused: true},
		"Crowded":   {reason: "Each sign takes many times its length.", in: "a = [" + strings.Repeat("b,", maxWords/2+1) + "]", refused: true},
		"Words":     {reason: "So does each word, also of a malformed text.", in: strings.Repeat("a ", maxWords+1), refused: true},
		"Text":      {reason: "A long word is one.", in: "a = \"" + strings.Repeat("x", maxWords+1) + "\""},
		"Broken":    {reason: "What closes too much is the parser's to tell.", in: strings.Repeat("]", many) + strings.Repeat("}", many)},
		"Long":      {reason: "A long list is not deep.", in: "a = [" + strings.Repeat("{ b = -1.5, c = d.e[0] },\n", many) + "]"},
		"Members":   {reason: "Neither is a long object.", in: "a = {\n" + strings.Repeat("b = c.d + 1\n", many) + "}"},
		"Ifs":       {reason: "Neither are directives one after the other.", in: `a = "` + strings.Repeat("%{if b}x%{endif}", 400) + `"`},
		"Attribute": {reason: "Each attribute begins anew.", in: strings.Repeat("a = !b\n", many)},
		"Digits":    {reason: "Reading a number takes the square of its length.", in: "a = " + strings.Repeat("9", many), refused: true},
		"Exponent":  {reason: "Numbers of science are small.", in: "a = 6.02e23"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if d := check(hclsyntax.LexConfig, []byte(tc.in), "main.hcl", hcl.InitialPos); (d != nil) != tc.refused {
				t.Errorf("%s\ncheck: %v, refused wanted: %t", tc.reason, d, tc.refused)
			}
		})
	}
}

func TestData(t *testing.T) {
	laughs := "a: &a [x, x, x, x, x, x, x, x, x]\n"
	for c := 'b'; c < 'l'; c++ {
		alias := "*" + string(c-1)
		laughs += string(c) + ": &" + string(c) + " [" + strings.Repeat(alias+", ", 8) + alias + "]\n"
	}
	tests := map[string]struct {
		reason  string
		check   func(string) error
		in      string
		refused bool
	}{
		"JSONBrackets": {reason: "Nested lists are read one within the other.", check: JSON, in: strings.Repeat("[", many), refused: true},
		"JSONObjects":  {reason: "So are objects.", check: JSON, in: strings.Repeat(`{"a":`, many), refused: true},
		"JSONNumber":   {reason: "A number of a hundred million digits is never written out.", check: JSON, in: `["a", 1e99999999]`, refused: true},
		"JSONMany":     {reason: "Each value takes a hundred times its length.", check: JSON, in: "[" + strings.Repeat("0,", maxListed+1) + "0]", refused: true},
		"YAMLMany":     {reason: "So does each of YAML.", check: YAML, in: strings.Repeat("- a\n", maxLines+1), refused: true},
		"JSONText":     {reason: "Brackets and exponents in a text are characters.", check: JSON, in: `["\"` + strings.Repeat("[", many) + `1e99999999"]`},
		"JSONLong":     {reason: "A long list is not deep.", check: JSON, in: "[" + strings.Repeat("[],", many) + "[]]"},
		"JSONBroken":   {reason: "What is malformed is the decoder's to tell.", check: JSON, in: `"\`},
		"YAMLAliases":  {reason: "A few aliases stand for billions of values.", check: YAML, in: laughs, refused: true},
		"YAMLCircle":   {reason: "An alias within its anchor has no end.", check: YAML, in: "a: &a [*a]", refused: true},
		"YAMLNumber":   {reason: "A number of a hundred million digits is never written out.", check: YAML, in: "a: 1.0e+99999999", refused: true},
		"YAMLDeep":     {reason: "Nested lists are read one within the other.", check: YAML, in: strings.Repeat("[", 5000) + strings.Repeat("]", 5000), refused: true},
		"YAMLShared":   {reason: "Aliases are for what is said once.", check: YAML, in: "a: &a {b: 1}\nc: [*a, *a]"},
		"YAMLText":     {reason: "A text may look like a number.", check: YAML, in: `a: "1e99999999"`},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if err := tc.check(tc.in); (err != nil) != tc.refused {
				t.Errorf("%s\ngot %v, refused wanted: %t", tc.reason, err, tc.refused)
			}
		})
	}
}
