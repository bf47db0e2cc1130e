package config

import (
	"github.com/hashicorp/hcl/v2"

	"lockstep/schema"
)

// lifecycle reads the lifecycle block of a resource.
func (b block) lifecycle(kind *schema.Kind) Lifecycle {
	inner, ok := b.single("lifecycle")
	if !ok {
		return Lifecycle{OnExists: OnExistsAdopt, PreventDestroy: kind.Protected}
	}
	inner.only([]string{"prevent_destroy", "ignore_changes", "on_exists", "on_destroy"}, []string{"precondition", "postcondition", "action_trigger"})
	return Lifecycle{
		PreventDestroy: inner.flag("prevent_destroy", kind.Protected),
		IgnoreChanges:  inner.ignoreChanges(kind),
		OnExists:       inner.word("on_exists", OnExistsAdopt, OnExistsError),
		OnDestroy:      inner.optionalWord("on_destroy", destroys(kind)...),
		Preconditions:  inner.conditions("precondition"),
		Postconditions: inner.conditions("postcondition"),
		Triggers:       inner.triggers(),
	}
}

// destroys are the values that on_destroy takes for a kind.
func destroys(kind *schema.Kind) []string {
	if len(kind.Retire) == 0 {
		return []string{OnDestroyDelete, OnDestroyForget}
	}
	return []string{OnDestroyDelete, OnDestroyForget, OnDestroyRetire}
}

// dataLifecycle reads the lifecycle block of a data block, which has only
// conditions.
func (b block) dataLifecycle() Lifecycle {
	inner, ok := b.single("lifecycle")
	if !ok {
		return Lifecycle{}
	}
	inner.only(nil, []string{"precondition", "postcondition"})
	return Lifecycle{Preconditions: inner.conditions("precondition"), Postconditions: inner.conditions("postcondition")}
}

func (b block) ignoreChanges(kind *schema.Kind) []string {
	expr := b.optional("ignore_changes")
	if expr == nil {
		return nil
	}
	if hcl.ExprAsKeyword(expr) == "all" {
		return []string{"all"}
	}
	items, diags := hcl.ExprList(expr)
	if diags.HasErrors() {
		b.error("Invalid ignore_changes", expr.Range(), "ignore_changes is a list of attributes, such as [email, custom_fields.tier], or the word all.")
		return nil
	}
	var paths []string
	for _, item := range items {
		path, ok := ignoredPath(item)
		if !ok {
			b.error("Invalid ignore_changes", item.Range(), "An attribute is named without its value, such as email or custom_fields.tier.")
			continue
		}
		if name := schema.PathAttribute(path); kind.Attribute(name) == nil {
			b.error("Unsupported attribute", item.Range(), "A resource of kind %s has no attribute %q.%s",
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
