package view

import (
	"fmt"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"lockstep/schema"
)

// ExplainProvider tells what a provider declares.
func ExplainProvider(p *schema.Provider) string {
	var b strings.Builder
	b.WriteString("provider " + p.Name + "\n\n" + Wrap(p.Doc, 2) + "\n")
	var arguments, kinds, data, actions []Entry
	for i := range p.Config {
		a := &p.Config[i]
		traits := Traits(a.Attribute())
		if a.Env != "" {
			traits = append(traits, "also "+a.Env)
		}
		arguments = append(arguments, Entry{a.Name, about(a.Type, traits, a.Doc)})
	}
	for _, k := range p.Kinds {
		kinds = append(kinds, Entry{k.Name, capitalPlural(k)})
	}
	for _, d := range p.Data {
		data = append(data, Entry{"data." + d.Name, d.Doc})
	}
	for _, a := range p.Actions {
		actions = append(actions, Entry{a.Name, a.Doc})
	}
	entries(&b, "Arguments of the provider block", arguments)
	entries(&b, "Kinds", kinds)
	entries(&b, "Data sources", data)
	entries(&b, "Actions", actions)
	b.WriteString("\n`lockstep explain " + p.Kinds[0].Name + "` tells more of a kind.\n")
	return b.String()
}

func capitalPlural(k *schema.Kind) string {
	text := strings.ToUpper(k.Plural[:1]) + k.Plural[1:]
	if traits := KindTraits(k); traits != "" {
		text += ": " + traits
	}
	return text + "."
}

// about is what a line says of an attribute.
func about(ty cty.Type, traits []string, doc string) string {
	return strings.Join(append([]string{spaced(ty)}, traits...), ", ") + ". " + doc
}

// spaced is a type with room for the breaks of lines.
func spaced(ty cty.Type) string { return strings.ReplaceAll(TypeName(ty), ",", ", ") }

// ExplainKind tells what a kind declares, and how its objects are written.
func ExplainKind(p *schema.Provider, k *schema.Kind) string {
	var b strings.Builder
	b.WriteString("resource " + k.Name + "\n\n" + Wrap(k.Doc, 2) + "\n")
	facts := []Entry{{"known by", KnownBy(k)}}
	if traits := KindTraits(k); traits != "" {
		facts = append(facts, Entry{"objects", traits})
	}
	if len(k.After) > 0 {
		facts = append(facts, Entry{"written after", strings.Join(k.After, ", ")})
	}
	if len(k.Scopes.Read) > 0 {
		facts = append(facts, Entry{"scopes", scopes(k)})
	}
	if names := readers(p, k); len(names) > 0 {
		facts = append(facts, Entry{"read by", strings.Join(names, ", ")})
	}
	entries(&b, "Facts", facts)
	attributes := []Entry{{"id", "string, read only. The id that the API gives."}}
	for i := range k.Attributes {
		a := &k.Attributes[i]
		attributes = append(attributes, Entry{a.Name, about(a.Type, Traits(a), a.Doc)})
	}
	entries(&b, "Attributes", attributes)
	if !k.ReadOnly {
		example(&b, ExampleBlock(p, k, ""))
	}
	b.WriteString("\n`lockstep explain " + k.Name + "." + k.Attributes[0].Name + "` tells more of an attribute.\n")
	return b.String()
}

func scopes(k *schema.Kind) string {
	text := strings.Join(k.Scopes.Read, " ")
	if len(k.Scopes.Write) > 0 {
		text += "; to write " + strings.Join(k.Scopes.Write, " ")
	}
	return text
}

// readers are the data sources that read a kind.
func readers(p *schema.Provider, k *schema.Kind) []string {
	var names []string
	for _, d := range p.Data {
		if d.Kind == k.Name {
			names = append(names, "data."+d.Name)
		}
	}
	return names
}

// example writes code as it stands in a file.
func example(b *strings.Builder, code string) {
	b.WriteString("\nExample:\n\n")
	for line := range strings.Lines(code) {
		b.WriteString("  " + line)
	}
}

// ExplainAttribute tells what an attribute of a kind declares. from and to are a
// value and what becomes of it where values are compared; they are empty when it
// stays as it is.
func ExplainAttribute(p *schema.Provider, k *schema.Kind, a *schema.Attribute, from, to string) string {
	var b strings.Builder
	b.WriteString(Wrap(k.Name+"."+a.Name+" ("+spaced(a.Type)+")", 0) + "\n\n" + Wrap(a.Doc, 2) + "\n")
	facts := []Entry{{"written", author(a)}}
	facts = append(facts, identifies(k, a)...)
	if from != "" {
		facts = append(facts, Entry{"compared as", from + " is " + to})
	}
	if len(a.OneOf) > 0 {
		facts = append(facts, Entry{"one of", strings.Join(a.OneOf, ", ")})
	}
	if a.Writable() {
		facts = append(facts, Entry{"taken away", cleared(a)})
	}
	for _, f := range []struct {
		is         bool
		name, text string
	}{
		{a.Folded, "case", "another case is a new spelling of the same object"},
		{!a.Default.IsAbsent(), "default", "the API gives " + Options{Full: true}.text(a.Default) + " when none is sent"},
		{a.Refers != "", "holds", "the id of a " + a.Refers},
		{a.KeysOf != nil, "keys", keys(a)},
		{a.Personal, "personal", "the state keeps a hash of it, and -redact masks it"},
		{a.Sensitive, "sensitive", "it is never shown, and the state keeps a hash of it"},
		{a.Unlisted, "costs", "lists do not show it: a call for each object whose value matters"},
		{a.Channel != "", "written by", "a call of its own (" + a.Channel + "), apart from the object's other attributes"},
	} {
		if f.is {
			facts = append(facts, Entry{f.name, f.text})
		}
	}
	entries(&b, "Facts", facts)
	if a.Writable() && !k.ReadOnly {
		example(&b, ExampleBlock(p, k, a.Name))
	}
	return b.String()
}

