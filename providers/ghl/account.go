package ghl

import (
	"cmp"
	"sync"

	"lockstep/providers/transport"
	"lockstep/schema"
)

// account is the location, or the agency, that the provider is configured for: how
// requests reach it, and what is learnt about it on the way.
type account struct {
	kinds map[string]*kind
	// actions are the declared actions by name.
	actions map[string]*action

	// Set by Configure and not changed afterwards.
	client *transport.Client
	// location is empty for an agency, and agency is its id, empty for a location
	// whose agency the files do not name.
	location, agency string
	host             string
	region           string
	// emulated is set where the sandbox answers.
	emulated bool
	close    func() error

	// mu guards what is learnt.
	mu sync.Mutex
	// definitions of custom fields, by the model that has them.
	definitions map[string]*definitions
	pipelines   []schema.Object // nil: not read yet
	// ids are those of all objects of a kind, nil when they cannot be known.
	ids  map[string]map[string]bool
	self ownself
}

// ownself is the location or the agency itself, read once.
type ownself struct {
	// object is nil when it was not asked for, or may not be read.
	object *schema.Object
	read   bool
	// hidden is why the token may not read it; nil when it may.
	hidden error
}

// configured reports whether Configure has succeeded.
func (a *account) configured() bool { return a.client != nil }

// level is what the account is.
func (a *account) level() owner {
	if a.location == "" {
		return theAgency
	}
	return theLocation
}

// id is the id of the account itself.
func (a *account) id() string { return cmp.Or(a.location, a.agency) }

// isItself reports whether the one object of a kind is the account.
func (a *account) isItself(k *kind) bool { return k.odd.itself == a.level() }
