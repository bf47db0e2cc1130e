package ghl

import (
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

const kindWorkflow = "ghl_workflow"

// workflowKind declares the workflows of a location (HighLevel workflows API).
// The API tells neither their steps nor who is in them.
func workflowKind() *kind {
	return declared(&kind{
		Kind: schema.Kind{
			Name: kindWorkflow, Noun: "workflow", Plural: "workflows",
			Scopes:   schema.Scopes{Read: []string{"workflows.readonly"}},
			Doc:      "A workflow of the location, to be named by its id. Workflows can only be read, without their steps and members.",
			Keys:     []schema.NaturalKey{{"name"}},
			ReadOnly: true,
		},
		attributes: []attribute{
			computed("name", "name", "Name of the workflow.", name),
			computed("status", "status", "draft or published.", lower),
			{Attribute: schema.Attribute{Name: "version", Type: cty.Number, Computed: true, Doc: "How often it was published."}, read: "version", form: number},
			computed("date_added", "createdAt", "When the workflow was created, RFC 3339.", instant),
			computed("date_updated", "updatedAt", "When the workflow last changed, RFC 3339.", instant),
		},
		data: []*schema.DataSource{
			{Name: "ghl_workflow", Kind: kindWorkflow, OneOf: true, Doc: "One workflow, by its id or its name.",
				Arguments: []schema.Attribute{argument("id", cty.String, "Id of the workflow."), argument("name", cty.String, "Name of the workflow.")}},
			{Name: "ghl_workflows", Kind: kindWorkflow, Many: "workflows", Doc: "All workflows of the location."},
		},
		list: listing{call: call{method: "GET", path: "/workflows/", envelope: "workflows", located: inQuery}},
	})
}
