package config

import (
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"lockstep/schema"
)

// place says what the expressions of a block may refer to besides blocks,
// variables and local values.
type place struct {
	module            *Module
	each, count, self bool
	// early is set, to the name of the block, where nothing that is read from
	// an account can be used, because no account is configured yet.
	early string
}

// checkModule checks the references of all expressions of a module and of
// those below it.
func (l *loader) checkModule(m *Module) {
	at := place{module: m}
	for _, name := range slices.Sorted(maps.Keys(m.Variables)) {
		l.checkConditions(at, m.Variables[name].Validations)
	}
	for _, name := range slices.Sorted(maps.Keys(m.Locals)) {
		l.checkExpr(at, m.Locals[name].Expr)
	}
	for _, name := range slices.Sorted(maps.Keys(m.Outputs)) {
		o := m.Outputs[name]
		l.checkExpr(at, o.Value)
		l.checkConditions(at, o.Preconditions)
		l.checkDependsOn(m, o.DependsOn)
	}
	for _, r := range m.Data {
		l.checkResource(r)
	}
	for _, r := range m.Resources {
		l.checkResource(r)
	}
	for _, c := range m.Checks {
		l.checkConditions(at, c.Asserts)
	}
	for _, i := range m.Imports {
		l.checkImport(m, i)
	}
	for _, name := range slices.Sorted(maps.Keys(m.Calls)) {
		l.checkCall(m, m.Calls[name])
	}
	if m.Parent == nil {
		l.checkEarly(m)
	}
}

func (l *loader) checkResource(r *Resource) {
	outside := place{module: r.Module}
	l.checkExpr(outside, r.ForEach)
	l.checkExpr(outside, r.Count)
	inside := place{module: r.Module, each: r.ForEach != nil, count: r.Count != nil}
	for _, a := range sortedAttributes(r.Attributes) {
		l.checkExpr(inside, a.Expr)
	}
	if r.Mapping != nil {
		if r.Mapping.Match != nil {
			l.checkExpr(inside, r.Mapping.Match.Expr)
		}
		l.checkMapping(r)
	}
	l.checkConditions(inside, r.Lifecycle.Preconditions)
	inside.self = true
	l.checkConditions(inside, r.Lifecycle.Postconditions)
	l.checkDependsOn(r.Module, r.DependsOn)
}

func (l *loader) checkCall(m *Module, c *Call) {
	outside := place{module: m}
	l.checkExpr(outside, c.ForEach)
	l.checkExpr(outside, c.Count)
	inside := place{module: m, each: c.ForEach != nil, count: c.Count != nil}
	for _, a := range sortedAttributes(c.Inputs) {
		l.checkExpr(inside, a.Expr)
	}
	l.checkDependsOn(m, c.DependsOn)
	if c.Module != nil {
		l.checkModule(c.Module)
	}
}

func (l *loader) checkImport(m *Module, i *Import) {
	l.checkExpr(place{module: m}, i.ForEach)
	inside := place{module: m, each: i.ForEach != nil}
	l.checkExpr(inside, i.ID)
	to, key := i.TargetAddress()
	if key != nil {
		l.checkExpr(inside, key)
	}
	if i.block(m) == nil && !m.rejected[blockName(to.Data, to.Kind, to.Name)] {
		l.error("Import of an undeclared resource", i.To.Range(),
			"%s is not declared. Write its resource block, or let the pull command write it.", to.Block())
	}
}

// checkEarly checks blocks that are evaluated before any account is read.
func (l *loader) checkEarly(m *Module) {
	for _, p := range m.Providers {
		at := place{module: m, early: "provider"}
		for _, a := range sortedAttributes(p.Attributes) {
			l.checkExpr(at, a.Expr)
		}
		for _, b := range p.Blocks {
			for _, a := range sortedAttributes(b.Body.Attributes) {
				l.checkExpr(at, a.Expr)
			}
		}
	}
	s := l.cfg.Settings
	at := place{module: m, early: "lockstep"}
	for _, expr := range []hclsyntax.Expression{s.RequiredVersion, s.MaxDeletes, s.MaxChanges, s.PersonalData} {
		l.checkExpr(at, expr)
	}
	if s.Backend != nil {
		for _, a := range sortedAttributes(s.Backend.Attributes) {
			l.checkExpr(at, a.Expr)
		}
	}
}

func (l *loader) checkConditions(at place, conditions []*Condition) {
	for _, c := range conditions {
		l.checkExpr(at, c.Condition)
		l.checkExpr(at, c.Message)
	}
}

