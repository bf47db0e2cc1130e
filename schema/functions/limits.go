package functions

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/go-cty-funcs/encoding"
	ctyyaml "github.com/zclconf/go-cty-yaml"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"lockstep/schema"
	"lockstep/schema/bounds"
)

const (
	// maxProduct is how many members setproduct makes at most.
	maxProduct = 1_000_000
	// maxWidth is how wide format and indent make a text at most.
	maxWidth = 10_000
	// maxTemplates is how many templates may render each other.
	maxTemplates = 16
)

// width finds the numbers of a verb such as %-5.2f.
var width = regexp.MustCompile(`%[-+# 0]*(?:\[\d+\])?[-+# 0]*(\d*)(?:\.(\d*))?`)

// limited are functions of the libraries that a few words could have fill the
// memory, with a check before each call.
func limited() map[string]function.Function {
	return map[string]function.Function{
		"jsondecode":   bounded(stdlib.JSONDecodeFunc, firstText(bounds.JSON)),
		"yamldecode":   bounded(ctyyaml.YAMLDecodeFunc, firstText(bounds.YAML)),
		"tonumber":     bounds.Function(bounded(stdlib.MakeToFunc(cty.Number), firstText(bounds.Number))),
		"parseint":     bounded(stdlib.ParseIntFunc, firstText(bounds.Number)),
		"format":       bounded(stdlib.FormatFunc, formatted),
		"formatlist":   bounded(stdlib.FormatListFunc, formatted),
		"indent":       bounded(stdlib.IndentFunc, indentation),
		"setproduct":   bounded(stdlib.SetProductFunc, product),
		"join":         bounded(stdlib.JoinFunc, joined),
		"split":        bounded(stdlib.SplitFunc, splitInto),
		"concat":       bounded(stdlib.ConcatFunc, concatenated),
		"flatten":      bounded(stdlib.FlattenFunc, flattened),
		"jsonencode":   bounded(stdlib.JSONEncodeFunc, encoded),
		"yamlencode":   bounded(ctyyaml.YAMLEncodeFunc, encoded),
		"base64encode": bounded(encoding.Base64EncodeFunc, encoded),
		"urlencode":    bounded(encoding.URLEncodeFunc, encoded),
	}
}

// bounded is a function whose arguments are checked before it is called.
func bounded(f function.Function, check func(args []cty.Value) error) function.Function {
	return function.New(&function.Spec{
		Description: f.Description(), Params: f.Params(), VarParam: f.VarParam(),
		Type: func(args []cty.Value) (cty.Type, error) {
			if err := check(args); err != nil {
				return cty.DynamicPseudoType, err
			}
			return f.ReturnTypeForValues(args)
		},
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) { return f.Call(args) },
	})
}

// firstText checks the first argument if it is a known text.
func firstText(check func(string) error) func([]cty.Value) error {
	return func(args []cty.Value) error {
		if len(args) == 0 {
			return nil
		}
		v, _ := args[0].Unmark()
		if v.Type() != cty.String || !v.IsKnown() || v.IsNull() {
			return nil
		}
		if err := check(v.AsString()); err != nil {
			return function.NewArgError(0, err)
		}
		return nil
	}
}

func widths(format string) error {
	for _, found := range width.FindAllStringSubmatch(format, -1) {
		for _, digits := range found[1:] {
			if n, err := strconv.Atoi(digits); digits != "" && (err != nil || n > maxWidth) {
				return fmt.Errorf("a width is at most %s", schema.Thousands(maxWidth))
			}
		}
	}
	return nil
}

func indentation(args []cty.Value) error {
	v, _ := args[0].Unmark()
	text, _ := args[1].Unmark()
	if v.IsNull() || !v.IsKnown() || text.IsNull() || !text.IsKnown() {
		return nil
	}
	if v.GreaterThan(cty.NumberIntVal(maxWidth)).True() {
		return function.NewArgError(0, fmt.Errorf("a text is indented by at most %s characters", schema.Thousands(maxWidth)))
	}
	width, _ := v.AsBigFloat().Int64()
	return bounds.Text(len(text.AsString()) + strings.Count(text.AsString(), "\n")*int(width))
}

func product(args []cty.Value) error {
	total := 1
	for _, arg := range args {
		v, _ := arg.Unmark()
		if !v.IsKnown() || v.IsNull() || !v.CanIterateElements() {
			return nil
		}
		if total *= v.LengthInt(); total > maxProduct {
			return fmt.Errorf("the product has more than %s members", schema.Thousands(maxProduct))
		}
	}
	return nil
}

// enter notes that a template is rendered, until the function that it returns is
// called. It refuses one that renders itself.
func (l *Library) enter(name string) (func(), error) {
	if slices.Contains(l.rendering, name) {
		return nil, fmt.Errorf("the template %s renders itself", name)
	}
	if len(l.rendering) >= maxTemplates {
		return nil, errors.New("too many templates render each other")
	}
	l.rendering = append(l.rendering, name)
	return func() { l.rendering = l.rendering[:len(l.rendering)-1] }, nil
}
