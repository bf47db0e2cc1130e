package config

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"lockstep/schema"
)

// lifecycleBlock finds the block and reports a second one.
func (l *loader) lifecycleBlock(block *hclsyntax.Block) *hclsyntax.Block {
	var found *hclsyntax.Block
	for _, b := range block.Body.Blocks {
		if b.Type != "lifecycle" {
			continue
		}
		if found != nil {
			l.duplicate("lifecycle block", "lifecycle", found.DefRange(), b.DefRange())
			continue
		}
		found = b
	}
	return found
}

func (l *loader) lifecycle(block *hclsyntax.Block, kind *schema.Kind) Lifecycle {
	c := Lifecycle{OnExists: OnExistsAdopt}
	b := l.lifecycleBlock(block)
	if b == nil {
		return c
	}
	l.only(b, []string{"prevent_destroy", "ignore_changes", "on_exists", "on_destroy"}, []string{"precondition", "postcondition"})
	c.PreventDestroy = l.constantBool(b, "prevent_destroy", false)
	c.IgnoreChanges = l.ignoreChanges(b, kind)
	c.OnExists = l.oneOf(b, "on_exists", []string{OnExistsAdopt, OnExistsError})
	if c.OnExists == "" {
		c.OnExists = OnExistsAdopt
	}
	c.OnDestroy = l.oneOf(b, "on_destroy", []string{OnDestroyDelete, OnDestroyForget})
	c.Preconditions = l.conditions(b, "precondition")
	c.Postconditions = l.conditions(b, "postcondition")
	return c
}

// dataLifecycle is the lifecycle of a data block, which only has conditions.
func (l *loader) dataLifecycle(block *hclsyntax.Block) Lifecycle {
	b := l.lifecycleBlock(block)
	if b == nil {
		return Lifecycle{}
	}
	l.only(b, nil, []string{"precondition", "postcondition"})
	return Lifecycle{Preconditions: l.conditions(b, "precondition"), Postconditions: l.conditions(b, "postcondition")}
}

func (l *loader) oneOf(block *hclsyntax.Block, name string, allowed []string) string {
	text := l.constantString(block, name)
	if text == "" || slices.Contains(allowed, text) {
		return text
	}
	l.error("Invalid "+name, block.Body.Attributes[name].Expr.Range(), "%s is %q or %q, not %q.%s",
		name, allowed[0], allowed[1], text, schema.DidYouMean(text, allowed))
	return ""
}

func (l *loader) ignoreChanges(block *hclsyntax.Block, kind *schema.Kind) []string {
	expr := optional(block, "ignore_changes")
	if expr == nil {
		return nil
	}
	if hcl.ExprAsKeyword(expr) == "all" {
		return []string{"all"}
	}
	items, diags := hcl.ExprList(expr)
	if diags.HasErrors() {
		l.error("Invalid ignore_changes", expr.Range(), "ignore_changes is a list of attributes, such as [email, custom_fields.tier], or the word all.")
		return nil
	}
	var paths []string
	for _, item := range items {
		path, ok := ignoredPath(item)
		if !ok {
			l.error("Invalid ignore_changes", item.Range(), "An attribute is named without its value, such as email or custom_fields.tier.")
			continue
		}
		if name := schema.PathAttribute(path); kind.Attribute(name) == nil {
			l.error("Unsupported attribute", item.Range(), "A resource of kind %s has no attribute %q.%s",
				kind.Name, name, schema.DidYouMean(name, attributeNames(kind)))
			continue
		}
		paths = append(paths, path)
	}
	return paths
}

// ignoredPath turns email, custom_fields.tier, custom_fields["tier"] or a
// quoted path into a path.
func ignoredPath(expr hcl.Expression) (string, bool) {
	t, diags := hcl.AbsTraversalForExpr(expr)
	if diags.HasErrors() {
		val, diags := expr.Value(nil)
		if diags.HasErrors() || !isText(val) {
			return "", false
		}
		return val.AsString(), true
	}
	if len(t) > 2 {
		return "", false
	}
	path := t.RootName()
	if len(t) == 2 {
		key, ok := stepKey(t[1])
		if !ok {
			return "", false
		}
		path += "." + key
	}
	return path, true
}

// stepKey is the text of a .name or ["name"] step.
func stepKey(step hcl.Traverser) (string, bool) {
	switch step := step.(type) {
	case hcl.TraverseAttr:
		return step.Name, true
	case hcl.TraverseIndex:
		if isText(step.Key) {
			return step.Key.AsString(), true
		}
	}
	return "", false
}

func attributeNames(kind *schema.Kind) []string {
	names := []string{"id"}
	for i := range kind.Attributes {
		names = append(names, kind.Attributes[i].Name)
	}
	return names
}