func (l *loader) checkDependsOn(m *Module, traversals []hcl.Traversal) {
	for _, t := range traversals {
		ref := TraversalReference(t)
		if ref.Kind != RefBlock && ref.Kind != RefModule {
			l.error("Invalid depends_on", ref.Range, "depends_on names resources, data blocks and modules only; everything else is waited for by itself.")
			continue
		}
		ref.Key, ref.Attribute = nil, ""
		l.checkReference(place{module: m}, ref)
	}
}

func (l *loader) checkExpr(at place, expr hclsyntax.Expression) {
	if expr == nil {
		return
	}
	l.checkFunctions(expr)
	for _, ref := range References(expr) {
		l.checkReference(at, ref)
	}
}

func (l *loader) checkReference(at place, ref Reference) {
	switch ref.Kind {
	case RefVariable:
		l.checkNamed(ref, "variable", "var", slices.Sorted(maps.Keys(at.module.Variables)))
	case RefLocal:
		l.checkNamed(ref, "local value", "local", slices.Sorted(maps.Keys(at.module.Locals)))
	case RefPath:
		l.checkNamed(ref, "path", "path", []string{"module", "root", "cwd"})
	case RefModule:
		l.checkModuleReference(at, ref)
	case RefBlock:
		l.checkBlockReference(at, ref)
	case RefEach:
		l.checkEach(at, ref)
	case RefCount:
		if !at.count {
			l.error("No count here", ref.Range, "count.index is there only within a block that has a count argument.")
		} else {
			l.checkNamed(ref, "attribute", "count", []string{"index"})
		}
	case RefSelf:
		if !at.self {
			l.error("No self here", ref.Range, "self is there only within the postconditions of a block.")
		}
	}
}

func (l *loader) checkEach(at place, ref Reference) {
	switch {
	case at.count:
		l.error("No each here", ref.Range, "This block has count, so its instances are told apart by count.index, not by each.")
	case !at.each:
		l.error("No each here", ref.Range, "each.key and each.value are there only within a block that has a for_each argument.")
	default:
		l.checkNamed(ref, "attribute", "each", []string{"key", "value"})
	}
}

// checkNamed checks names after a fixed first word, such as var.
func (l *loader) checkNamed(ref Reference, what, root string, declared []string) {
	if ref.Name == "" {
		l.error("Invalid reference", ref.Range, "%q is followed by a name, as in %s.NAME.", root, root)
		return
	}
	for _, name := range declared {
		if name == ref.Name {
			return
		}
	}
	advice := schema.DidYouMean(ref.Name, declared)
	if advice == "" && what == "variable" {
		advice = " Declare it with a block: variable \"" + ref.Name + "\" {}."
	}
	l.error("Undeclared "+what, ref.Range, "%s.%s is not declared.%s", root, ref.Name, advice)
}

// checkFunctions reports functions that there are not.
func (l *loader) checkFunctions(expr hclsyntax.Expression) {
	// The callback reports through l.
	_ = hclsyntax.VisitAll(expr, func(node hclsyntax.Node) hcl.Diagnostics {
		call, ok := node.(*hclsyntax.FunctionCallExpr)
		if !ok || l.functions[call.Name] {
			return nil
		}
		if remedy, ok := notOffered[call.Name]; ok {
			l.error("Function is not offered", call.NameRange, "The function %s is not offered: %s", call.Name, remedy)
			return nil
		}
		l.error("Unknown function", call.NameRange, "There is no function %q.%s", call.Name, schema.DidYouMean(call.Name, slices.Sorted(maps.Keys(l.functions))))
		return nil
	})
}

// notOffered are functions that people know from Terraform, and why they are
// missing here.
var notOffered = map[string]string{
	"uuid":   "its value differs at every run, so that every plan would show a change. Derive a value from what is known, for example with uuidv5 or sha256.",
	"bcrypt": "its value differs at every run, so that every plan would show a change. Use sha256 for a value that stays.",
}

