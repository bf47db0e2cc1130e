package ghl

import (
	"fmt"

	"github.com/zclconf/go-cty/cty"

	"lockstep/providers"
	"lockstep/schema"
)

// Reach refuses what an account of the level of the provider block does not reach: a
// token of a location is not let in to what is the agency's, and the reverse
// (HighLevel authentication, token kinds).
func (p *Provider) Reach(config cty.Value, name string, level schema.Level) error {
	agency := flagArgument(config, "agency")
	switch {
	case !agency && level == schema.AgencyLevel:
		return &providers.FieldError{Problem: fmt.Sprintf("%s is of the agency, and the provider of this block is for a location, whose token does not reach it", name),
			Advice: `It needs an agency token: write provider "ghl" { alias = "agency", agency = true, company_id = …, token = … }, each on a line of its own, and give this block provider = ghl.agency.`}
	case agency && level != schema.AgencyLevel && level != schema.EveryLevel:
		return &providers.FieldError{Problem: fmt.Sprintf("%s is of a location, and the provider of this block is for an agency", name),
			Advice: "Give this block the provider of the location, by leaving provider out or as in provider = ghl.NAME."}
	default:
		return nil
	}
}
