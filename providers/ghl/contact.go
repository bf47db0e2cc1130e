package ghl

import (
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

const kindContact = "ghl_contact"

// contactKind declares contacts (HighLevel contacts API).
//
// Tags never travel in a create or an update, where they would overwrite the
// whole set; they are added and removed by calls of their own.
func contactKind() *kind {
	return declared(&kind{
		Kind: schema.Kind{
			Name: kindContact, Noun: "contact", Plural: "contacts",
			Scopes: schema.Scopes{Read: []string{"contacts.readonly", "locations.readonly"}, Write: []string{"contacts.write"}},
			Doc: "A person in the location's CRM. Contacts are matched by e-mail, then by phone; what exists already is adopted. " +
				"Deleting a contact deletes its tasks, notes and opportunities with it.",
			Keys:     []schema.NaturalKey{{"email"}, {"phone"}},
			After:    []string{kindCustomField, kindTag},
			Personal: true,
			Page:     "contacts/detail/{id}",
			Listing:  schema.Listing{Page: 500, Changed: "updated_since", Added: "date_added"},
		},
		attributes: contactAttributes(),
		data:       contactData(),
		list: listing{
			call:  call{method: "POST", path: "/contacts/search", envelope: "contacts", located: inBody},
			page:  paging{limit: "pageLimit", after: []cursor{keyset("searchAfter", "searchAfter")}},
			query: contactQuery,
		},
		lists:   contactLists(),
		get:     call{method: "GET", path: "/contacts/{id}", envelope: "contact"},
		create:  call{method: "POST", path: "/contacts/", envelope: "contact", located: inBody},
		update:  call{method: "PUT", path: "/contacts/{id}", envelope: "contact"},
		remove:  call{method: "DELETE", path: "/contacts/{id}"},
		answers: answers{version: "dateUpdated", gone: []string{"contact with id", "contact not found", "contact is deleted"}},
		// Unlike the search it knows what was written a moment ago.
		find: lookup{
			call:       call{method: "GET", path: "/contacts/search/duplicate", envelope: "contact", located: inQuery},
			parameters: map[string]string{"email": "email", "phone": "number"},
		},
		channels: map[string]channel{
			"tags": {
				add:         call{method: "POST", path: "/contacts/bulk/tags/update/add", located: inBody},
				remove:      call{method: "POST", path: "/contacts/bulk/tags/update/remove", located: inBody},
				addAlone:    call{method: "POST", path: "/contacts/{id}/tags"},
				removeAlone: call{method: "DELETE", path: "/contacts/{id}/tags"},
				body:        "tags", ids: "contacts", most: 500, verdict: "contactId", noun: "tag",
			},
			"followers": {
				add:    call{method: "POST", path: "/contacts/{id}/followers"},
				remove: call{method: "DELETE", path: "/contacts/{id}/followers"},
				body:   "followers", noun: "follower",
			},
			"business": {
				set:  call{method: "POST", path: "/contacts/bulk/business", located: inBody},
				body: "businessId", ids: "ids", most: 50, verdict: "contactId", noun: "business",
			},
			"details": {
				set:  call{method: "PUT", path: "/contacts/{id}", envelope: "contact"},
				noun: "details", shared: true,
			},
		},
	})
}

func contactAttributes() []attribute {
	return append(contactPerson(), contactCRM()...)
}

// title declares an attribute that people call an object by.
func title(a attribute) attribute {
	a.Title = true
	return a
}

// contactPerson are the attributes about the person.
func contactPerson() []attribute {
	return []attribute{
		title(personal("first_name", "firstName", "First name.")),
		title(personal("last_name", "lastName", "Last name.")),
		{Attribute: schema.Attribute{Name: "email", Type: cty.String, Optional: true, Personal: true, Also: "additional_emails",
			Doc: "E-mail address, compared without regard to case. The natural key of a contact, which is found by an additional one as well."},
			wire: "email", form: email, null: true},
		{Attribute: schema.Attribute{Name: "phone", Type: cty.String, Optional: true, Personal: true, Also: "additional_phones",
			Doc: "Phone number, in any spelling; stored as E.164. Without a leading + it is read as a number of the provider's phone_region. The second natural key."},
			wire: "phone", form: phone, null: true},
		{Attribute: schema.Attribute{Name: "address", Type: cty.String, Optional: true, Personal: true, Doc: "Street address."},
			wire: "address1", row: "address", form: text, null: true},
		personal("city", "city", "City."),
		personal("state", "state", "State or region."),
		{Attribute: schema.Attribute{Name: "postal_code", Type: cty.String, Optional: true, Personal: true, Doc: "Postal code."},
			wire: "postalCode", form: text},
		{Attribute: schema.Attribute{Name: "country", Type: cty.String, Optional: true, Computed: true,
			Doc: "Country as a two-letter code. The server fills in the location's when none is sent, and an empty one is not written."},
			wire: "country", form: upper},
		personal("website", "website", "Web site."),
		{Attribute: schema.Attribute{Name: "timezone", Type: cty.String, Optional: true, Doc: "Time zone, such as Europe/Vienna."},
			wire: "timezone", form: text, null: true},
		personal("company_name", "companyName", "Name of the company."),
		{Attribute: schema.Attribute{Name: "date_of_birth", Type: cty.String, Optional: true, Personal: true, Doc: "Date of birth, YYYY-MM-DD."},
			wire: "dateOfBirth", form: date, null: true},
		{Attribute: schema.Attribute{Name: "gender", Type: cty.String, Optional: true, CreateOnly: true, Personal: true,
			Doc: "Gender. The API takes it when a contact is created; it can be neither changed nor read afterwards."},
			wire: "gender", form: text},
		{Attribute: schema.Attribute{Name: "ssn", Type: cty.String, Optional: true, WriteOnly: true, Sensitive: true, Personal: true, Channel: "details",
			Doc: "Social security number. The API never returns it."},
			wire: "ssn", form: text},
	}
}

// contactCRM are the attributes about the person's place in the CRM.
func contactCRM() []attribute {
	return []attribute{
		{Attribute: schema.Attribute{Name: "tags", Type: cty.Set(cty.String), Optional: true, Own: schema.OwnMembers, Channel: "tags", MembersOf: &schema.KeysOf{Kind: kindTag, Attribute: "name"},
			Doc: "Tags, compared without regard to case. Adds what is named and removes only what was named before; exactly([...]) claims the whole set."},
			read: "tags", form: lowerSet},
		{Attribute: schema.Attribute{Name: "custom_fields", Type: cty.Map(cty.DynamicPseudoType), Optional: true, Own: schema.OwnKeys, Personal: true,
			KeysOf: contactFieldKeys(),
			Doc:    "Values of custom fields by field key, without the contact. prefix. Only the keys that are written are managed."},
			wire: "customFields", form: customValues},
		{Attribute: schema.Attribute{Name: "source", Type: cty.String, Optional: true, Doc: "Where the contact came from."},
			wire: "source", form: text, null: true},
		{Attribute: schema.Attribute{Name: "assigned_to", Type: cty.String, Optional: true, Refers: kindUser, Doc: "Id of the user in charge."},
			wire: "assignedTo", form: text, null: true},
		{Attribute: schema.Attribute{Name: "type", Type: cty.String, Optional: true, Computed: true, Channel: "details", Default: schema.StringValue("lead"),
			Doc: "Type of contact, such as lead or customer. The server gives lead when none is sent."},
			wire: "type", form: text},
		{Attribute: schema.Attribute{Name: "dnd", Type: cty.Bool, Optional: true, Default: schema.BoolValue(false), Doc: "Do not disturb, on every channel."},
			wire: "dnd", form: boolean},
		{Attribute: schema.Attribute{Name: "dnd_settings", Type: cty.Map(cty.String), Optional: true, Own: schema.OwnKeys,
			Doc: "Do not disturb by channel (call, email, sms, whatsapp, gmb, fb): active, inactive or permanent. Active means do not disturb. Permanent cannot be undone by the API."},
			wire: "dndSettings", form: dndChannels, together: true},
		{Attribute: schema.Attribute{Name: "inbound_dnd_settings", Type: cty.Map(cty.String), Optional: true, Own: schema.OwnKeys, WriteOnly: true,
			Doc: "Do not disturb for incoming messages, by the key all: active or inactive. A read by id does not return it."},
			wire: "inboundDndSettings", form: dndChannels},
		{Attribute: schema.Attribute{Name: "followers", Type: cty.Set(cty.String), Optional: true, Own: schema.OwnMembers, Channel: "followers", Refers: kindUser,
			Doc: "Ids of the users that follow the contact."},
			read: "followers", form: textSet},
		{Attribute: schema.Attribute{Name: "business_id", Type: cty.String, Optional: true, Channel: "business", Refers: kindBusiness,
			Doc: "Id of the business that the contact belongs to."},
			read: "businessId", form: text},
		{Attribute: schema.Attribute{Name: "keyword", Type: cty.String, Optional: true, WriteOnly: true, Channel: "details",
			Doc: "Keyword. The API never returns it."},
			wire: "keyword", form: text},
		{Attribute: schema.Attribute{Name: "business_name", Type: cty.String, Computed: true, Doc: "Name of the business."},
			read: "businessName", form: text},
		{Attribute: schema.Attribute{Name: "additional_emails", Type: cty.List(cty.String), Computed: true, Personal: true, Doc: "Further e-mail addresses, read-only in the API."},
			read: "additionalEmails", form: itemsOf("email", spellEmail)},
		{Attribute: schema.Attribute{Name: "additional_phones", Type: cty.List(cty.String), Computed: true, Personal: true, Doc: "Further phone numbers, read-only in the API."},
			read: "additionalPhones", form: itemsOf("phone", spellPhone)},
		computed("date_added", "dateAdded", "When the contact was created, RFC 3339.", instant),
		computed("date_updated", "dateUpdated", "When the contact last changed, RFC 3339.", instant),
	}
}

// contactFieldKeys are the keys of the custom fields that contacts have.
func contactFieldKeys() *schema.KeysOf {
	return &schema.KeysOf{Kind: kindCustomField, Attribute: "field_key", Where: map[string]string{"model": modelContact}}
}

func contactData() []*schema.DataSource {
	return []*schema.DataSource{
		{Name: "ghl_contact", Kind: kindContact, OneOf: true,
			Doc: "One contact, by its id, its e-mail address or its phone number.",
			Arguments: []schema.Attribute{
				argument("id", cty.String, "Id of the contact."),
				argument("email", cty.String, "E-mail address."),
				argument("phone", cty.String, "Phone number."),
			}},
		{Name: "ghl_contacts_listed", Kind: kindContact, Many: "contacts",
			Doc:       "Contacts as the deprecated list of HighLevel has them, in the order in which they were added. ghl_contacts knows more and costs less.",
			Arguments: []schema.Attribute{argument("query", cty.String, "Text to look for in name, e-mail and phone.")}},
		{Name: "ghl_contacts", Kind: kindContact, Many: "contacts",
			Doc: "Contacts that meet every argument; without arguments all of them. The search may lag behind writes by seconds to minutes.",
			Arguments: []schema.Attribute{
				argument("tag", cty.String, "A tag that the contacts have."),
				argument("query", cty.String, "Text to look for in name, e-mail and phone, at most 75 characters."),
				argument("email_domain", cty.String, "Domain of the e-mail address, such as example.com."),
				argument("source", cty.String, "Where the contacts came from."),
				argument("type", cty.String, "Type of contact, such as lead."),
				argument("assigned_to", cty.String, "Id of the user in charge."),
				argument("business_id", cty.String, "Id of the business that the contacts belong to."),
				argument("updated_since", cty.String, "Contacts that changed at or after this time, RFC 3339."),
				{Name: "custom_fields", Type: cty.Map(cty.String), Optional: true, KeysOf: contactFieldKeys(), Doc: "Values of custom fields, by field key."},
			}},
	}
}
