package ghl

import (
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

// locationKind declares the location itself (HighLevel locations API).
func locationKind() *kind {
	return declared(&kind{
		Kind: schema.Kind{
			Name: kindLocation, Noun: "location", Plural: "locations",
			Scopes:   schema.Scopes{Read: []string{"locations.readonly"}},
			Doc:      "A location, also called a sub-account. It can only be read.",
			ReadOnly: true,
		},
		attributes: []attribute{
			computed("name", "name", "Name of the location.", text),
			computed("company_id", "companyId", "Id of the agency.", text),
			computed("email", "email", "E-mail address.", email),
			computed("phone", "phone", "Phone number.", text),
			computed("address", "address", "Street address.", text),
			computed("city", "city", "City.", text),
			computed("state", "state", "State or region.", text),
			computed("postal_code", "postalCode", "Postal code.", text),
			computed("country", "country", "Country as a two-letter code.", upper),
			computed("website", "website", "Web site.", text),
			computed("timezone", "timezone", "Time zone.", text),
			{Attribute: schema.Attribute{Name: "settings", Type: cty.Map(cty.DynamicPseudoType), Computed: true,
				Doc: "Settings by their API names, such as allowDuplicateContact and contactUniqueIdentifiers."},
				read: "settings", form: anything},
		},
		get: call{method: "GET", path: "/locations/{id}", envelope: "location"},
	})
}
