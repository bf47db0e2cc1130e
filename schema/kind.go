package schema

import "github.com/zclconf/go-cty/cty"

// Provider declares what one provider offers. It is data only: documentation,
// validation and completion read it without any network.
type Provider struct {
	// Name is the provider's name and the prefix of its kinds: "ghl".
	Name string
	// Doc is one paragraph of plain text.
	Doc string
	// Config are the arguments of a provider block.
	Config []ProviderArgument
	// Kinds are the kinds of object, sorted by name.
	Kinds []*Kind
	// Data are the data sources, sorted by name.
	Data []*DataSource
	// Actions are the actions, sorted by name.
	Actions []*Action
}

// Kind finds a kind by its name; nil when the provider has none of that name.
func (p *Provider) Kind(name string) *Kind {
	for _, k := range p.Kinds {
		if k.Name == name {
			return k
		}
	}
	return nil
}

// DataSource finds a data source by its name; nil when there is none.
func (p *Provider) DataSource(name string) *DataSource {
	for _, d := range p.Data {
		if d.Name == name {
			return d
		}
	}
	return nil
}

// Kind declares a type of object.
type Kind struct {
	// Name is the word written in HCL: "ghl_contact".
	Name string
	// Noun and Plural name the objects to people: "contact", "contacts".
	Noun, Plural string
	// Doc is one paragraph of plain text.
	Doc string
	// Attributes in the order in which people read them.
	Attributes []Attribute
	// Keys are the natural keys, strongest first. An object that exists live
	// under a natural key is adopted, never created twice.
	Keys []NaturalKey
	// Content names the attributes that tell an object without natural key apart
	// from the other children of the same Parent.
	Content []string
	// Parent is the attribute that holds the id of the object this one belongs
	// to; empty when it belongs to the account itself. A Parent that is not
	// Immutable may change: ids tell objects apart without it.
	Parent string
	// Within is the attribute that takes the place of Parent in objects without
	// one, such as the user whose time is taken in every calendar. What it holds
	// counts as the id of a parent in the spelling NAME=ID.
	Within string
	// Either are attributes of which an object has exactly one, set by set.
	Either [][]string
	// Of names the kind whose objects these are, as another call of the API shows
	// them; empty for a kind of its own.
	Of string
	// Retire are the values that on_destroy = "retire" writes in place of a delete.
	// An object that has them is history: its content finds it for no block that
	// does not want them.
	Retire Fields
	// Foreseen is set when the provider can tell at a plan what comes of a write.
	Foreseen bool
	// After names the kinds of the same provider that are written before this
	// one (and deleted after it).
	After []string
	// Personal is set when an object is about one person.
	Personal bool
	// NamedIDs is set when the id of an object holds the name that the files give
	// its account.
	NamedIDs bool
	// ReadOnly is set when objects can be read by data sources and references
	// but never written.
	ReadOnly bool
	// Page is where people find an object in the browser: a path below the pages of
	// its account, with attributes in braces, such as "contacts/detail/{id}". It is
	// empty when no such page is known.
	Page string
	Loss
	// Listing is how the API lists objects of the kind.
	Listing Listing
	// Scopes are the permissions that a token needs.
	Scopes Scopes
}

// Level tells which accounts of a provider reach objects, where some accounts belong
// to others.
type Level uint8

// The levels. The zero value is an account that belongs to an agency, or the only
// level that there is.
const (
	// AgencyLevel is reached by an agency only, to which other accounts belong.
	AgencyLevel Level = iota + 1
	// EveryLevel is reached by an agency, and by each account that belongs to it.
	EveryLevel
)

