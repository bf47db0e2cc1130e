package accept

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"lockstep/cmd/internal/pull"
	"lockstep/planner"
	"lockstep/schema"
)

// wordExpression makes the text of an expression with another value.
func (f *file) wordExpression(w *wish) (text string, want schema.Value, why string) {
	switch {
	case w.attribute.Own == schema.OwnMembers:
		return f.wordMembers(w)
	case w.attribute.Own == schema.OwnItems:
		text, why = f.wordItems(w)
		return text, w.field.Live, why
	}
	source := f.source(w.written.At)
	switch {
	case !isLiteral(w.written.Expr):
		return "", want, computed(w.written.Expr)
	case strings.ContainsAny(source, "#/") && !isScalar(w.written.Expr):
		return "", want, "there are comments within it"
	}
	return f.literal(w.field.Live, source), w.field.Live, ""
}

// computed words what makes a value.
func computed(expr hclsyntax.Expression) string {
	if call, ok := expr.(*hclsyntax.FunctionCallExpr); ok {
		return call.Name + "() makes it"
	}
	return "it is not written out"
}

// literal is a value as an expression, in the style of the one whose place it takes.
func (f *file) literal(v schema.Value, instead string) string {
	if v.IsAbsent() && strings.HasPrefix(instead, `"`) {
		return `""` // null would no longer claim the field
	}
	text := pull.Literal(v, strings.Contains(instead, "<<"))
	return strings.ReplaceAll(text, "\n", f.newline())
}

// isScalar reports whether an expression is a text, a number, true, false or null.
func isScalar(expr hclsyntax.Expression) bool {
	switch expr := expr.(type) {
	case *hclsyntax.LiteralValueExpr:
		return true
	case *hclsyntax.UnaryOpExpr:
		return isScalar(expr.Val)
	case *hclsyntax.TemplateExpr:
		return !slices.ContainsFunc(expr.Parts, func(p hclsyntax.Expression) bool { return !isScalar(p) })
	case *hclsyntax.FunctionCallExpr:
		// A heredoc ends with the end of a line, and not every text does.
		return expr.Name == "chomp" && len(expr.Args) == 1 && isScalar(expr.Args[0])
	default:
		return false
	}
}

// isLiteral reports whether an expression has nothing to be computed.
func isLiteral(expr hclsyntax.Expression) bool {
	switch expr := expr.(type) {
	case *hclsyntax.TupleConsExpr:
		return !slices.ContainsFunc(expr.Exprs, func(e hclsyntax.Expression) bool { return !isLiteral(e) })
	case *hclsyntax.ObjectConsExpr:
		return !slices.ContainsFunc(expr.Items, func(i hclsyntax.ObjectConsItem) bool { return !isLiteral(i.ValueExpr) })
	default:
		return isScalar(expr)
	}
}

// textOf is the text of a literal; ok is false when it is none.
func textOf(expr hclsyntax.Expression) (text string, ok bool) {
	if !isScalar(expr) {
		return "", false
	}
	v, diags := expr.Value(nil)
	if diags.HasErrors() {
		return "", false
	}
	value, err := schema.FromCty(v)
	if err != nil {
		return "", false
	}
	return value.Text(), value.Type() == schema.String
}

// wordMembers takes members out of a set that is written out, and puts others in.
func (f *file) wordMembers(w *wish) (text string, want schema.Value, why string) {
	tuple, claim := setOf(w.written.Expr)
	if tuple == nil {
		return "", want, "the set is not written out as a list"
	}
	e := &listEdit{file: f, at: w.written.At, tuple: tuple}
	var add []string
	e.remove, add, why = editMembers(w, claim, written(tuple))
	if why != "" {
		return "", want, why
	}
	for _, m := range add {
		e.add = append(e.add, pull.Literal(schema.StringValue(m), false))
	}
	text, why = e.text()
	return text, wanted(w, claim), why
}

// editMembers decides which of the members that are written, by their place, go, and
// which ones come.
func editMembers(w *wish, claim schema.Claim, members []string) (remove []int, add []string, why string) {
	for _, m := range w.field.Edited {
		missing := slices.Contains(w.field.Add, m)
		switch {
		case missing && claim != schema.ClaimExcludes, !missing && claim == schema.ClaimExcludes:
			i := slices.IndexFunc(members, func(is string) bool { return strings.EqualFold(strings.TrimSpace(is), m) })
			if i < 0 {
				return nil, nil, m + " is not written out in the list"
			}
			remove = append(remove, i)
		case !missing && claim == schema.ClaimExactly:
			add = append(add, m)
		default:
			return nil, nil, "another claim on the set concerns " + m
		}
	}
	if len(remove)+len(add) == 0 {
		return nil, nil, "what was edited in the CRM cannot be told from what was edited in the files"
	}
	return remove, add, ""
}

