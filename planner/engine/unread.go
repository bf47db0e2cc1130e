package engine

import (
	"errors"

	"github.com/zclconf/go-cty/cty"

	"lockstep/providers"
	"lockstep/schema"
	"lockstep/schema/eval"
)

// unreadable returns the account that could not be read; nil when the reason is
// another one, such as a value of the files.
func unreadable(err error) *providers.AccountError {
	var account *providers.AccountError
	var field *providers.FieldError
	if errors.As(err, &field) || !errors.As(err, &account) {
		return nil
	}
	return account
}

// unread lets a look, or a plan that is to skip the account, go on with an instance
// that could not be read: what its arguments do not tell is not known. It reports
// whether that is possible.
func (e planning) unread(d *dataBlock, inst eval.Instance, a *account, err error) bool {
	failed := unreadable(err)
	if failed == nil || !e.run.looking && !failed.Skip {
		return false
	}
	d.lacking, d.unread = true, append(d.unread, inst.Address)
	ds := d.block.Resource.DataSource
	d.values[inst.Address] = unreadValue(ds, a.schema.Kind(ds.Kind), inst.Fields, failed.ID)
	return true
}

// unreadValue returns what expressions see of an instance that could not be read.
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

// hideUnread leaves the instances that could not be read out of their blocks,
// or takes them in again.
func (e planning) hideUnread(hide bool) {
	for _, d := range e.run.blocks.data {
		if len(d.unread) > 0 {
			d.hidden, d.keys = hide, nil
			e.Evaluator.Provide(d.block, d)
		}
	}
}
