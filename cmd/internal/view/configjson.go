package view

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"lockstep/planner"
	"lockstep/schema"
	"lockstep/schema/config"
)

// configurationJSON is what the files say, in Terraform's representation of a
// configuration.
type configurationJSON struct {
	ProviderConfig map[string]providerConfigJSON `json:"provider_config,omitempty"`
	RootModule     configModuleJSON              `json:"root_module"`
}

type providerConfigJSON struct {
	Name        string                    `json:"name"`
	FullName    string                    `json:"full_name"`
	Alias       string                    `json:"alias,omitempty"`
	Expressions map[string]expressionJSON `json:"expressions,omitempty"`
}

type configModuleJSON struct {
	Outputs     map[string]configOutputJSON   `json:"outputs,omitempty"`
	Resources   []configResourceJSON          `json:"resources,omitempty"`
	ModuleCalls map[string]moduleCallJSON     `json:"module_calls,omitempty"`
	Variables   map[string]configVariableJSON `json:"variables,omitempty"`
}

type configOutputJSON struct {
	Sensitive   bool           `json:"sensitive,omitempty"`
	Expression  expressionJSON `json:"expression"`
	DependsOn   []string       `json:"depends_on,omitempty"`
	Description string         `json:"description,omitempty"`
}

type configVariableJSON struct {
	Default     json.RawMessage `json:"default,omitempty"`
	Description string          `json:"description,omitempty"`
	Sensitive   bool            `json:"sensitive,omitempty"`
}

type configResourceJSON struct {
	Address           string                    `json:"address"`
	Mode              string                    `json:"mode"`
	Type              string                    `json:"type"`
	Name              string                    `json:"name"`
	ProviderConfigKey string                    `json:"provider_config_key"`
	Expressions       map[string]expressionJSON `json:"expressions,omitempty"`
	SchemaVersion     int                       `json:"schema_version"`
	CountExpression   *expressionJSON           `json:"count_expression,omitempty"`
	ForEachExpression *expressionJSON           `json:"for_each_expression,omitempty"`
	DependsOn         []string                  `json:"depends_on,omitempty"`
}

type moduleCallJSON struct {
	Source            string                    `json:"source"`
	Expressions       map[string]expressionJSON `json:"expressions,omitempty"`
	CountExpression   *expressionJSON           `json:"count_expression,omitempty"`
	ForEachExpression *expressionJSON           `json:"for_each_expression,omitempty"`
	Module            configModuleJSON          `json:"module"`
	DependsOn         []string                  `json:"depends_on,omitempty"`
}

// expressionJSON is a constant, or what an expression refers to.
type expressionJSON struct {
	Constant   json.RawMessage `json:"constant_value,omitempty"`
	References []string        `json:"references,omitempty"`
}

// Configuration is what the files say, as the plan representation has it. Constants
// of sensitive attributes and arguments are left out, and those of attributes that the
// plan holds to be sensitive.
func Configuration(cfg *config.Config, p *planner.Plan) (json.RawMessage, error) {
	s := secretConstants{}
	for i := range p.Changes {
		s.add(&p.Changes[i])
	}
	for _, o := range p.Outputs {
		if o.Sensitive {
			s[[3]string{"output", o.Name}] = true
		}
	}
	out := configurationJSON{ProviderConfig: map[string]providerConfigJSON{}, RootModule: s.module(cfg.Root)}
	for _, p := range cfg.Root.Providers {
		expressions := map[string]expressionJSON{}
		for name, a := range p.Attributes {
			argument := p.Provider.Argument(name)
			expressions[name] = expression(a.Expr, argument == nil || argument.Secret())
		}
		out.ProviderConfig[p.Ref.String()] = providerConfigJSON{p.Ref.Name, p.Ref.Name, p.Ref.Alias, expressions}
	}
	return json.Marshal(out)
}

// redactedConfiguration is a configuration without constants.
func redactedConfiguration(data json.RawMessage) (configurationJSON, error) {
	var c configurationJSON
	if err := json.Unmarshal(data, &c); err != nil {
		return c, err
	}
	for _, p := range c.ProviderConfig {
		hideConstants(p.Expressions)
	}
	c.RootModule.hide()
	return c, nil
}

func hideConstants(all map[string]expressionJSON) {
	for name, e := range all {
		all[name] = expressionJSON{References: e.References}
	}
}

// hide takes the constants out of a module and of those it calls.
func (m *configModuleJSON) hide() {
	for name, o := range m.Outputs {
		o.Expression.Constant = nil
		m.Outputs[name] = o
	}
	for name, v := range m.Variables {
		v.Default = nil
		m.Variables[name] = v
	}
	for i := range m.Resources {
		r := &m.Resources[i]
		hideConstants(r.Expressions)
		r.CountExpression.hide()
		r.ForEachExpression.hide()
	}
	for name, c := range m.ModuleCalls {
		hideConstants(c.Expressions)
		c.CountExpression.hide()
		c.ForEachExpression.hide()
		c.Module.hide()
		m.ModuleCalls[name] = c
	}
}

