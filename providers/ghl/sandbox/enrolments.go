package sandbox

import "net/http"

// enrolment is what calls did to a contact in a workflow or a campaign. The API
// does not tell it; the sandbox keeps it so that a test can see what was sent
// twice.
type enrolment struct {
	Contact string `json:"contact"`
	Into    string `json:"into"`  // id of the workflow or campaign
	Calls   int    `json:"calls"` // how often the contact was put in
	In      bool   `json:"in"`
}

// Enrolment says how often a contact was put into a workflow or a campaign, each
// of which may have sent messages, and whether it still is in it.
type Enrolment struct {
	Contact, Into string
	Calls         int
	In            bool
}

// enrolments are the calls that put contacts into workflows and campaigns.
type enrolments struct {
	*collection[enrolment]
	l *location
}

func newEnrolments(l *location) *enrolments {
	es := &enrolments{collection: newCollection[enrolment](l.store, "enrolment"), l: l}
	es.parent = func(e *enrolment) string { return e.Contact }
	l.people.owns(belonging{drop: es.dropOf})
	return es
}

func (es *enrolments) routes() []route {
	const contact = "/contacts/{contactId}"
	start := shape{"eventStartTime": {kind: text}}
	routes := []route{
		{method: http.MethodDelete, pattern: contact + "/campaigns/remove-all", v3: true, serve: es.leaveCampaigns},
		{method: http.MethodDelete, pattern: contact + "/campaigns/removeAll", serve: es.leaveCampaigns},
		{method: http.MethodPost, pattern: contact + "/campaigns/{campaignId}", serve: es.joinCampaign},
		{method: http.MethodDelete, pattern: contact + "/campaigns/{campaignId}", serve: es.leaveCampaign},
		{method: http.MethodPost, pattern: contact + "/workflow/{workflowId}", body: start, serve: es.joinWorkflow},
		{method: http.MethodDelete, pattern: contact + "/workflow/{workflowId}", body: start, serve: es.leaveWorkflow},
	}
	for i := range routes {
		routes[i].scope = contactsWrite
	}
	return routes
}

// change counts a call that puts the contact of a path in, or takes it out.
func (es *enrolments) change(c *call, into *automations, id string, in bool) *answer {
	contact, refusal := es.l.people.named(c)
	if refusal != nil {
		return refusal
	}
	if _, known := into.byID[id]; !known {
		return badRequest(into.words.unknown)
	}
	es.set(c, contact.ID, id, in)
	return done()
}

func (es *enrolments) set(c *call, contact, into string, in bool) {
	key := contact + "/" + into
	e := enrolment{Contact: contact, Into: into}
	if old := es.byID[key]; old != nil {
		e = *old
	}
	if e.In = in; in {
		e.Calls++
	}
	es.put(c.now, key, &e)
}

func (es *enrolments) joinWorkflow(c *call) *answer {
	return es.change(c, es.l.workflows, c.vars["workflowId"], true)
}

func (es *enrolments) leaveWorkflow(c *call) *answer {
	return es.change(c, es.l.workflows, c.vars["workflowId"], false)
}

// joinCampaign is the one call of these that answers 201.
func (es *enrolments) joinCampaign(c *call) *answer {
	a := es.change(c, es.l.campaigns, c.vars["campaignId"], true)
	if a.status == http.StatusOK {
		a.status = http.StatusCreated
	}
	return a
}

func (es *enrolments) leaveCampaign(c *call) *answer {
	return es.change(c, es.l.campaigns, c.vars["campaignId"], false)
}

func (es *enrolments) leaveCampaigns(c *call) *answer {
	contact, refusal := es.l.people.named(c)
	if refusal != nil {
		return refusal
	}
	for _, e := range es.list(contact.ID) {
		if _, campaign := es.l.campaigns.byID[e.Into]; campaign && e.In {
			es.set(c, e.Contact, e.Into, false)
		}
	}
	return done()
}

// Enrolments lists what the calls so far did to contacts in workflows and
// campaigns, by contact.
func (s *Server) Enrolments() []Enrolment {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Enrolment
	for _, e := range s.location.enrolments.all() {
		out = append(out, Enrolment(*e))
	}
	return out
}
