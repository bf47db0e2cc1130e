package ghl

import "lockstep/schema"

const kindLostReason = "ghl_lost_reason"

// lostReasonKind declares the reasons why opportunities are lost (HighLevel
// opportunities API, lost reasons).
func lostReasonKind() *kind {
	return declared(&kind{
		Kind: schema.Kind{
			Name: kindLostReason, Noun: "lost reason", Plural: "lost reasons",
			Scopes:   schema.Scopes{Read: []string{"opportunities.readonly"}},
			Doc:      "A reason why opportunities are lost, to be named by its id. Reasons can only be read.",
			Keys:     []schema.NaturalKey{{"name"}},
			ReadOnly: true,
			Listing:  schema.Listing{Page: 100},
		},
		attributes: []attribute{computed("name", "name", "The reason.", name)},
		data: []*schema.DataSource{
			{Name: "ghl_lost_reasons", Kind: kindLostReason, Many: "lost_reasons", Doc: "All reasons that the location offers."},
		},
		list: listing{
			call: call{method: "GET", path: "/opportunities/lost-reason", envelope: "lostReasons", located: inQuery},
			page: paging{limit: "limit", skip: "skip"},
		},
	})
}
