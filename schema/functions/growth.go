package functions

import (
	"regexp"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"lockstep/schema/bounds"
)

// numericVerb finds the verbs of a format that make a number of a text.
var numericVerb = regexp.MustCompile(`%[-+# 0\[\]\d.*]*[bdoxXeEfgG]`)

// grown is how long a text of other texts becomes.
type grown struct{ bytes, values int }

func (g *grown) add(v cty.Value) {
	bytes, values := bounds.TextIn(v)
	g.bytes, g.values = g.bytes+bytes, g.values+values
}

// joined checks how long a text join makes.
func joined(args []cty.Value) error {
	var sum grown
	for _, list := range args[1:] {
		sum.add(list)
	}
	separator, _ := bounds.TextIn(args[0])
	return bounds.Text(sum.bytes + sum.values*separator)
}

// encoded checks how long a text is that spells out all of a value: brackets,
// commas and what else each value takes included.
func encoded(args []cty.Value) error {
	var sum grown
	for _, v := range args {
		sum.add(v)
	}
	return bounds.Text(sum.bytes + 8*sum.values)
}

// formatted checks how long the texts are that a format makes: each verb may spell
// out the longest of the values.
func formatted(args []cty.Value) error {
	format, _ := args[0].Unmark()
	if format.IsNull() || !format.IsKnown() || format.Type() != cty.String {
		return nil
	}
	text := format.AsString()
	if err := widths(text); err != nil {
		return function.NewArgError(0, err)
	}
	verbs, longest, repeated := strings.Count(text, "%"), 0, 1
	for i, arg := range args[1:] {
		v, _ := arg.Unmark()
		if v.IsKnown() && !v.IsNull() && v.Type() == cty.String && numericVerb.MatchString(text) {
			if err := bounds.Number(v.AsString()); err != nil {
				return function.NewArgError(i+1, err)
			}
		}
		bytes, values := bounds.TextIn(v)
		longest = max(longest, bytes+values)
		if v.IsKnown() && !v.IsNull() && v.CanIterateElements() {
			repeated = max(repeated, v.LengthInt())
		}
	}
	if repeated > 1 {
		// formatlist takes one member of each list at a time.
		return bounds.Text(repeated*len(text) + verbs*longest)
	}
	return bounds.Text(len(text) + verbs*longest)
}

// replaced checks how long a text becomes in which every match of a part is
// replaced.
func replaced(text, part, by string) error {
	if len(part) > 1 && strings.HasPrefix(part, "/") && strings.HasSuffix(part, "/") {
		return replacedPattern(text, part[1:len(part)-1], by)
	}
	return bounds.Text(len(text) + strings.Count(text, part)*max(0, len(by)-len(part)))
}

func replacedPattern(text, pattern, by string) error {
	most := len(text) + (len(text)+1)*len(by)
	if strings.Contains(by, "$") {
		most += strings.Count(by, "$") * len(text)
	}
	if most <= bounds.MaxText {
		return nil
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		// The function itself words what is wrong.
		return nil
	}
	matches := re.FindAllStringIndex(text, bounds.MaxMembers+1)
	if err := bounds.Members(len(matches)); err != nil {
		return err
	}
	bytes := len(text) + len(matches)*len(by)
	for _, match := range matches {
		bytes += strings.Count(by, "$") * (match[1] - match[0])
	}
	return bounds.Text(bytes)
}

// splitInto checks how many members split makes.
func splitInto(args []cty.Value) error {
	separator, _ := args[0].Unmark()
	text, _ := args[1].Unmark()
	for _, v := range []cty.Value{separator, text} {
		if v.IsNull() || !v.IsKnown() || v.Type() != cty.String {
			return nil
		}
	}
	return bounds.Members(strings.Count(text.AsString(), separator.AsString()))
}

// concatenated checks how many members the lists have together.
func concatenated(args []cty.Value) error {
	members := 0
	for _, arg := range args {
		v, _ := arg.Unmark()
		if v.IsKnown() && !v.IsNull() && v.CanIterateElements() {
			members += v.LengthInt()
		}
	}
	return bounds.Members(members)
}

// flattened checks how many values the lists within lists stand for.
func flattened(args []cty.Value) error {
	for i, arg := range args {
		if err := bounds.Value(arg); err != nil {
			return function.NewArgError(i, err)
		}
	}
	return nil
}
