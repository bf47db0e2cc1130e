package sandbox

import "strings"

// route declares one operation.
type route struct {
	method  string
	pattern string // a {name} segment takes any value
	scope   string // what the token must carry; "" is any
	query   shape  // nil: no query
	body    shape  // nil: no properties
	v3      bool   // only under Version v3
	agency  bool   // for an agency's OAuth token only
	both    bool   // for an agency's OAuth token too
	form    bool   // the body may be a form instead of JSON
	keyed   bool   // a bare call, without any query, is taken for an unauthorized one
	serve   func(*Server, *call) answer
}

// The scopes of the operations.
const (
	contactsRead  = "contacts.readonly"
	contactsWrite = "contacts.write"
	tagsRead      = "locations/tags.readonly"
	tagsWrite     = "locations/tags.write"
	fieldsRead    = "locations/customFields.readonly"
	fieldsWrite   = "locations/customFields.write"
	valuesRead    = "locations/customValues.readonly"
	valuesWrite   = "locations/customValues.write"
	tasksRead     = "locations/tasks.readonly"
	locationsRead = "locations.readonly"
	usersRead     = "users.readonly"
	oauthRead     = "oauth.readonly"
	oauthWrite    = "oauth.write"
)

// routes is the table of operations. The first that fits serves a call, so
// fixed segments come before names.
func routes() []route {
	return append(append(contactRoutes(), childRoutes()...), locationRoutes()...)
}

func contactRoutes() []route {
	duplicate := shape{"locationId": {kind: text, need: true}, "email": {kind: text}, "number": {kind: text}}
	return []route{
		{method: "POST", pattern: "/contacts/search", scope: contactsRead, body: searchShape, serve: (*Server).searchContacts},
		{method: "GET", pattern: "/contacts/search/duplicate", scope: contactsRead, query: duplicate, serve: (*Server).findDuplicate},
		{method: "POST", pattern: "/contacts/upsert", scope: contactsWrite, body: upsertContactShape, serve: (*Server).upsertContact},
		{method: "POST", pattern: "/contacts/bulk/business", scope: contactsWrite, body: businessShape, serve: (*Server).bulkBusiness},
		{method: "POST", pattern: "/contacts/bulk/tags/update/{type}", scope: contactsWrite, body: bulkTagsShape, serve: (*Server).bulkTags},
		{method: "GET", pattern: "/contacts/business/{businessId}", scope: contactsRead, query: businessQuery, serve: (*Server).businessContacts},
		{method: "GET", pattern: "/contacts/", scope: contactsRead, query: contactListQuery, serve: (*Server).listContacts},
		{method: "POST", pattern: "/contacts/", scope: contactsWrite, body: createContactShape, serve: (*Server).createContact},
		{method: "GET", pattern: "/contacts/{contactId}", scope: contactsRead, serve: (*Server).getContact},
		{method: "PUT", pattern: "/contacts/{contactId}", scope: contactsWrite, body: updateContactShape, serve: (*Server).updateContact},
		{method: "DELETE", pattern: "/contacts/{contactId}", scope: contactsWrite, serve: (*Server).deleteContact},
	}
}

func childRoutes() []route {
	const contact = "/contacts/{contactId}"
	return []route{
		{method: "GET", pattern: contact + "/tasks", scope: contactsRead, serve: (*Server).listTasks},
		{method: "POST", pattern: contact + "/tasks", scope: contactsWrite, body: createTaskShape, serve: (*Server).createTask},
		{method: "GET", pattern: contact + "/tasks/{taskId}", scope: contactsRead, serve: (*Server).getTask},
		{method: "PUT", pattern: contact + "/tasks/{taskId}", scope: contactsWrite, body: updateTaskShape, serve: (*Server).updateTask},
		{method: "DELETE", pattern: contact + "/tasks/{taskId}", scope: contactsWrite, serve: (*Server).deleteTask},
		{method: "PUT", pattern: contact + "/tasks/{taskId}/completed", scope: contactsWrite, body: completedShape, serve: (*Server).updateTask},
		{method: "GET", pattern: contact + "/appointments", scope: contactsRead, serve: (*Server).listAppointments},
		{method: "POST", pattern: contact + "/tags", scope: contactsWrite, body: tagsShape, serve: (*Server).addTags},
		{method: "DELETE", pattern: contact + "/tags", scope: contactsWrite, body: tagsShape, serve: (*Server).removeTags},
		{method: "GET", pattern: contact + "/notes", scope: contactsRead, serve: (*Server).listNotes},
		{method: "POST", pattern: contact + "/notes", scope: contactsWrite, body: createNoteShape, serve: (*Server).createNote},
		{method: "GET", pattern: contact + "/notes/{id}", scope: contactsRead, serve: (*Server).getNote},
		{method: "PUT", pattern: contact + "/notes/{id}", scope: contactsWrite, body: updateNoteShape, serve: (*Server).updateNote},
		{method: "DELETE", pattern: contact + "/notes/{id}", scope: contactsWrite, serve: (*Server).deleteNote},
		{method: "POST", pattern: contact + "/followers", scope: contactsWrite, body: followersShape, serve: (*Server).addFollowers},
		{method: "DELETE", pattern: contact + "/followers", scope: contactsWrite, body: followersShape, serve: (*Server).removeFollowers},
		{method: "DELETE", pattern: contact + "/campaigns/remove-all", scope: contactsWrite, v3: true, serve: (*Server).enrol},
		{method: "DELETE", pattern: contact + "/campaigns/removeAll", scope: contactsWrite, serve: (*Server).enrol},
		{method: "POST", pattern: contact + "/campaigns/{campaignId}", scope: contactsWrite, serve: (*Server).enrolCreated},
		{method: "DELETE", pattern: contact + "/campaigns/{campaignId}", scope: contactsWrite, serve: (*Server).enrol},
		{method: "POST", pattern: contact + "/workflow/{workflowId}", scope: contactsWrite, body: workflowShape, serve: (*Server).enrol},
		{method: "DELETE", pattern: contact + "/workflow/{workflowId}", scope: contactsWrite, body: workflowShape, serve: (*Server).enrol},
	}
}

