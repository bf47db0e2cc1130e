package sandbox

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"lockstep/providers/ghl/openapitest"
)

// documented is a sandbox whose requests and answers are checked against the
// official OpenAPI documents.
func documented(t *testing.T) *client {
	t.Helper()
	documents := openapitest.Load(t)
	c := open(t, Options{Seed: []byte(`{
		"users":[{"id":"USRa1b2c3d4e5f6g7h8i","firstName":"Sam","lastName":"Rep","email":"sam@example.com"}],
		"workflows":[{"id":"WF1","name":"Welcome"}],"campaigns":[{"id":"CAM1","name":"Spring"}],
		"contacts":[{"id":"CONseeded00000000000","email":"grace@example.com","businessId":"BUS1",
			"appointments":[{"title":"Lunch","startTime":"2026-07-20 12:00:00","endTime":"2026-07-20 13:00:00","appointmentStatus":"confirmed","assignedUserId":"USRa1b2c3d4e5f6g7h8i","notes":"Plan"}]}]}`)})
	c.handler = documents.Middleware(c.server, func(err error) { t.Error(err) })
	return c
}

// made makes an object and gives the id in its envelope.
func (c *client) made(path, envelope, body string) string {
	c.t.Helper()
	return c.must("POST", path, body)[envelope].(object)["id"].(string)
}

func TestDocumentedContacts(t *testing.T) {
	c := documented(t)
	fieldID := c.made("/locations/LOC/customFields", "customField",
		`{"name":"Tier","dataType":"SINGLE_OPTIONS","options":["Gold","Silver"],"model":"contact"}`)
	one := c.contact(`"firstName":"Ada","lastName":"Lovelace","email":"ada@example.com","phone":"+15550100001",
		"dateOfBirth":"1990-09-25","dnd":true,"dndSettings":{"SMS":{"status":"active"}},"tags":["vip"],"gender":"female",
		"customFields":[{"id":"` + fieldID + `","field_value":"Gold"}],"source":"test","companyName":"Analytical"`)
	two := c.contact(`"email":"lin@example.com"`)
	for _, step := range [][3]string{
		{"GET", "/contacts/" + one, ""},
		{"PUT", "/contacts/" + one, `{"lastName":"King","companyName":null,"type":"customer","ssn":"1","keyword":"k","tags":["a"]}`},
		{"POST", "/contacts/upsert", `{"locationId":"LOC","email":"ada@example.com","firstName":"Ada"}`},
		{"POST", "/contacts/search", `{"locationId":"LOC","pageLimit":2,"filters":[{"field":"tags","operator":"eq","value":"a"}]}`},
		{"GET", "/contacts/search/duplicate?locationId=LOC&email=ada%40example.com", ""},
		{"GET", "/contacts/?locationId=LOC&limit=1", ""},
		{"GET", "/contacts/business/BUS1?locationId=LOC", ""},
		{"GET", "/contacts/CONseeded00000000000/appointments", ""},
		{"POST", "/contacts/" + one + "/tags", `{"tags":["New"]}`},
		{"DELETE", "/contacts/" + one + "/tags", `{"tags":["new"]}`},
		{"POST", "/contacts/bulk/tags/update/add", `{"contacts":["` + one + `","abc"],"tags":["x"],"locationId":"LOC"}`},
		{"POST", "/contacts/bulk/tags/update/remove", `{"contacts":["` + one + `"],"tags":[],"removeAllTags":true,"locationId":"LOC"}`},
		{"POST", "/contacts/bulk/business", `{"locationId":"LOC","ids":["` + one + `"],"businessId":null}`},
		{"POST", "/contacts/" + one + "/followers", `{"followers":["USRa1b2c3d4e5f6g7h8i"]}`},
		{"DELETE", "/contacts/" + one + "/followers", `{"followers":["USRa1b2c3d4e5f6g7h8i"]}`},
		{"POST", "/contacts/" + one + "/campaigns/CAM1", `{}`},
		{"DELETE", "/contacts/" + one + "/campaigns/CAM1", ""},
		{"DELETE", "/contacts/" + one + "/campaigns/removeAll", ""},
		{"POST", "/contacts/" + one + "/workflow/WF1", `{"eventStartTime":"2026-07-20T10:00:00Z"}`},
		{"DELETE", "/contacts/" + one + "/workflow/WF1", `{}`},
		{"DELETE", "/contacts/" + two, ""},
	} {
		c.must(step[0], step[1], step[2])
	}
}

