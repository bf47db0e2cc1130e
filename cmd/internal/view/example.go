package view

import (
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

// ExampleValue is a value of an attribute as HCL writes it.
func ExampleValue(p *schema.Provider, a *schema.Attribute) string {
	switch ty := a.Type; {
	case a.Example != "":
		return a.Example
	case a.Refers != "" && (ty.IsSetType() || ty.IsListType()):
		return "[" + exampleID(p, a.Refers) + "]"
	case a.Refers != "":
		return exampleID(p, a.Refers)
	case len(a.OneOf) > 0:
		return `"` + a.OneOf[0] + `"`
	case ty == cty.Bool:
		return "true"
	case ty == cty.Number:
		return "1"
	case ty.IsSetType() || ty.IsListType():
		return `["example"]`
	case ty.IsMapType() || ty.IsObjectType():
		return `{ example = "text" }`
	default:
		return `"Example"`
	}
}

// exampleID is the id of an object, which a block of its kind has if there can be one.
// What outlives its block is mostly there without any.
func exampleID(p *schema.Provider, kind string) string {
	k := p.Kind(kind)
	switch {
	case k != nil && !k.ReadOnly && k.Lasting != schema.Kept:
		return kind + ".example.id"
	case p.DataSource(kind) != nil:
		return "data." + kind + ".example.id"
	default:
		return `"uT6vBqgMwLxqyzVKNbq2"`
	}
}

// ExampleBlock is a resource block with what an object of a kind needs, and with
// one more attribute where that is given.
func ExampleBlock(p *schema.Provider, k *schema.Kind, more string) string {
	named := slices.Concat([]string{k.Parent, more}, k.Content)
	needs := func(a schema.Attribute) bool { return a.Required }
	if len(k.Keys) > 0 && !slices.ContainsFunc(k.Attributes, needs) {
		named = append(named, k.Keys[0]...)
	}
	var attributes []*schema.Attribute
	width := 0
	for i := range k.Attributes {
		if a := &k.Attributes[i]; a.Required || a.Writable() && slices.Contains(named, a.Name) {
			attributes, width = append(attributes, a), max(width, len(a.Name))
		}
	}
	var b strings.Builder
	b.WriteString("resource \"" + k.Name + "\" \"example\" {\n" + exampleProvider(p, k.Scopes.Level, len(attributes)))
	for _, a := range attributes {
		b.WriteString("  " + pad(a.Name, width) + " = " + ExampleValue(p, a) + "\n")
	}
	return b.String() + "}\n"
}

// exampleProvider names the provider block of an agency, for what only an agency
// reaches. more is how many arguments follow.
func exampleProvider(p *schema.Provider, level schema.Level, more int) string {
	switch {
	case level != schema.AgencyLevel:
		return ""
	case more > 0:
		return "  provider = " + p.Name + ".agency\n\n"
	default:
		return "  provider = " + p.Name + ".agency\n"
	}
}

// ExampleRead is a data block with the arguments that it needs.
func ExampleRead(p *schema.Provider, d *schema.DataSource) string {
	var b strings.Builder
	needed := 0
	for i := range d.Arguments {
		if d.Arguments[i].Required || d.OneOf {
			needed++
		}
	}
	b.WriteString("data \"" + d.Name + "\" \"example\" {\n" + exampleProvider(p, d.Level, needed))
	one := ""
	for i := range d.Arguments {
		if a := &d.Arguments[i]; d.OneOf && (one == "" || one == "id") {
			one = a.Name
		}
	}
	for i := range d.Arguments {
		a := d.Arguments[i]
		first := slices.ContainsFunc(d.Either, func(choice []string) bool { return choice[0] == a.Name })
		if !a.Required && a.Name != one && !first {
			continue
		}
		if of := p.Kind(d.Kind).Attribute(a.Name); of != nil && a.Example == "" {
			a.Example = of.Example
		}
		b.WriteString("  " + a.Name + " = " + ExampleValue(p, &a) + "\n")
	}
	return b.String() + "}\n"
}
