package reference

import (
	"maps"
	"slices"

	"github.com/zclconf/go-cty/cty"
)

// value is a value of a type, or a template that gives one.
func value(ty cty.Type) node {
	switch {
	case ty == cty.DynamicPseudoType:
		return node{}
	case ty == cty.Bool:
		return node{"anyOf": []node{{"type": []string{"boolean", "null"}}, {"enum": []string{"true", "false"}}, ref("template")}}
	case ty.IsPrimitiveType():
		// Numbers and texts convert into each other.
		return node{"type": []string{"string", "number", "boolean", "null"}}
	case ty.IsMapType():
		return templated(node{"type": "object", "additionalProperties": value(ty.ElementType())})
	case ty.IsObjectType():
		return templated(object(ty))
	default:
		return templated(list(value(ty.ElementType())))
	}
}

func object(ty cty.Type) node {
	properties := node{}
	var required []string
	for _, name := range slices.Sorted(maps.Keys(ty.AttributeTypes())) {
		properties[name] = value(ty.AttributeType(name))
		if !ty.AttributeOptional(name) {
			required = append(required, name)
		}
	}
	return block(properties, required...)
}

func templated(n node) node { return node{"anyOf": []node{n, {"type": "null"}, ref("template")}} }

// block is an object of these properties only; "//" is a comment.
func block(properties node, required ...string) node {
	properties["//"] = node{}
	n := node{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		n["required"] = required
	}
	return n
}

// many is a block, or a list of such.
func many(n node) node { return node{"anyOf": []node{n, list(n)}} }

// named are blocks by their names.
func named(n node) node { return node{"type": "object", "additionalProperties": many(n)} }

func list(n node) node { return node{"type": "array", "items": n} }

func ref(name string) node { return node{"$ref": "#/$defs/" + name} }

// word is a reference, or a word that has no quotes in the native syntax.
func word() node { return node{"type": "string"} }

func text() node { return node{"type": []string{"string", "null"}} }

func flag() node { return value(cty.Bool) }

func condition() node { return ref("condition") }

// oneOf is one of a few texts, or a template that gives one.
func oneOf(texts ...string) node {
	return node{"anyOf": []node{{"enum": texts}, {"type": "null"}, ref("template")}}
}
