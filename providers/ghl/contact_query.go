package ghl

import (
	"context"
	"strings"

	"lockstep/providers"
	"lockstep/schema"
)

// contactFilters are the arguments of ghl_contacts that compare for equality,
// with the field of the search (HighLevel contacts API, search).
var contactFilters = []struct{ argument, field, operator string }{
	{"tag", "tags", "contains"},
	{"source", "source", "eq"},
	{"type", "type", "eq"},
	{"assigned_to", "assignedTo", "eq"},
}

// contactLists are the lists of contacts beside the search (HighLevel contacts
// API, contacts of a business, and the deprecated list). The list spells names in
// lower case and goes on by both cursors only.
func contactLists() map[string][]listing {
	return map[string][]listing{
		"ghl_contacts": {{
			call:  call{method: "GET", path: "/contacts/business/{business_id}", envelope: "contacts", located: inQuery},
			needs: "business_id", parameters: map[string]string{"query": "query"},
			page: paging{limit: "limit", skip: "skip", total: "count"}, size: 100, single: true, query: contactsOfBusiness,
		}},
		"ghl_contacts_listed": {{
			call:       call{method: "GET", path: "/contacts/", envelope: "contacts", located: inQuery},
			parameters: map[string]string{"query": "query"},
			page: paging{limit: "limit", total: "meta.total",
				after: []cursor{nextCursor("meta.startAfter", "startAfter"), nextCursor("meta.startAfterId", "startAfterId")}},
			size: 100, single: true, rows: map[string]string{"first_name": "firstNameRaw", "last_name": "lastNameRaw"},
		}},
	}
}

// contactsOfBusiness refuses arguments that the list of a business does not take.
func contactsOfBusiness(_ context.Context, _ *account, q providers.Query, _ *request) (keep, error) {
	for _, f := range q.Where {
		if name := schema.PathAttribute(f.Path); name != "business_id" && name != "query" {
			return nil, &providers.FieldError{Path: name, Problem: "the contacts of a business cannot be searched by it as well",
				Advice: "Leave it out, and select with a for expression."}
		}
	}
	return nil, nil
}

// maxNeedle is how long the text of a search may be, in characters.
const maxNeedle = 75

// contactQuery turns the arguments of ghl_contacts into search filters. What
// the search answers too generously is filtered again here.
func contactQuery(ctx context.Context, a *account, q providers.Query, r *request) (keep, error) {
	var filters []any
	leaf := func(field, operator string, value any) {
		filters = append(filters, map[string]any{"field": field, "operator": operator, "value": value})
	}
	for _, f := range contactFilters {
		if v := q.Where.Value(f.argument).Text(); v != "" {
			if f.argument == "tag" {
				v = spellLower(v)
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
	if err := a.customFieldFilters(ctx, q, leaf); err != nil {
		return nil, err
	}
	if len(filters) > 0 {
		r.setBody("filters", filters)
	}
	if v := q.Where.Value("query").Text(); len([]rune(v)) > maxNeedle {
		return nil, &providers.FieldError{Path: "query", Problem: "the text is too long", Advice: "The search takes 75 characters at most."}
	} else if v != "" {
		r.setBody("query", v)
	}
	// The order must not change while pages are read: what is added meanwhile
	// comes last.
	r.setBody("sort", []any{map[string]any{"field": "dateAdded", "direction": "asc"}})
	return contactKeep(q, domain), nil
}

// contactKeep repeats the filters that the search applies loosely.
func contactKeep(q providers.Query, domain string) keep {
	tag := spellLower(q.Where.Value("tag").Text())
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
