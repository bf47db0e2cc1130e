package eval

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"lockstep/schema"
	"lockstep/schema/functions"
)

// texts evaluates, for one item after the other, the expressions that files
// have most: names, texts, choices between them and functions of them. It makes
// no values of the language and no context, which cost more than all the rest.
// Anything else it leaves to the evaluation proper: the results are the same.
type texts struct {
	// ctx has all that does not change from item to item.
	ctx *hcl.EvalContext
	// loop is the name of the item's value; empty when that is each.value.
	loop      string
	functions map[string]function.Function
	calls     map[*hclsyntax.FunctionCallExpr]textCall
}

func newTexts(s *scope, ctx *hcl.EvalContext, loop string) *texts {
	return &texts{ctx: ctx, loop: loop, functions: s.e.library.Functions(), calls: map[*hclsyntax.FunctionCallExpr]textCall{}}
}

// textCall is a function that takes and gives texts, in one of two forms; any
// other function has neither.
type textCall struct {
	plain    func(string) string
	function *function.Function
}

// text is a text or null.
type text struct {
	text string
	null bool
}

// textOf reads a value. ok is false when it is not a plain text or null.
func textOf(v cty.Value) (t text, ok bool) {
	switch {
	case v.IsMarked() || !v.IsKnown():
		return text{}, false
	case v.IsNull():
		return text{null: true}, v.Type() == cty.String || v.Type() == cty.DynamicPseudoType
	case v.Type() != cty.String:
		return text{}, false
	}
	return text{text: v.AsString()}, true
}

// text evaluates an expression; ok is false when only the evaluation proper
// can.
func (x *texts) text(expr hclsyntax.Expression, i *item) (t text, ok bool) {
	switch e := expr.(type) {
	case *hclsyntax.ScopeTraversalExpr:
		return x.name(e, i)
	case *hclsyntax.LiteralValueExpr:
		return textOf(e.Val)
	case *hclsyntax.TemplateWrapExpr:
		return x.text(e.Wrapped, i)
	case *hclsyntax.ParenthesesExpr:
		return x.text(e.Expression, i)
	case *hclsyntax.TemplateExpr:
		return x.template(e, i)
	case *hclsyntax.FunctionCallExpr:
		return x.call(e, i)
	case *hclsyntax.ConditionalExpr:
		holds, ok := x.truth(e.Condition, i)
		yes, isText := x.text(e.TrueResult, i)
		no, alsoText := x.text(e.FalseResult, i)
		if holds {
			no = yes
		}
		return no, ok && isText && alsoText
	default:
		return text{}, false
	}
}

// name reads each.key, each.value, an attribute of it, or something that is the
// same for all items.
func (x *texts) name(e *hclsyntax.ScopeTraversalExpr, i *item) (text, bool) {
	t := e.Traversal
	switch root := t.RootName(); {
	case x.loop != "" && root == x.loop:
		return i.text(t[1:])
	case x.loop == "" && root == "each":
		first, ok := stepName(t[1:])
		switch {
		case ok && first == "value":
			return i.text(t[2:])
		case ok && first == "key" && len(t) == 2 && i.key.Type == schema.StringKey:
			return text{text: i.key.Text}, true
		}
		return text{}, false
	case x.loop == "" && root == "count":
		return text{}, false
	}
	v, diags := e.Value(x.ctx)
	if len(diags) > 0 {
		return text{}, false
	}
	return textOf(v)
}

// stepName is the name that a traversal begins with.
func stepName(t hcl.Traversal) (string, bool) {
	if len(t) == 0 {
		return "", false
	}
	step, ok := t[0].(hcl.TraverseAttr)
	return step.Name, ok
}

// truth evaluates a condition on texts.
func (x *texts) truth(expr hclsyntax.Expression, i *item) (holds, ok bool) {
	switch e := expr.(type) {
	case *hclsyntax.ParenthesesExpr:
		return x.truth(e.Expression, i)
	case *hclsyntax.UnaryOpExpr:
		if e.Op != hclsyntax.OpLogicalNot {
			return false, false
		}
		holds, ok = x.truth(e.Val, i)
		return !holds, ok
	case *hclsyntax.BinaryOpExpr:
		return x.binary(e, i)
	default:
		return false, false
	}
}

func (x *texts) binary(e *hclsyntax.BinaryOpExpr, i *item) (holds, ok bool) {
	switch e.Op {
	case hclsyntax.OpEqual, hclsyntax.OpNotEqual:
		left, isText := x.text(e.LHS, i)
		right, alsoText := x.text(e.RHS, i)
		return (left == right) == (e.Op == hclsyntax.OpEqual), isText && alsoText
	case hclsyntax.OpLogicalAnd, hclsyntax.OpLogicalOr:
		left, isTruth := x.truth(e.LHS, i)
		right, alsoTruth := x.truth(e.RHS, i)
		if e.Op == hclsyntax.OpLogicalAnd {
			return left && right, isTruth && alsoTruth
		}
		return left || right, isTruth && alsoTruth
	default:
		return false, false
	}
}

func (x *texts) template(e *hclsyntax.TemplateExpr, i *item) (text, bool) {
	var b strings.Builder
	for _, part := range e.Parts {
		t, ok := x.text(part, i)
		if !ok || t.null {
			return text{}, false
		}
		if len(e.Parts) == 1 {
			return t, true
		}
		b.WriteString(t.text)
	}
	return text{text: cty.NormalizeString(b.String())}, true
}

// call calls a function whose arguments and result are texts.
func (x *texts) call(e *hclsyntax.FunctionCallExpr, i *item) (text, bool) {
	f, known := x.calls[e]
	if !known {
		f.function = x.function(e)
		if f.function != nil && len(e.Args) == 1 {
			f.plain = functions.Plain(e.Name)
		}
		x.calls[e] = f
	}
	if f.function == nil {
		return text{}, false
	}
	if f.plain != nil {
		t, ok := x.text(e.Args[0], i)
		return text{text: cty.NormalizeString(f.plain(t.text))}, ok && !t.null
	}
	args := make([]cty.Value, len(e.Args))
	for n, arg := range e.Args {
		t, ok := x.text(arg, i)
		if !ok || t.null {
			return text{}, false
		}
		args[n] = cty.StringVal(t.text)
	}
	v, err := f.function.Call(args)
	if err != nil {
		return text{}, false
	}
	return textOf(v)
}

// function finds the function of a call, nil when it takes or gives anything
// but texts.
func (x *texts) function(e *hclsyntax.FunctionCallExpr) *function.Function {
	f, ok := x.functions[e.Name]
	if !ok || e.ExpandFinal || f.VarParam() != nil {
		return nil
	}
	params := f.Params()
	types := make([]cty.Type, len(params))
	for i, p := range params {
		if types[i] = p.Type; p.Type != cty.String {
			return nil
		}
	}
	if result, err := f.ReturnType(types); err != nil || result != cty.String || len(types) != len(e.Args) {
		return nil
	}
	return &f
}
