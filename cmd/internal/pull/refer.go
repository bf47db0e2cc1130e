package pull

import (
	"slices"
	"strings"

	"lockstep/schema"
)

// refers reports whether an attribute holds ids of objects: of the kind that it
// Refers to, or of several.
func refers(a *schema.Attribute) bool {
	return a.Refers != "" || strings.HasSuffix(a.Name, "_id") || strings.HasSuffix(a.Name, "_ids")
}

// references turn ids into expressions.
type references struct {
	*writer
	// kinds of the sets by their names.
	kinds map[string]*schema.Kind
	// sole are the data sets' entries by the text of the argument that finds each of
	// them alone.
	sole map[*set]*finder
	// data are the data blocks that the file at hand needs.
	data []*entry
}

func newReferences(w *writer) *references {
	r := &references{writer: w, kinds: map[string]*schema.Kind{}, sole: map[*set]*finder{}}
	for i := range w.Sets {
		r.kinds[w.Sets[i].Kind.Name] = w.Sets[i].Kind
	}
	return r
}

// expression is how an attribute of an object refers to an id; ok is false where the
// id itself is written.
func (r *references) expression(e *entry, a *schema.Attribute, id string) (text string, ok bool) {
	for _, kind := range r.candidates(a) {
		ref := Ref{e.set.Provider, kind, id}
		if address := r.Managed[ref]; address != "" {
			return address + ".id", true
		}
		if target := r.target(e, ref); target != nil {
			return target.address() + ".id", true
		}
	}
	if a.Refers == "" && a.Type.IsPrimitiveType() {
		return r.within(e, id)
	}
	return "", false
}

// candidates are the kinds whose ids an attribute may hold.
func (r *references) candidates(a *schema.Attribute) []string {
	if a.Refers != "" {
		return []string{a.Refers}
	}
	var all []string
	for i := range r.Sets {
		if name := r.Sets[i].Kind.Name; !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return all
}

// target is the object in the files that an id is of; nil when there is none, or a
// reference to it would go round in a circle.
func (r *references) target(e *entry, ref Ref) *entry {
	target := r.entries[ref]
	if target == nil || r.leads(target.set.Kind.Name, e.set.Kind.Name, map[string]bool{}) {
		return nil
	}
	if target.set.Source != nil && !r.declare(target) {
		return nil
	}
	return target
}

// leads reports whether objects of one kind refer to those of another, themselves or
// by way of others.
func (r *references) leads(from, to string, seen map[string]bool) bool {
	if from == to {
		return true
	}
	kind := r.kinds[from]
	if seen[from] || kind == nil {
		return false
	}
	seen[from] = true
	return slices.ContainsFunc(kind.Attributes, func(a schema.Attribute) bool {
		return a.Refers != "" && a.Writable() && r.leads(a.Refers, to, seen)
	})
}

// within looks for an id among those that an object which e refers to has of its
// parts, as a pipeline has those of its stages.
func (r *references) within(e *entry, id string) (text string, ok bool) {
	for _, f := range e.fields {
		a := e.set.Kind.Attribute(schema.PathAttribute(f.Path))
		if a.Refers == "" || f.Value.Type() != schema.String {
			continue
		}
		ref := Ref{e.set.Provider, a.Refers, f.Value.Text()}
		whole := r.entries[ref]
		if whole == nil {
			continue
		}
		if part := whole.part(id); part != "" && r.target(e, ref) != nil {
			return whole.address() + part, true
		}
	}
	return "", false
}

// part is how an expression goes on from an object to the id of one of its parts;
// empty when the object has no such part.
func (e *entry) part(id string) string {
	for i := range e.set.Kind.Attributes {
		a := &e.set.Kind.Attributes[i]
		if !a.Computed || !a.Type.IsMapType() {
			continue
		}
		if a.ItemIDs != nil && e.set.Source == nil {
			if key := e.itemKey(a.ItemIDs, id); key != "" {
				return "." + a.Name + "[" + quoted(key) + "]"
			}
			continue
		}
		parts := e.Value(a.Name)
		for n, key := range parts.Keys() {
			if parts.Items()[n].Text() == id {
				return "." + a.Name + "[" + quoted(key) + "]"
			}
		}
	}
	return ""
}

// itemKey is the key that the files give the item with an id; empty when there is
// none.
func (e *entry) itemKey(ids *schema.ItemIDs, id string) string {
	written := e.fields.Value(ids.Of).Items()
	for i, item := range e.Value(ids.Of).Items() {
		if item.Entry(schema.ItemID).Text() == id && i < len(written) {
			return written[i].Entry(ids.Items.Key).Text()
		}
	}
	return ""
}

// declare sees to it that a file has a data block for an object. It reports whether
// one argument finds the object and no other.
func (r *references) declare(e *entry) bool {
	s := e.set
	if r.sole[s] == nil {
		r.sole[s] = newFinder(s, r.entries)
	}
	if r.sole[s].argument(e) == "" {
		return false
	}
	if e.name == "" {
		e.name = r.names.give("data."+s.Source.Name+".", calledBy(s.Kind, e.Object), s.Kind.Noun)
		r.data = append(r.data, e)
	}
	return true
}

// finder knows which argument of a data source finds one object alone.
type finder struct {
	paths []string
	// count is how many objects have a value, by path and value.
	count map[[2]string]int
}

func newFinder(s *set, entries map[Ref]*entry) *finder {
	f := &finder{count: map[[2]string]int{}}
	for i := range s.Source.Arguments {
		if s.Source.Arguments[i].Required && len(s.Source.Arguments) > 1 {
			return f
		}
	}
	for _, key := range s.Kind.Keys {
		if len(key) == 1 && s.Source.Argument(key[0]) != nil {
			f.paths = append(f.paths, key[0])
		}
	}
	for _, e := range entries {
		for _, path := range f.paths {
			if e.set == s {
				f.count[[2]string{path, strings.ToLower(e.Value(path).Text())}]++
			}
		}
	}
	return f
}

// argument is the name of the argument that finds an object alone; empty when none
// does.
func (f *finder) argument(e *entry) string {
	for _, path := range f.paths {
		if text := e.Value(path).Text(); text != "" && f.count[[2]string{path, strings.ToLower(text)}] == 1 {
			return path
		}
	}
	return ""
}
