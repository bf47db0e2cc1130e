package ghl

import (
	"context"

	"lockstep/providers"
	"lockstep/schema"
)

// kind is the declaration of one kind.
type kind struct {
	// Kind is what people see. Its Attributes are filled from attributes.
	schema.Kind
	attributes []attribute
	list       listing
	get        call
	create     call
	update     call
	remove     call
	// children lists the objects of one parent from the primary store, to look
	// one up by its content.
	children call
	// channels are the calls of attributes that do not travel with the
	// object's own create or update.
	channels map[string]channel
	// byName finds an attribute by its name.
	byName map[string]*attribute
	// id and version are the properties that hold an object's id and the
	// time of its last change; version may be empty.
	id, version string
	// gone are the texts of 400 answers which mean that an object does not
	// exist, beside 404.
	gone []string
	// derive adds what can be predicted of desired fields.
	derive func(schema.Fields) schema.Fields
	// find reads one object by natural key, for kinds with a look-up call.
	find func(*Provider, providers.Key) (request, bool)
}

// attribute is one attribute and how it travels.
type attribute struct {
	schema.Attribute
	// wire is the property in request bodies, empty when it is never sent in
	// one.
	wire string
	// read is the property in answers; empty means the same as wire.
	read string
	// row is the property in the rows of a list; empty means the same as read.
	row string
	// form says how values are spelt.
	form form
	// null says that the API clears the property by null rather than "".
	null bool
	// always is sent with a create when no value is given; nil sends nothing.
	always any
	// together sends the live values of a map's other keys with an update: it
	// is not known whether the API merges the map or replaces it.
	together bool
	// withUpdate sends the live value with an update that does not change it,
	// because the API insists on it.
	withUpdate bool
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

// call is one operation of the API. Path has placeholders for {id}, {parent}
// and {location}. Envelope is the property of the answer under which the
// object or the list stands.
type call struct {
	method, path, envelope string
	// located adds locationId to the body.
	located bool
}

// listing is how objects are listed.
type listing struct {
	call
	// limit is the property of the body that takes the page size, which is
	// the kind's Page; empty when everything comes in one answer.
	limit string
	// id is the property that holds a row's id when it is not the kind's.
	id string
	// parents splits parents over requests of so many; 0 means that parents
	// are filtered here.
	parents int
	// query fills the body or query string of a list request from the
	// arguments of a data source, and returns a filter for what the API
	// cannot select; nil keeps every row.
	query func(context.Context, *Provider, providers.Query, *request) (keep, error)
}

// keep says whether a listed object belongs to the answer.
type keep func(*schema.Object) bool

// channel is the separate call of some attributes.
type channel struct {
	// add and remove are the calls of a set, with bulk variants; set is the
	// call of a plain value.
	add, remove, set call
	// body is the property that takes the members or the value.
	body string
	// ids is the property that takes the ids of the objects of a bulk call,
	// and most how many it takes; 0 when the call is for one object.
	ids  string
	most int
	// noun names a member to people: `add tag "vip"`.
	noun string
	// shared says that the call is the object's own update: changes of one
	// object through both travel together.
	shared bool
}

// declared finishes a declaration.
func declared(k *kind) *kind {
	k.Attributes = make([]schema.Attribute, len(k.attributes))
	k.byName = make(map[string]*attribute, len(k.attributes))
	for i := range k.attributes {
		k.Attributes[i] = k.attributes[i].Attribute
		k.byName[k.attributes[i].Name] = &k.attributes[i]
	}
	if k.id == "" {
		k.id = "id"
	}
	if k.list.id == "" {
		k.list.id = k.id
	}
	return k
}

// attributeOf finds the declaration of an attribute; nil when there is none.
func (k *kind) attributeOf(name string) *attribute { return k.byName[name] }
