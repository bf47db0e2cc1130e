package engine

import (
	"errors"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"lockstep/providers"
	"lockstep/schema"
	"lockstep/schema/eval"
)

// unreadable finds the account that could not be read; nil when the reason is
// another one, such as a value of the files.
func unreadable(err error) *providers.AccountError {
	var account *providers.AccountError
	var field *providers.FieldError
	if errors.As(err, &field) || !errors.As(err, &account) {
		return nil
	}
	return account
}

// unread lets a look go on with an instance that could not be read:
// what its arguments do not tell is not known. It says whether that can be.
func (e *Engine) unread(bs *blockState, inst eval.Instance, a *account, err error) bool {
	failed := unreadable(err)
	if failed == nil || !e.run.looking {
		return false
	}
	bs.lacking, bs.unread = true, append(bs.unread, inst.Address)
	ds := bs.block.Resource.DataSource
	bs.values[inst.Address] = unreadValue(ds, a.schema.Kind(ds.Kind), inst.Fields, failed.ID)
	return true
}

// unreadValue is what expressions see of an instance that could not be read.
func unreadValue(ds *schema.DataSource, kind *schema.Kind, arguments schema.Fields, id string) cty.Value {
	attributes := map[string]cty.Value{}
	for i := range ds.Arguments {
		attributes[ds.Arguments[i].Name] = attributeValue(&ds.Arguments[i], arguments, nil)
	}
	if ds.Many != "" {
		attributes["ids"], attributes[ds.Many] = cty.UnknownVal(cty.List(cty.String)), cty.DynamicVal
		return cty.ObjectVal(attributes)
	}
	for i := range kind.Attributes {
		a := &kind.Attributes[i]
		if len(arguments.Of(a.Name)) == 0 {
			attributes[a.Name] = cty.UnknownVal(a.Type)
		}
	}
	attributes["id"] = cty.UnknownVal(cty.String)
	if id != "" {
		attributes["id"] = cty.StringVal(id)
	}
	return cty.ObjectVal(attributes)
}

// expand evaluates a block into its instances. It tells what is wrong when it
// cannot; ok is false then.
func (e *Engine) expand(b *eval.Block) (instances []eval.Instance, ok bool) {
	instances, diags := e.Evaluator.Expand(b)
	if e.run.looking && e.lacks(b) {
		e.run.blocks[b].lacking = true
		return e.expandPartly(b, instances, diags)
	}
	e.run.diags = append(e.run.diags, diags...)
	return instances, !diags.HasErrors()
}

// expandPartly is expand for a block that needs what was not read. What is wrong
// may only be so because of that: then the block has the instances that do not
// depend on it, or none. Fields that are not known nobody is to compare.
func (e *Engine) expandPartly(b *eval.Block, instances []eval.Instance, diags hcl.Diagnostics) ([]eval.Instance, bool) {
	if diags.HasErrors() {
		e.hideUnread(true)
		instances, diags = e.Evaluator.Expand(b)
		e.hideUnread(false)
	}
	if diags.HasErrors() {
		e.run.diags = append(e.run.diags, &hcl.Diagnostic{
			Severity: hcl.DiagWarning, Summary: b.Address().String() + " is left out",
			Detail: "What it is about depends on an account that could not be read.", Subject: &b.Resource.Range,
		})
		return nil, false
	}
	e.run.diags = append(e.run.diags, diags...)
	if b.Resource.Data {
		return instances, true
	}
	for i := range instances {
		instances[i].Fields = slices.DeleteFunc(slices.Clone(instances[i].Fields), func(f schema.Field) bool { return !f.Value.IsKnown() })
	}
	return instances, true
}

// lacks says that a block needs, if only by others, what could not be read.
func (e *Engine) lacks(b *eval.Block) bool {
	return slices.ContainsFunc(b.Needs, func(need *eval.Block) bool {
		bs := e.run.blocks[need]
		return bs != nil && bs.lacking
	})
}

// hideUnread leaves the instances that could not be read out of their blocks,
// or takes them in again.
func (e *Engine) hideUnread(hide bool) {
	for _, bs := range e.run.blocks {
		if len(bs.unread) > 0 {
			bs.hidden, bs.keys = hide, nil
			e.Evaluator.Provide(bs.block, bs)
		}
	}
}
