package planner

import (
	"cmp"
	"slices"
	"strings"

	"lockstep/schema"
)

// Stranger is a live object that is not managed: no block and no record is about it.
type Stranger struct {
	// Provider is the provider's reference, "ghl" or "ghl.eu".
	Provider string
	Kind     *schema.Kind
	// Title is what people call it.
	Title string
	Live  *schema.Object
}

// Strangers are the live objects of the kind that the summary does not count as
// managed, by their titles. They are known after Leave.
func (d *Decision) Strangers() []Stranger {
	var found []Stranger
	for _, s := range d.roster.Live.subjects {
		if s.live == nil || s.counted {
			continue
		}
		found = append(found, Stranger{Provider: d.roster.Provider, Kind: d.roster.Kind, Title: Title(d.roster.Kind, s.live), Live: s.live})
	}
	slices.SortFunc(found, func(a, b Stranger) int {
		return cmp.Or(strings.Compare(a.Title, b.Title), strings.Compare(a.Live.ID, b.Live.ID))
	})
	return found
}
