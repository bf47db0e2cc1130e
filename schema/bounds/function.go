package bounds

import (
	"errors"
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// Function is a function whose numbers stay within the limits. The language
// converts texts into the numbers that a parameter wants by itself; of this
// function the parameters take anything, and it converts.
func Function(f function.Function) function.Function {
	n := numeric{f}
	spec := &function.Spec{Description: f.Description(), Params: slices.Clone(f.Params()), Type: n.result, Impl: n.call}
	for i := range spec.Params {
		open(&spec.Params[i])
	}
	if last := f.VarParam(); last != nil {
		more := *last
		open(&more)
		spec.VarParam = &more
	}
	return function.New(spec)
}

// open has a parameter for numbers take any value.
func open(p *function.Parameter) {
	if p.Type == cty.Number {
		p.Type, p.AllowDynamicType, p.AllowUnknown, p.AllowNull = cty.DynamicPseudoType, true, true, true
	}
}

// numeric is a function with parameters for numbers.
type numeric struct{ f function.Function }

func (n numeric) result(args []cty.Value) (cty.Type, error) {
	args, err := n.convert(args)
	if err != nil {
		return cty.DynamicPseudoType, err
	}
	return n.f.ReturnTypeForValues(args)
}

func (n numeric) call(args []cty.Value, ty cty.Type) (cty.Value, error) {
	args, err := n.convert(args)
	if err != nil {
		return cty.UnknownVal(ty), err
	}
	v, err := n.f.Call(args)
	if err == nil {
		err = Magnitude(v)
	}
	return v, err
}

// convert makes numbers of the arguments that are to be numbers.
func (n numeric) convert(args []cty.Value) ([]cty.Value, error) {
	params, converted := n.f.Params(), slices.Clone(args)
	for i, arg := range args {
		p := n.f.VarParam()
		if i < len(params) {
			p = &params[i]
		}
		if p == nil || p.Type != cty.Number {
			continue
		}
		v, err := Convert(arg, cty.Number)
		if err != nil {
			return nil, function.NewArgError(i, err)
		}
		converted[i] = v
	}
	return converted, nil
}

// operators has the operators of an expression, or of all expressions of a body,
// keep to the limits.
func operators(node hclsyntax.Node) {
	limited := map[*hclsyntax.Operation]*hclsyntax.Operation{}
	for _, op := range []*hclsyntax.Operation{
		hclsyntax.OpAdd, hclsyntax.OpSubtract, hclsyntax.OpMultiply, hclsyntax.OpDivide, hclsyntax.OpModulo, hclsyntax.OpNegate,
		hclsyntax.OpGreaterThan, hclsyntax.OpGreaterThanOrEqual, hclsyntax.OpLessThan, hclsyntax.OpLessThanOrEqual,
	} {
		limited[op] = &hclsyntax.Operation{Impl: operation(op.Impl, op.Type), Type: op.Type}
	}
	_ = hclsyntax.VisitAll(node, func(n hclsyntax.Node) hcl.Diagnostics {
		switch e := n.(type) {
		case *hclsyntax.BinaryOpExpr:
			if op := limited[e.Op]; op != nil {
				e.Op = op
			}
		case *hclsyntax.UnaryOpExpr:
			if op := limited[e.Op]; op != nil {
				e.Op = op
			}
		}
		return nil
	})
}

// operation is Function for what carries out an operator, whose results are all of
// one type. Its errors name the operand.
func operation(impl function.Function, result cty.Type) function.Function {
	n, params := numeric{impl}, slices.Clone(impl.Params())
	for i := range params {
		open(&params[i])
	}
	return function.New(&function.Spec{
		Params: params, Type: function.StaticReturnType(result),
		Impl: func(args []cty.Value, ty cty.Type) (cty.Value, error) {
			v, err := n.call(args, ty)
			var arg function.ArgError
			if !errors.As(err, &arg) {
				return v, err
			}
			return v, fmt.Errorf("the %s does not fit: %w", operand(arg.Index, len(params)), arg)
		},
	})
}

// operand names one of so many operands.
func operand(index, of int) string {
	switch {
	case of == 1:
		return "operand"
	case index == 0:
		return "left operand"
	default:
		return "right operand"
	}
}
