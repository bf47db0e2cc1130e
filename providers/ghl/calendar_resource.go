package ghl

import (
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

const kindCalendarResource = "ghl_calendar_resource"

// calendarResourceKind declares rooms and equipment (HighLevel calendars API,
// resources). There is a list for each type, and the type is a part of every path.
// A create takes no status, and its answer names no id.
func calendarResourceKind() *kind {
	const path = "/calendars/resources/{parent}"
	ofType := schema.Attribute{Name: "type", Type: cty.String, Required: true, OneOf: []string{"equipments", "rooms"}, Doc: "equipments or rooms."}
	declaredType := ofType
	declaredType.Immutable = true
	count := func(called, wire, doc string, byDefault string, always int) attribute {
		a := calendarNumber(called, wire, doc, byDefault)
		a.always = always
		return a
	}
	return declared(&kind{
		Kind: schema.Kind{
			Name: kindCalendarResource, Noun: "calendar resource", Plural: "calendar resources",
			Scopes: schema.Scopes{Read: []string{"calendars/resources.readonly"}, Write: []string{"calendars/resources.write"}},
			Doc: "A room or a piece of equipment that appointments take. It is matched by its name among those of its type. " +
				"HighLevel calls resources deprecated, in favour of the services of its API v3.",
			Content: []string{"name"},
			Parent:  "type",
			After:   []string{kindCalendar},
			Listing: schema.Listing{Page: 100, PerParent: true},
		},
		attributes: []attribute{
			{Attribute: declaredType, read: "resourceType", form: lower},
			{Attribute: schema.Attribute{Name: "name", Type: cty.String, Required: true, Doc: "Name of the resource."}, wire: "name", form: name},
			{Attribute: schema.Attribute{Name: "description", Type: cty.String, Optional: true, Doc: "What it is."}, wire: "description", form: text, always: ""},
			count("quantity", "quantity", "How many there are, of equipment.", "1", 1),
			count("out_of_service", "outOfService", "How many of them cannot be used.", "0", 0),
			count("capacity", "capacity", "How many people a room takes.", "1", 1),
			{Attribute: schema.Attribute{Name: "calendar_ids", Type: cty.Set(cty.String), Optional: true, Refers: kindCalendar, Exists: true, Doc: "Ids of the calendars whose appointments take it, up to 100."},
				wire: "calendarIds", form: textSet, always: []string{}},
			{Attribute: schema.Attribute{Name: "active", Type: cty.Bool, Optional: true, Default: schema.BoolValue(true), Channel: "status", Doc: "Whether it can be taken."},
				wire: "isActive", form: boolean},
		},
		data: []*schema.DataSource{
			{Name: "ghl_calendar_resources", Kind: kindCalendarResource, Many: "calendar_resources", Doc: "Rooms or equipment.", Arguments: []schema.Attribute{ofType}},
			{Name: "ghl_calendar_resource", Kind: kindCalendarResource, Doc: "One room or piece of equipment, by its id or its name.",
				Arguments: []schema.Attribute{ofType, argument("id", cty.String, "Id of the resource."), argument("name", cty.String, "Name of the resource.")}},
		},
		list: listing{
			call: call{method: "GET", path: path, envelope: ".", located: inQuery, version: calendarsVersion},
			page: paging{limit: "limit", skip: "skip", begin: true}, parents: 1,
		},
		get:      call{method: "GET", path: path + "/{id}", version: calendarsVersion},
		create:   call{method: "POST", path: path, located: inBody, version: calendarsVersion},
		update:   call{method: "PUT", path: path + "/{id}", version: calendarsVersion},
		remove:   call{method: "DELETE", path: path + "/{id}", version: calendarsVersion},
		channels: map[string]channel{"status": {set: call{method: "PUT", path: path + "/{id}", version: calendarsVersion}, noun: "status", shared: true}},
		answers:  answers{id: "id|_id", gone: []string{"resource not found", "resource does not exist"}},
	})
}
