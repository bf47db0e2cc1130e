package ghl

import (
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

const (
	kindWorkflowEnrolment = "ghl_workflow_enrollment"
	kindCampaignEnrolment = "ghl_campaign_enrollment"
)

// workflowEnrolmentKind declares that contacts are in workflows (HighLevel contacts
// API, workflow).
func workflowEnrolmentKind() *kind {
	k := enrolmentKind(kindWorkflowEnrolment, kindWorkflow, "workflow_id", "/contacts/{parent}/workflow/{workflow_id}")
	k.attributes = append(k.attributes, attribute{Attribute: schema.Attribute{Name: "event_start_time", Type: cty.String, Optional: true, CreateOnly: true,
		Doc: "When the event starts to which the workflow counts its waits, RFC 3339 with an offset from UTC."}, wire: "eventStartTime", form: instant})
	return declared(k)
}

// campaignEnrolmentKind declares that contacts are in campaigns (HighLevel contacts
// API, campaigns).
func campaignEnrolmentKind() *kind {
	return declared(enrolmentKind(kindCampaignEnrolment, kindCampaign, "campaign_id", "/contacts/{parent}/campaigns/{campaign_id}"))
}

// enrolmentKind is what both have in common. A second call may start all messages a
// second time, and no call tells who is in a workflow or a campaign.
func enrolmentKind(name, into, id, path string) *kind {
	noun := into[len("ghl_"):]
	return &kind{
		Kind: schema.Kind{
			Name: name, Noun: noun + " enrolment", Plural: noun + " enrolments",
			Scopes: schema.Scopes{Read: []string{"contacts.readonly", noun + "s.readonly"}, Write: []string{"contacts.write"}},
			Doc: "That a contact is in a " + noun + ". HighLevel does not tell who is, so the state is the only record: a contact that existed before is not enrolled unasked, and what is lost with a state or an answer is never sent twice. " +
				"With evidence, a tag on the contact stands for the enrolment, which then can be read, adopted and found again without the state; better still, let the " + noun + " add the tag itself. " +
				"When its block goes, the enrolment is forgotten, unless on_destroy is \"delete\": then the contact loses the tag and leaves the " + noun + ".",
			Keys:    []schema.NaturalKey{{"contact_id", id}},
			Parent:  "contact_id",
			After:   []string{kindContact},
			Listing: schema.Listing{Blind: true, Evidence: "evidence"},
		},
		attributes: []attribute{
			{Attribute: schema.Attribute{Name: "contact_id", Type: cty.String, Required: true, Immutable: true, Refers: kindContact, Doc: "Id of the contact."}, form: text},
			{Attribute: schema.Attribute{Name: id, Type: cty.String, Required: true, Immutable: true, Refers: into, Ready: map[string]string{"status": "published"},
				Doc: "Id of the " + noun + ", which must be published."}, form: text},
			{Attribute: schema.Attribute{Name: "evidence", Type: cty.String, Optional: true, Channel: "evidence",
				Doc: "A tag that tells of the enrolment, such as wf:welcome. It is added to the contact once that is enrolled, and stays there until on_destroy = \"delete\" takes it away; ghl_contact must not claim all tags of the contact without it."},
				form: lower},
		},
		list:    listing{witness: witness{source: "ghl_contacts", argument: "tag", attribute: "tags"}},
		create:  call{method: "POST", path: path},
		remove:  call{method: "DELETE", path: path},
		answers: answers{gone: []string{"contact with id", "contact not found", "contact is deleted"}},
		channels: map[string]channel{
			"evidence": {
				set:    call{method: "POST", path: "/contacts/bulk/tags/update/add", located: inBody},
				remove: call{method: "POST", path: "/contacts/bulk/tags/update/remove", located: inBody},
				body:   "tags", ids: "contacts", most: 500, verdict: "contactId", noun: "evidence", ofParent: true, listed: true,
			},
		},
	}
}
