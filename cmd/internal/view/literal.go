package view

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
	"lockstep/schema/functions"
)

// literal renders a value the way HCL writes it.
func literal(v cty.Value) string {
	value, err := schema.FromCty(v)
	if err != nil {
		return v.Type().FriendlyName()
	}
	return Options{Full: true}.text(value)
}

// Literal renders a value the way HCL writes it, as it is compared: without what it
// was written as.
func Literal(v schema.Value) string {
	if v.Type() == schema.String {
		v = schema.StringValue(v.Text())
	}
	return Options{Full: true}.text(v)
}

// block renders a value over several lines, as the console and outputs do.
func block(v schema.Value, indent string) string {
	o := Options{Full: true}
	inner := indent + "  "
	switch {
	case v.Type() == schema.List && len(v.Items()) > 0:
		var b strings.Builder
		b.WriteString("[\n")
		for _, item := range v.Items() {
			b.WriteString(inner + block(item, inner) + ",\n")
		}
		return b.String() + indent + "]"
	case v.Type() == schema.Map && len(v.Keys()) > 0:
		var b strings.Builder
		b.WriteString("{\n")
		width := 0
		for _, key := range v.Keys() {
			width = max(width, columns(quoteKey(key)))
		}
		for i, key := range v.Keys() {
			b.WriteString(inner + pad(quoteKey(key), width) + " = " + block(v.Items()[i], inner) + "\n")
		}
		return b.String() + indent + "}"
	default:
		return o.text(v)
	}
}

func quoteKey(key string) string { return Options{Full: true}.quote(key) }

// Block renders a value over several lines. Values that are sensitive in
// part are masked whole.
func Block(v cty.Value) string {
	if v.ContainsMarked() {
		return sensitiveText
	}
	value, err := schema.FromCty(v)
	if err != nil {
		return v.Type().FriendlyName()
	}
	return block(value, "")
}

// Evaluated is a block with what the functions of sets say of it.
func Evaluated(v cty.Value) string {
	plain, marks := v.UnmarkDeep()
	if _, sensitive := marks[functions.Sensitive]; sensitive {
		return sensitiveText
	}
	var out []string
	for mark := range marks {
		if excluded, ok := mark.(functions.Excluded); ok {
			out = append(out, excluded.Name)
		}
	}
	slices.Sort(out)
	text := Block(plain)
	if _, exactly := marks[functions.Exactly]; exactly {
		text += " # these and no others"
	}
	if len(out) > 0 {
		text += " # and not: " + strings.Join(out, ", ")
	}
	return text
}

func traversalText(traversal hcl.Traversal) string {
	var b strings.Builder
	for _, step := range traversal {
		switch step := step.(type) {
		case hcl.TraverseRoot:
			b.WriteString(step.Name)
		case hcl.TraverseAttr:
			b.WriteString("." + step.Name)
		case hcl.TraverseIndex:
			b.WriteString("[" + literal(step.Key) + "]")
		}
	}
	return b.String()
}
