package config

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

func (l *loader) call(m *Module, block *hclsyntax.Block) {
	c := &Call{
		Name: block.Labels[0], ForEach: optional(block, "for_each"), Count: optional(block, "count"),
		Inputs: map[string]*hclsyntax.Attribute{}, Range: block.DefRange(),
	}
	if first, ok := m.Calls[c.Name]; ok {
		l.duplicate("module", "module."+c.Name, first.Range, c.Range)
		return
	}
	m.Calls[c.Name] = c
	l.notBoth(block)
	c.DependsOn = l.dependsOn(block)
	c.Providers = l.callProviders(block)
	for _, b := range block.Body.Blocks {
		l.error("Unsupported block type", b.TypeRange, "A module block has no %q block.", b.Type)
	}
	for name, a := range block.Body.Attributes {
		if !reserved[name] {
			c.Inputs[name] = a
		}
	}
	if a := block.Body.Attributes["version"]; a != nil {
		l.error("Unsupported argument", a.NameRange, "Modules are local folders, which have no version: remove this line.")
	}
	if a := block.Body.Attributes["lifecycle"]; a != nil {
		l.error("Unsupported argument", a.NameRange, "A module block has no lifecycle.")
	}
	if l.required(block, "source") == nil {
		return
	}
	l.callSource(m, c, block.Body.Attributes["source"].Expr)
}

// callSource loads the module that a call names.
func (l *loader) callSource(m *Module, c *Call, expr hclsyntax.Expression) {
	val, ok := l.constant(expr)
	if !ok || !isText(val) {
		return
	}
	c.Source = val.AsString()
	if !strings.HasPrefix(c.Source, "./") && !strings.HasPrefix(c.Source, "../") {
		l.error("Module source is not local", expr.Range(),
			"The source of a module is a folder that starts with ./ or ../, not %q. Copy the module next to these files, or use a git submodule.", c.Source)
		return
	}
	dir := filepath.ToSlash(filepath.Join(m.Dir, c.Source))
	for caller := m; caller != nil; caller = caller.Parent {
		if caller.Dir == dir {
			l.error("Module calls itself", expr.Range(), "The folder %q is a caller of this module already, so this would go on for ever.", dir)
			return
		}
	}
	c.Module = l.module(m, c, dir)
	l.checkInputs(c)
}

// checkInputs compares what a call gives with the variables of its module.
func (l *loader) checkInputs(c *Call) {
	variables := slices.Sorted(maps.Keys(c.Module.Variables))
	for _, name := range slices.Sorted(maps.Keys(c.Inputs)) {
		if c.Module.Variables[name] == nil {
			l.error("Unsupported argument", c.Inputs[name].NameRange, "The module in %s has no variable %q.%s",
				c.Module.Dir, name, schema.DidYouMean(name, variables))
		}
	}
	for _, name := range variables {
		v := c.Module.Variables[name]
		if _, given := c.Inputs[name]; !given && v.Default == cty.NilVal {
			l.error("Missing required argument", c.Range, "The module in %s needs a value for its variable %q (%s:%d).",
				c.Module.Dir, name, v.Range.Filename, v.Range.Start.Line)
		}
	}
}

func (l *loader) callProviders(block *hclsyntax.Block) map[string]ProviderRef {
	expr := optional(block, "providers")
	if expr == nil {
		return nil
	}
	pairs, diags := hcl.ExprMap(expr)
	if diags.HasErrors() {
		l.error("Invalid providers", expr.Range(), "providers is a map from the name within the module to a configuration here: { ghl = ghl.eu }.")
		return nil
	}
	refs := map[string]ProviderRef{}
	for _, pair := range pairs {
		refs[l.providerRef(pair.Key).String()] = l.providerRef(pair.Value)
	}
	return refs
}