// author tells who gives an attribute its value.
func author(a *schema.Attribute) string {
	text := "by you, if you like"
	switch {
	case !a.Writable():
		text = "by the API only"
	case a.Required:
		text = "by you, always"
	case a.Computed:
		text = "by you, or else by the API"
	}
	if a.Immutable {
		text += "; a new value replaces the object"
	}
	if a.Needed != nil {
		text += "; always " + a.Needed.String()
	}
	if a.CreateOnly {
		text += "; only when the object is created"
	}
	if a.WriteOnly {
		text += "; it cannot be read, so edits in the CRM are not seen"
	}
	return text
}

// identifies tells of the natural keys that an attribute belongs to.
func identifies(k *schema.Kind, a *schema.Attribute) []Entry {
	var out []Entry
	for i, key := range k.Keys {
		if slices.Contains(key, a.Name) {
			out = append(out, Entry{"natural key", fmt.Sprintf("number %d of %d (%s): an object that has it is adopted, and not made again", i+1, len(k.Keys), strings.Join(key, " and "))})
		}
	}
	if slices.Contains(k.Content, a.Name) {
		out = append(out, Entry{"tells apart", "the " + k.Plural + " of one " + k.Parent})
	}
	if a.Also != "" {
		out = append(out, Entry{"found by", "the values of " + a.Also + " as well"})
	}
	return out
}

// cleared tells how a value goes.
func cleared(a *schema.Attribute) string {
	switch {
	case a.Own == schema.OwnMembers:
		return "a member that is no longer named is removed, if it was named before; excludes([...]) keeps members out, and exactly([]) empties the set"
	case a.Own == schema.OwnKeys:
		return `only the keys that are written are managed; "" clears one`
	case a.Own == schema.OwnItems && a.Items.Holds != nil:
		return "items that are not named are kept; exactly([...]) drops the others, as far as they are empty"
	case a.Own == schema.OwnItems:
		return "an item that is no longer named is dropped, if it was named before; exactly([...]) drops all others"
	case a.Required:
		return "never: each object has one"
	case a.CreateOnly:
		return "never"
	case a.Type == cty.String && !a.Computed && len(a.OneOf) == 0:
		return `"" clears it; null, or not to write it, leaves it alone`
	default:
		return "null, or not to write it, leaves it alone"
	}
}

func keys(a *schema.Attribute) string {
	if a.KeysOf == nil {
		return ""
	}
	return "the " + a.KeysOf.Attribute + " of a " + a.KeysOf.Kind
}

// ExplainData tells what a data source declares.
func ExplainData(p *schema.Provider, d *schema.DataSource) string {
	k := p.Kind(d.Kind)
	var b strings.Builder
	b.WriteString("data " + d.Name + "\n\n" + Wrap(d.Doc, 2) + "\n")
	var arguments []Entry
	for i := range d.Arguments {
		a := &d.Arguments[i]
		arguments = append(arguments, Entry{a.Name, about(a.Type, Traits(a), a.Doc)})
	}
	entries(&b, "Arguments", arguments)
	results := []Entry{{"id", "and all attributes of " + k.Name}}
	if d.Many != "" {
		results = []Entry{{"ids", "the ids, as a list"}, {d.Many, "the objects, as a list; each has the attributes of " + k.Name}}
	}
	entries(&b, "Results", results)
	example(&b, ExampleRead(p, d))
	return b.String()
}

// ExplainFunction tells how a function is called.
func ExplainFunction(name string, f function.Function) string {
	var names []string
	var parameters []Entry
	for _, p := range f.Params() {
		names = append(names, p.Name)
		parameters = append(parameters, Entry{p.Name, strings.TrimSpace(TypeName(p.Type) + ". " + p.Description)})
	}
	if v := f.VarParam(); v != nil {
		names = append(names, v.Name+"...")
		parameters = append(parameters, Entry{v.Name + "...", strings.TrimSpace(TypeName(v.Type) + ". " + v.Description)})
	}
	var b strings.Builder
	b.WriteString(name + "(" + strings.Join(names, ", ") + ")\n")
	if f.Description() != "" {
		b.WriteString("\n" + Wrap(f.Description(), 2) + "\n")
	}
	entries(&b, "Parameters", parameters)
	return b.String()
}