func (e *expressionJSON) hide() {
	if e != nil {
		e.Constant = nil
	}
}

// secretConstants are what has constants that are not shown: attributes by kind, name
// and attribute, and outputs.
type secretConstants map[[3]string]bool

func (s secretConstants) add(c *planner.Change) {
	for i := range c.Fields {
		if f := &c.Fields[i]; f.Sensitive {
			a := c.By(f).Address
			s[[3]string{a.Kind, a.Name, schema.PathAttribute(f.Path)}] = true
		}
	}
}

func (s secretConstants) module(m *config.Module) configModuleJSON {
	out := configModuleJSON{Outputs: map[string]configOutputJSON{}, ModuleCalls: map[string]moduleCallJSON{}, Variables: map[string]configVariableJSON{}}
	for name, o := range m.Outputs {
		out.Outputs[name] = configOutputJSON{o.Sensitive, expression(o.Value, o.Sensitive || s[[3]string{"output", name}]), traversals(o.DependsOn), o.Description}
	}
	for name, v := range m.Variables {
		item := configVariableJSON{Description: v.Description, Sensitive: v.Sensitive}
		if v.Default != cty.NilVal && !v.Sensitive {
			item.Default = constantJSON(v.Default)
		}
		out.Variables[name] = item
	}
	for _, r := range slices.Concat(m.Resources, m.Data) {
		if r.Mapping == nil { // a mapping is no resource to those who read this
			out.Resources = append(out.Resources, s.resource(r))
		}
	}
	for name, c := range m.Calls {
		out.ModuleCalls[name] = s.call(c)
	}
	return out
}

func (s secretConstants) resource(r *config.Resource) configResourceJSON {
	address := schema.Address{Data: r.Data, Kind: r.Type, Name: r.Name}
	out := configResourceJSON{
		Address: address.String(), Mode: mode(address), Type: r.Type, Name: r.Name, ProviderConfigKey: r.Provider.String(),
		Expressions: map[string]expressionJSON{}, DependsOn: traversals(r.DependsOn),
		CountExpression: optional(r.Count), ForEachExpression: optional(r.ForEach),
	}
	for name, a := range r.Attributes {
		declared := r.Kind.Attribute(name)
		out.Expressions[name] = expression(a.Expr, declared != nil && declared.Sensitive || s[[3]string{r.Type, r.Name, name}])
	}
	return out
}

func (s secretConstants) call(c *config.Call) moduleCallJSON {
	out := moduleCallJSON{Source: c.Source, Expressions: map[string]expressionJSON{}, DependsOn: traversals(c.DependsOn),
		CountExpression: optional(c.Count), ForEachExpression: optional(c.ForEach)}
	for name, a := range c.Inputs {
		variable := &config.Variable{}
		if c.Module != nil && c.Module.Variables[name] != nil {
			variable = c.Module.Variables[name]
		}
		out.Expressions[name] = expression(a.Expr, variable.Sensitive)
	}
	if c.Module != nil {
		out.Module = s.module(c.Module)
	}
	return out
}

// optional is an expression that may not be written.
func optional(e hclsyntax.Expression) *expressionJSON {
	if e == nil {
		return nil
	}
	shown := expression(e, false)
	return &shown
}

// expression tells what an expression refers to, or else its value unless it is
// secret. One that calls functions has neither.
func expression(e hclsyntax.Expression, secret bool) expressionJSON {
	if found := traversals(e.Variables()); len(found) > 0 {
		return expressionJSON{References: found}
	}
	if secret {
		return expressionJSON{}
	}
	v, diags := e.Value(nil)
	if diags.HasErrors() {
		return expressionJSON{}
	}
	return expressionJSON{Constant: constantJSON(v)}
}

func constantJSON(v cty.Value) json.RawMessage {
	if v.ContainsMarked() || !v.IsWhollyKnown() {
		return nil
	}
	data, err := ctyjson.Marshal(v, v.Type())
	if err != nil {
		return nil // not every value has JSON
	}
	return data
}

// traversals are the texts of references, each also without its last steps, down to
// the block: "ghl_tag.vip.name" and "ghl_tag.vip".
func traversals(all []hcl.Traversal) []string {
	found := map[string]bool{}
	for _, t := range all {
		text, least := "", 1
		if t.RootName() == "data" {
			least = 2
		}
		for i, step := range t {
			text += stepText(step)
			if i >= min(least, len(t)-1) {
				found[text] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

func stepText(step hcl.Traverser) string {
	switch step := step.(type) {
	case hcl.TraverseRoot:
		return step.Name
	case hcl.TraverseAttr:
		return "." + step.Name
	case hcl.TraverseIndex:
		if step.Key.Type() == cty.String {
			return "[" + strconv.Quote(step.Key.AsString()) + "]"
		}
		return "[" + step.Key.AsBigFloat().String() + "]"
	default:
		return "[*]"
	}
}
