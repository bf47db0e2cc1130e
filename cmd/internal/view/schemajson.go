package view

import (
	"encoding/json"
	"io"

	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

// schemaFormat is the version of Terraform's format for schemas of providers
// (terraform providers schema -json).
const schemaFormat = "1.0"

type schemasJSON struct {
	FormatVersion   string                        `json:"format_version"`
	ProviderSchemas map[string]providerSchemaJSON `json:"provider_schemas"`
}

type providerSchemaJSON struct {
	Provider    schemaJSON            `json:"provider"`
	Resources   map[string]schemaJSON `json:"resource_schemas"`
	DataSources map[string]schemaJSON `json:"data_source_schemas"`
	Actions     map[string]schemaJSON `json:"action_schemas,omitempty"`
}

type schemaJSON struct {
	Version int       `json:"version"`
	Block   blockJSON `json:"block"`
}

type blockJSON struct {
	Attributes      map[string]attributeJSON `json:"attributes"`
	Description     string                   `json:"description"`
	DescriptionKind string                   `json:"description_kind"`
}

type attributeJSON struct {
	Type            cty.Type `json:"type"`
	Description     string   `json:"description"`
	DescriptionKind string   `json:"description_kind"`
	Required        bool     `json:"required,omitempty"`
	Optional        bool     `json:"optional,omitempty"`
	Computed        bool     `json:"computed,omitempty"`
	Sensitive       bool     `json:"sensitive,omitempty"`
}

// SchemasJSON writes what providers declare in Terraform's format.
func SchemasJSON(w io.Writer, catalog []*schema.Provider) error {
	out := schemasJSON{schemaFormat, map[string]providerSchemaJSON{}}
	for _, p := range catalog {
		made := providerSchemaJSON{Resources: map[string]schemaJSON{}, DataSources: map[string]schemaJSON{}, Actions: map[string]schemaJSON{}}
		made.Provider = newSchema(p.Doc)
		for i := range p.Config {
			made.Provider.add(p.Config[i].Attribute())
		}
		for _, k := range p.Kinds {
			made.Resources[k.Name] = kindSchema(k)
		}
		for _, d := range p.Data {
			made.DataSources[d.Name] = dataSchema(d, p.Kind(d.Kind))
		}
		for _, a := range p.Actions {
			made.Actions[a.Name] = actionSchema(a)
		}
		out.ProviderSchemas[p.Name] = made
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(out)
}

func newSchema(doc string) schemaJSON {
	return schemaJSON{Block: blockJSON{Attributes: map[string]attributeJSON{}, Description: doc, DescriptionKind: "plain"}}
}

func (s *schemaJSON) add(a *schema.Attribute) {
	s.Block.Attributes[a.Name] = attributeJSON{
		Type: a.Type, Description: a.Doc, DescriptionKind: "plain",
		Required: a.Required, Optional: a.Optional, Computed: a.Computed && !a.Required, Sensitive: a.Sensitive,
	}
}

// result adds what can only be read.
func (s *schemaJSON) result(name, doc string, ty cty.Type, sensitive bool) {
	s.Block.Attributes[name] = attributeJSON{Type: ty, Description: doc, DescriptionKind: "plain", Computed: true, Sensitive: sensitive}
}

func actionSchema(a *schema.Action) schemaJSON {
	s := newSchema(a.Doc)
	for i := range a.Arguments {
		s.add(&a.Arguments[i])
	}
	return s
}

const idDoc = "The id that the API gives."

func kindSchema(k *schema.Kind) schemaJSON {
	s := newSchema(k.Doc)
	s.result("id", idDoc, cty.String, false)
	for i := range k.Attributes {
		s.add(&k.Attributes[i])
	}
	return s
}

// dataSchema has the arguments of a data source, and what it reads: one object of a
// kind, or a list of them.
func dataSchema(d *schema.DataSource, k *schema.Kind) schemaJSON {
	s := newSchema(d.Doc)
	object := map[string]cty.Type{"id": cty.String}
	for i := range k.Attributes {
		a := &k.Attributes[i]
		object[a.Name] = a.Type
		if d.Many == "" {
			s.result(a.Name, a.Doc, a.Type, a.Sensitive)
		}
	}
	if d.Many == "" {
		s.result("id", idDoc, cty.String, false)
	} else {
		s.result("ids", "The ids of the objects that were found.", cty.List(cty.String), false)
		s.result(d.Many, "The objects that were found.", cty.List(cty.Object(object)), false)
	}
	for i := range d.Arguments {
		a := d.Arguments[i]
		_, read := s.Block.Attributes[a.Name]
		a.Computed = a.Computed || read && !a.Required
		s.add(&a)
	}
	return s
}
