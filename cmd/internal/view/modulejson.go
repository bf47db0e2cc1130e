package view

import (
	"bufio"
	"encoding/json"
	"fmt"

	"lockstep/planner"
	"lockstep/schema"
)

// resourceJSON is an object as Terraform's representation of values has it.
type resourceJSON struct {
	Address         string `json:"address"`
	Mode            string `json:"mode"`
	Type            string `json:"type"`
	Name            string `json:"name"`
	Index           any    `json:"index,omitempty"`
	ProviderName    string `json:"provider_name"`
	SchemaVersion   int    `json:"schema_version"`
	Values          any    `json:"values"`
	SensitiveValues any    `json:"sensitive_values"`
}

func resourceOf(a schema.Address, provider string, values tree) resourceJSON {
	return resourceJSON{
		Address: a.String(), Mode: mode(a), Type: a.Kind, Name: a.Name, Index: index(a.Key), ProviderName: provider,
		Values: values.value(), SensitiveValues: values.sensitiveMask(),
	}
}

// outputJSON is the value of an output.
type outputJSON struct {
	Sensitive bool `json:"sensitive"`
	Type      any  `json:"type,omitempty"`
	Value     any  `json:"value,omitempty"`
}

// modules writes a tree of modules with their resources, one by one. A module holds
// the numbers of its objects; resource returns one of them.
type modules struct {
	out      *bufio.Writer
	encode   func(*bufio.Writer, any) error
	resource func(i int) resourceJSON
	// of are the objects, and children the modules, of each module by its address.
	of       map[string][]int
	children map[string][]string
}

// put notes an object of a module.
func (m *modules) put(module string, i int) {
	m.enter(module)
	m.of[module] = append(m.of[module], i)
}

// enter makes sure that a module, and those around it, are there.
func (m *modules) enter(module string) {
	if _, known := m.of[module]; known || module == "" {
		return
	}
	m.of[module] = nil
	parent := schema.ParentModule(module)
	m.enter(parent)
	m.children[parent] = append(m.children[parent], module)
}

// write writes the properties of one module, without its braces.
func (m *modules) write(module string) error {
	m.out.WriteString(`"resources":[`)
	for n, i := range m.of[module] {
		if n > 0 {
			m.out.WriteByte(',')
		}
		if err := m.encode(m.out, m.resource(i)); err != nil {
			return err
		}
	}
	m.out.WriteString(`]`)
	if len(m.children[module]) == 0 {
		return nil
	}
	m.out.WriteString(`,"child_modules":[`)
	for n, child := range m.children[module] {
		if n > 0 {
			m.out.WriteByte(',')
		}
		address, _ := json.Marshal(child)
		fmt.Fprintf(m.out, `{"address":%s,`, address)
		if err := m.write(child); err != nil {
			return err
		}
		m.out.WriteByte('}')
	}
	m.out.WriteByte(']')
	return nil
}

func newModules(out *bufio.Writer, encode func(*bufio.Writer, any) error, resource func(int) resourceJSON) *modules {
	return &modules{out: out, encode: encode, resource: resource, of: map[string][]int{"": nil}, children: map[string][]string{}}
}

// values writes the objects of a plan as they were before, or will be after it.
func (v *planJSON) objects(out *bufio.Writer, p *planner.Plan, side func(before, after tree) tree) error {
	of := func(i int) tree { return side(v.values(&p.Changes[i])) }
	all := newModules(out, v.encode, func(i int) resourceJSON {
		return resourceOf(p.Changes[i].Address, p.Changes[i].Provider, of(i))
	})
	for i := range p.Changes {
		if of(i) != nil {
			all.put(p.Changes[i].Address.Module, i)
		}
	}
	out.WriteString(`"root_module":{`)
	if err := all.write(""); err != nil {
		return err
	}
	out.WriteByte('}')
	return nil
}

// planned writes the values of variables, and the objects and outputs as they will be.
// A plan has what it changes; what stays as it is stands in the state.
func (v *planJSON) planned(out *bufio.Writer, p *planner.Plan, d PlanDocument) error {
	variables := map[string]any{}
	for name, value := range d.Variables {
		variables[name] = map[string]any{"value": constantJSON(value)}
		if v.o.Redact {
			variables[name] = map[string]any{"value": personalText}
		}
	}
	outputs := map[string]outputJSON{}
	for _, o := range p.Outputs {
		if o.After != "" && !o.Unknown {
			outputs[o.Name] = outputJSON{Sensitive: o.Sensitive, Type: typeOf(o.After, o.Sensitive), Value: rawJSON(o.After, o.Sensitive)}
		}
	}
	out.WriteString(`"variables":`)
	if err := v.encode(out, variables); err != nil {
		return err
	}
	out.WriteString(`,"planned_values":{"outputs":`)
	if err := v.encode(out, outputs); err != nil {
		return err
	}
	out.WriteByte(',')
	if err := v.objects(out, p, func(_, after tree) tree { return after }); err != nil {
		return err
	}
	out.WriteByte('}')
	return nil
}

// prior writes the objects as they were read, and the files.
func (v *planJSON) prior(out *bufio.Writer, p *planner.Plan, d PlanDocument) error {
	fmt.Fprintf(out, `,"prior_state":{"format_version":%q,"terraform_version":%q,"values":{`, stateFormat, TerraformVersion)
	if err := v.objects(out, p, func(before, _ tree) tree { return before }); err != nil {
		return err
	}
	out.WriteString(`}},"configuration":`)
	switch {
	case len(d.Configuration) == 0:
		return v.encode(out, configurationJSON{})
	case v.o.Redact:
		c, err := redactedConfiguration(d.Configuration)
		if err != nil {
			return err
		}
		return v.encode(out, c)
	default:
		return v.encode(out, d.Configuration)
	}
}
