package eval

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
	"lockstep/schema/config"
)

// matched evaluates what an instance of a mapping finds its target with. Values
// that are null or empty are left out as long as something is left that tells
// objects apart. A name alone is not enough, because it could find the wrong
// person: then there is nothing to match by.
func (b *body) matched(i *item, found *findings) schema.Fields {
	expr := b.block.Mapping.Match.Expr
	if fields, ok := b.matchedTexts(i); ok {
		return fields
	}
	ctx := b.ctx.NewChild()
	ctx.Variables = i.variables()
	v, diags := b.scope.evalIn(expr, ctx, b.scope.e.references(expr))
	if diags.HasErrors() && b.block.Mapping.Invalid == config.InvalidSkip {
		b.invalid = append(b.invalid, Invalid{Problem: firstError(diags), failed: true})
		return nil
	}
	if len(diags) > 0 {
		found.add(i, diags)
	}
	if diags.HasErrors() {
		return nil
	}
	fields, err := matchFields(b.block.Kind, v)
	if err != nil {
		found.add(i, hcl.Diagnostics{{
			Severity: hcl.DiagError, Summary: "Invalid match", Detail: config.Sentence(err), Subject: expr.Range().Ptr(),
			Expression: expr, EvalContext: ctx,
		}})
	}
	return fields
}

// matchedTexts is matched without an evaluation proper, for a match by texts. ok is
// false when only that can tell.
func (b *body) matchedTexts(i *item) (fields schema.Fields, ok bool) {
	if b.match == nil {
		return nil, false
	}
	fields = make(schema.Fields, 0, len(b.match))
	partly := false
	for _, m := range b.match {
		t, ok := b.texts.text(m.expr, i)
		switch {
		case !ok:
			return nil, false
		case strings.TrimSpace(t.text) == "":
			partly = true
		default:
			fields = append(fields, schema.Field{Path: m.path, Value: schema.StringValue(t.text)})
		}
	}
	if partly && !identifies(b.block.Kind, fields) {
		return nil, true
	}
	return fields, true
}

// matchPart is an attribute of a match, and what finds it.
type matchPart struct {
	path string
	expr hclsyntax.Expression
}

// matchParts takes a match apart, in the order of its paths; nil when only the
// evaluation proper can tell what it is.
func matchParts(r *config.Resource) []matchPart {
	if r.Mapping == nil {
		return nil
	}
	object, ok := r.Mapping.Match.Expr.(*hclsyntax.ObjectConsExpr)
	if !ok {
		return nil
	}
	var parts []matchPart
	for _, item := range object.Items {
		name, diags := item.KeyExpr.Value(nil)
		path, ok := textOf(name)
		if len(diags) > 0 || !ok || r.Kind.Attribute(schema.PathAttribute(path.text)) == nil && path.text != "id" {
			return nil
		}
		parts = append(parts, matchPart{path: path.text, expr: item.ValueExpr})
	}
	slices.SortFunc(parts, func(a, b matchPart) int { return strings.Compare(a.path, b.path) })
	for i := 1; i < len(parts); i++ {
		if parts[i].path == parts[i-1].path {
			return nil
		}
	}
	return parts
}

func matchFields(kind *schema.Kind, v cty.Value) (schema.Fields, error) {
	sensitive := isSensitive(v)
	v, _ = v.UnmarkDeep()
	switch ty := v.Type(); {
	case !v.IsWhollyKnown():
		return nil, fmt.Errorf("what finds the target is known only after apply; match by a value that is read or stands in the files")
	case v.IsNull() || !ty.IsObjectType() && !ty.IsMapType():
		return nil, fmt.Errorf("match is an object such as { email = each.value.email }")
	}
	var fields schema.Fields
	partly := false
	for it := v.ElementIterator(); it.Next(); {
		key, value := it.Element()
		path := key.AsString()
		if kind.Attribute(schema.PathAttribute(path)) == nil && path != "id" {
			return nil, fmt.Errorf("the kind %s has no attribute %q", kind.Name, path)
		}
		if value.IsNull() {
			partly = true
			continue
		}
		text, err := schema.FromCty(value)
		if err != nil || text.Type() != schema.String && text.Type() != schema.Number && text.Type() != schema.Bool {
			return nil, fmt.Errorf("the value of %q is not a text or a number", path)
		}
		if strings.TrimSpace(text.Text()) == "" {
			partly = true
			continue
		}
		fields = append(fields, schema.Field{Path: path, Value: text, Sensitive: sensitive})
	}
	if partly && !identifies(kind, fields) {
		return nil, nil
	}
	fields.Sort()
	return fields, nil
}

// identifies reports whether fields have what tells objects apart: the id, a whole
// natural key, or a key of a map, such as a member's number in a custom field.
func identifies(kind *schema.Kind, fields schema.Fields) bool {
	has := func(path string) bool {
		return slices.ContainsFunc(fields, func(f schema.Field) bool { return f.Path == path })
	}
	keyed := func(f schema.Field) bool { return strings.Contains(f.Path, ".") }
	return has("id") || slices.ContainsFunc(fields, keyed) || slices.ContainsFunc(kind.Keys, func(key schema.NaturalKey) bool {
		return !slices.ContainsFunc(key, func(path string) bool { return !has(path) })
	})
}

// sourceID is the id of the object that an instance was made of, empty when it
// was made of none, or of one that does not exist yet.
func sourceID(i *item) string {
	t, _ := i.attribute("id")
	return t.text
}