func TestDocumentedBelongings(t *testing.T) {
	c := documented(t)
	one := c.contact(`"email":"ada@example.com"`)
	taskID := c.made("/contacts/"+one+"/tasks", "task",
		`{"title":"Call","dueDate":"2026-07-20T10:00:00Z","completed":false,"assignedTo":"USRa1b2c3d4e5f6g7h8i"}`)
	noteID := c.made("/contacts/"+one+"/notes", "note", `{"body":"Met"}`)
	for _, step := range [][3]string{
		{"GET", "/contacts/" + one + "/tasks", ""},
		{"GET", "/contacts/" + one + "/tasks/" + taskID, ""},
		{"PUT", "/contacts/" + one + "/tasks/" + taskID, `{"body":"Later","assignedTo":null}`},
		{"PUT", "/contacts/" + one + "/tasks/" + taskID + "/completed", `{"completed":true}`},
		{"POST", "/locations/LOC/tasks/search", `{"completed":true,"limit":100,"skip":0}`},
		{"DELETE", "/contacts/" + one + "/tasks/" + taskID, ""},
		{"GET", "/contacts/" + one + "/notes", ""},
		{"GET", "/contacts/" + one + "/notes/" + noteID, ""},
		{"PUT", "/contacts/" + one + "/notes/" + noteID, `{"body":"Met again","pinned":true}`},
		{"DELETE", "/contacts/" + one + "/notes/" + noteID, ""},
	} {
		c.must(step[0], step[1], step[2])
	}
}

func TestDocumentedLocation(t *testing.T) {
	c := documented(t)
	fieldID := c.made("/locations/LOC/customFields", "customField",
		`{"name":"Tier","dataType":"SINGLE_OPTIONS","options":["Gold","Silver"],"model":"contact"}`)
	tagID := c.made("/locations/LOC/tags", "tag", `{"name":"Member"}`)
	valueID := c.made("/locations/LOC/customValues", "customValue", `{"name":"Mail","value":"help@example.com"}`)
	for _, step := range [][3]string{
		{"GET", "/locations/LOC", ""},
		{"GET", "/locations/LOC/timezones", ""},
		{"GET", "/locations/LOC/tags", ""},
		{"GET", "/locations/LOC/tags/" + tagID, ""},
		{"PUT", "/locations/LOC/tags/" + tagID, `{"name":"club"}`},
		{"DELETE", "/locations/LOC/tags/" + tagID, ""},
		{"GET", "/locations/LOC/customFields?model=contact", ""},
		{"GET", "/locations/LOC/customFields/" + fieldID, ""},
		{"PUT", "/locations/LOC/customFields/" + fieldID, `{"name":"Level"}`},
		{"DELETE", "/locations/LOC/customFields/" + fieldID, ""},
		{"GET", "/locations/LOC/customValues", ""},
		{"GET", "/locations/LOC/customValues/" + valueID, ""},
		{"PUT", "/locations/LOC/customValues/" + valueID, `{"name":"Mail","value":"info@example.com"}`},
		{"DELETE", "/locations/LOC/customValues/" + valueID, ""},
		{"GET", "/workflows/?locationId=LOC", ""},
		{"GET", "/campaigns/?locationId=LOC&status=published", ""},
		{"GET", "/users/?locationId=LOC", ""},
		{"GET", "/users/search?companyId=CMPsandbox0000000000", ""},
		{"GET", "/users/USRa1b2c3d4e5f6g7h8i", ""},
	} {
		c.must(step[0], step[1], step[2])
	}
}

