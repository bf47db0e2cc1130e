package sandbox

import (
	"cmp"
	"sort"
	"strconv"
	"strings"
)

// sortField is one level of a sort.
type sortField struct {
	field string
	desc  bool
}

// sortKey is a contact's value of a sort field: a number, a text, or nothing,
// which comes last either way.
type sortKey struct {
	n      int64
	s      string
	isText bool
	none   bool
}

// order is a sorted list of contacts. Equal ones are in the order of their ids.
type order struct {
	by   []sortField
	rows []orderRow
}

type orderRow struct {
	contact *contact
	keys    []sortKey
}

// orderCache keeps the orders of the current generation of the picture.
type orderCache struct {
	gen  uint64
	made map[string]*order
}

// keptOrders bounds how many sorted lists are kept at a time.
const keptOrders = 4

func (oc *orderCache) get(gen uint64, key string) (*order, bool) {
	if oc.gen != gen {
		return nil, false
	}
	kept, known := oc.made[key]
	return kept, known
}

func (oc *orderCache) keep(gen uint64, key string, made *order) {
	if oc.made == nil || oc.gen != gen || len(oc.made) >= keptOrders {
		oc.gen, oc.made = gen, map[string]*order{}
	}
	oc.made[key] = made
}

// sortFields reads the sort of a search, or names the field it cannot sort by.
func sortFields(v any) (by []sortField, bad string) {
	list, _ := v.([]any)
	for _, element := range list {
		level := element.(object)
		name := level["field"].(string)
		if kind := fieldKinds[name]; kind != textField && kind != dateField {
			return nil, name
		}
		by = append(by, sortField{field: name, desc: level["direction"] != "asc"})
	}
	if by == nil {
		by = []sortField{{field: "dateAdded", desc: true}}
	}
	return by, ""
}

// keysOf appends a contact's sort keys to a list that many contacts share.
func keysOf(keys []sortKey, c *contact, by []sortField) []sortKey {
	for _, level := range by {
		if ms, isDate := c.date(level.field); isDate {
			if ms == nil {
				keys = append(keys, sortKey{none: true})
				continue
			}
			keys = append(keys, sortKey{n: *ms})
			continue
		}
		s := strings.ToLower(*c.text(level.field))
		keys = append(keys, sortKey{s: s, isText: true, none: s == ""})
	}
	return keys
}

// date returns the time that a date field holds, if the name names one.
func (c *contact) date(name string) (ms *int64, isDate bool) {
	switch name {
	case "dateAdded":
		return &c.Added, true
	case "dateUpdated":
		return &c.Updated, true
	case "dateOfBirth":
		return c.DateOfBirth, true
	}
	return nil, false
}

func (o *order) compare(a, b orderRow) int {
	return o.compareKeys(a.keys, a.contact.ID, b.keys, b.contact.ID)
}

func (o *order) compareKeys(a []sortKey, aID string, b []sortKey, bID string) int {
	for i, level := range o.by {
		if a[i].none != b[i].none {
			if a[i].none {
				return 1
			}
			return -1
		}
		diff := cmp.Or(cmp.Compare(a[i].n, b[i].n), strings.Compare(a[i].s, b[i].s))
		if level.desc {
			diff = -diff
		}
		if diff != 0 {
			return diff
		}
	}
	return strings.Compare(aID, bID)
}

// after returns the index of the first row behind a cursor: the values of the
// sort fields, then the id.
func (o *order) after(cursor []any) int {
	last := len(cursor) - 1
	id, _ := cursor[last].(string)
	keys := make([]sortKey, last)
	for i, v := range cursor[:last] {
		switch v := v.(type) {
		case float64:
			keys[i] = sortKey{n: int64(v)}
		case string:
			keys[i] = sortKey{s: strings.ToLower(v), isText: true}
		default:
			keys[i] = sortKey{none: true}
		}
	}
	return sort.Search(len(o.rows), func(i int) bool {
		return o.compareKeys(o.rows[i].keys, o.rows[i].contact.ID, keys, id) > 0
	})
}

func (r orderRow) appendCursor(out []byte) []byte {
	out = append(out, '[')
	for _, key := range r.keys {
		switch {
		case key.none:
			out = append(out, "null"...)
		case key.isText:
			out = appendString(out, key.s)
		default:
			out = strconv.AppendInt(out, key.n, 10)
		}
		out = append(out, ',')
	}
	return append(appendString(out, r.contact.ID), ']')
}
