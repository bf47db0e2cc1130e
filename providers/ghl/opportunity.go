package ghl

import (
	"context"

	"github.com/zclconf/go-cty/cty"

	"lockstep/providers"
	"lockstep/schema"
)

const kindOpportunity = "ghl_opportunity"

// opportunityKind declares opportunities (HighLevel opportunities API). They are
// listed by the search with a query string: the one with a body refuses the page
// that its document requires, and answers a filter that it does not know with no
// rows, which would look like a mass deletion.
func opportunityKind() *kind {
	return declared(&kind{
		Kind: schema.Kind{
			Name: kindOpportunity, Noun: "opportunity", Plural: "opportunities",
			Scopes: schema.Scopes{Read: []string{"opportunities.readonly"}, Write: []string{"opportunities.write"}},
			Doc: "An opportunity of a contact in a pipeline. One is matched by its pipeline and name among those of its contact. " +
				"Locations allow a contact one opportunity in a pipeline, unless their settings say otherwise. Another contact replaces the opportunity. " +
				"HighLevel makes a new user in charge of an opportunity that of its contact, and the reverse: write assigned_to at one of the two, or the same at both.",
			Content:  []string{"pipeline_id", "name"},
			Parent:   "contact_id",
			After:    []string{kindContact, kindCustomField, kindPipeline},
			Personal: true,
			// Only the search tells what became of a lost create, and it lags by seconds
			// to minutes.
			Listing: schema.Listing{Page: 100, Partial: true, Settles: 300},
		},
		attributes: opportunityAttributes(),
		data:       opportunityData(),
		list: listing{
			call: call{method: "GET", path: "/opportunities/search", envelope: "opportunities", located: inQuerySnake},
			page: paging{limit: "limit", total: "meta.total",
				after: []cursor{nextCursor("meta.startAfter", "startAfter"), nextCursor("meta.startAfterId", "startAfterId")}},
			parents: 1, parameters: opportunityParameters, query: opportunityQuery,
		},
		get:     call{method: "GET", path: "/opportunities/{id}", envelope: "opportunity"},
		create:  call{method: "POST", path: "/opportunities/", envelope: "opportunity", located: inBody},
		update:  call{method: "PUT", path: "/opportunities/{id}", envelope: "opportunity"},
		remove:  call{method: "DELETE", path: "/opportunities/{id}"},
		answers: answers{version: "updatedAt", gone: []string{"opportunity not found", "opportunity with id", "opportunity does not exist"}},
		channels: map[string]channel{
			"followers": {
				add:    call{method: "POST", path: "/opportunities/{id}/followers"},
				remove: call{method: "DELETE", path: "/opportunities/{id}/followers"},
				body:   "followers", noun: "follower",
			},
			"lost reason": {
				set:   call{method: "PUT", path: "/opportunities/{id}/status"},
				fixed: map[string]any{"status": "lost"}, noun: "lost reason",
			},
		},
	})
}