// Listing declares how the API lists the objects of a kind, if it does, and what it
// leaves out. The zero value is one request that returns all of them.
type Listing struct {
	// Page is how many objects one request returns at most; 0 when one request
	// returns all.
	Page int
	// PerParent is set when objects can only be listed parent by parent, one
	// request each.
	PerParent bool
	// Parents is how many parents one request selects by; 0 when it cannot.
	Parents int
	// Blind is set when no call tells which objects of the kind there are: the state
	// is the only record of them. Such a kind has one natural key, which holds its
	// Parent, and the id of an object is its Identity.
	Blind bool
	// Evidence names the attribute of a Blind kind by which objects can be read all
	// the same: a mark, written beside the object, that the API shows. Empty when
	// there is none.
	Evidence string
	// Partial is set when a list may leave objects out, so that one that is to
	// be created is first looked up by its natural key.
	Partial bool
	// Settles is for how many seconds a look-up may miss an object that was just
	// created. A create whose answer was lost is not repeated before, where the
	// API would make the object twice.
	Settles int
	// Lingers is for how many seconds an object may still be listed, and read, after
	// it was deleted. One that lockstep deleted is so long not taken for alive, and
	// its natural keys are not free. Of what comes in pages only lists are behind, for
	// minutes: the keys are free.
	Lingers int
	// Changed names the argument of a query that selects the objects which
	// changed at or after an instant, and Added the attribute that tells when
	// an object was made; both are empty when the API cannot select so.
	Changed, Added string
}

// Scopes are permissions by the names that the API gives them.
type Scopes struct {
	// Read and Write are needed to read objects, and beside that to write
	// them.
	Read, Write []string
	// Level tells whose token it takes to manage them.
	Level Level
}

// Argument finds an argument of the provider block by its name; nil when there
// is none.
func (p *Provider) Argument(name string) *ProviderArgument {
	for i := range p.Config {
		if p.Config[i].Name == name {
			return &p.Config[i]
		}
	}
	return nil
}

// Attribute finds an attribute by its name; nil when there is none.
func (k *Kind) Attribute(name string) *Attribute { return find(k.Attributes, name) }

// NaturalKey is a set of attribute paths that together identify an object.
type NaturalKey []string

// DataSource declares a read of live objects.
type DataSource struct {
	// Name is the word written in HCL: "ghl_contacts".
	Name string
	// Kind is the name of the kind that is read.
	Kind string
	// Doc is one paragraph of plain text.
	Doc string
	// Many is the name of the attribute that holds the list of objects found;
	// empty for a data source that finds exactly one object and carries that
	// object's attributes itself. A data source with Many also has "ids".
	Many string
	// Arguments can be written in the block and narrow the search.
	Arguments []Attribute
	// OneOf is set when exactly one of the arguments must be given, and Either has
	// arguments of which exactly one must be, set by set.
	OneOf  bool
	Either [][]string
	// Level tells which accounts can read by it.
	Level Level
	// Download is set when what is read goes to a file.
	Download *Download
}

// Argument finds an argument by its name; nil when there is none.
func (d *DataSource) Argument(name string) *Attribute { return find(d.Arguments, name) }

// Ownership is what a file claims by writing an attribute.
type Ownership uint8

// The ways of owning an attribute.
const (
	// OwnWhole claims the whole value.
	OwnWhole Ownership = iota
	// OwnMembers claims the named members of a set only, unless the value is
	// made by exactly() or excludes().
	OwnMembers
	// OwnKeys claims the named keys of a map only.
	OwnKeys
	// OwnItems claims the named items of a list only, and of each what is written,
	// as Attribute.Items tells them apart. A value made by exactly() claims all.
	OwnItems
)

