package engine

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

// sandboxed makes the configuration of a provider one of its emulated API, which
// keeps what is written below a folder. Blocks that share a folder still do; blocks of
// real accounts have one each, by their alias.
func sandboxed(p *schema.Provider, alias string, config cty.Value, folder string) (cty.Value, error) {
	has := func(role schema.SandboxRole) bool {
		return slices.ContainsFunc(p.Config, func(a schema.ProviderArgument) bool { return a.Sandbox == role })
	}
	if !has(schema.SandboxSwitch) || !has(schema.SandboxFolder) {
		return config, fmt.Errorf("the provider %s has no emulated API, and tests reach no real one", p.Name)
	}
	values := maps.Clone(config.AsValueMap())
	otherwise := filepath.Join("real", alias)
	for _, a := range p.Config {
		if v, _ := values[a.Name].Unmark(); a.Sandbox == schema.SandboxSwitch && v.IsKnown() && !v.IsNull() && v.True() {
			otherwise = "default"
		}
	}
	for _, a := range p.Config {
		switch a.Sandbox {
		case schema.SandboxSwitch:
			values[a.Name] = cty.True
		case schema.SandboxFolder:
			below := otherwise
			if v, _ := values[a.Name].Unmark(); !v.IsNull() && v.IsKnown() {
				below = filepath.Clean("/" + v.AsString()) // which leads out of nothing
			}
			values[a.Name] = cty.StringVal(filepath.Join(folder, p.Name, below))
		}
	}
	return cty.ObjectVal(values), nil
}
