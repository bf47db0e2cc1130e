package ghl

import (
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

const (
	kindCalendarGroup     = "ghl_calendar_group"
	kindCalendarGroupSlug = "ghl_calendar_group_slug"
)

// calendarsVersion is the Version header of the calendars API.
const calendarsVersion = "2021-04-15"

// calendarGroupKind declares groups of calendars (HighLevel calendars API,
// groups). An update replaces name, description and slug; the status has a call of
// its own.
func calendarGroupKind() *kind {
	return declared(&kind{
		Kind: schema.Kind{
			Name: kindCalendarGroup, Noun: "calendar group", Plural: "calendar groups",
			Scopes: schema.Scopes{Read: []string{"calendars/groups.readonly"}, Write: []string{"calendars/groups.write"}},
			Doc: "A group of calendars with a page of its own. It is matched by its slug, then by its name. " +
				"HighLevel does not document what a deletion does to the calendars of the group.",
			Keys: []schema.NaturalKey{{"slug"}, {"name"}},
		},
		attributes: []attribute{
			{Attribute: schema.Attribute{Name: "name", Type: cty.String, Required: true, Common: true, Doc: "Name of the group."}, wire: "name", form: name, withUpdate: true},
			{Attribute: schema.Attribute{Name: "slug", Type: cty.String, Required: true, Interim: true, Doc: "End of the address of the group's page."},
				wire: "slug", form: lower, withUpdate: true, verify: true},
			{Attribute: schema.Attribute{Name: "description", Type: cty.String, Optional: true, Doc: "What the group is for."},
				wire: "description", form: text, withUpdate: true, always: ""},
			{Attribute: schema.Attribute{Name: "active", Type: cty.Bool, Optional: true, Default: schema.BoolValue(true), Channel: "status", Doc: "Whether the group can be booked."},
				wire: "isActive", form: boolean},
		},
		data: []*schema.DataSource{
			{Name: "ghl_calendar_group", Kind: kindCalendarGroup, OneOf: true, Doc: "One group of calendars, by its id, its slug or its name.",
				Arguments: []schema.Attribute{argument("id", cty.String, "Id of the group."), argument("slug", cty.String, "Slug of the group."), argument("name", cty.String, "Name of the group.")}},
			{Name: "ghl_calendar_groups", Kind: kindCalendarGroup, Many: "calendar_groups", Doc: "All groups of calendars."},
		},
		list:   listing{call: call{method: "GET", path: "/calendars/groups", envelope: "groups", located: inQuery, version: calendarsVersion}},
		create: call{method: "POST", path: "/calendars/groups", envelope: "group", located: inBody, version: calendarsVersion},
		update: call{method: "PUT", path: "/calendars/groups/{id}", envelope: "group", version: calendarsVersion},
		remove: call{method: "DELETE", path: "/calendars/groups/{id}", version: calendarsVersion},
		channels: map[string]channel{
			"status": {set: call{method: "PUT", path: "/calendars/groups/{id}/status", version: calendarsVersion}, noun: "status"},
		},
		answers: answers{gone: []string{"group not found", "group with id", "group does not exist"}},
	})
}

// calendarGroupSlugKind declares what the location knows of a slug (HighLevel
// calendars API, validation of a slug). The call changes nothing, and needs the
// scope of writes all the same.
func calendarGroupSlugKind() *kind {
	return declared(&kind{
		Kind: schema.Kind{
			Name: kindCalendarGroupSlug, Noun: "slug", Plural: "slugs",
			Scopes:   schema.Scopes{Read: []string{"calendars/groups.write"}},
			Doc:      "A slug that a group of calendars may have. It can only be asked for.",
			Keys:     []schema.NaturalKey{{"slug"}},
			ReadOnly: true,
		},
		attributes: []attribute{
			computed("slug", "slug", "The slug.", lower),
			{Attribute: schema.Attribute{Name: "available", Type: cty.Bool, Computed: true, Doc: "Whether no group has it."}, read: "available", form: boolean},
		},
		data: []*schema.DataSource{
			{Name: kindCalendarGroupSlug, Kind: kindCalendarGroupSlug, Doc: "Whether a slug is free for a group of calendars. HighLevel gives a second group another one, without a word.",
				Arguments: []schema.Attribute{{Name: "slug", Type: cty.String, Required: true, Doc: "The slug."}}},
		},
		find: lookup{
			call:       call{method: "POST", path: "/calendars/groups/validate-slug", located: inBody, version: calendarsVersion},
			parameters: map[string]string{"slug": "slug"},
		},
	})
}
