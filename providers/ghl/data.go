package ghl

import (
	"context"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"lockstep/providers"
	"lockstep/schema"
)

// dataSources declares the data sources, sorted by name.
func dataSources() []*schema.DataSource {
	return []*schema.DataSource{
		{Name: "ghl_appointments", Kind: kindAppointment, Many: "appointments", Doc: "Appointments of a contact.",
			Arguments: []schema.Attribute{{Name: "contact_id", Type: cty.String, Required: true, Refers: kindContact, Doc: "Id of the contact."}}},
		{Name: "ghl_contact", Kind: kindContact, OneOf: true,
			Doc: "One contact, by its id, its e-mail address or its phone number.",
			Arguments: []schema.Attribute{
				argument("id", cty.String, "Id of the contact."),
				argument("email", cty.String, "E-mail address."),
				argument("phone", cty.String, "Phone number."),
			}},
		{Name: "ghl_contacts", Kind: kindContact, Many: "contacts",
			Doc: "Contacts that meet every argument; without arguments all of them. The search may lag behind writes by seconds to minutes.",
			Arguments: []schema.Attribute{
				argument("tag", cty.String, "A tag that the contacts have."),
				argument("query", cty.String, "Text to look for in name, e-mail and phone, at most 75 characters."),
				argument("email_domain", cty.String, "Domain of the e-mail address, such as example.com."),
				argument("source", cty.String, "Where the contacts came from."),
				argument("type", cty.String, "Type of contact, such as lead."),
				argument("assigned_to", cty.String, "Id of the user in charge."),
				argument("updated_since", cty.String, "Contacts that changed at or after this time, RFC 3339."),
				argument("custom_fields", cty.Map(cty.String), "Values of custom fields, by field key."),
			}},
		{Name: "ghl_custom_fields", Kind: kindCustomField, Many: "custom_fields",
			Doc:       "Definitions of custom fields.",
			Arguments: []schema.Attribute{argument("model", cty.String, "contact or opportunity; without it both.")}},
		{Name: "ghl_custom_values", Kind: kindCustomValue, Many: "custom_values", Doc: "All custom values."},
		{Name: "ghl_location", Kind: kindLocation, Doc: "The location that the provider is configured for."},
		{Name: "ghl_notes", Kind: kindNote, Many: "notes", Doc: "Notes on a contact.",
			Arguments: []schema.Attribute{{Name: "contact_id", Type: cty.String, Required: true, Refers: kindContact, Doc: "Id of the contact."}}},
		{Name: "ghl_tags", Kind: kindTag, Many: "tags", Doc: "All tags that the location offers."},
		{Name: "ghl_tasks", Kind: kindTask, Many: "tasks", Doc: "Tasks that meet every argument.",
			Arguments: []schema.Attribute{
				argument("contact_id", cty.String, "Id of the contact."),
				argument("completed", cty.Bool, "Whether the tasks are done."),
				argument("assigned_to", cty.String, "Id of the user in charge."),
			}},
		{Name: "ghl_users", Kind: kindUser, Many: "users", Doc: "All users of the location."},
	}
}

func argument(name string, ty cty.Type, doc string) schema.Attribute {
	return schema.Attribute{Name: name, Type: ty, Optional: true, Doc: doc}
}

// contactFilters are the arguments of ghl_contacts that compare for equality,
// with the field of the search (HighLevel contacts API, search).
var contactFilters = []struct{ argument, field, operator string }{
	{"tag", "tags", "contains"},
	{"source", "source", "eq"},
	{"type", "type", "eq"},
	{"assigned_to", "assignedTo", "eq"},
}

// maxNeedle is how long the text of a search may be, in characters.
const maxNeedle = 75

// contactQuery turns the arguments of ghl_contacts into search filters. What
// the search answers too generously is filtered again here.
func contactQuery(ctx context.Context, p *Provider, q providers.Query, r *request) (keep, error) {
	var filters []any
	leaf := func(field, operator string, value any) {
		filters = append(filters, map[string]any{"field": field, "operator": operator, "value": value})
	}
	for _, f := range contactFilters {
		if v := q.Where.Value(f.argument).Text(); v != "" {
			if f.argument == "tag" {
				v = strings.ToLower(strings.TrimSpace(v))
			}
			leaf(f.field, f.operator, v)
		}
	}
	if v := q.Where.Value("updated_since"); v.Text() != "" {
		since, err := normalTime("updated_since", v, instantLayout, "Write it as 2026-07-20T10:00:00Z.")
		if err != nil {
			return nil, err
		}
		leaf("dateUpdated", "range", map[string]any{"gte": since.Text()})
	}
	domain := strings.ToLower(strings.TrimPrefix(q.Where.Value("email_domain").Text(), "@"))
	if domain != "" {
		leaf("email", "contains", "@"+domain)
	}
	if err := p.customFieldFilters(ctx, q, leaf); err != nil {
		return nil, err
	}
	if len(filters) > 0 {
		r.body["filters"] = filters
	}
	if v := q.Where.Value("query").Text(); len([]rune(v)) > maxNeedle {
		return nil, &providers.FieldError{Path: "query", Problem: "the text is too long", Advice: "The search takes 75 characters at most."}
	} else if v != "" {
		r.body["query"] = v
	}
	// The order must not change while pages are read: what is added meanwhile
	// comes last.
	r.body["sort"] = []any{map[string]any{"field": "dateAdded", "direction": "asc"}}
	return contactKeep(q, domain), nil
}

// contactKeep repeats the filters that the search applies loosely.
func contactKeep(q providers.Query, domain string) keep {
	tag := strings.ToLower(strings.TrimSpace(q.Where.Value("tag").Text()))
	if domain == "" && tag == "" {
		return nil
	}
	return func(o *schema.Object) bool {
		if domain != "" && !strings.HasSuffix(o.Value("email").Text(), "@"+domain) {
			return false
		}
		if tag == "" {
			return true
		}
		for _, t := range o.Value("tags").Items() {
			if t.Text() == tag {
				return true
			}
		}
		return false
	}
}

// userQuery asks for the users of the location.
func userQuery(_ context.Context, p *Provider, _ providers.Query, r *request) (keep, error) {
	r.setQuery("locationId", p.location)
	return nil, nil
}
