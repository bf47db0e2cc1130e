package runkeeper

import (
	"strconv"
	"time"

	"github.com/zclconf/go-cty/cty"

	"lockstep/providers/runkeeper/export"
	"lockstep/schema"
)

type attribute = schema.Attribute

// computed declares an attribute that is read.
func computed(name string, ty cty.Type, doc string) attribute {
	return attribute{Name: name, Type: ty, Computed: true, Doc: doc}
}

// personal declares an attribute that is read and says something about a
// person.
func personal(name string, ty cty.Type, doc string) attribute {
	a := computed(name, ty, doc)
	a.Personal = true
	return a
}

// fields collects values; those without are left out.
type fields struct {
	all schema.Fields
}

func (f *fields) value(path string, v schema.Value) {
	f.all = append(f.all, schema.Field{Path: path, Value: v})
}

func (f *fields) text(path, s string) {
	if s != "" {
		f.value(path, schema.StringValue(s))
	}
}

func (f *fields) number(path string, n float64) { f.value(path, number(n)) }

func (f *fields) amount(path string, n export.Amount, places int) {
	if n.Known {
		f.number(path, export.Round(n.Value, places))
	}
}

// distance gives metres and kilometres: total_distance_m and _km.
func (f *fields) distance(name string, metres float64) {
	f.number(name+"_m", export.Round(metres, 2))
	f.number(name+"_km", export.Round(metres/1000, 5))
}

func (f *fields) day(path string, t time.Time) {
	if !t.IsZero() {
		f.text(path, t.Format(dayForm))
	}
}

// object sorts what was collected.
func (f *fields) object(kind, id string) schema.Object {
	f.all.Sort()
	return schema.Object{Kind: kind, ID: id, Fields: f.all}
}

// mapped makes a Map of what was collected.
func (f *fields) mapped() schema.Value {
	entries := make(map[string]schema.Value, len(f.all))
	for _, field := range f.all {
		entries[field.Path] = field.Value
	}
	return schema.MapValue(entries)
}

// number spells a number without an exponent.
func number(n float64) schema.Value {
	if n == 0 {
		// Not the minus zero that rounding may leave.
		n = 0
	}
	return schema.NumberValue(strconv.FormatFloat(n, 'f', -1, 64))
}

// start spells when an activity began, with the offset that is known.
func start(a *export.Activity) string {
	if t, ok := a.Clock(); ok {
		return t.Format(time.RFC3339)
	}
	return a.Start.Format(clockForm)
}
