package command

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/urfave/cli/v3"

	"lockstep/cmd/internal/view"
	"lockstep/planner/engine"
	"lockstep/providers"
	"lockstep/schema"
	"lockstep/schema/functions"
)

func explainCommand(s *session) *cli.Command {
	return &cli.Command{
		Name: "explain", Usage: "tell what a kind, an attribute or a function is", ArgsUsage: "KIND",
		Description: "Prints a declaration: of a provider, a kind, an attribute (KIND.NAME), a data source (data.KIND) or a function. Reads no files and no account.",
		Metadata: examples(
			"lockstep explain ghl_contact", "what contacts have, with an example",
			"lockstep explain ghl_contact.phone", "how phone numbers are compared, and how one is taken away",
			"lockstep explain data.ghl_contacts", "how contacts are searched for"),
		Action: s.does(explain),
	}
}

func explain(ctx context.Context, s *session, c *cli.Command) error {
	if err := positional(c, 1, 1, "one KIND, KIND.ATTRIBUTE, provider or function"); err != nil {
		return err
	}
	text := explained(ctx, s, c.Args().First())
	if text == "" {
		return failed(problem("There is nothing of that name", "%q is no provider, kind, attribute, data source or function.%s `lockstep explain ghl` and `lockstep explain runkeeper` list what there is.",
			c.Args().First(), schema.DidYouMean(c.Args().First(), explainable(s.catalog()))))
	}
	s.say("%s", strings.TrimSuffix(text, "\n"))
	return nil
}

// explained is what there is to tell of a name; "" when nothing has it.
func explained(ctx context.Context, s *session, name string) string {
	for i, p := range s.catalog() {
		if p.Name == name {
			return view.ExplainProvider(p)
		}
		if data, ok := strings.CutPrefix(name, "data."); ok {
			data, _, _ = strings.Cut(data, ".")
			if d := p.DataSource(data); d != nil {
				return view.ExplainData(p, d)
			}
			continue
		}
		if a := p.Action(strings.TrimPrefix(name, schema.ActionPrefix)); a != nil {
			return view.ExplainAction(a)
		}
		kindName, attribute, inKind := strings.Cut(name, ".")
		k := p.Kind(kindName)
		if k == nil {
			if d := p.DataSource(name); d != nil {
				return view.ExplainData(p, d)
			}
			continue
		}
		if !inKind {
			return view.ExplainKind(p, k)
		}
		if a := k.Attribute(schema.PathAttribute(attribute)); a != nil {
			from, to := compared(ctx, s.list[i].New(s.hooks), k, a)
			return view.ExplainAttribute(p, k, a, from, to)
		}
	}
	if f, ok := functions.New(nil, time.Time{}).Functions()[name]; ok {
		return view.ExplainFunction(name, f)
	}
	return ""
}

// explainable are all names that can be explained.
func explainable(catalog []*schema.Provider) []string {
	names := functions.Names()
	for _, p := range catalog {
		names = append(names, p.Name)
		for _, k := range p.Kinds {
			names = append(names, k.Name)
			for i := range k.Attributes {
				names = append(names, k.Name+"."+k.Attributes[i].Name)
			}
		}
		for _, d := range p.Data {
			names = append(names, "data."+d.Name)
		}
		for _, a := range p.Actions {
			names = append(names, a.Name)
		}
	}
	return names
}

// compared shows how a provider spells the example of an attribute; both are empty
// when it leaves it as it is.
func compared(ctx context.Context, p providers.Provider, k *schema.Kind, a *schema.Attribute) (from, to string) {
	given, ok := constant(view.ExampleValue(p.Schema(), a))
	if !ok || a.Own == schema.OwnKeys || !a.Writable() {
		return "", ""
	}
	claim := schema.ClaimValue
	if a.Own == schema.OwnMembers {
		claim = schema.ClaimIncludes
	}
	spelt, err := engine.Normal(ctx, p, k, schema.Fields{{Path: a.Name, Value: given, Claim: claim}})
	at := slices.IndexFunc(spelt, func(f schema.Field) bool { return f.Path == a.Name })
	if err != nil || at < 0 {
		return "", ""
	}
	from, to = view.Literal(given), view.Literal(spelt[at].Value)
	if from == to {
		return "", ""
	}
	return from, to
}

// constant is the value of an expression that refers to nothing.
func constant(expr string) (schema.Value, bool) {
	parsed, diags := hclsyntax.ParseExpression([]byte(expr), "example", hcl.InitialPos)
	if diags.HasErrors() {
		return schema.Value{}, false
	}
	v, diags := parsed.Value(nil)
	if diags.HasErrors() {
		return schema.Value{}, false
	}
	value, err := schema.FromCty(v)
	return value, err == nil
}
