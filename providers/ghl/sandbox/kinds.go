package sandbox

import "encoding/json"

// kind is a kind of object that the sandbox serves. What it keeps is in a
// collection, which registers itself with the store.
type kind interface {
	routes() []route
}

// seeded is a kind that a seed document may have a member for.
type seeded interface {
	member() string // of the document
	plant(raw json.RawMessage, p *planter) error
}

// kinds registers every kind of object of a location. A kind comes behind those
// it leans on. Seeds are planted in this order, and a compacted log has it too.
func (l *location) kinds() []kind {
	l.users, l.tags, l.fields = newUsers(l), newTags(l), newFields(l)
	l.workflows, l.campaigns = newWorkflows(l), newCampaigns(l)
	l.people = newContacts(l)
	l.enrolments = newEnrolments(l)
	l.opportunities = newOpportunities(l)
	l.pipelines = newPipelines(l)
	l.groups = newCalendarGroups(l)
	l.calendars = newCalendars(l)
	booked := newAppointments(l)
	blocked := newBlockSlots(booked)
	l.slots = &slots{booked, blocked}
	return []kind{
		l,
		l.users,
		l.tags,
		l.fields,
		newValues(l),
		l.pipelines,
		newLostReasons(l),
		newLocations(l),
		newCompany(l),
		newSnapshots(l),
		l.people,
		newTasks(l),
		newNotes(l),
		booked,
		blocked,
		l.slots,
		newAppointmentNotes(booked),
		newConversations(l),
		newBusinesses(l),
		l.workflows,
		l.campaigns,
		l.enrolments,
		l.opportunities,
		l.groups,
		l.calendars,
		newNotifications(l),
		newEquipments(l),
		newAssociations(l),
		newBlogs(l),
		newBlogAuthors(l),
		newBlogCategories(l),
		newPosts(l),
	}
}
