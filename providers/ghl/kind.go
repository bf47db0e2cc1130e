package ghl

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"lockstep/providers"
	"lockstep/schema"
)

// kind is the declaration of one kind.
type kind struct {
	// Kind is what people see. Its Attributes are filled from attributes.
	schema.Kind
	attributes []attribute
	// data are the data sources that read objects of the kind.
	data []*schema.DataSource
	list listing
	// lists are further ways to list, by the data source that takes them: the
	// first for the account whose argument is given, those under "" for whatever
	// finds no other. Otherwise it lists as the kind does.
	lists  map[string][]listing
	get    call
	create call
	update call
	remove call
	// find is the call that reads one object by a natural key.
	find lookup
	// children lists the objects of one parent from the primary store, to look
	// one up by its content. It is left out where list does that itself.
	children call
	// channels are the calls of attributes that do not travel with the
	// object's own create or update.
	channels map[string]channel
	// byName finds an attribute by its name.
	byName  map[string]*attribute
	answers answers
	odd     oddities
}

// answers are what the API's answers say of an object.
type answers struct {
	// id is the property that holds an object's id: "id" when it is not
	// given, and the first that is there of several such as "id|_id".
	id string
	// numbered is set when ids are whole numbers.
	numbered bool
	// version is the property that holds the time of an object's last change;
	// empty when there is none.
	version string
	// gone are the texts of 400 answers which mean that an object does not
	// exist, beside 404.
	gone []string
}

// oddities are what a declaration cannot say in words. All are optional.
type oddities struct {
	// itself marks the kind whose one object is the account, when that is a
	// location, or when it is an agency.
	itself owner
	// derive adds what can be predicted of desired fields.
	derive func(schema.Fields) schema.Fields
	// learn takes all objects of a complete list, for kinds whose objects say
	// how others are read.
	learn func(*account, []schema.Object)
	// wrote is told that an object was created, updated or deleted.
	wrote func(*account)
	// unfold makes a list of an answer that has another shape; nil takes it as it
	// is.
	unfold func([]byte) ([]byte, error)
	// series gives the id of the series that a row is an instance of, or the id
	// of a row that stands for itself. Instances are not listed: an object that
	// was just made is looked for among them, and is its series.
	series func(id string) string
	// foresee tells what comes of the writes of the kind among those of a plan.
	foresee func(context.Context, *account, []providers.Write) ([]providers.Finding, error)
}

// owner is what an account is.
type owner uint8

// The two sorts of account.
const (
	theLocation owner = iota + 1
	theAgency
)

// call is one operation of the API. Path has placeholders for {id}, {parent},
// {location}, and for the arguments of a data source by their names.
type call struct {
	method, path string
	// envelope is the property of the answer under which the object or the
	// list stands; empty when the answer itself is it. Of several, such as
	// "buiseness|business", the first that is there counts, and "." is the
	// answer itself. The list under "messages.messages" stands one floor deeper,
	// unless the answer lacks the outer one.
	envelope string
	// located is where the call takes the id of the location.
	located place
	// company is where the call takes the id of the agency, as companyId.
	company place
	// many is how many objects of one parent a create takes: a list, whose answer is
	// the list of them; 0 when it takes one object.
	many int
	// version is the Version header of this call when it is not that of the
	// provider block.
	version string
	// partial is set when the answer leaves out what the object has, so that it is
	// read again.
	partial bool
	// replaces is set when an update replaces all that an object has: the live
	// object is read right before, and sent with what changes. These properties of
	// its answer are left out. nil: an update leaves alone what it does not name.
	replaces []string
	// terse is set when the answer to a write leaves out what the object has, and the
	// object is read again only where others refer to it.
	terse bool
	// bodied is set when a delete takes a body, which is empty.
	bodied bool
	// invites names the attribute with the e-mail address that HighLevel writes to when
	// the call is made; empty when it writes to none.
	invites string
}

// reads is how many reads go along with a write: of what it replaces, and of what its
// answer leaves out.
func (c *call) reads() int {
	n := 0
	if c.replaces != nil {
		n++
	}
	if c.partial {
		n++
	}
	return n
}

// lookup is a call that reads one object by the value of an attribute.
type lookup struct {
	call
	// parameters take the values of natural keys, by attribute. Without any, the
	// path has a placeholder of the attribute's name.
	parameters map[string]string
	// media is what the type of an answer begins with that is no object but bytes,
	// for a file: "audio/".
	media string
}

// of is the request for a key by the first of the kind's natural keys that it has
// and the call takes; false when there is none.
func (l *lookup) of(k *kind, key schema.Fields) (request, bool) {
	for _, natural := range k.Keys {
		name, v := natural[0], key.Value(natural[0])
		if len(natural) > 1 || isEmpty(v) {
			continue
		}
		if parameter := l.parameters[name]; parameter != "" {
			r := request{call: l.call}
			r.setArgument(parameter, v)
			return r, true
		}
		if strings.Contains(l.path, "{"+name+"}") {
			return request{call: l.call, named: key}, true
		}
	}
	return request{}, false
}

// place is where a call takes the id of the location. The zero place is in its
// path or nowhere.
type place uint8

const (
	// inBody sends locationId in the body.
	inBody place = iota + 1
	// inQuery sends locationId in the query string.
	inQuery
	// inQuerySnake sends location_id in the query string.
	inQuerySnake
)

