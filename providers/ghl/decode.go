package ghl

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"lockstep/schema"
)

// decoder reads objects of one kind from answers. A location of 100,000
// contacts is 200 pages of a megabyte each, so it reads tokens as they come,
// looks only at the properties that the query wants, and keeps one copy of a
// text that repeats. It is for one goroutine.
type decoder struct {
	kind        *kind
	definitions *definitions
	// listing is what the answers list; nil for single objects.
	listing *listing
	// slots are the wanted attributes, sorted by name; values and keyed hold
	// what has been read of the current object.
	slots  []slot
	values []schema.Value
	keyed  []schema.Fields
	// properties finds what to do by a property's name, quoted as in JSON.
	properties map[string][]int
	interned   map[string]string
	// page reads an answer, inner a value within it, leaf arrays of texts,
	// also within what inner reads.
	page, inner, leaf tokens
	// rows are those of the list read last.
	rows []row
	// passing is set when the fields of a list may use the memory of the list
	// before, which is then room.
	passing bool
	room    schema.Fields
	// unknownField is set when a value of a custom field is met that the
	// definitions do not have.
	unknownField bool
}

// tokens reads the tokens of one text after another.
type tokens struct {
	jsontext.Decoder
	buffer bytes.Buffer
}

// begin points the reader at a text. Names are not checked for duplicates:
// that costs a table for each object, and the last one wins.
func (t *tokens) begin(text []byte) {
	t.buffer = *bytes.NewBuffer(text)
	t.Reset(&t.buffer, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
}

type slot struct {
	attribute *attribute
	// below is the path of the value within the property; empty when the
	// property is it.
	below string
	// sets are values of a set by their JSON, because most objects have the
	// tags of many others; nil for other attributes.
	sets map[string]schema.Value
}

// Special properties, told from slots by being negative.
const (
	propertyID = -1 - iota
	propertyVersion
	propertyDeleted
)

// row is one decoded object with what a list needs beside it.
type row struct {
	object  schema.Object
	deleted bool
	// begin is where the object begins in the answer.
	begin int64
}

// newDecoder makes a decoder for the rows of a listing or, when that is nil, for
// single answers, whose properties differ. wanted restricts the attributes, empty
// is all.
func newDecoder(k *kind, defs *definitions, rows *listing, wanted []string) *decoder {
	d := &decoder{kind: k, definitions: defs, listing: rows, properties: map[string][]int{}, interned: map[string]string{}}
	for i := range k.attributes {
		a := &k.attributes[i]
		if a.WriteOnly || a.CreateOnly || rows.property(a) == "" {
			continue
		}
		if len(wanted) > 0 && a.Name != k.Parent && !slices.Contains(wanted, a.Name) {
			continue
		}
		s := slot{attribute: a}
		if a.Own == schema.OwnMembers {
			s.sets = map[string]schema.Value{}
		}
		d.slots = append(d.slots, s)
	}
	slices.SortFunc(d.slots, func(a, b slot) int { return strings.Compare(a.attribute.Name, b.attribute.Name) })
	d.values = make([]schema.Value, len(d.slots))
	d.keyed = make([]schema.Fields, len(d.slots))
	for i, s := range d.slots {
		name, second, _ := strings.Cut(rows.property(s.attribute), "|")
		name, d.slots[i].below, _ = strings.Cut(name, ".")
		d.reads(name, i)
		if second != "" {
			d.reads(second, len(d.slots)+i)
		}
	}
	id := k.answers.id
	if rows != nil {
		id = rows.id
	}
	for _, name := range strings.Split(id, "|") {
		d.reads(name, propertyID)
	}
	d.reads("deleted", propertyDeleted)
	if k.answers.version != "" {
		d.reads(k.answers.version, propertyVersion)
	}
	return d
}

// reads adds what is to be done with a property.
func (d *decoder) reads(property string, what int) {
	quoted := `"` + property + `"`
	d.properties[quoted] = append(d.properties[quoted], what)
}

// answer is a decoded list. Its rows are overwritten by the next one.
type answer struct {
	rows []row
	// last is the last row as it came.
	last []byte
	// beside are properties of the answer beside its rows.
	beside map[string]json.RawMessage
	// total is how many rows there are in all, -1 when the answer does not say.
	total int
}

// list reads a list from under an envelope.
func (d *decoder) list(body []byte, envelope string) (answer, error) {
	out := answer{total: -1, beside: d.kept()}
	d.rows, d.room = d.rows[:0], d.room[:0]
	body, envelope = inner(body, envelope)
	found, err := d.envelope(body, envelope, '[', out.beside, func() error {
		for d.page.PeekKind() == '{' {
			r, err := d.object()
			if err != nil {
				return err
			}
			if d.listing != nil && r.object.ID == "" {
				return fmt.Errorf("object %d has no id that is a text", len(d.rows)+1)
			}
			d.rows = append(d.rows, r)
			out.last = body[r.begin:d.page.InputOffset()]
		}
		if d.page.PeekKind() != ']' {
			return fmt.Errorf("object %d is none", len(d.rows)+1)
		}
		_, err := d.page.ReadToken()
		return err
	})
	if err != nil {
		return answer{}, fmt.Errorf("the list under %q cannot be read: %w", envelope, err)
	}
	if !found {
		return answer{}, fmt.Errorf("the answer has no list under %q", envelope)
	}
	out.rows = d.rows
	if d.listing == nil {
		return out, nil
	}
	if n, err := strconv.Atoi(string(valueAt(out.beside, d.listing.page.totalPath()))); err == nil {
		out.total = n
	}
	return out, nil
}

// inner is the part of an answer in which a list stands, with its envelope there.
func inner(body []byte, envelope string) ([]byte, string) {
	first, rest, deeper := strings.Cut(envelope, ".")
	if !deeper || first == "" || rest == "" {
		return body, envelope
	}
	if part := valueIn(body, first); len(part) > 0 && part[0] == '{' {
		return part, rest
	}
	return body, rest
}

// kept has the names of the properties that are kept beside the rows of an answer.
func (d *decoder) kept() map[string]json.RawMessage {
	names := map[string]json.RawMessage{}
	if d.listing != nil {
		for _, name := range d.listing.page.beside() {
			names[name] = nil
		}
	}
	return names
}

// one reads a single object from under an envelope. found is false when there
// is none, or null.
func (d *decoder) one(body []byte, envelope string) (r row, found bool, err error) {
	found, err = d.envelope(body, envelope, '{', nil, func() error {
		r, err = d.members()
		return err
	})
	return r, found && err == nil, err
}

// envelope finds the object or list of an answer and calls read with its opening
// token consumed: under the first of the names that is there, or, for ".", the
// answer itself. beside has the names of further properties to take.
func (d *decoder) envelope(body []byte, names string, open jsontext.Kind, beside map[string]json.RawMessage, read func() error) (found bool, err error) {
	d.page.begin(body)
	kind := d.page.PeekKind()
	alternatives := strings.Split(cmp.Or(names, "."), "|")
	itself := slices.Contains(alternatives, ".")
	switch {
	case itself && kind == open && (open == '[' || len(alternatives) == 1):
		return d.whole(read)
	case itself && kind != '{' && open == '{':
		return false, nil
	case kind != '{':
		return false, errors.New("it is not a JSON object")
	}
	found, err = d.below(alternatives, open, beside, read)
	if err != nil || found || !itself || open != '{' {
		return found, err
	}
	d.page.begin(body)
	return d.whole(read)
}

// below walks the properties of an answer and calls read for the first of the
// names.
func (d *decoder) below(names []string, open jsontext.Kind, beside map[string]json.RawMessage, read func() error) (found bool, err error) {
	if _, err := d.page.ReadToken(); err != nil {
		return false, err
	}
	for d.page.PeekKind() == '"' {
		property, err := d.page.ReadValue()
		if err != nil {
			return false, err
		}
		name := string(trimQuotes(property))
		switch {
		case !found && slices.Contains(names, name) && d.page.PeekKind() == open:
			found, err = d.whole(read)
		case isKept(beside, name):
			var value jsontext.Value
			value, err = d.page.ReadValue()
			beside[name] = slices.Clone(json.RawMessage(value))
		default:
			err = d.page.SkipValue()
		}
		if err != nil {
			return false, err
		}
	}
	// Reading to the end notices an answer that was cut off.
	_, err = d.page.ReadToken()
	return found, err
}

func isKept(beside map[string]json.RawMessage, name string) bool {
	_, kept := beside[name]
	return kept
}

// whole reads the next value of an answer.
func (d *decoder) whole(read func() error) (bool, error) {
	if _, err := d.page.ReadToken(); err != nil {
		return false, err
	}
	err := read()
	return err == nil, err
}
