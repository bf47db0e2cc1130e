package planner

import (
	"slices"

	"lockstep/planner/state"
	"lockstep/schema"
)

// outlines keep of live objects that are in step only what other objects may ask of
// them: the natural keys, and the values that go with what their keys name.
type outlines struct {
	// kept are the attributes that are kept, keys among them by which objects are
	// found.
	kept, keys []string
	// fields, objects and subjects hold what is kept of many objects in few
	// allocations.
	fields   schema.Fields
	objects  []schema.Object
	subjects []Subject
}

// pageRoom is for how many objects, or fields, room is made at a time.
const pageRoom = 1024

func newOutlines(kind *schema.Kind) *outlines {
	k := &outlines{}
	k.keys = slices.Compact(slices.Sorted(slices.Values(slices.Concat(kind.Keys...))))
	for i := range kind.Attributes {
		switch a := &kind.Attributes[i]; {
		case slices.Contains(k.keys, a.Name):
			k.kept = append(k.kept, a.Name)
			if a.Also != "" {
				k.kept = append(k.kept, a.Also)
			}
		case a.KeysOf != nil:
			k.kept = append(k.kept, a.Name)
		}
	}
	return k
}

// keep copies an object with other fields.
func (k *outlines) keep(o schema.Object, fields schema.Fields) *schema.Object {
	if len(k.objects) == cap(k.objects) {
		k.objects = make([]schema.Object, 0, pageRoom)
	}
	begin := k.begin(len(fields))
	k.fields = append(k.fields, fields...)
	o.Fields = k.since(begin)
	k.objects = append(k.objects, o)
	return &k.objects[len(k.objects)-1]
}

// asked copies the fields that are kept of an object in step. Where the files have
// the same text, it is not held twice.
func (k *outlines) asked(live schema.Fields, desired *Desired) schema.Fields {
	begin := k.begin(len(live))
	for _, f := range live {
		if !slices.Contains(k.kept, schema.PathAttribute(f.Path)) {
			continue
		}
		if want := desired.Value(f.Path); want.Equal(f.Value) && want.Written() == f.Value.Written() {
			f.Value = want
		}
		k.fields = append(k.fields, f)
	}
	return k.since(begin)
}

// vouched makes the subject of an object that was not read, because its record tells
// that it is as the files want it.
func (k *outlines) vouched(kind *schema.Kind, d *Desired, r *state.Record) *Subject {
	begin := k.begin(d.fields.Len())
	for _, name := range k.kept {
		if !slices.Contains(k.keys, name) {
			k.fields = append(k.fields, d.Of(name)...)
		} else if f, ok := d.Find(name); ok {
			k.fields = append(k.fields, f)
		}
	}
	if len(k.subjects) == cap(k.subjects) {
		k.subjects = make([]Subject, 0, pageRoom)
	}
	fields := k.since(begin)
	fields.Sort()
	live := k.keep(schema.Object{Kind: kind.Name, ID: r.ID, Version: r.Version}, nil)
	live.Fields = fields
	k.subjects = append(k.subjects, Subject{live: live})
	return &k.subjects[len(k.subjects)-1]
}

// begin makes room for some fields, and returns where they begin.
func (k *outlines) begin(n int) int {
	if cap(k.fields)-len(k.fields) < n {
		k.fields = make(schema.Fields, 0, max(n, pageRoom))
	}
	return len(k.fields)
}

func (k *outlines) since(begin int) schema.Fields {
	return k.fields[begin:len(k.fields):len(k.fields)]
}
