package ghl

import (
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

// actions declares the operations that make no object. The API tells of none of them
// whether it has run (HighLevel contacts, conversations and opportunities APIs).
func actions() []*action {
	all := slices.Concat(enrolmentActions(), conversationActions(), []*action{upsertContact(), upsertOpportunity()})
	slices.SortFunc(all, func(a, b *action) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// needed declares an argument that must be written, and that fills a placeholder of
// the path where it has no wire.
func needed(name, wire, refers, doc string) attribute {
	return attribute{Attribute: schema.Attribute{Name: name, Type: cty.String, Required: true, Refers: refers, Doc: doc}, wire: wire, form: text}
}

// enrolmentActions put contacts into workflows and campaigns, and take them out.
func enrolmentActions() []*action {
	contact := needed("contact_id", "", kindContact, "Id of the contact.")
	workflow := needed("workflow_id", "", kindWorkflow, "Id of the workflow.")
	campaign := needed("campaign_id", "", kindCampaign, "Id of the campaign.")
	start := attribute{Attribute: schema.Attribute{Name: "event_start_time", Type: cty.String, Optional: true,
		Doc: "When the event of a workflow that waits for one begins, RFC 3339 with an offset."}, wire: "eventStartTime", form: instant}
	write := schema.Scopes{Write: []string{"contacts.write"}}
	const inWorkflow, inCampaign = "/contacts/{contact_id}/workflow/{workflow_id}", "/contacts/{contact_id}/campaigns/{campaign_id}"
	declared := []*action{
		{Action: schema.Action{Name: "ghl_enroll_workflow", Scopes: write, Disruptive: "starts the workflow for the contact, with the messages that it sends",
			Doc: "Puts a contact into a workflow. A second time may start the workflow again."},
			call: call{method: "POST", path: inWorkflow}, arguments: []attribute{contact, workflow, start}},
		{Action: schema.Action{Name: "ghl_leave_workflow", Scopes: write, Repeatable: true, Doc: "Takes a contact out of a workflow."},
			call: call{method: "DELETE", path: inWorkflow}, arguments: []attribute{contact, workflow, start}},
		{Action: schema.Action{Name: "ghl_add_to_campaign", Scopes: write, Disruptive: "starts the campaign for the contact, with the messages that it sends",
			Doc: "Puts a contact into a campaign. A second time may start the campaign again."},
			call: call{method: "POST", path: inCampaign}, arguments: []attribute{contact, campaign}},
		{Action: schema.Action{Name: "ghl_leave_campaign", Scopes: write, Repeatable: true, Doc: "Takes a contact out of a campaign."},
			call: call{method: "DELETE", path: inCampaign}, arguments: []attribute{contact, campaign}},
		{Action: schema.Action{Name: "ghl_leave_all_campaigns", Scopes: write, Repeatable: true, Doc: "Takes a contact out of all campaigns."},
			call: call{method: "DELETE", path: "/contacts/{contact_id}/campaigns/removeAll"}, arguments: []attribute{contact}},
	}
	for _, a := range declared {
		declaredAction(a)
	}
	return declared
}

// conversationActions are about messages and conversations. Their calls have a Version
// of their own.
func conversationActions() []*action {
	const version = "2021-04-15"
	failure := attribute{Attribute: schema.Attribute{Name: "error", Type: cty.Map(cty.String), Optional: true,
		Doc: "Why a message failed: code, type and message."}, wire: "error", form: anything}
	status := needed("status", "status", "", "The new status.")
	status.OneOf = []string{"delivered", "failed", "pending", "read"}
	// The documents declare isTyping a string and give a boolean as its example.
	typing := attribute{Attribute: schema.Attribute{Name: "typing", Type: cty.Bool, Optional: true, Doc: "false ends it; true when not written."},
		wire: "isTyping", form: boolean, always: true}
	return []*action{
		declaredAction(&action{Action: schema.Action{Name: "ghl_set_message_status", Repeatable: true,
			Scopes: schema.Scopes{Write: []string{"conversations/message.write"}},
			Doc:    "Sets the status of a message that one's own conversation provider has sent."},
			call:      call{method: "PUT", path: "/conversations/messages/{message_id}/status", version: version},
			arguments: []attribute{needed("message_id", "", "", "Id of the message."), status, failure}}),
		declaredAction(&action{Action: schema.Action{Name: "ghl_typing", Repeatable: true,
			Scopes: schema.Scopes{Write: []string{"conversations/livechat.write"}}, Disruptive: "the visitor sees that somebody is typing",
			Doc: "Shows to the visitor of a live chat that somebody is typing."},
			call: call{method: "POST", path: "/conversations/providers/live-chat/typing", located: inBody, version: version},
			arguments: []attribute{needed("visitor_id", "visitorId", "", "Id of the visitor."),
				needed("conversation_id", "conversationId", "", "Id of the conversation."), typing}}),
	}
}

// upsertContact declares the upsert of contacts, which finds them by e-mail or phone
// as the location's duplicate setting says.
func upsertContact() *action {
	return declaredAction(&action{Action: schema.Action{Name: "ghl_upsert_contact", Repeatable: true,
		Scopes: schema.Scopes{Write: []string{"contacts.write"}},
		Doc: "Updates the contact with an e-mail address or phone number, or makes it. Second best: a resource of kind ghl_contact is compared first, " +
			"shows what it changes, and finds the same person."},
		call: call{method: "POST", path: "/contacts/upsert", located: inBody}, arguments: sentBy(contactKind())})
}

// upsertOpportunity declares the upsert of opportunities, of which the documents name no
// contact: without an id it would make one that belongs to nobody.
func upsertOpportunity() *action {
	k := opportunityKind()
	pipeline := *k.attributeOf("pipeline_id")
	pipeline.form = text
	return declaredAction(&action{Action: schema.Action{Name: "ghl_upsert_opportunity", Repeatable: true,
		Scopes: schema.Scopes{Write: []string{"opportunities.write"}},
		Doc: "Updates an opportunity by its id. Second best: a resource of kind ghl_opportunity is compared first, " +
			"and shows what it changes."},
		call: call{method: "POST", path: "/opportunities/upsert", located: inBody},
		arguments: append([]attribute{needed("id", "id", kindOpportunity, "Id of the opportunity."), pipeline},
			sentBy(k, "name", "stage_id", "status", "value", "assigned_to", "lost_reason_id")...),
		fixed: map[string]any{"followers": []string{}, "isRemoveAllFollowers": false, "followersActionType": "add"}})
}

// sentBy are attributes of a kind as arguments; without names those that its own calls
// send. What is not written is not sent: there may be an object that has it.
func sentBy(k *kind, names ...string) []attribute {
	var out []attribute
	for _, a := range k.attributes {
		own := a.wire != "" && a.Channel == "" && a.Writable() && !a.form.defined
		if len(names) == 0 && !own || len(names) > 0 && !slices.Contains(names, a.Name) {
			continue
		}
		a.Required, a.Optional, a.Computed, a.Immutable, a.Unlisted = false, true, false, false, false
		a.Channel, a.always, a.withUpdate = "", nil, false
		out = append(out, a)
	}
	return out
}