// listing is how objects are listed.
type listing struct {
	call
	// needs names the argument of the data source without which the listing is
	// not used; empty when it needs none.
	needs string
	// agency is set where an agency lists so, and no location.
	agency bool
	// parameters are those of the request that take arguments of the data
	// source, by the name of the argument.
	parameters map[string]string
	// fixed are parameters that every request has.
	fixed map[string]string
	// page is how the list goes on; without it everything comes in one answer.
	// size is how many rows a full page has: of the kind's own list, its Page.
	page paging
	size int
	// id is the property that holds a row's id when it is not the kind's.
	id string
	// single is set when rows have the properties of single answers.
	single bool
	// rows are the properties of a row that are others again, by attribute.
	rows map[string]string
	// each are the values of a parameter that are listed apart.
	each apart
	// parent is the parameter of the query string that takes the id of the parent,
	// where it has no place in the path. Of two, such as "calendarId|userId", the
	// second takes what schema.Kind.Within holds.
	parent string
	// parents splits parents over requests of so many; 0 means that parents
	// are filtered here.
	parents int
	// witness is how the Evidence of a Blind kind is read, which has no call.
	witness witness
	// query fills the body or query string of a list request from the
	// arguments of a data source, and returns a filter for what the API
	// cannot select; nil keeps every row.
	query func(context.Context, *account, providers.Query, *request) (keep, error)
}

// apart are the values of a parameter that has no value for all of them.
type apart struct {
	parameter string
	of        []string
}

// all are the values, or the empty one that stands for no parameter.
func (v *apart) all() []string {
	if len(v.of) == 0 {
		return []string{""}
	}
	return v.of
}

// keep reports whether a listed object belongs to the answer.
type keep func(*schema.Object) bool

// channel is the separate call of some attributes.
type channel struct {
	// add and remove are the calls of a set; set is the call of plain values.
	add, remove, set call
	// addAlone and removeAlone are used in place of bulk calls for an object that
	// would be alone in one.
	addAlone, removeAlone call
	// body is the property that takes the members, or the value that a bulk
	// call sets. The set call of one object sends each attribute under its own
	// property.
	body string
	// fixed are properties that a set call always has.
	fixed map[string]any
	// ids is the property that takes the ids of the objects of a bulk call,
	// and most how many it takes; 0 when the call is for one object.
	ids  string
	most int
	// verdict is the property that names the object in each row of the answer
	// to a bulk call.
	verdict string
	// ofParent marks a bulk call that takes the ids of the objects' parents, and
	// names these in its verdicts.
	ofParent bool
	// listed sends the value that a bulk call sets as the only member of a list.
	listed bool
	// noun names a member to people: `add tag "vip"`.
	noun string
	// shared marks the call that is the object's own update: changes of one
	// object through both travel together.
	shared bool
}

// declared finishes a declaration.
func declared(k *kind) *kind {
	k.Attributes = make([]schema.Attribute, len(k.attributes))
	k.byName = make(map[string]*attribute, len(k.attributes))
	for i := range k.attributes {
		if a := &k.attributes[i]; len(a.OneOf) == 0 {
			a.Example = cmp.Or(a.Example, a.form.example)
		}
		k.Attributes[i] = k.attributes[i].Attribute
		k.byName[k.attributes[i].Name] = &k.attributes[i]
	}
	if k.answers.id == "" {
		k.answers.id = "id"
	}
	k.Foreseen = k.odd.foresee != nil || k.create.invites != ""
	if k.list.id == "" {
		k.list.id = k.answers.id
	}
	k.list.size, k.Listing.Parents = k.Listing.Page, k.list.parents
	for _, ways := range k.lists {
		for i := range ways {
			ways[i].id = cmp.Or(ways[i].id, k.answers.id)
		}
	}
	return k
}

// model is what has the custom fields whose definitions are needed to read the
// wanted attributes, of which none is all; empty when no definition is.
func (k *kind) model(wanted []string) string {
	for i := range k.attributes {
		if a := &k.attributes[i]; a.form.defined && (len(wanted) == 0 || slices.Contains(wanted, a.Name)) {
			return a.model()
		}
	}
	return ""
}

// retires reports whether a write retires its object.
func (k *kind) retires(w *providers.Write) bool {
	return w.Action == providers.Delete && len(k.Retire) > 0 && len(w.Fields) > 0
}

// whole reports whether the rows of a list have all attributes.
func (k *kind) whole() bool {
	return !slices.ContainsFunc(k.attributes, func(a attribute) bool { return a.Unlisted })
}

// listingFor is how an account lists the objects of a query.
func (a *account) listingFor(k *kind, q *providers.Query) *listing {
	for _, source := range []string{q.Source, ""} {
		ways := k.lists[source]
		for i := range ways {
			way := &ways[i]
			if way.agency == (a.level() == theAgency) && (way.needs == "" || !isEmpty(q.Where.Value(way.needs))) {
				return way
			}
		}
	}
	return &k.list
}

// updateOf is the call that updates an object by some writes.
func (k *kind) updateOf(writes []providers.Write) call {
	var only string
	for i := range writes {
		for _, f := range writes[i].Fields {
			name := schema.PathAttribute(f.Path)
			if only != "" && only != name {
				return k.update
			}
			only = name
		}
	}
	if a := k.attributeOf(only); a != nil && a.alone.path != "" {
		return a.alone
	}
	return k.update
}

// attributeOf finds the declaration of an attribute; nil when there is none.
func (k *kind) attributeOf(name string) *attribute { return k.byName[name] }
