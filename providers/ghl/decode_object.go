package ghl

import (
	"encoding/json"
	"hash/fnv"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"lockstep/schema"
)

// maxInterned is the longest text of which only one copy is kept: countries,
// tags, cities repeat, addresses do not.
const maxInterned = 24

// maxSets is how many different values of a set are kept.
const maxSets = 4096

// object reads one object, its opening brace included.
func (d *decoder) object() (row, error) {
	if _, err := d.page.ReadToken(); err != nil {
		return row{}, err
	}
	begin := d.page.InputOffset() - 1
	r, err := d.members()
	r.begin = begin
	return r, err
}

// members reads the members of an object up to its closing brace.
func (d *decoder) members() (row, error) {
	clear(d.values)
	for i := range d.keyed {
		d.keyed[i] = d.keyed[i][:0]
	}
	r := row{object: schema.Object{Kind: d.kind.Name}}
	for d.page.PeekKind() == '"' {
		name, err := d.page.ReadValue()
		if err != nil {
			return row{}, err
		}
		wanted := d.properties[string(name)]
		// Reading a value as a whole is faster than skipping its tokens.
		raw, err := d.page.ReadValue()
		if err != nil {
			return row{}, err
		}
		if raw[0] == 'n' {
			continue
		}
		for _, property := range wanted {
			d.property(property, raw, &r)
		}
	}
	if _, err := d.page.ReadToken(); err != nil {
		return row{}, err
	}
	r.object.Fields = d.fields()
	if r.object.Version == "" {
		r.object.Version = contentVersion(r.object.Fields)
	}
	return r, nil
}

// property takes one member's value.
func (d *decoder) property(property int, raw jsontext.Value, r *row) {
	switch property {
	case propertyID:
		// A number would be an id only until it is too large for one.
		if raw[0] == '"' || d.kind.answers.numbered {
			r.object.ID = decodeText(nil, raw).Text()
		}
		return
	case propertyVersion:
		r.object.Version = decodeText(nil, raw).Text()
		return
	case propertyDeleted:
		r.deleted = string(raw) == "true"
		return
	}
	if property >= len(d.slots) {
		// The second property of an attribute that may have come by its first.
		if property -= len(d.slots); !d.values[property].IsAbsent() {
			return
		}
	}
	a := d.slots[property].attribute
	if below := d.slots[property].below; below != "" {
		if raw = jsontext.Value(valueIn(json.RawMessage(raw), below)); raw == nil {
			return
		}
	}
	if a.form.decodeKeys != nil {
		d.keyed[property] = a.form.decodeKeys(d, a.Name, raw, d.keyed[property])
		return
	}
	d.values[property] = d.value(&d.slots[property], raw)
}

// value reads an attribute's value.
func (d *decoder) value(s *slot, raw jsontext.Value) schema.Value {
	if v, known := s.sets[string(raw)]; known {
		return v
	}
	v := s.attribute.form.decode(d, raw)
	if s.sets != nil && len(s.sets) < maxSets {
		s.sets[string(raw)] = v
	}
	return v
}

// fields gathers what was read. Slots are sorted, so the fields are.
func (d *decoder) fields() schema.Fields {
	n := 0
	for i := range d.slots {
		n += len(d.keyed[i])
		if !d.values[i].IsAbsent() {
			n++
		}
	}
	out := d.space(n)
	for i, s := range d.slots {
		if s.attribute.form.decodeKeys != nil {
			out = append(out, d.keyed[i]...)
		} else if !d.values[i].IsAbsent() {
			out = append(out, schema.Field{Path: s.attribute.Name, Value: d.values[i]})
		}
	}
	return out
}

// space is empty, with room for n fields.
func (d *decoder) space(n int) schema.Fields {
	if !d.passing {
		return make(schema.Fields, 0, n)
	}
	if cap(d.room)-len(d.room) < n {
		d.room = make(schema.Fields, 0, max(2*cap(d.room), n))
	}
	end := len(d.room)
	d.room = d.room[:end+n]
	return d.room[end : end : end+n]
}

// contentVersion is the version of an object whose kind has none: a hash of
// its content.
func contentVersion(fields schema.Fields) string {
	h := fnv.New64a()
	for _, f := range fields {
		// Writing to a hash cannot fail.
		_, _ = h.Write([]byte(f.Path))
		_, _ = h.Write([]byte{0})
		_, _ = h.Write([]byte(f.Value.String()))
		_, _ = h.Write([]byte{0})
	}
	return strconv.FormatUint(h.Sum64(), 36)
}

// text is the text of a JSON string.
func (d *decoder) text(raw jsontext.Value) string {
	inside := trimQuotes(raw)
	if slices.Contains(inside, '\\') {
		s, err := jsontext.AppendUnquote(nil, raw)
		if err != nil {
			return ""
		}
		return string(s)
	}
	if d == nil || len(inside) > maxInterned {
		return string(inside)
	}
	if s, known := d.interned[string(inside)]; known {
		return s
	}
	s := string(inside)
	if len(d.interned) < 4096 {
		d.interned[s] = s
	}
	return s
}

// texts are the strings of a JSON array.
func (d *decoder) texts(raw jsontext.Value) []string {
	if len(raw) <= 2 || raw[0] != '[' {
		return nil
	}
	var out []string
	d.leaf.begin(raw)
	if _, err := d.leaf.ReadToken(); err != nil {
		return nil
	}
	for d.leaf.PeekKind() == '"' {
		item, err := d.leaf.ReadValue()
		if err != nil {
			return out
		}
		out = append(out, d.text(item))
	}
	return out
}

// nested calls read for each element of a JSON array, with the decoder before
// the element. It stops at what it cannot read.
func (d *decoder) nested(raw jsontext.Value, read func(*jsontext.Decoder) error) {
	d.inner.begin(raw)
	if token, err := d.inner.ReadToken(); err != nil || token.Kind() != '[' {
		return
	}
	for d.inner.PeekKind() == '{' {
		if err := read(&d.inner.Decoder); err != nil {
			return
		}
	}
}
