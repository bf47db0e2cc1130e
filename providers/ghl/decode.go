package ghl

import (
	"bytes"
	"fmt"
	"slices"
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
	// slots are the wanted attributes, sorted by name; values and keyed hold
	// what has been read of the current object.
	slots  []slot
	values []schema.Value
	keyed  []schema.Fields
	// properties finds what to do by a property's name, quoted as in JSON.
	properties map[string]int
	interned   map[string]string
	page       *jsontext.Decoder
	pageBuffer bytes.Buffer
	inner      *jsontext.Decoder
	buffer     bytes.Buffer
	// leaf reads arrays of texts, also within what inner reads.
	leaf       *jsontext.Decoder
	leafBuffer bytes.Buffer
	// rows are those of the list read last, cursor that of its last row.
	rows   []row
	cursor []byte
	// unknownField is set when a value of a custom field is met that the
	// definitions do not have.
	unknownField bool
}

type slot struct {
	attribute *attribute
	// sets are values of a set by their JSON, because most objects have the
	// tags of many others; nil for other attributes.
	sets map[string]schema.Value
}

// Special properties, told from slots by being negative.
const (
	propertyID = -1 - iota
	propertyVersion
	propertyCursor
	propertyDeleted
)

// row is one decoded object with what a list needs beside it.
type row struct {
	object  schema.Object
	deleted bool
}

// newDecoder makes a decoder. listed tells rows of a list from single answers,
// whose properties differ; wanted restricts the attributes, empty is all.
func newDecoder(k *kind, defs *definitions, listed bool, wanted []string) *decoder {
	d := &decoder{kind: k, definitions: defs, properties: map[string]int{}, interned: map[string]string{}}
	for i := range k.attributes {
		a := &k.attributes[i]
		if a.WriteOnly || a.CreateOnly || a.answered() == "" {
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
		name := s.attribute.answered()
		if listed {
			name = s.attribute.listed()
		}
		d.properties[`"`+name+`"`] = i
	}
	id := k.id
	if listed {
		id = k.list.id
	}
	d.properties[`"`+id+`"`] = propertyID
	d.properties[`"searchAfter"`] = propertyCursor
	d.properties[`"deleted"`] = propertyDeleted
	if k.version != "" {
		if _, taken := d.properties[`"`+k.version+`"`]; !taken {
			d.properties[`"`+k.version+`"`] = propertyVersion
		}
	}
	d.page, d.inner, d.leaf = &jsontext.Decoder{}, &jsontext.Decoder{}, &jsontext.Decoder{}
	return d
}

// reset points a token decoder at a text. Names are not checked for
// duplicates: that costs a table for each object, and the last one wins.
func reset(dec *jsontext.Decoder, buffer *bytes.Buffer, text []byte) {
	*buffer = *bytes.NewBuffer(text)
	dec.Reset(buffer, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
}

// answer is a decoded list. Its rows are overwritten by the next one.
type answer struct {
	rows []row
	// cursor is where the next page begins, as JSON; empty when rows have none.
	cursor string
	total  int
}

// list reads a list from under an envelope.
func (d *decoder) list(body []byte, envelope string) (answer, error) {
	out := answer{total: -1}
	d.rows, d.cursor = d.rows[:0], d.cursor[:0]
	found, err := d.envelope(body, envelope, &out.total, '[', func() error {
		for d.page.PeekKind() == '{' {
			r, err := d.object()
			if err != nil {
				return err
			}
			d.rows = append(d.rows, r)
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
	out.rows, out.cursor = d.rows, string(d.cursor)
	return out, nil
}

// one reads a single object from under an envelope, or, when the envelope is
// empty, from the answer itself. found is false when there is none, or null.
func (d *decoder) one(body []byte, envelope string) (r row, found bool, err error) {
	if envelope == "" {
		reset(d.page, &d.pageBuffer, body)
		if d.page.PeekKind() != '{' {
			return row{}, false, nil
		}
		if _, err := d.page.ReadToken(); err != nil {
			return row{}, false, err
		}
		r, err = d.object()
		return r, err == nil && r.object.ID != "", err
	}
	found, err = d.envelope(body, envelope, nil, '{', func() error {
		r, err = d.members()
		return err
	})
	return r, found && err == nil, err
}

// envelope walks the top of an answer and calls read with the opening token of
// the envelope's value consumed.
func (d *decoder) envelope(body []byte, name string, total *int, open jsontext.Kind, read func() error) (found bool, err error) {
	reset(d.page, &d.pageBuffer, body)
	if d.page.PeekKind() != '{' {
		return false, fmt.Errorf("it is not a JSON object")
	}
	if _, err := d.page.ReadToken(); err != nil {
		return false, err
	}
	for d.page.PeekKind() == '"' {
		property, err := d.page.ReadValue()
		if err != nil {
			return false, err
		}
		switch string(trimQuotes(property)) {
		case name:
			if d.page.PeekKind() != open {
				if err := d.page.SkipValue(); err != nil {
					return false, err
				}
				continue
			}
			if _, err := d.page.ReadToken(); err != nil {
				return false, err
			}
			if err := read(); err != nil {
				return false, err
			}
			found = true
		case "total":
			if err := d.readTotal(total); err != nil {
				return false, err
			}
		default:
			if err := d.page.SkipValue(); err != nil {
				return false, err
			}
		}
	}
	// Reading to the end notices an answer that was cut off.
	_, err = d.page.ReadToken()
	return found, err
}