func opportunityAttributes() []attribute {
	statuses := []string{"open", "won", "lost", "abandoned"}
	return []attribute{
		{Attribute: schema.Attribute{Name: "contact_id", Type: cty.String, Required: true, Immutable: true, Refers: kindContact, Doc: "Id of the contact."},
			wire: "contactId", form: text},
		{Attribute: schema.Attribute{Name: "pipeline_id", Type: cty.String, Required: true, Refers: kindPipeline, Doc: "Id of the pipeline."},
			wire: "pipelineId", form: form{decode: decodeText, normalize: normalPipeline}},
		{Attribute: schema.Attribute{Name: "stage_id", Type: cty.String, Optional: true, Computed: true,
			Doc: "Id of the stage, as in data.ghl_pipeline.NAME.stages[\"STAGE\"]; the first of the pipeline when a new opportunity names none."},
			wire: "pipelineStageId", form: form{decode: decodeText, normalize: normalStage}},
		{Attribute: schema.Attribute{Name: "name", Type: cty.String, Required: true, Personal: true, Doc: "Name of the opportunity."}, wire: "name", form: name},
		{Attribute: schema.Attribute{Name: "status", Type: cty.String, Optional: true, OneOf: statuses, Default: schema.StringValue("open"), Doc: "open, won, lost or abandoned."},
			wire: "status", form: lower, always: "open"},
		{Attribute: schema.Attribute{Name: "lost_reason_id", Type: cty.String, Optional: true, Channel: "lost reason", Refers: kindLostReason, Doc: "Id of the reason why it was lost. The call that writes it makes the status lost as well."},
			wire: "lostReasonId", form: form{decode: decodeText, normalize: normalLostReason}},
		{Attribute: schema.Attribute{Name: "value", Type: cty.Number, Optional: true, Default: schema.NumberValue("0"), Doc: "What it is worth, in the currency of the location."},
			wire: "monetaryValue", form: number},
		{Attribute: schema.Attribute{Name: "source", Type: cty.String, Optional: true, Doc: "Where the opportunity came from."}, wire: "source", form: text},
		{Attribute: schema.Attribute{Name: "assigned_to", Type: cty.String, Optional: true, Refers: kindUser, Mirrors: &schema.Mirror{Through: "contact_id", Attribute: "assigned_to"},
			Doc: "Id of the user in charge."}, wire: "assignedTo", form: text},
		{Attribute: schema.Attribute{Name: "followers", Type: cty.Set(cty.String), Optional: true, Own: schema.OwnMembers, Channel: "followers", Refers: kindUser,
			Doc: "Ids of the users that follow the opportunity."}, read: "followers", form: textSet},
		{Attribute: schema.Attribute{Name: "custom_fields", Type: cty.Map(cty.DynamicPseudoType), Optional: true, Own: schema.OwnKeys, Personal: true,
			KeysOf: &schema.KeysOf{Kind: kindCustomField, Attribute: "field_key", Where: map[string]string{"model": modelOpportunity}},
			Doc:    "Values of custom fields of opportunities by field key, without the opportunity. prefix. Only the keys that are written are managed."},
			wire: "customFields", form: customValues},
		{Attribute: schema.Attribute{Name: "effective_probability", Type: cty.Number, Computed: true, Doc: "How likely it is won, in per cent. Only lists tell."}, read: "effectiveProbability", form: number},
		computed("date_added", "createdAt", "When the opportunity was created, RFC 3339.", instant),
		computed("date_updated", "updatedAt", "When the opportunity last changed, RFC 3339.", instant),
		computed("stage_changed", "lastStageChangeAt", "When it came to its stage, RFC 3339.", instant),
		computed("status_changed", "lastStatusChangeAt", "When it came to its status, RFC 3339.", instant),
	}
}

// opportunityParameters are the arguments that the search selects by.
var opportunityParameters = map[string]string{
	"pipeline_id": "pipeline_id", "stage_id": "pipeline_stage_id", "contact_id": "contact_id", "status": "status", "assigned_to": "assigned_to", "query": "q",
}

// opportunityQuery selects the opportunities of one contact.
func opportunityQuery(_ context.Context, _ *account, q providers.Query, r *request) (keep, error) {
	if len(q.Parents) > 0 {
		r.setQuery("contact_id", q.Parents[0])
	}
	return nil, nil
}

func opportunityData() []*schema.DataSource {
	return []*schema.DataSource{
		{Name: "ghl_opportunity", Kind: kindOpportunity, OneOf: true, Doc: "One opportunity, by its id.",
			Arguments: []schema.Attribute{argument("id", cty.String, "Id of the opportunity.")}},
		{Name: "ghl_opportunities", Kind: kindOpportunity, Many: "opportunities",
			Doc: "Opportunities that meet every argument; without arguments all of them. The search may lag behind writes by seconds.",
			Arguments: []schema.Attribute{
				argument("contact_id", cty.String, "Id of the contact."),
				argument("pipeline_id", cty.String, "Id of the pipeline."),
				argument("stage_id", cty.String, "Id of the stage."),
				argument("status", cty.String, "open, won, lost or abandoned."),
				argument("assigned_to", cty.String, "Id of the user in charge."),
				argument("query", cty.String, "Text to look for."),
			}},
	}
}

// normalLostReason refuses a reason without the status that it explains.
func normalLostReason(s *speller, path string, v schema.Value) (schema.Value, error) {
	status := s.fields.Value("status")
	if v.Text() == "" || status.Type() != schema.String || spellLower(status.Text()) == "lost" {
		return v, nil
	}
	return v, &providers.FieldError{Path: path, Problem: "only a lost opportunity has a reason", Advice: `Write status = "lost", or leave lost_reason_id out.`}
}
