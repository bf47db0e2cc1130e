package ghl

import (
	"sync"

	"lockstep/providers/transport"
)

// account is the location that the provider is configured for: how requests
// reach it, and what is learnt about it on the way.
type account struct {
	kinds map[string]*kind

	// Set by Configure and not changed afterwards.
	client   *transport.Client
	location string
	host     string
	region   string
	close    func() error

	// mu guards what is learnt.
	mu          sync.Mutex
	definitions *definitions
	country     string
	countryRead bool
}

// configured reports whether Configure has succeeded.
func (a *account) configured() bool { return a.client != nil }
