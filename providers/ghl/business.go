package ghl

import (
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

const kindBusiness = "ghl_business"

// businessKind declares businesses, the companies that contacts belong to
// (HighLevel businesses API). A create and an update answer the object as
// "buiseness", as the documents spell it.
func businessKind() *kind {
	return declared(&kind{
		Kind: schema.Kind{
			Name: kindBusiness, Noun: "business", Plural: "businesses",
			Scopes: schema.Scopes{Read: []string{"businesses.readonly"}, Write: []string{"businesses.write"}},
			Doc: "A company that contacts belong to, by their business_id. It is matched by its name. " +
				"HighLevel does not document what a deletion does to the contacts of the business.",
			Keys:    []schema.NaturalKey{{"name"}},
			Listing: schema.Listing{Page: 100},
		},
		attributes: []attribute{
			{Attribute: schema.Attribute{Name: "name", Type: cty.String, Required: true, Doc: "Name of the business."}, wire: "name", form: name},
			{Attribute: schema.Attribute{Name: "phone", Type: cty.String, Optional: true, Personal: true, Doc: "Phone number, in any spelling; stored as E.164."}, wire: "phone", form: phone},
			{Attribute: schema.Attribute{Name: "email", Type: cty.String, Optional: true, Personal: true, Doc: "E-mail address, compared without regard to case."}, wire: "email", form: email},
			{Attribute: schema.Attribute{Name: "website", Type: cty.String, Optional: true, Doc: "Web site."}, wire: "website", form: text},
			{Attribute: schema.Attribute{Name: "address", Type: cty.String, Optional: true, Personal: true, Doc: "Street address."}, wire: "address", form: text},
			{Attribute: schema.Attribute{Name: "city", Type: cty.String, Optional: true, Doc: "City."}, wire: "city", form: text},
			{Attribute: schema.Attribute{Name: "state", Type: cty.String, Optional: true, Doc: "State or region."}, wire: "state", form: text},
			{Attribute: schema.Attribute{Name: "postal_code", Type: cty.String, Optional: true, Doc: "Postal code."}, wire: "postalCode", form: text},
			{Attribute: schema.Attribute{Name: "country", Type: cty.String, Optional: true, Doc: "Country, as any text."}, wire: "country", form: text},
			{Attribute: schema.Attribute{Name: "description", Type: cty.String, Optional: true, Doc: "What the business is."}, wire: "description", form: text},
			computed("date_added", "createdAt", "When the business was created, RFC 3339.", instant),
			computed("date_updated", "updatedAt", "When the business last changed, RFC 3339.", instant),
		},
		data: []*schema.DataSource{
			{Name: "ghl_business", Kind: kindBusiness, OneOf: true, Doc: "One business, by its id or its name.",
				Arguments: []schema.Attribute{argument("id", cty.String, "Id of the business."), argument("name", cty.String, "Name of the business.")}},
			{Name: "ghl_businesses", Kind: kindBusiness, Many: "businesses", Doc: "All businesses of the location."},
		},
		list: listing{
			call: call{method: "GET", path: "/businesses/", envelope: "businesses", located: inQuery},
			page: paging{limit: "limit", skip: "skip"},
		},
		get:     call{method: "GET", path: "/businesses/{id}", envelope: "business"},
		create:  call{method: "POST", path: "/businesses/", envelope: "buiseness|business", located: inBody},
		update:  call{method: "PUT", path: "/businesses/{id}", envelope: "buiseness|business"},
		remove:  call{method: "DELETE", path: "/businesses/{id}"},
		answers: answers{version: "updatedAt", gone: []string{"business not found", "business with id", "business does not exist"}},
	})
}