// Attribute declares one attribute of a kind, a provider block or a data
// source.
type Attribute struct {
	Name string
	// Doc is one sentence or two of plain text.
	Doc string
	// Type is the type in HCL. The values of a map whose Type is
	// map(any), written cty.Map(cty.DynamicPseudoType), may differ in type.
	Type cty.Type
	// Example is a value as HCL writes it, for documentation, of an attribute that
	// does not take any value of its type; empty otherwise.
	Example string
	// Own is what a file claims by writing it.
	Own Ownership
	// Required attributes must be written.
	Required bool
	// Computed attributes are set by the server. A Computed attribute that is
	// not also Optional cannot be written.
	Computed, Optional bool
	// Folded values are told apart without regard to case by the server, and
	// compared with regard to it: another case is a new spelling of one object.
	Folded bool
	// Common is true for values of a natural key that several objects may share: no
	// object waits for another one to give such a value up.
	Common bool
	// Interim values give way where objects exchange theirs: one object gets another
	// value for a moment, as it cannot or should not be without one.
	Interim bool
	// Also names the attribute with further values of this one, such as
	// additional e-mail addresses: an object is found by each of them, and is not
	// given as its own what it has there.
	Also string
	// Immutable attributes cannot be changed: a new value replaces the object.
	Immutable bool
	// CreateOnly attributes are sent when the object is created and can
	// neither be changed nor read afterwards. One that is Resent as well says how
	// an object is written: it goes with every write, and makes none by itself.
	CreateOnly bool
	// WriteOnly attributes can be written but not read: whether they moved can
	// be told from the base only.
	WriteOnly bool
	// Resent attributes go with every update: the API insists on them, and does
	// not return them.
	Resent bool
	// Unlisted attributes are not shown by lists: each object whose attribute
	// matters costs a read by id.
	Unlisted bool
	// Sensitive values are masked everywhere.
	Sensitive bool
	// Personal values are hashed in the state and masked by -redact.
	Personal bool
	// Default is the value that the server gives when none is sent; a live
	// value equal to it does not differ from an absent one.
	Default Value
	// Title is set when people call an object by it, as by a name, beside its
	// natural keys.
	Title bool
	// OneOf lists the allowed values of a string; empty allows any.
	OneOf []string
	// KeysOf is set when the keys of this map name other objects, so that an
	// unknown key can be refused before any call.
	KeysOf *KeysOf
	// MembersOf is set when the members of this set name other objects. A member
	// that names none is made by the server.
	MembersOf *KeysOf
	// Items tells the items of a list apart that is OwnItems; nil for others.
	Items *Items
	// ItemIDs is set for the map that has the ids of the items of another attribute:
	// under what the server calls them, and in resources under the keys of the files.
	ItemIDs *ItemIDs
	// Refers names the kind whose id the attribute holds, for documentation.
	Refers string
	// Exists is set when a plan refuses to write an id that no object of the kind has
	// which the attribute Refers to. That kind can be listed as a whole.
	Exists bool
	// Needed is set when an object is not made without the attribute, though one that
	// is there can be managed without it; nil for others.
	Needed *Needed
	// Mirrors is set when the API copies a new value to another object, and back.
	Mirrors *Mirror
	// Ready is what the object that a new one Refers to must have, attribute to
	// value. A plan refuses to make an object that refers to another one.
	Ready map[string]string
	// Channel names the separate call that writes the attribute; empty when it
	// travels with the object's own create or update.
	Channel string
}

// Mirror is where the API copies the value of an attribute: to the Attribute of the
// object whose id the attribute Through holds, which Refers to its kind. A new value
// of that one is copied back.
type Mirror struct{ Through, Attribute string }

// ProviderArgument is an argument of a provider block. A map of objects may be
// written as labelled blocks: `account "ada" { token = … }`.
type ProviderArgument struct {
	Name string
	// Doc is one sentence or two of plain text.
	Doc string
	// Type is the type in HCL.
	Type cty.Type
	// Required arguments must be written or given by the environment.
	Required bool
	// Sensitive values are masked everywhere.
	Sensitive bool
	// Env names the environment variable that gives the argument when it is not
	// written; empty when none does.
	Env string
	// SecretEntries name the sensitive entries of the objects in a map.
	SecretEntries []string
	// Address is set when the provider's secrets are sent to the address that the
	// argument names.
	Address bool
	// Sandbox tells what an argument does for the emulated API.
	Sandbox SandboxRole
}

// SandboxRole is what an argument of a provider block does for the emulated API.
type SandboxRole uint8

// The roles. The zero value is none.
const (
	// SandboxSwitch is true where the emulated API takes the place of the real one.
	SandboxSwitch SandboxRole = iota + 1
	// SandboxFolder names the folder that keeps what is written to the emulated API.
	SandboxFolder
)

// Secret reports whether the argument holds a secret.
func (a *ProviderArgument) Secret() bool { return a.Sensitive || len(a.SecretEntries) > 0 }

// Attribute is the argument as values are fitted to it.
func (a *ProviderArgument) Attribute() *Attribute {
	return &Attribute{Name: a.Name, Doc: a.Doc, Type: a.Type, Required: a.Required, Optional: !a.Required, Sensitive: a.Sensitive}
}

// Writable reports whether a file may give the attribute a value.
func (a *Attribute) Writable() bool { return !a.Computed || a.Optional || a.Required }

func find(attributes []Attribute, name string) *Attribute {
	for i := range attributes {
		if attributes[i].Name == name {
			return &attributes[i]
		}
	}
	return nil
}