func (l *loader) checkBlockReference(at place, ref Reference) {
	if l.isEarly(at, ref) {
		return
	}
	if ref.Name == "" {
		l.bareWord(ref)
		return
	}
	r := at.module.Resource(ref.Data, ref.Type, ref.Name)
	if r == nil {
		l.undeclaredBlock(at.module, ref)
		return
	}
	if r.Mapping != nil {
		l.error("A mapping has no values", ref.Range, "%s writes to other objects and has none of its own, and nothing can wait for it. Refer to what it reads or writes.", ref)
		return
	}
	repeated := r.ForEach != nil || r.Count != nil
	keyed := ref.Key != nil || ref.Varies
	switch {
	case repeated && !keyed && ref.Attribute != "":
		l.missingKey(ref, r)
		return
	case !repeated && keyed:
		l.error("Unexpected key", ref.Range, "%s has neither for_each nor count, so it is referred to without a key: %s.", ref, ref)
		return
	}
	if names := blockAttributes(r); ref.Attribute != "" && !contains(names, ref.Attribute) {
		what := "A " + r.Type
		l.error("Unsupported attribute", ref.Range, "%s has no attribute %q.%s", what, ref.Attribute, schema.DidYouMean(ref.Attribute, names))
	}
}

func (l *loader) missingKey(ref Reference, r *Resource) {
	argument, key := "for_each", `["…"]`
	if r.Count != nil {
		argument, key = "count", "[0]"
	}
	l.error("Missing instance key", ref.Range, "%s has %s (%s:%d), so there are many. Name one by its key, %s%s.%s, or all of them: [for x in %s : x.%s].",
		ref, argument, r.Range.Filename, r.Range.Start.Line, ref, key, ref.Attribute, ref, ref.Attribute)
}

// bareWord reports a word without dot, most often a text without quotes.
func (l *loader) bareWord(ref Reference) {
	word := ref.Type
	if ref.Data {
		l.error("Invalid reference", ref.Range, "A data block is referred to as data.SOURCE.NAME.")
		return
	}
	advice := schema.DidYouMean(word, slices.Sorted(maps.Keys(rootNames)))
	if advice == "" {
		advice = " Texts stand in quotes: \"" + word + "\"."
	}
	l.error("Invalid reference", ref.Range, "%q is not the start of a reference, which has at least two words with a dot between, as in var.NAME or ghl_contact.NAME.%s", word, advice)
}

func (l *loader) undeclaredBlock(m *Module, ref Reference) {
	if m.rejected[ref.String()] {
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
	if l.cfg.noReference(ref.Type) {
		advice = schema.DidYouMean(ref.Type, slices.Sorted(maps.Keys(rootNames)))
	}
	if !ref.Data && m.Resource(true, ref.Type, ref.Name) != nil {
		advice = " There is a data block of this name: data." + ref.String() + "."
	}
	l.error("Undeclared "+what, ref.Range, "%s is not declared.%s", ref, advice)
}

func (l *loader) checkModuleReference(at place, ref Reference) {
	if l.isEarly(at, ref) {
		return
	}
	c := at.module.Calls[ref.Name]
	if c == nil {
		l.checkNamed(ref, "module", "module", slices.Sorted(maps.Keys(at.module.Calls)))
		return
	}
	repeated := c.ForEach != nil || c.Count != nil
	keyed := ref.Key != nil || ref.Varies
	switch {
	case c.Module == nil || ref.Attribute == "" && !keyed:
	case repeated && !keyed:
		l.error("Missing instance key", ref.Range, "%s is called with for_each or count (%s:%d), so there are many. Name one by its key: %s[\"…\"].%s.",
			ref, c.Range.Filename, c.Range.Start.Line, ref, ref.Attribute)
	case !repeated && keyed:
		l.error("Unexpected key", ref.Range, "%s has neither for_each nor count, so it is referred to without a key: %s.", ref, ref)
	case ref.Attribute != "" && c.Module.Outputs[ref.Attribute] == nil:
		l.error("Undeclared output", ref.Range, "The module in %s has no output %q.%s", c.Module.Dir, ref.Attribute,
			schema.DidYouMean(ref.Attribute, slices.Sorted(maps.Keys(c.Module.Outputs))))
	}
}

func (l *loader) isEarly(at place, ref Reference) bool {
	if at.early == "" {
		return false
	}
	if l.cfg.noReference(ref.Type) && ref.Kind == RefBlock && !ref.Data {
		// The word is not repeated: it may be part of a secret.
		l.error("Invalid reference", ref.Range, "This is the start of no reference. If it is a text, such as a token, it stands in quotes; a secret is better kept in the environment.")
		return true
	}
	l.error("Reference is not known in time", ref.Range,
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

func contains(names []string, name string) bool {
	for _, n := range names {
		if n == name {
			return true
		}
	}
	return false
}
