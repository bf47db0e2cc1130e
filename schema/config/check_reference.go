package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"lockstep/schema"
)

func (k *checker) reference(at place, ref Reference) {
	switch ref.Kind {
	case RefVariable:
		k.named(ref, "variable", "var", slices.Sorted(maps.Keys(at.module.Variables)))
	case RefLocal:
		k.named(ref, "local value", "local", slices.Sorted(maps.Keys(at.module.Locals)))
	case RefPath:
		k.named(ref, "path", "path", []string{"module", "root", "cwd"})
	case RefLockstep:
		k.named(ref, "attribute", "lockstep", []string{"workspace"})
	case RefModule:
		k.moduleReference(at, ref)
	case RefBlock:
		k.blockReference(at, ref)
	case RefEach:
		k.each(at, ref)
	case RefCount:
		if !at.count {
			k.error("No count here", ref.Range, "count.index is there only within a block that has a count argument.")
		} else {
			k.named(ref, "attribute", "count", []string{"index"})
		}
	case RefAction:
		k.error("An action has no values", ref.Range, "%s has no values that could be used. An action is named in the actions of an action_trigger only.", ref)
	case RefSelf:
		if !at.self {
			k.error("No self here", ref.Range, "self is there only within the postconditions of a block.")
		}
	}
}

func (k *checker) each(at place, ref Reference) {
	switch {
	case at.count:
		k.error("No each here", ref.Range, "This block has count, so its instances are told apart by count.index, not by each.")
	case !at.each:
		k.error("No each here", ref.Range, "each.key and each.value are there only within a block that has a for_each argument.")
	default:
		k.named(ref, "attribute", "each", []string{"key", "value"})
	}
}

// named checks names after a fixed first word, such as var.
func (k *checker) named(ref Reference, what, root string, declared []string) {
	if ref.Name == "" {
		k.error("Invalid reference", ref.Range, "%q is followed by a name, as in %s.NAME.", root, root)
		return
	}
	if slices.Contains(declared, ref.Name) {
		return
	}
	advice := schema.DidYouMean(ref.Name, declared)
	switch {
	case advice != "":
	case what == "variable":
		advice = " Declare it with a block: variable \"" + ref.Name + "\" {}."
	case what == "local value":
		advice = " Declare it in a locals block: locals { " + ref.Name + " = … }."
	}
	k.error("Undeclared "+what, ref.Range, "%s.%s is not declared.%s", root, ref.Name, advice)
}

func (k *checker) blockReference(at place, ref Reference) {
	if k.isEarly(at, ref) {
		return
	}
	if ref.Name == "" {
		k.bareWord(ref)
		return
	}
	r := at.module.Resource(ref.Data, ref.Type, ref.Name)
	if r == nil {
		k.undeclaredBlock(at.module, ref)
		return
	}
	if r.Mapping != nil {
		k.error("A mapping has no values", ref.Range, "%s has no object of its own, so nothing can refer to it or wait for it. Refer to what it reads or writes.", ref)
		return
	}
	repeated := r.ForEach != nil || r.Count != nil
	keyed := ref.Key != nil || ref.Varies
	switch {
	case repeated && !keyed && ref.Attribute != "":
		k.missingKey(ref, r)
		return
	case !repeated && keyed:
		k.error("Unexpected key", ref.Range, "%s has neither for_each nor count, so it is referred to without a key: %s.", ref, ref)
		return
	}
	if names := blockAttributes(r); ref.Attribute != "" && !slices.Contains(names, ref.Attribute) {
		what := "A " + r.Type
		k.error("Unsupported attribute", ref.Range, "%s has no attribute %q.%s", what, ref.Attribute, schema.DidYouMean(ref.Attribute, names))
	}
}

func (k *checker) missingKey(ref Reference, r *Resource) {
	argument, key := "for_each", `["…"]`
	if r.Count != nil {
		argument, key = "count", "[0]"
	}
	k.error("Missing instance key", ref.Range, "%s has %s (%s:%d), so there are many. Name one by its key, %s%s.%s, or all of them: [for x in %s : x.%s].",
		ref, argument, r.Range.Filename, r.Range.Start.Line, ref, key, ref.Attribute, ref, ref.Attribute)
}

