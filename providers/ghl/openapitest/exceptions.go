package openapitest

// gateway are the statuses of the gateway in front of every operation. The
// documents leave most of them out, and so do their bodies.
var gateway = map[int]bool{401: true, 403: true, 404: true, 429: true, 500: true, 502: true, 503: true, 504: true}

// undocumented are operations that exist although no document has them.
var undocumented = map[string]bool{
	"DELETE /locations/*/tasks/*":       true, // deletes a task without its contact
	"POST /opportunities/pipelines":     true, // these are announced since June 2026
	"GET /opportunities/pipelines/*":    true,
	"PUT /opportunities/pipelines/*":    true,
	"DELETE /opportunities/pipelines/*": true,
}

type documentedStatus struct {
	operation string
	status    int
}

// statuses are successes that are answered with another status than the
// documents say.
var statuses = map[documentedStatus]int{
	{"create-tag", 200}:                    201, // a creation like all others
	{"delete-event", 201}:                  200, // as it was recorded
	{"search-opportunities-advanced", 200}: 201, // a POST, like all others
}

// exception is a place where the documents are wrong.
type exception struct {
	where     string // request or answer
	operation string // its operationId; * is any
	path      string // of the value; * is any segment
	reason    string
}

var exceptions = []exception{
	{"request", "*", "dateOfBirth", "declared an object; it is a string"},
	{"request", "*", "customFields/*", "id is declared required; a key may stand in for it"},
	{"request", "*", "customFields/*/field_value", "no variant takes null or \"\", which clear"},
	{"request", "update-contact", "companyName", "accepted, not declared"},
	{"request", "update-contact", "type", "accepted, not declared"},
	{"request", "update-contact", "ssn", "accepted, not declared"},
	{"request", "update-contact", "keyword", "accepted, not declared"},
	{"request", "*", "postalCode", "null clears, as it does for its neighbours"},
	{"request", "*", "country", "null clears, as it does for its neighbours"},
	{"request", "update-task", "body", "null clears"},
	{"request", "update-task", "assignedTo", "null clears"},
	{"request", "task-search", "searchAfter", "accepted, not declared"},
	{"request", "create-custom-field", "options", "the only way to give options, not declared"},
	{"request", "create-custom-field", "parentId", "accepted, not declared"},
	{"request", "create-custom-field", "fieldKey", "accepted, not declared"},
	{"request", "create-custom-field", "description", "accepted, not declared"},
	{"request", "update-custom-field", "options", "the only way to give options, not declared"},
	{"request", "update-custom-field", "description", "accepted, not declared"},
	{"request", "create-association", "tags", "may be empty with removeAllTags"},
	{"request", "create-opportunity", "source", "accepted, not declared"},
	{"request", "update-opportunity", "source", "accepted, not declared"},
	{"request", "search-opportunities-advanced", "page", "declared required, and refused with searchAfter"},
	{"request", "search-opportunities-advanced", "filters", "what the search is for, not declared"},
	{"request", "Upsert-opportunity", "monetaryValue", "a number in the example, declared an object"},
	{"request", "create-association", "firstObjectLabel", "a text, declared an object"},
	{"request", "create-association", "firstObjectKey", "a text, declared an object"},
	{"request", "create-association", "secondObjectLabel", "a text, declared an object"},
	{"request", "create-association", "secondObjectKey", "a text, declared an object"},
	{"request", "update-association", "firstObjectLabel", "a text, declared an object"},
	{"request", "update-association", "secondObjectLabel", "a text, declared an object"},
	{"request", "live-chat-agent-typing", "isTyping", "a boolean in the example, declared a string"},

	{"answer", "*", "calendar/openHours", "an object when there are none; declared an array"},
	{"answer", "get-calendars", "calendars/*/openHours", "an object when there are none; declared an array"},
	{"answer", "delete-calendar", "success", "declared required, and the deleted calendar comes in its place"},
	{"answer", "get-slots", "traceId", "stands beside the days, and is no day"},
	{"request", "create-block-slot", "calendarId", "declared required; a user may stand in for it"},
	{"request", "edit-block-slot", "calendarId", "declared required; a user may stand in for it"},
	{"answer", "*", "events/*/startTime", "a text, declared an object"},
	{"answer", "*", "events/*/endTime", "a text, declared an object"},
	{"answer", "*", "events/*/dateAdded", "a text, declared an object"},
	{"answer", "*", "events/*/dateUpdated", "a text, declared an object"},
	{"answer", "*", "events/*/createdBy", "its userId is null where no user made it; declared a string"},
	{"answer", "create-block-slot", "startTime", "a text, declared an object"},
	{"answer", "create-block-slot", "endTime", "a text, declared an object"},
	{"answer", "edit-block-slot", "startTime", "a text, declared an object"},
	{"answer", "edit-block-slot", "endTime", "a text, declared an object"},

	{"answer", "create-association", "firstObjectLabel", "a text, declared an object"},
	{"answer", "create-association", "firstObjectKey", "a text, declared an object"},
	{"answer", "create-association", "secondObjectLabel", "a text, declared an object"},
	{"answer", "create-association", "secondObjectKey", "a text, declared an object"},
	{"answer", "create-association", "associationType", "a text, declared an object"},
	{"answer", "update-association", "firstObjectLabel", "a text, declared an object"},
	{"answer", "update-association", "firstObjectKey", "a text, declared an object"},
	{"answer", "update-association", "secondObjectLabel", "a text, declared an object"},
	{"answer", "update-association", "secondObjectKey", "a text, declared an object"},
	{"answer", "update-association", "associationType", "a text, declared an object"},
	{"answer", "get-association-by-ID", "firstObjectLabel", "a text, declared an object"},
	{"answer", "get-association-by-ID", "firstObjectKey", "a text, declared an object"},
	{"answer", "get-association-by-ID", "secondObjectLabel", "a text, declared an object"},
	{"answer", "get-association-by-ID", "secondObjectKey", "a text, declared an object"},
	{"answer", "get-association-by-ID", "associationType", "a text, declared an object"},
	{"answer", "get-association-key-by-key-name", "firstObjectLabel", "a text, declared an object"},
	{"answer", "get-association-key-by-key-name", "firstObjectKey", "a text, declared an object"},
	{"answer", "get-association-key-by-key-name", "secondObjectLabel", "a text, declared an object"},
	{"answer", "get-association-key-by-key-name", "secondObjectKey", "a text, declared an object"},
	{"answer", "get-association-key-by-key-name", "associationType", "a text, declared an object"},
	{"answer", "find-associations", "*", "declared as one association"},
	{"answer", "get-association-by-object-keys", "*", "declared as one association"},
	{"answer", "get-relations-by-record-id", "*", "declared as one association"},
	{"answer", "create-relation", "*", "declared as one association"},
	{"answer", "delete-relation", "*", "declared as one association"},
	{"answer", "get-all-categories-by-location", "categories/*/name", "declared required, and has the name label"},
	{"answer", "search-opportunity", "opportunities/*/assignedTo", "null when there is none; declared a string"},
	{"answer", "search-opportunity", "opportunities/*/source", "null when there is none; declared a string"},
	{"answer", "search-opportunity", "opportunities/*/lostReasonId", "null when there is none; declared a string"},
	{"answer", "search-opportunity", "opportunities/*/followers/*", "ids, declared arrays"},
	{"answer", "search-opportunity", "opportunities/*/customFields/*/fieldValue", "has the type of the field, also a number"},
	{"answer", "search-opportunity", "meta/nextPage", "null on the last page"},
	{"answer", "search-opportunity", "meta/prevPage", "null on the first page"},
	{"answer", "search-opportunities-advanced", "opportunities/*/assignedTo", "null when there is none; declared a string"},
	{"answer", "search-opportunities-advanced", "opportunities/*/source", "null when there is none; declared a string"},
	{"answer", "search-opportunities-advanced", "opportunities/*/lostReasonId", "null when there is none; declared a string"},
	{"answer", "search-opportunities-advanced", "opportunities/*/followers/*", "ids, declared arrays"},
	{"answer", "search-opportunities-advanced", "opportunities/*/customFields/*/fieldValue", "has the type of the field, also a number"},
	{"answer", "*", "opportunity/followers/*", "ids, declared arrays"},
	{"answer", "*", "opportunity/customFields/*/fieldValue", "has the type of the field, also a number"},
	{"answer", "get-pipelines", "pipelines/*/stages/*", "rows are declared arrays; they are objects"},
	{"answer", "create-association", "responses/*", "rows are declared strings; they are objects"},
	{"answer", "task-search", "tasks/*", "rows are declared arrays; they are objects"},
	{"answer", "*", "contact/customFields/*/value", "declared a string; it has the type of the field"},
	{"answer", "*", "contacts/*/customFields/*/value", "declared a string; it has the type of the field"},
	{"answer", "get-message", "*", "declared without its envelope"},
	{"answer", "get-messages", "*", "declared without its envelope"},
	{"answer", "get-message-transcription", "", "a list of sentences, declared as one"},
	{"answer", "*", "scopes", "a list, declared one text of its members"},
	{"answer", "*", "users/*/scopes", "a list, declared one text of its members"},
	{"answer", "create-contact", "message", "a list of texts where the body says 422 under status 400"},
	{"answer", "create-contact", "statusCode", "422 under status 400"},
}
