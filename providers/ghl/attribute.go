package ghl

import (
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

// attribute is one attribute and how it travels.
type attribute struct {
	schema.Attribute
	// wire is the property in request bodies, empty when it is never sent in
	// one.
	wire string
	// read is the property in answers, or the path of one such as
	// "roles.role"; empty means the same as wire. Of two, such as
	// "description|notes", the second counts where the first is missing.
	read string
	// row is the property in the rows of a list; empty means the same as read.
	row string
	// form is how values are spelt.
	form form
	// null is set where the API clears the property by null rather than "".
	null bool
	// always is sent with a create when no value is given, and withUpdate with an
	// update as well; nil sends nothing.
	always any
	// together sends the live values of a map's other keys with an update: it
	// is not known whether the API merges the map or replaces it.
	together bool
	// withUpdate sends the live value with an update that does not change it,
	// because the API insists on it.
	withUpdate bool
	// bury sends the items of a list that go once more, marked as deleted: one that
	// is only left out stays.
	bury bool
	// verify holds the answer of a write against what was sent: the API changes or
	// drops the value without a word.
	verify bool
	// keys are those that a map can be written under; empty for any.
	keys []string
	// shares marks the set of the locations that have the object: a new one that
	// names none gets the location of the provider, and where others have it as well,
	// a delete takes that one out.
	shares bool
	// follows is the instant that this one keeps its distance from, when an update
	// moves only that.
	follows string
	// alone is the call that is made in place of an update of nothing else.
	alone call
}

// model is what has the custom fields that the attribute holds values of; empty
// for other attributes.
func (a *attribute) model() string {
	if a.form.defined && a.KeysOf != nil {
		return a.KeysOf.Where["model"]
	}
	return ""
}

// answered is the property that holds the attribute in an answer.
func (a *attribute) answered() string {
	if a.read != "" {
		return a.read
	}
	return a.wire
}

// listed is the property that holds the attribute in the row of a list.
func (a *attribute) listed() string {
	if a.row != "" {
		return a.row
	}
	return a.answered()
}

// property is the property that holds an attribute in a row; without a listing
// in a single answer.
func (l *listing) property(a *attribute) string {
	switch {
	case l == nil:
		return a.answered()
	case l.rows[a.Name] != "":
		return l.rows[a.Name]
	case l.single:
		return a.answered()
	default:
		return a.listed()
	}
}

// personal declares a text about a person.
func personal(name, wire, doc string) attribute {
	return attribute{
		Attribute: schema.Attribute{Name: name, Type: cty.String, Optional: true, Personal: true, Doc: doc},
		wire:      wire, form: text, null: true,
	}
}

// computed declares a text that only the server writes.
func computed(name, read, doc string, f form) attribute {
	return attribute{Attribute: schema.Attribute{Name: name, Type: cty.String, Computed: true, Doc: doc}, read: read, form: f}
}

// about declares a text that is said about or by a person, and can only be read.
func about(called, read, doc string) attribute {
	a := computed(called, read, doc, text)
	a.Personal = true
	return a
}

// refers declares the id of an object of a kind, which can only be read.
func refers(called, read, kind, doc string) attribute {
	a := computed(called, read, doc, text)
	a.Refers = kind
	return a
}

// argument declares an argument of a data source that may be left out.
func argument(name string, ty cty.Type, doc string) schema.Attribute {
	return schema.Attribute{Name: name, Type: ty, Optional: true, Doc: doc}
}
