package ghl

import (
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

const kindCampaign = "ghl_campaign"

// campaignKind declares the campaigns of a location (HighLevel campaigns API).
func campaignKind() *kind {
	status := argument("status", cty.String, "Campaigns of this status only: draft or published.")
	return declared(&kind{
		Kind: schema.Kind{
			Name: kindCampaign, Noun: "campaign", Plural: "campaigns",
			Scopes:   schema.Scopes{Read: []string{"campaigns.readonly"}},
			Doc:      "A campaign of the location, to be named by its id. Campaigns can only be read, without their members.",
			Keys:     []schema.NaturalKey{{"name"}},
			ReadOnly: true,
		},
		attributes: []attribute{
			computed("name", "name", "Name of the campaign.", name),
			computed("status", "status", "draft or published.", lower),
		},
		data: []*schema.DataSource{
			{Name: "ghl_campaign", Kind: kindCampaign, OneOf: true, Doc: "One campaign, by its id or its name.",
				Arguments: []schema.Attribute{argument("id", cty.String, "Id of the campaign."), argument("name", cty.String, "Name of the campaign.")}},
			{Name: "ghl_campaigns", Kind: kindCampaign, Many: "campaigns", Doc: "Campaigns of the location.", Arguments: []schema.Attribute{status}},
		},
		list: listing{
			call:       call{method: "GET", path: "/campaigns/", envelope: "campaigns", located: inQuery},
			parameters: map[string]string{"status": "status"},
		},
	})
}
