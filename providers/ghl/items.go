package ghl

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"lockstep/providers"
	"lockstep/schema"
)

// property is one property of the items of a list.
type property struct {
	// name is the word of the files, and wire that of the API.
	name, wire string
	form       form
}

// items is the form of a list of objects with these properties. Live items keep
// the id that they have beside them, and the order of their position, where they
// have one.
func items(properties ...property) form {
	l := itemList{properties: properties}
	return form{decode: l.decode, encode: l.encode, normalize: l.normalize}
}

// placedItems is the form of a list whose items are written with their position.
func placedItems(properties ...property) form {
	f := items(properties...)
	f.encode = itemList{properties: properties, placed: true}.encode
	return f
}

type itemList struct {
	properties []property
	placed     bool
}

// positioned is a live item with its place.
type positioned struct {
	item  schema.Value
	place float64
}

func (l itemList) decode(d *decoder, raw jsontext.Value) schema.Value {
	var rows []map[string]json.RawMessage
	if err := json.Unmarshal(raw, &rows); err != nil || len(rows) == 0 {
		return schema.Value{}
	}
	found := make([]positioned, 0, len(rows))
	for i, row := range rows {
		if string(row["deleted"]) == "true" {
			continue
		}
		entries := map[string]schema.Value{}
		for _, p := range append(slices.Clip(l.properties), property{name: schema.ItemID, wire: schema.ItemID, form: text}) {
			value := row[p.wire]
			if len(value) == 0 || string(value) == "null" {
				continue
			}
			if v := p.form.decode(d, jsontext.Value(value)); !v.IsAbsent() {
				entries[p.name] = v
			}
		}
		place := float64(i)
		if position := row["position"]; position != nil {
			// What is no number leaves the item where it is.
			_ = json.Unmarshal(position, &place)
		}
		found = append(found, positioned{schema.MapValue(entries), place})
	}
	slices.SortStableFunc(found, func(a, b positioned) int { return cmp.Compare(a.place, b.place) })
	list := make([]schema.Value, len(found))
	for i := range found {
		list[i] = found[i].item
	}
	return schema.ListValue(list...)
}

func (l itemList) encode(v schema.Value) any {
	rows := make([]map[string]any, 0, len(v.Items()))
	for i, item := range v.Items() {
		row := map[string]any{}
		if l.placed {
			row["position"] = i
		}
		if id := item.Entry(schema.ItemID).Text(); id != "" {
			row[schema.ItemID] = id
		}
		if item.Entry(itemDeleted).Truth() {
			row[itemDeleted] = true
		}
		for _, p := range l.properties {
			value := item.Entry(p.name)
			switch {
			case value.IsAbsent():
			case p.form.encode != nil:
				row[p.wire] = p.form.encode(value)
			default:
				row[p.wire] = value.ToJSON()
			}
		}
		rows = append(rows, row)
	}
	return rows
}

func (l itemList) normalize(s *speller, path string, v schema.Value) (schema.Value, error) {
	if v.Type() != schema.List {
		return v, nil
	}
	list := slices.Clone(v.Items())
	for i := range list {
		for _, p := range l.properties {
			value := list[i].Entry(p.name)
			if p.form.normalize == nil || value.IsAbsent() || !value.IsKnown() {
				continue
			}
			spelt, err := p.form.normalize(s, fmt.Sprintf("%s[%d].%s", path, i, p.name), value)
			if err != nil {
				return v, inList(err, path)
			}
			list[i] = list[i].With(p.name, spelt)
		}
	}
	return schema.ListValue(list...), nil
}

// inList gives the error of a property the path of the list, which has a place in
// the files, and names the property in its words.
func inList(err error, path string) error {
	var wrong *providers.FieldError
	if !errors.As(err, &wrong) {
		return err
	}
	return &providers.FieldError{Path: path, Problem: wrong.Path + ": " + wrong.Problem, Advice: wrong.Advice}
}

// itemDeleted marks an item that goes.
const itemDeleted = "deleted"

// buried adds the live items that go to the lists that must name them.
func buried(k *kind, live *schema.Object, fields schema.Fields) schema.Fields {
	var out schema.Fields
	for i := range fields {
		a := k.attributeOf(fields[i].Path)
		if a == nil || !a.bury || live == nil || fields[i].Value.Type() != schema.List {
			continue
		}
		list := slices.Clone(fields[i].Value.Items())
		for _, item := range live.Value(a.Name).Items() {
			if _, stays := a.Items.Find(fields[i].Value, item.Entry(a.Items.Key).Text()); !stays {
				list = append(list, item.With(itemDeleted, schema.BoolValue(true)))
			}
		}
		if out == nil {
			out = slices.Clone(fields)
		}
		out[i].Value = schema.ListValue(list...)
	}
	if out == nil {
		return fields
	}
	return out
}
