package eval

import (
	"maps"
	"slices"
	"strings"

	"lockstep/schema"
	"lockstep/schema/config"
)

// maxNames is how many instances of one block are named: nobody reads more.
const maxNames = 200

// Names are the names that an expression in the root module may use and that begin
// with a word, sorted: functions with their parenthesis, variables, local values,
// outputs of modules, and attributes of the objects that were provided.
func (e *Evaluator) Names(word string) []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	names := []string{"path.cwd", "path.module", "path.root", "lockstep.workspace", "true", "false", "null"}
	for name := range e.library.Functions() {
		names = append(names, name+"(")
	}
	root := e.cfg.Root
	for name := range root.Variables {
		names = append(names, "var."+name)
	}
	for name := range root.Locals {
		names = append(names, "local."+name)
	}
	for _, r := range slices.Concat(root.Resources, root.Data) {
		if r.Mapping == nil {
			names = append(names, e.provided.names(r, word)...)
		}
	}
	for _, c := range root.Calls {
		if c.Module != nil {
			outputs := slices.Collect(maps.Keys(c.Module.Outputs))
			names = append(names, instanceNames("module."+c.Name, c.ForEach != nil || c.Count != nil, nil, outputs, word)...)
		}
	}
	names = slices.DeleteFunc(names, func(name string) bool { return !strings.HasPrefix(name, word) })
	slices.Sort(names)
	return names
}

// names are the names of the objects of a block.
func (p *provided) names(r *config.Resource, word string) []string {
	attributes := []string{"id"}
	if d := r.DataSource; d != nil && d.Many != "" {
		attributes = []string{"ids", d.Many}
	} else {
		for i := range r.Kind.Attributes {
			attributes = append(attributes, r.Kind.Attributes[i].Name)
		}
	}
	var keys []schema.Key
	if source := p.source(r); source != nil {
		keys = source.Keys("")
	}
	return instanceNames(r.Address().String(), r.ForEach != nil || r.Count != nil, keys, attributes, word)
}

// instanceNames are the names below a block or module, with its keys only where the
// word asks for them.
func instanceNames(base string, repeated bool, keys []schema.Key, attributes []string, word string) []string {
	below := func(path string) (names []string) {
		for _, a := range attributes {
			names = append(names, path+"."+a)
		}
		return names
	}
	switch {
	case !repeated:
		return below(base)
	case !strings.HasPrefix(word, base):
		return []string{base + "["}
	}
	var names []string
	for _, key := range keys {
		path := base + key.String()
		switch {
		case strings.HasPrefix(word, path):
			names = append(names, below(path)...)
		case strings.HasPrefix(path, word) && len(names) < maxNames:
			names = append(names, path)
		}
	}
	return names
}