func TestDocumentedConversations(t *testing.T) {
	documents := openapitest.Load(t)
	c := open(t, Options{Seed: []byte(talkSeed)})
	c.version = "2021-04-15"
	c.handler = documents.Middleware(c.server, func(err error) { t.Error(err) })
	for _, step := range [][3]string{
		{"GET", "/conversations/search?locationId=LOC&sort=asc&sortBy=last_message_date&limit=1", ""},
		{"GET", "/conversations/CNV1", ""},
		{"GET", "/conversations/CNV1/messages?limit=2", ""},
		{"GET", "/conversations/messages/MSG2", ""},
		{"GET", "/conversations/messages/email/EML1", ""},
		{"PUT", "/conversations/messages/MSG3/status", `{"status":"failed","error":{"code":"1","type":"saas","message":"No route"}}`},
		{"POST", "/conversations/providers/live-chat/typing", `{"locationId":"LOC","isTyping":true,"visitorId":"V","conversationId":"CNV1"}`},
	} {
		c.must(step[0], step[1], step[2])
	}
	c.bytes("/conversations/messages/MSG2/locations/LOC/recording")
	c.bytes("/conversations/locations/LOC/messages/MSG2/transcription")
	c.bytes("/conversations/locations/LOC/messages/MSG2/transcription/download")
}

// TestEveryOperation holds that the sandbox has every operation of a document of
// which it has any, but those named here.
func TestEveryOperation(t *testing.T) {
	documents := openapitest.Load(t)
	c := open(t, Options{})
	var got []string
	for _, operations := range documents.Operations() {
		lacking := slices.DeleteFunc(slices.Clone(operations), func(operation string) bool {
			method, path, _ := strings.Cut(operation, " ")
			_, out := c.call(method, path, "")
			message, _ := out["message"].(string)
			return message != "Cannot "+method+" "+path && !strings.HasPrefix(message, "This route is not") &&
				!strings.HasPrefix(message, "The sandbox does not serve")
		})
		if len(lacking) < len(operations) {
			got = append(got, lacking...)
		}
	}
	slices.Sort(got)
	if diff := cmp.Diff(unserved, got); diff != "" {
		t.Errorf("operations the sandbox lacks (-want +got):\n%s", diff)
	}
}

// unserved are the operations that the sandbox lacks, of documents of which it has
// some.
var unserved = []string{
	"DELETE /calendars/schedules/{id}",
	"DELETE /calendars/schedules/{id}/associations/{calendarId}",
	"DELETE /conversations/messages/email/{emailMessageId}/schedule",
	"DELETE /conversations/messages/{messageId}/schedule",
	"DELETE /conversations/{conversationId}",
	"DELETE /locations/{locationId}/recurring-tasks/{id}",
	"DELETE /locations/{locationId}/templates/{id}",
	"GET /calendars/schedules/search",
	"GET /calendars/schedules/{id}",
	"GET /conversations/preferences/custom-subtypes",
	"GET /conversations/preferences/unsubscriptions/status",
	"GET /locations/{locationId}/recurring-tasks/{id}",
	"GET /locations/{locationId}/templates",
	"GET /snapshots/snapshot-status/{snapshotId}",
	"GET /snapshots/snapshot-status/{snapshotId}/location/{locationId}",
	"POST /calendars/schedules",
	"POST /conversations/",
	"POST /conversations/messages",
	"POST /conversations/messages/inbound",
	"POST /conversations/messages/outbound",
	"POST /conversations/messages/review-reply",
	"POST /conversations/messages/upload",
	"POST /conversations/messages/upload/complete",
	"POST /conversations/messages/upload/initiate",
	"POST /conversations/preferences/custom-subtypes",
	"POST /conversations/preferences/unsubscriptions/user-change",
	"POST /locations/{locationId}/customFields/upload",
	"POST /locations/{locationId}/recurring-tasks",
	"POST /snapshots/share/link",
	"PUT /calendars/schedules/{id}",
	"PUT /calendars/schedules/{id}/associations/{calendarId}",
	"PUT /conversations/messages/{messageId}/attachments",
	"PUT /conversations/preferences/custom-subtypes/{id}",
	"PUT /conversations/{conversationId}",
	"PUT /locations/{locationId}/recurring-tasks/{id}",
}