// wanted are the members that a claim has once those that were edited are taken over.
func wanted(w *wish, claim schema.Claim) schema.Value {
	var members []string
	for _, g := range w.change.By(w.field).Desired {
		if g.Path == w.field.Path && g.Claim == claim {
			members = g.Value.Strings()
		}
	}
	members = slices.DeleteFunc(slices.Clone(members), func(m string) bool { return slices.Contains(w.field.Edited, m) })
	if claim == schema.ClaimExactly {
		for _, m := range w.field.Remove {
			if slices.Contains(w.field.Edited, m) {
				members = append(members, m)
			}
		}
	}
	return schema.SetOf(members)
}

// setOf is the list of a set, and what the set claims; nil when it is not written out.
func setOf(expr hclsyntax.Expression) (*hclsyntax.TupleConsExpr, schema.Claim) {
	claim := schema.ClaimIncludes
	if call, ok := expr.(*hclsyntax.FunctionCallExpr); ok && len(call.Args) == 1 && !call.ExpandFinal {
		switch call.Name {
		case "exactly":
			claim = schema.ClaimExactly
		case "excludes":
			claim = schema.ClaimExcludes
		case "includes", "toset":
		default:
			return nil, claim
		}
		expr = call.Args[0]
	}
	tuple, _ := expr.(*hclsyntax.TupleConsExpr)
	return tuple, claim
}

// written are the texts of a list; empty for what is no literal.
func written(tuple *hclsyntax.TupleConsExpr) []string {
	texts := make([]string, len(tuple.Exprs))
	for i, expr := range tuple.Exprs {
		texts[i], _ = textOf(expr)
	}
	return texts
}

// wordItems gives the properties of items their live values, and takes out items that
// are gone.
func (f *file) wordItems(w *wish) (text, why string) {
	tuple, claim := setOf(w.written.Expr)
	if tuple == nil || claim == schema.ClaimExcludes {
		return "", "the list is not written out"
	}
	e := &listEdit{file: f, at: w.written.At, tuple: tuple}
	items := w.attribute.Items
	for _, change := range items.Changes(w.field.Desired, w.field.Live) {
		i := slices.IndexFunc(tuple.Exprs, func(expr hclsyntax.Expression) bool { return hasProperty(expr, items.Key, change.Name) })
		at := itemProperty(tuple, i, change.Property)
		switch {
		case kept(w.field, items, change):
		case change.Property != "" && at != nil && isLiteral(at):
			e.put = append(e.put, replacement{at.Range(), f.literal(change.To, f.source(at.Range()))})
		case change.Property == "" && change.To.IsAbsent() && i >= 0:
			e.remove = append(e.remove, i)
		case change.Property == "" && change.From.IsAbsent():
			return "", "the item " + change.Name + " is new in the CRM; write it into the list"
		default:
			return "", "what moved of the item " + change.Name + " is not written out in the list"
		}
	}
	if len(e.remove)+len(e.put) == 0 {
		return "", "only its order moved"
	}
	return e.text()
}

// kept reports whether a change of an item was made in the files, not in the CRM.
func kept(f *planner.FieldChange, items *schema.Items, change schema.ItemChange) bool {
	if f.BaseHidden || !f.HasBase || change.Property == "" {
		return false
	}
	was, had := items.Find(f.Base, change.Name)
	return had && was.Entry(change.Property).Equal(change.To)
}

// hasProperty reports whether an item that is written out has a text as one property.
func hasProperty(expr hclsyntax.Expression, name, text string) bool {
	at := propertyOf(expr, name)
	if at == nil {
		return false
	}
	is, ok := textOf(at)
	return ok && strings.EqualFold(is, text)
}

// itemProperty is the expression of a property of the i-th item; nil when there is none.
func itemProperty(tuple *hclsyntax.TupleConsExpr, i int, name string) hclsyntax.Expression {
	if i < 0 || name == "" {
		return nil
	}
	return propertyOf(tuple.Exprs[i], name)
}

// propertyOf is the expression of a property; nil when it is not written out.
func propertyOf(expr hclsyntax.Expression, name string) hclsyntax.Expression {
	object, ok := expr.(*hclsyntax.ObjectConsExpr)
	if !ok {
		return nil
	}
	for _, item := range object.Items {
		if key, diags := item.KeyExpr.Value(nil); !diags.HasErrors() && key.AsString() == name {
			return item.ValueExpr
		}
	}
	return nil
}
