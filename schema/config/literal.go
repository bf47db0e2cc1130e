package config

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
	"lockstep/schema/bounds"
)

// ConvertValue fits an unmarked value to an attribute. The error is that its type
// does not fit, or that it is not one of the allowed values. A map(any) stays as
// it is.
func ConvertValue(a *schema.Attribute, val cty.Value) (cty.Value, error) {
	if isMixedMap(a.Type) {
		if ty := val.Type(); !ty.IsObjectType() && !ty.IsMapType() && ty != cty.DynamicPseudoType {
			return val, fmt.Errorf("the attribute %q takes a map, as in { tier = \"gold\" }, not %s", a.Name, WithArticle(collectionName(ty)))
		}
		return val, nil
	}
	if a.Own == schema.OwnItems {
		return convertItems(a, val)
	}
	got, err := bounds.Convert(val, a.Type)
	if err != nil {
		return val, wrongType(a, val, err)
	}
	if len(a.OneOf) == 0 {
		return got, nil
	}
	for _, text := range texts(got) {
		if !slices.Contains(a.OneOf, text) {
			return val, fmt.Errorf("the attribute %q is one of %s, not %q.%s",
				a.Name, quoted(a.OneOf), text, schema.DidYouMean(text, a.OneOf))
		}
	}
	return got, nil
}

// wrongType words that a value does not fit, with an example where the general
// words do not help.
func wrongType(a *schema.Attribute, val cty.Value, err error) error {
	list := a.Type.IsListType() || a.Type.IsSetType()
	if ty := val.Type(); list && !ty.IsListType() && !ty.IsSetType() && !ty.IsTupleType() {
		return fmt.Errorf("the attribute %q takes a list, as in [\"vip\"], not %s", a.Name, WithArticle(ty.FriendlyName()))
	}
	if list && a.Type.ElementType() == cty.String {
		return fmt.Errorf("the attribute %q takes a list of texts, as in [\"vip\"]: %s", a.Name, ConvertMessage(err))
	}
	if ty := val.Type(); a.Type.IsPrimitiveType() && !ty.IsPrimitiveType() {
		return fmt.Errorf("the attribute %q takes %s, not %s", a.Name, WithArticle(a.Type.FriendlyName()), WithArticle(collectionName(ty)))
	}
	if wanted := wantedWord(a.Type); wanted != "" && isText(val) && !a.Sensitive {
		return fmt.Errorf("the attribute %q takes %s, not %q", a.Name, wanted, val.AsString())
	}
	return fmt.Errorf("the attribute %q takes %s: %s", a.Name, WithArticle(a.Type.FriendlyName()), ConvertMessage(err))
}

// wantedWord is what people call a value of a type that not every text is.
func wantedWord(ty cty.Type) string {
	switch ty {
	case cty.Bool:
		return "true or false"
	case cty.Number:
		return "a number"
	default:
		return ""
	}
}

// collectionName is what people call the type of a collection.
func collectionName(ty cty.Type) string {
	switch {
	case ty.IsTupleType():
		return "list"
	case ty.IsObjectType():
		return "map"
	default:
		return ty.FriendlyName()
	}
}

// Sentence makes a sentence of an error.
func Sentence(err error) string {
	text := err.Error()
	first, size := utf8.DecodeRuneInString(text)
	text = string(unicode.ToUpper(first)) + text[size:]
	if strings.HasSuffix(text, ".") || strings.HasSuffix(text, "?") {
		return text
	}
	return text + "."
}

// isMixedMap reports whether a type is map(any), whose values may differ in type.
func isMixedMap(ty cty.Type) bool {
	return ty.IsMapType() && ty.ElementType() == cty.DynamicPseudoType
}

// texts are the texts in a text or a collection of texts.
func texts(v cty.Value) []string {
	if isText(v) {
		return []string{v.AsString()}
	}
	if !v.IsKnown() || v.IsNull() || !v.CanIterateElements() {
		return nil
	}
	var all []string
	for it := v.ElementIterator(); it.Next(); {
		if _, e := it.Element(); isText(e) {
			all = append(all, e.AsString())
		}
	}
	return all
}

func isText(v cty.Value) bool {
	return !v.IsMarked() && v.IsKnown() && !v.IsNull() && v.Type() == cty.String
}

func quoted(items []string) string {
	q := make([]string, len(items))
	for i, item := range items {
		q[i] = fmt.Sprintf("%q", item)
	}
	return strings.Join(q, ", ")
}

// isConstant reports whether an expression uses neither references nor functions.
func isConstant(expr hclsyntax.Expression) bool {
	if len(expr.Variables()) > 0 {
		return false
	}
	constant := true
	// Visiting cannot fail: the callback reports nothing.
	_ = hclsyntax.VisitAll(expr, func(node hclsyntax.Node) hcl.Diagnostics {
		if _, ok := node.(*hclsyntax.FunctionCallExpr); ok {
			constant = false
		}
		return nil
	})
	return constant
}

// ConvertMessage words a conversion error, which may say where in a structure
// the trouble is.
func ConvertMessage(err error) string {
	path, ok := err.(cty.PathError)
	if !ok || len(path.Path) == 0 {
		return err.Error()
	}
	var b strings.Builder
	for _, step := range path.Path {
		switch step := step.(type) {
		case cty.GetAttrStep:
			b.WriteString("." + step.Name)
		case cty.IndexStep:
			if isText(step.Key) {
				fmt.Fprintf(&b, "[%q]", step.Key.AsString())
			} else {
				b.WriteString("[…]")
			}
		}
	}
	return fmt.Sprintf("at %s: %s", b.String(), err)
}
