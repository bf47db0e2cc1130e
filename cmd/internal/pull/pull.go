package pull

import (
	"cmp"
	"slices"
	"strings"

	"lockstep/schema"
)

// Ref names a live object: the reference of its provider, its kind and its remote id.
type Ref struct{ Provider, Kind, ID string }

// Set is the live objects of one kind of one account.
type Set struct {
	// Provider is the reference of the provider: "ghl", "ghl.second".
	Provider string
	Kind     *schema.Kind
	// Source is the data source that finds one object by a natural key. Objects of
	// a set with a Source are only referred to, by data blocks, and not managed.
	Source  *schema.DataSource
	Objects []schema.Object
}

// Input is what to write files for.
type Input struct {
	Sets []Set
	// Managed are the objects that files declare already, with how an expression
	// refers to them, as Reference has it: empty where none can. They are not
	// written again.
	Managed map[Ref]string
	// Taken are the names that the files have already, as an expression refers to
	// them: "ghl_contact.ann", "data.ghl_pipeline.sales", "local.contacts".
	Taken map[string]bool
	// Names are those that the blocks of some objects are to have. They are Taken.
	Names map[Ref]string
	// Into is the one file that all blocks go into, without import blocks; empty for
	// files of each kind.
	Into string
	// Tables asks for a CSV file of each kind, in place of a block for each object.
	Tables bool
	// Spell returns fields as the provider spells what files say, or why it refuses
	// them: a *providers.FieldError names the path.
	Spell func(provider string, kind *schema.Kind, fields schema.Fields) (schema.Fields, error)
}

// File is a file to be written.
type File struct {
	// Name has no folder.
	Name    string
	Content []byte
}

// Written tells how many objects of a kind are in a file.
type Written struct {
	Kind    *schema.Kind
	File    string
	Objects int
}

// Left tells what is live and not in the files.
type Left struct {
	Kind *schema.Kind
	// Path is the attribute, or the key of a map; empty for whole objects.
	Path string
	// Reason ends a sentence that begins with "because": "the API never shows it".
	Reason string
	// Objects is how many are concerned, 0 when that is not known, and Example the
	// id of the first one.
	Objects int
	Example string
}

// Result is what was written.
type Result struct {
	Files   []File
	Written []Written
	Left    []Left
}

// Write makes the files. It is deterministic: the order of the objects is that of
// their names and ids.
func Write(in Input) Result {
	w := &writer{Input: in, names: newNames(in.Taken), entries: map[Ref]*entry{}, left: map[leftKey]*Left{}}
	var sets []*set
	for i := range in.Sets {
		sets = append(sets, w.prepare(&in.Sets[i]))
	}
	files := fileNames(in.Sets)
	var out Result
	var all page
	for i, s := range sets {
		if s.Source != nil || len(s.entries) == 0 {
			continue
		}
		to := Written{Kind: s.Kind, File: files[i] + ".hcl", Objects: len(s.entries)}
		if in.Into != "" {
			to.File = in.Into
			all.blocks = append(all.blocks, w.only(s)...)
		} else {
			out.Files = append(out.Files, w.write(s, files[i])...)
		}
		out.Written = append(out.Written, to)
	}
	if len(all.blocks) > 0 {
		out.Files = []File{{Name: in.Into, Content: all.bytes()}}
	}
	out.Left = w.leftOut()
	return out
}

// writer is one making of files.
type writer struct {
	Input
	names   *names
	entries map[Ref]*entry
	left    map[leftKey]*Left
}

// set is a Set with what is written of its objects.
type set struct {
	*Set
	entries []*entry
	// table is the block of the rows of a CSV file; empty when there is none.
	table tableName
}

// entry is an object with what is written of it.
type entry struct {
	*schema.Object
	set    *set
	fields schema.Fields
	// name is that of the block; of a data block, once something refers to it.
	name string
	// key is that of the row that the object is in; empty when it has a block.
	key string
}

// prepare decides what is written of the objects of a set, and under which names.
func (w *writer) prepare(in *Set) *set {
	s := &set{Set: in}
	objects := make([]*schema.Object, len(in.Objects))
	for i := range in.Objects {
		objects[i] = &in.Objects[i]
	}
	slices.SortFunc(objects, func(a, b *schema.Object) int {
		return cmp.Or(strings.Compare(calledBy(in.Kind, a), calledBy(in.Kind, b)), strings.Compare(a.ID, b.ID))
	})
	for _, e := range w.fresh(s, objects) {
		if in.Source == nil {
			s.entries = append(s.entries, e)
		}
		w.entries[e.ref()] = e
	}
	if w.Tables && in.Source == nil {
		s.tabulate(w.names)
	}
	for _, e := range s.entries {
		e.name = w.Names[e.ref()]
		if e.key == "" && e.name == "" {
			e.name = w.names.give(s.Kind.Name+".", calledBy(s.Kind, e.Object), s.Kind.Noun)
		}
	}
	return s
}

// fresh are the objects that can be written and that no file declares yet. What the
// files declare comes first, as its natural keys are taken.
func (w *writer) fresh(s *set, objects []*schema.Object) []*entry {
	keys := newKeys(s.Kind)
	var all []*entry
	for _, o := range objects {
		e := &entry{Object: o, set: s}
		if _, managed := w.Managed[e.ref()]; managed {
			_, _ = keys.claim(o.Fields)
			continue
		}
		all = append(all, e)
	}
	return slices.DeleteFunc(all, func(e *entry) bool { return s.Source == nil && !w.selected(e, keys) })
}

func (e *entry) ref() Ref { return Ref{e.set.Provider, e.set.Kind.Name, e.ID} }

// address is how expressions refer to the object.
func (e *entry) address() string {
	switch {
	case e.set.Source != nil:
		return "data." + e.set.Source.Name + "." + e.name
	case e.key != "":
		return e.set.Kind.Name + "." + e.set.table.block + "[" + quoted(e.key) + "]"
	default:
		return e.set.Kind.Name + "." + e.name
	}
}

// Reference is how an expression of the root module refers to an object at an address;
// empty for one in a module, which only the module refers to.
func Reference(a schema.Address) string {
	switch {
	case a.Module != "":
		return ""
	case a.Key.Type == schema.StringKey:
		return a.Block().String() + "[" + quoted(a.Key.Text) + "]"
	default:
		return a.String()
	}
}

// leftKey is what tells one thing that is left out from another.
type leftKey struct{ kind, path, reason string }

// leave notes what is left out of an object.
func (w *writer) leave(e *entry, path, reason string) {
	key := leftKey{e.set.Kind.Name, path, reason}
	if w.left[key] == nil {
		w.left[key] = &Left{Kind: e.set.Kind, Path: path, Reason: reason, Example: e.ID}
	}
	w.left[key].Objects++
}

// leftOut is all that was left out, in order.
func (w *writer) leftOut() []Left {
	var all []Left
	for _, l := range w.left {
		all = append(all, *l)
	}
	slices.SortFunc(all, func(a, b Left) int {
		return cmp.Or(strings.Compare(a.Kind.Name, b.Kind.Name), strings.Compare(a.Path, b.Path), strings.Compare(a.Reason, b.Reason))
	})
	return all
}
