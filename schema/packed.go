package schema

import "slices"

// Packed are the fields of one of many objects that are alike: most have the same
// paths, and the same values of all but texts. It takes a third of the memory of
// Fields. It is never changed. The zero value has no fields.
type Packed struct {
	shape *shape
	texts []string
}

// shape is what packed fields have in common.
type shape struct {
	fields Fields
	// own are the places of fields whose text each object has itself.
	own []int
	// keyed reports whether there are fields of single keys of a map.
	keyed bool
}

// Pack makes Packed of the fields of one object. It keeps them.
func Pack(fields Fields) Packed {
	if len(fields) == 0 {
		return Packed{}
	}
	return Packed{shape: &shape{fields: fields, keyed: keyed(fields)}}
}

// Fields returns the fields, sorted. They must not be changed.
func (p Packed) Fields() Fields {
	if len(p.texts) == 0 && p.shape != nil {
		return p.shape.fields
	}
	return p.Append(nil)
}

// Append appends the fields, sorted, to others.
func (p Packed) Append(to Fields) Fields {
	if p.shape == nil {
		return to
	}
	begin := len(to)
	to = append(to, p.shape.fields...)
	for i, at := range p.shape.own {
		to[begin+at].Value = StringValue(p.texts[i])
	}
	return to
}

// Find returns the first field with a path. ok is false when there is none.
func (p Packed) Find(path string) (field Field, ok bool) {
	if p.shape == nil {
		return Field{}, false
	}
	at, ok := p.shape.fields.place(path)
	if !ok {
		return Field{}, false
	}
	field = p.shape.fields[at]
	if i, own := slices.BinarySearch(p.shape.own, at); own {
		field.Value = StringValue(p.texts[i])
	}
	return field, true
}

// Value returns the value under a path, Absent when there is none.
func (p Packed) Value(path string) Value {
	field, _ := p.Find(path)
	return field.Value
}

// Of returns the fields that belong to an attribute.
func (p Packed) Of(attribute string) Fields {
	if p.shape == nil {
		return nil
	}
	if !p.shape.keyed {
		f, ok := p.Find(attribute)
		if !ok {
			return nil // as of most attributes
		}
		if f.Claim == ClaimValue {
			return Fields{f}
		}
	}
	return p.Fields().Of(attribute)
}

// Len returns how many fields there are.
func (p Packed) Len() int {
	if p.shape == nil {
		return 0
	}
	return len(p.shape.fields)
}

const (
	// mostShapes is in how many shapes the fields of objects are looked for.
	mostShapes = 16
	// packRoom is for how many texts, or fields, room is made at a time.
	packRoom = 4096
)

// Packer packs the fields of many objects, of which it keeps what they have in
// common once. The zero value is ready.
type Packer struct {
	shapes []*shape
	texts  []string
	fields Fields
}

// Pack packs fields, of which it keeps only the values.
func (k *Packer) Pack(fields Fields) Packed {
	if len(fields) == 0 {
		return Packed{}
	}
	for i, s := range k.shapes {
		if !s.fits(fields) {
			continue
		}
		if i > 0 {
			// The next one is most likely the same.
			k.shapes[i], k.shapes[i-1] = k.shapes[i-1], s
		}
		return Packed{shape: s, texts: k.textsOf(s, fields)}
	}
	if len(k.shapes) == mostShapes {
		return Pack(k.keep(fields))
	}
	s := newShape(slices.Clone(fields))
	k.shapes = append(k.shapes, s)
	return Packed{shape: s, texts: k.textsOf(s, fields)}
}

func newShape(fields Fields) *shape {
	s := &shape{fields: fields, keyed: keyed(fields)}
	for i := range fields {
		if fields[i].Value.isPlain() {
			s.own = append(s.own, i)
			fields[i].Value = Value{}
		}
	}
	return s
}

func keyed(fields Fields) bool {
	return slices.ContainsFunc(fields, func(f Field) bool { return PathKey(f.Path) != "" })
}

// fits reports whether fields differ from a shape in their own texts alone.
func (s *shape) fits(fields Fields) bool {
	if len(fields) != len(s.fields) {
		return false
	}
	own := s.own
	for i := range fields {
		f, g := &fields[i], &s.fields[i]
		if f.Path != g.Path || f.Claim != g.Claim || f.Sensitive != g.Sensitive || f.Derived != g.Derived {
			return false
		}
		if len(own) > 0 && own[0] == i {
			own = own[1:]
			if !f.Value.isPlain() {
				return false
			}
		} else if !f.Value.same(g.Value) {
			return false
		}
	}
	return true
}

func (k *Packer) textsOf(s *shape, fields Fields) []string {
	if cap(k.texts)-len(k.texts) < len(s.own) {
		k.texts = make([]string, 0, max(min(2*cap(k.texts), packRoom), len(s.own)))
	}
	begin := len(k.texts)
	for _, at := range s.own {
		k.texts = append(k.texts, fields[at].Value.text)
	}
	return k.texts[begin:len(k.texts):len(k.texts)]
}

// keep copies fields into one of few allocations.
func (k *Packer) keep(fields Fields) Fields {
	if cap(k.fields)-len(k.fields) < len(fields) {
		k.fields = make(Fields, 0, max(min(2*cap(k.fields), packRoom), len(fields)))
	}
	begin := len(k.fields)
	k.fields = append(k.fields, fields...)
	return k.fields[begin:len(k.fields):len(k.fields)]
}

// isPlain reports whether a value is a String that is written as it is compared.
func (v Value) isPlain() bool { return v.is == isString }

// same reports whether two values, and how they are written, do not differ at all.
func (v Value) same(w Value) bool {
	if v.is == w.is {
		return v.text == w.text
	}
	return v.Type() == w.Type() && v.text == w.text && v.Written() == w.Written() &&
		slices.Equal(v.Keys(), w.Keys()) && slices.EqualFunc(v.Items(), w.Items(), Value.same)
}