// bareWord reports a word without dot, most often a text without quotes.
func (k *checker) bareWord(ref Reference) {
	word := ref.Type
	if ref.Data {
		k.error("Invalid reference", ref.Range, "A data block is referred to as data.SOURCE.NAME.")
		return
	}
	advice := adviceOn(word)
	if advice == "" {
		advice = " Texts stand in quotes: \"" + word + "\"."
	}
	k.error("Invalid reference", ref.Range, "No reference starts with %q. A reference has at least two words with a dot between, as in var.NAME or ghl_contact.NAME.%s", word, advice)
}

func (k *checker) undeclaredBlock(m *Module, ref Reference) {
	if k.rejected[Node{m, NodeBlock, ref.String()}] {
		return
	}
	blocks, what, names := m.Resources, "resource", []string{}
	if ref.Data {
		blocks, what = m.Data, "data block"
	}
	for _, r := range blocks {
		names = append(names, strings.TrimPrefix(r.Address().String(), m.Address()+"."))
	}
	advice := schema.DidYouMean(ref.String(), names)
	if k.cfg.noReference(ref.Type) {
		advice = adviceOn(ref.Type)
	}
	if !ref.Data && m.Resource(true, ref.Type, ref.Name) != nil {
		advice = " There is a data block of this name: data." + ref.String() + "."
	}
	if advice == "" {
		advice = k.declare(ref)
	}
	k.error("Undeclared "+what, ref.Range, "%s is not declared.%s", ref, advice)
}

// declare says how a block is declared that a reference names, if its kind is known.
func (k *checker) declare(ref Reference) string {
	offered := catalog(k.cfg.Catalog)
	source, _ := offered.dataSource(ref.Type)
	switch {
	case ref.Data && source != nil:
		return fmt.Sprintf(" Declare it with a block: data %q %q { … }.", ref.Type, ref.Name)
	case !ref.Data && offered.kind(ref.Type) != nil:
		return fmt.Sprintf(" Declare it with a block: resource %q %q { … }.", ref.Type, ref.Name)
	default:
		return ""
	}
}

// adviceOn says what to write instead of a word that no reference begins with.
func adviceOn(root string) string {
	if root == "terraform" {
		return " The name of the workspace is lockstep.workspace."
	}
	return schema.DidYouMean(root, slices.Sorted(maps.Keys(rootNames)))
}

func (k *checker) moduleReference(at place, ref Reference) {
	if k.isEarly(at, ref) {
		return
	}
	c := at.module.Calls[ref.Name]
	if c == nil {
		k.named(ref, "module", "module", slices.Sorted(maps.Keys(at.module.Calls)))
		return
	}
	repeated := c.ForEach != nil || c.Count != nil
	keyed := ref.Key != nil || ref.Varies
	switch {
	case c.Module == nil || ref.Attribute == "" && !keyed:
	case repeated && !keyed:
		k.error("Missing instance key", ref.Range, "%s is called with for_each or count (%s:%d), so there are many. Name one by its key: %s[\"…\"].%s.",
			ref, c.Range.Filename, c.Range.Start.Line, ref, ref.Attribute)
	case !repeated && keyed:
		k.error("Unexpected key", ref.Range, "%s has neither for_each nor count, so it is referred to without a key: %s.", ref, ref)
	case ref.Attribute != "" && c.Module.Outputs[ref.Attribute] == nil:
		k.error("Undeclared output", ref.Range, "The module in %s has no output %q.%s", c.Module.Dir, ref.Attribute,
			schema.DidYouMean(ref.Attribute, slices.Sorted(maps.Keys(c.Module.Outputs))))
	}
}

func (k *checker) isEarly(at place, ref Reference) bool {
	if at.early == "" {
		return false
	}
	if k.cfg.noReference(ref.Type) && ref.Kind == RefBlock && !ref.Data {
		// The word is not repeated: it may be part of a secret.
		k.error("Invalid reference", ref.Range, "No reference starts like this. Put a text, such as a token, in quotes; better keep a secret in the environment.")
		return true
	}
	k.error("Reference is not known in time", ref.Range,
		"A %s block is evaluated before anything is read from an account, so it can use variables, local values and functions only.", at.early)
	return true
}

// blockAttributes are the names that can follow a reference to one object.
func blockAttributes(r *Resource) []string {
	var names []string
	if d := r.DataSource; d != nil {
		for i := range d.Arguments {
			names = append(names, d.Arguments[i].Name)
		}
		if d.Many != "" {
			return append(names, d.Many, "ids")
		}
	}
	if r.Kind != nil {
		names = append(names, attributeNames(r.Kind)...)
	}
	return names
}
