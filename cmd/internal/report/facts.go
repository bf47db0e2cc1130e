package report

import (
	"time"

	"lockstep/cmd/internal/report/figures"
	"lockstep/providers"
	"lockstep/schema"
)

// Facts are what was read of a club.
type Facts struct {
	// Club is the name of the club, empty when it is not known.
	Club string
	// Zone is where the club is: tasks are due and appointments take place by
	// its clock. nil is UTC.
	Zone   *time.Location
	People []PersonFacts
}

// PersonFacts are what was read of one person: at least a contact or an athlete,
// or why an account could not be read.
type PersonFacts struct {
	// Contact in the CRM, nil when there is none, and where the files declare it.
	Contact *schema.Object
	Address string
	// Athletes are the person's Runkeeper accounts.
	Athletes []schema.Object
	// Unread are accounts of the person that could not be read. The facts
	// have nothing else of them.
	Unread []*providers.AccountError
	// Activities are all that are known, in any order.
	Activities []figures.Activity
	// Notes, Tasks and Appointments of the contact.
	Notes, Tasks, Appointments []schema.Object
}
