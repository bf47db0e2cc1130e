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

func (d *decoder) call(b block) {
	c := &Call{
		Name: b.Labels[0], ForEach: b.optional("for_each"), Count: b.optional("count"),
		Inputs: map[string]*hclsyntax.Attribute{}, Range: b.DefRange(),
	}
	if first, ok := d.module.Calls[c.Name]; ok {
		d.duplicate("module", "module."+c.Name, first.Range, c.Range)
		return
	}
	d.module.Calls[c.Name] = c
	b.notBoth()
	c.DependsOn = b.dependsOn()
	c.Providers = b.callProviders()
	for _, inner := range b.Body.Blocks {
		d.error("Unsupported block type", inner.TypeRange, "A module block has no %q block.", inner.Type)
	}
	for name, a := range b.Body.Attributes {
		if !reserved[name] {
			c.Inputs[name] = a
		}
	}
	if a := b.Body.Attributes["version"]; a != nil {
		d.error("Unsupported argument", a.NameRange, "Modules are local folders, which have no version: remove this line.")
	}
	if a := b.Body.Attributes["lifecycle"]; a != nil {
		d.error("Unsupported argument", a.NameRange, "A module block has no lifecycle.")
	}
	if b.required("source") == nil {
		return
	}
	d.callSource(c, b.Body.Attributes["source"].Expr)
}

// callSource loads the module that a call names.
func (d *decoder) callSource(c *Call, expr hclsyntax.Expression) {
	val, ok := d.constant(expr)
	if !ok || !isText(val) {
		return
	}
	c.Source = val.AsString()
	if !strings.HasPrefix(c.Source, "./") && !strings.HasPrefix(c.Source, "../") {
		d.error("Module source is not local", expr.Range(),
			"The source of a module is a folder that starts with ./ or ../, not %q. Copy the module next to these files, or use a git submodule.", c.Source)
		return
	}
	dir := filepath.ToSlash(filepath.Join(d.module.Dir, c.Source))
	for caller := d.module; caller != nil; caller = caller.Parent {
		if caller.Dir == dir {
			d.error("Module calls itself", expr.Range(), "The folder %q is a caller of this module already, so this would go on for ever.", dir)
			return
		}
	}
	if _, err := d.loader.cfg.Files.Locate(filepath.FromSlash(dir)); err != nil {
		d.error("Module outside the project", expr.Range(), "%s.", err)
		return
	}
	c.Module = d.loader.load(d.module, c, dir)
	d.checkInputs(c)
}

// checkInputs compares what a call gives with the variables of its module.
func (d *decoder) checkInputs(c *Call) {
	variables := slices.Sorted(maps.Keys(c.Module.Variables))
	near := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(c.Inputs)) {
		if c.Module.Variables[name] == nil {
			near[schema.Near(name, variables)] = true
			d.error("Unsupported argument", c.Inputs[name].NameRange, "The module in %s has no variable %q.%s",
				c.Module.Dir, name, schema.DidYouMean(name, variables))
		}
	}
	for _, name := range variables {
		v := c.Module.Variables[name]
		if _, given := c.Inputs[name]; !given && v.Default == cty.NilVal && !near[name] {
			d.error("Missing required argument", c.Range, "The module in %s needs a value for its variable %q (%s:%d).",
				c.Module.Dir, name, v.Range.Filename, v.Range.Start.Line)
		}
	}
}

// callProviders reads which provider configurations a module call passes on.
func (b block) callProviders() map[string]ProviderRef {
	expr := b.optional("providers")
	if expr == nil {
		return nil
	}
	pairs, diags := hcl.ExprMap(expr)
	if diags.HasErrors() {
		b.error("Invalid providers", expr.Range(), "providers is a map from the name within the module to a configuration here: { ghl = ghl.eu }.")
		return nil
	}
	refs := map[string]ProviderRef{}
	for _, pair := range pairs {
		refs[b.providerRef(pair.Key).String()] = b.providerRef(pair.Value)
	}
	return refs
}
