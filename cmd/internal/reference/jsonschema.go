package reference

import (
	"encoding/json"
	"io"

	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

// node is a schema of JSON Schema, draft 2020-12.
type node = map[string]any

// JSONSchema writes the schema of *.hcl.json files. It is for editors: what is wrong
// by it is wrong, and `lockstep validate` knows more.
func JSONSchema(w io.Writer, catalog []*schema.Provider) error {
	defs := definitions{"template": node{"type": "string", "pattern": `[$%]\{`}}
	defs.define("condition", block(node{"condition": node{}, "error_message": text()}, "condition", "error_message"))
	defs.define("module", defs.module(catalog))
	file := node{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "lockstep, *.hcl.json",
		"$defs": defs, "anyOf": []node{ref("module"), list(ref("module"))},
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(file)
}

// definitions are schemas by name, which are referred to from many places.
type definitions node

// define keeps a schema, and returns a reference to it.
func (d definitions) define(name string, n node) node {
	d[name] = n
	return ref(name)
}

// module is a file of a module.
func (d definitions) module(catalog []*schema.Provider) node {
	resources, data, actions, providers := node{}, node{}, node{}, node{}
	for _, p := range catalog {
		providers[p.Name] = many(d.define("provider."+p.Name, providerNode(p)))
		for _, k := range p.Kinds {
			if !k.ReadOnly {
				resources[k.Name] = named(d.define("resource."+k.Name, d.kindNode(k)))
			}
		}
		for _, source := range p.Data {
			data[source.Name] = named(d.define("data."+source.Name, dataNode(source)))
		}
		for _, a := range p.Actions {
			actions[a.Name] = named(d.define("action."+a.Name, actionNode(a)))
		}
	}
	blocks := node{
		"provider": block(providers), "resource": block(resources), "data": block(data), "action": block(actions), "locals": many(node{"type": "object"}),
		"moved": many(block(node{"from": word(), "to": word()}, "from", "to")), "removed": many(block(node{"from": word(), "lifecycle": many(block(node{"destroy": flag()}))}, "from")),
		"import": many(block(node{"to": word(), "id": value(cty.String), "for_each": node{}, "provider": word()}, "to", "id")),
		"check":  named(block(node{"assert": many(condition())}, "assert")),
		"variable": named(block(node{
			"type": word(), "default": node{}, "description": text(), "sensitive": flag(), "nullable": flag(), "validation": many(condition()),
		})),
		"output": named(block(node{
			"value": node{}, "type": word(), "description": text(), "sensitive": flag(), "depends_on": list(word()), "precondition": many(condition()),
		}, "value")),
		"module":   named(node{"type": "object", "required": []string{"source"}, "properties": node{"source": text(), "for_each": node{}, "count": node{}, "depends_on": list(word()), "providers": node{"type": "object"}}}),
		"mapping":  named(d.define("mapping", d.mappingNode())),
		"lockstep": many(d.define("lockstep", settings())),
	}
	return block(blocks)
}

// settings is the lockstep block.
func settings() node {
	anything := node{}
	return block(node{
		"required_version": text(), "backend": node{"type": "object"}, "guard": many(block(node{"max_deletes": anything, "max_changes": anything})),
		"state": many(block(node{"personal_data": anything})), "report": many(block(node{"goal_field": anything, "race_field": anything, "race_date_field": anything})),
	})
}

func (d definitions) mappingNode() node {
	field := block(node{
		"value": node{}, "direction": oneOf("to_target", "to_source", "both", "once"), "source": text(),
		"conflict": oneOf("source", "target", "newest", "error"), "clear": flag(), "invalid": oneOf("skip", "error"),
	})
	return block(node{
		"for_each": node{}, "target": text(), "match": node{}, "missing": oneOf("skip", "create", "error"), "invalid": oneOf("skip", "error"),
		"provider": word(), "depends_on": list(word()), "field": node{"type": "object", "additionalProperties": many(d.define("field", field))}, "dynamic": node{},
	}, "target", "match")
}

func providerNode(p *schema.Provider) node {
	properties := node{"alias": text()}
	for i := range p.Config {
		properties[p.Config[i].Name] = attribute(p.Config[i].Attribute())
	}
	return explained(block(properties), p.Doc)
}

// kindNode is a resource block. What a dynamic block may make is not required.
func (d definitions) kindNode(k *schema.Kind) node {
	properties := repeated()
	properties["lifecycle"] = many(d.define("lifecycle", block(node{
		"prevent_destroy": flag(), "ignore_changes": node{}, "on_exists": oneOf("adopt", "error"), "on_destroy": oneOf("delete", "forget", "retire"),
		"precondition": many(condition()), "postcondition": many(condition()),
		"action_trigger": many(block(node{"events": list(word()), "condition": node{}, "actions": list(word())}, "events", "actions")),
	})))
	properties["dynamic"] = node{}
	n := block(properties, add(properties, k.Attributes)...)
	for _, choice := range k.Either {
		n["allOf"] = append(asNodes(n["allOf"]), node{"anyOf": eachRequired(choice)})
	}
	return explained(n, k.Doc)
}

func dataNode(d *schema.DataSource) node {
	properties := repeated()
	properties["lifecycle"] = many(block(node{"precondition": many(condition()), "postcondition": many(condition())}))
	n := block(properties, add(properties, d.Arguments)...)
	for _, choice := range d.Either {
		n["allOf"] = append(asNodes(n["allOf"]), node{"oneOf": eachRequired(choice)})
	}
	return explained(n, d.Doc)
}

func actionNode(a *schema.Action) node {
	config := node{}
	required := add(config, a.Arguments)
	properties := repeated()
	delete(properties, "depends_on")
	properties["config"] = many(block(config, required...))
	return explained(block(properties), a.Doc)
}

// repeated are the arguments that every block with objects has.
func repeated() node {
	return node{"for_each": node{}, "count": node{}, "depends_on": list(word()), "provider": word()}
}

// add adds attributes to properties, and returns those that are required.
func add(properties node, attributes []schema.Attribute) []string {
	var required []string
	for i := range attributes {
		a := &attributes[i]
		if !a.Writable() {
			continue
		}
		properties[a.Name] = attribute(a)
		if a.Required && a.Own != schema.OwnItems {
			required = append(required, a.Name)
		}
	}
	return required
}

func attribute(a *schema.Attribute) node {
	n := value(a.Type)
	if a.Items != nil {
		n = value(a.Items.Written(a.Type))
	}
	if len(a.OneOf) > 0 && a.Type == cty.String {
		n = oneOf(a.OneOf...)
	}
	return explained(n, a.Doc)
}

func eachRequired(names []string) []node {
	var all []node
	for _, name := range names {
		all = append(all, node{"required": []string{name}})
	}
	return all
}

func asNodes(v any) []node {
	all, _ := v.([]node)
	return all
}

// explained adds what editors show.
func explained(n node, doc string) node {
	n["description"] = doc
	return n
}
