package config

import (
	"math"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

func (d *decoder) importBlock(b block) {
	b.only([]string{"to", "id", "for_each", "provider"}, nil)
	i := &Import{To: b.required("to"), ID: b.required("id"), ForEach: b.optional("for_each"), Range: b.DefRange()}
	if i.To == nil || i.ID == nil {
		return
	}
	target, ok := d.importTarget(i.To)
	if !ok {
		return
	}
	if target.Mapping() {
		d.error("Import of a mapping", i.To.Range(), "A mapping has no object of its own: it finds its targets by match.")
		return
	}
	i.modules = moduleNames(i.To)
	i.target = target
	if expr := b.optional("provider"); expr != nil {
		i.Provider = d.providerRef(expr)
	}
	d.module.Imports = append(d.module.Imports, i)
}

// importTarget checks the form of an address whose last key may be an
// expression.
func (f *findings) importTarget(expr hclsyntax.Expression) (schema.Address, bool) {
	if index, ok := expr.(*hclsyntax.IndexExpr); ok {
		expr = index.Collection
	}
	return f.address(expr, false)
}

// moduleNames are the names after the word module in an address.
func moduleNames(expr hclsyntax.Expression) []string {
	var names []string
	for _, t := range expr.Variables() {
		for i := 0; i+1 < len(t); i++ {
			if word, _ := stepName(t[i]); word != "module" {
				continue
			}
			if name, ok := stepName(t[i+1]); ok {
				names = append(names, name)
			}
		}
		// The address itself comes first; what follows belongs to its key.
		break
	}
	return names
}

func stepName(step hcl.Traverser) (string, bool) {
	switch step := step.(type) {
	case hcl.TraverseRoot:
		return step.Name, true
	case hcl.TraverseAttr:
		return step.Name, true
	default:
		return "", false
	}
}

// block finds the resource that an import is for; nil when it is not declared.
func (i *Import) block(root *Module) *Resource {
	m := root
	for _, name := range i.modules {
		c := m.Calls[name]
		if c == nil || c.Module == nil {
			return nil
		}
		m = c.Module
	}
	return m.Resource(i.target.Data, i.target.Kind, i.target.Name)
}

// TargetAddress reads the static part of an import block's address; key is
// the expression of its last key, nil when that is constant or not there.
func (i *Import) TargetAddress() (address schema.Address, key hclsyntax.Expression) {
	expr := i.To
	if index, ok := expr.(*hclsyntax.IndexExpr); ok {
		expr, key = index.Collection, index.Key
	}
	t, diags := hcl.AbsTraversalForExpr(expr)
	if diags.HasErrors() {
		return schema.Address{}, nil
	}
	address, _ = traversalAddress(t)
	return address, key
}

func (d *decoder) moved(b block) {
	b.only([]string{"from", "to"}, nil)
	fromExpr, toExpr := b.required("from"), b.required("to")
	if fromExpr == nil || toExpr == nil {
		return
	}
	from, ok := d.address(fromExpr, true)
	to, ok2 := d.address(toExpr, true)
	switch {
	case !ok || !ok2:
		return
	case (from.Kind == "") != (to.Kind == ""):
		d.error("Invalid move", b.DefRange(), "A module moves to a module and a resource to a resource.")
	case from.Kind != to.Kind:
		d.error("Invalid move", b.DefRange(), "An object stays of its kind when it moves: %s is not %s.", from.Kind, to.Kind)
	case from.Data || to.Data:
		d.error("Invalid move", b.DefRange(), "A data block has nothing to move: just rename it.")
	case from == to:
		d.error("Invalid move", b.DefRange(), "%s moves to itself.", from)
	default:
		d.module.Moved = append(d.module.Moved, &Moved{From: from, To: to, Range: b.DefRange()})
	}
}

func (d *decoder) removed(b block) {
	b.only([]string{"from"}, []string{"lifecycle"})
	expr := b.required("from")
	if expr == nil {
		return
	}
	from, ok := d.address(expr, false)
	if !ok {
		return
	}
	r := &Removed{From: from, Destroy: true, Range: b.DefRange()}
	if lifecycle, ok := b.single("lifecycle"); ok {
		lifecycle.only([]string{"destroy"}, nil)
		r.Destroy = lifecycle.flag("destroy", true)
	}
	d.module.Removed = append(d.module.Removed, r)
}

// address reads a constant address; modules allows the address of a module.
func (f *findings) address(expr hcl.Expression, modules bool) (schema.Address, bool) {
	t, diags := hcl.AbsTraversalForExpr(expr)
	if !diags.HasErrors() {
		a, ok := traversalAddress(t)
		if ok && (a.Kind != "" || modules) {
			return a, true
		}
	}
	f.error("Invalid address", expr.Range(), "An address is written without quotes, as in ghl_contact.ann, ghl_contact.leads[\"ann@example.com\"] or module.club.ghl_tag.vip.")
	return schema.Address{}, false
}

// traversalAddress turns a reference into an address; without kind when it is
// a module's.
func traversalAddress(t hcl.Traversal) (schema.Address, bool) {
	var a schema.Address
	var modules []string
	names := func() (name string, ok bool) {
		if len(t) == 0 {
			return "", false
		}
		if name, ok = stepName(t[0]); ok {
			t = t[1:]
		}
		return name, ok
	}
	kind, ok := names()
	for ; ok && kind == "module"; kind, ok = names() {
		name, ok := names()
		if !ok {
			return a, false
		}
		var key schema.Key
		key, t = takeKey(t)
		modules = append(modules, "module."+name+key.String())
	}
	a.Module = strings.Join(modules, ".")
	if !ok {
		return a, len(modules) > 0 && len(t) == 0
	}
	if kind == "data" {
		a.Data = true
		kind, _ = names()
	}
	a.Kind = kind
	if a.Name, ok = names(); !ok {
		return a, false
	}
	a.Key, t = takeKey(t)
	return a, len(t) == 0
}

// takeKey takes a constant [key] off the start of a traversal.
func takeKey(t hcl.Traversal) (schema.Key, hcl.Traversal) {
	if len(t) == 0 {
		return schema.Key{}, t
	}
	step, ok := t[0].(hcl.TraverseIndex)
	if !ok {
		return schema.Key{}, t
	}
	key, ok := InstanceKey(step.Key)
	if !ok {
		return schema.Key{}, t
	}
	return key, t[1:]
}

// InstanceKey makes a Key of a known, unmarked text or whole number.
func InstanceKey(v cty.Value) (schema.Key, bool) {
	if isText(v) {
		return schema.Key{Type: schema.StringKey, Text: v.AsString()}, true
	}
	if v.IsMarked() || !v.IsKnown() || v.IsNull() || v.Type() != cty.Number {
		return schema.Key{}, false
	}
	n, accuracy := v.AsBigFloat().Int64()
	if accuracy != 0 || n < 0 || n > math.MaxInt32 {
		return schema.Key{}, false
	}
	return schema.Key{Type: schema.IntKey, Int: int32(n)}, true
}
