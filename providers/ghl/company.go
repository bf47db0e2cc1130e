package ghl

import "lockstep/schema"

const kindCompany = "ghl_company"

// companyKind declares the agency itself (HighLevel companies API).
func companyKind() *kind {
	return declared(&kind{
		Kind: schema.Kind{
			Name: kindCompany, Noun: "company", Plural: "companies",
			Scopes:   schema.Scopes{Read: []string{"companies.readonly"}, Level: schema.AgencyLevel},
			Doc:      "The company that an agency is. It can only be read, with a token of the agency.",
			ReadOnly: true,
		},
		attributes: []attribute{
			computed("name", "name", "Name of the company.", text),
			computed("email", "email", "E-mail address.", email),
			computed("phone", "phone", "Phone number.", text),
			computed("website", "website", "Web site.", text),
			computed("domain", "domain", "Domain of the agency's own application.", text),
			computed("address", "address", "Street address.", text),
			computed("city", "city", "City.", text),
			computed("state", "state", "State or region.", text),
			computed("postal_code", "postalCode", "Postal code.", text),
			computed("country", "country", "Country as a two-letter code.", upper),
			computed("timezone", "timezone", "Time zone.", text),
			computed("status", "status", "Status of the account, such as active.", text),
		},
		data: []*schema.DataSource{
			{Name: "ghl_company", Kind: kindCompany, Level: schema.AgencyLevel, Doc: "The company of the agency that the provider is configured for."},
		},
		get: call{method: "GET", path: "/companies/{id}", envelope: "company"},
		odd: oddities{itself: theAgency},
	})
}
