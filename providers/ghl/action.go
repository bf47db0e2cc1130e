package ghl

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"lockstep/providers"
	"lockstep/providers/transport"
	"lockstep/schema"
)

// action is the declaration of an operation that makes no object.
type action struct {
	// Action is what people see. Its Arguments are filled from arguments.
	schema.Action
	call
	// arguments fill the placeholders of the path that have their names; those with a
	// wire travel in the body.
	arguments []attribute
	// fixed are properties that the body always has.
	fixed map[string]any
}

// declaredAction finishes a declaration.
func declaredAction(a *action) *action {
	a.Arguments = nil
	for i := range a.arguments {
		if one := &a.arguments[i]; one.Example == "" && len(one.OneOf) == 0 {
			one.Example = one.form.example
		}
		a.Arguments = append(a.Arguments, a.arguments[i].Attribute)
	}
	return a
}

// Invoke makes the one API call of an action.
func (p *Provider) Invoke(ctx context.Context, i providers.Invocation) providers.Result {
	a := p.account.actions[i.Action]
	switch {
	case a == nil:
		return failed(fmt.Errorf("the provider ghl has no action %q", i.Action))
	case !p.account.configured():
		return failed(fmt.Errorf("the provider ghl is not configured"))
	}
	r := request{call: a.call, named: i.Fields, safety: transport.Once}
	if a.Repeatable {
		r.safety = transport.Repeatable
	}
	for _, argument := range a.arguments {
		if strings.Contains(a.path, "{"+argument.Name+"}") && isEmpty(i.Fields.Value(argument.Name)) {
			return failed(&providers.FieldError{Path: argument.Name, Problem: argument.Name + " is empty", Advice: "Give it a value."})
		}
	}
	w := &writer{account: p.account, kind: &kind{Kind: schema.Kind{Noun: "action"}, attributes: a.arguments}}
	b, err := w.body(ctx, "", i.Fields, true)
	if err != nil {
		return failed(err)
	}
	if a.takesBody() {
		r.body = maps.Clone(a.fixed)
		if r.body == nil {
			r.body = map[string]any{}
		}
		maps.Copy(r.body, b.properties)
	}
	if _, err := p.account.send(ctx, r); err != nil {
		w.kind.blame(err, b.rows)
		return failed(a.unscoped(err))
	}
	return providers.Result{Outcome: providers.Done}
}

// takesBody reports whether the call has a body, if only an empty one.
func (a *action) takesBody() bool {
	return len(a.fixed) > 0 || slices.ContainsFunc(a.arguments, func(argument attribute) bool { return argument.wire != "" })
}

// unscoped adds to a refusal for lack of a scope what the action needs.
func (a *action) unscoped(err error) error {
	if api := apiError(err); api != nil && api.Status == 401 && strings.Contains(strings.ToLower(api.Message), scopeRefused) {
		api.Scopes = slices.Concat(a.Scopes.Read, a.Scopes.Write)
	}
	return err
}