func locationRoutes() []route {
	const location = "/locations/{locationId}"
	return []route{
		{method: "GET", pattern: "/locations/search", both: true, scope: locationsRead, query: locationSearchQuery, serve: (*Server).searchLocations},
		{method: "POST", pattern: "/locations/", serve: agencyOnly},
		{method: "PUT", pattern: location, serve: agencyOnly},
		{method: "DELETE", pattern: location, serve: agencyOnly},
		{method: "GET", pattern: location, both: true, scope: locationsRead, serve: (*Server).getLocation},
		{method: "GET", pattern: location + "/timezones", scope: locationsRead, serve: (*Server).timezones},
		{method: "POST", pattern: location + "/tasks/search", scope: tasksRead, body: taskSearchShape, serve: (*Server).searchTasks},
		{method: "DELETE", pattern: location + "/tasks/{taskId}", scope: contactsWrite, serve: (*Server).deleteLocationTask},
		{method: "GET", pattern: location + "/tags", scope: tagsRead, serve: (*Server).listTags},
		{method: "POST", pattern: location + "/tags", scope: tagsWrite, body: tagShape, serve: (*Server).createTag},
		{method: "GET", pattern: location + "/tags/{tagId}", scope: tagsRead, serve: (*Server).getTag},
		{method: "PUT", pattern: location + "/tags/{tagId}", scope: tagsWrite, body: tagShape, serve: (*Server).updateTag},
		{method: "DELETE", pattern: location + "/tags/{tagId}", scope: tagsWrite, serve: (*Server).deleteTag},
		{method: "GET", pattern: location + "/customFields", scope: fieldsRead, query: fieldQuery, serve: (*Server).listFields},
		{method: "POST", pattern: location + "/customFields", scope: fieldsWrite, body: createFieldShape, serve: (*Server).createField},
		{method: "GET", pattern: location + "/customFields/{id}", scope: fieldsRead, serve: (*Server).getField},
		{method: "PUT", pattern: location + "/customFields/{id}", scope: fieldsWrite, body: updateFieldShape, serve: (*Server).updateField},
		{method: "DELETE", pattern: location + "/customFields/{id}", scope: fieldsWrite, serve: (*Server).deleteField},
		{method: "GET", pattern: location + "/customValues", scope: valuesRead, serve: (*Server).listValues},
		{method: "POST", pattern: location + "/customValues", scope: valuesWrite, body: valueShape, serve: (*Server).createValue},
		{method: "GET", pattern: location + "/customValues/{id}", scope: valuesRead, serve: (*Server).getValue},
		{method: "PUT", pattern: location + "/customValues/{id}", scope: valuesWrite, body: valueShape, serve: (*Server).updateValue},
		{method: "DELETE", pattern: location + "/customValues/{id}", scope: valuesWrite, serve: (*Server).deleteValue},
		{method: "GET", pattern: "/users/", scope: usersRead, query: usersQuery, serve: (*Server).listUsers},
		{method: "GET", pattern: "/users/search", both: true, scope: usersRead, query: userSearchQuery, keyed: true, serve: (*Server).searchUsers},
		{method: "GET", pattern: "/users/{userId}", both: true, scope: usersRead, serve: (*Server).getUser},
		{method: "GET", pattern: "/oauth/installedLocations", agency: true, scope: oauthRead, query: installedQuery, serve: (*Server).installedLocations},
		{method: "POST", pattern: "/oauth/locationToken", agency: true, form: true, scope: oauthWrite, body: locationTokenShape, serve: (*Server).locationToken},
		{method: "GET", pattern: "/oauth/installed-locations", v3: true, agency: true, scope: oauthRead, query: installedQuery, serve: (*Server).installedLocations},
		{method: "POST", pattern: "/oauth/location-token", v3: true, agency: true, form: true, scope: oauthWrite, body: locationTokenShape, serve: (*Server).locationToken},
	}
}

// find sets the route of a call, or says why there is none: a path nobody knows
// is the gateway's 401, a known path with another method is a 404.
func (s *Server) find(c *call) (answer, bool) {
	pathKnown := false
	for i := range s.routes {
		r := &s.routes[i]
		vars, fits := r.match(c.path)
		if !fits {
			continue
		}
		pathKnown = true
		if r.method != c.method {
			continue
		}
		if r.v3 && !c.v3 {
			return cannot(c), false
		}
		c.route, c.vars = r, vars
		return answer{}, true
	}
	if pathKnown {
		return cannot(c), false
	}
	return unknownRoute(), false
}

// match compares a path with the route's pattern, letter case and trailing
// slash included.
func (r *route) match(path string) (map[string]string, bool) {
	want, got := strings.Split(r.pattern, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return nil, false
	}
	var vars map[string]string
	for i, segment := range want {
		name, open := strings.CutPrefix(segment, "{")
		if !open {
			if segment != got[i] {
				return nil, false
			}
			continue
		}
		if got[i] == "" {
			return nil, false
		}
		if vars == nil {
			vars = map[string]string{}
		}
		vars[strings.TrimSuffix(name, "}")] = got[i]
	}
	return vars, true
}
