package sandbox

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// pick gives some members of an object, so that a test can say what it is about.
func pick(o object, names ...string) object {
	out := object{}
	for _, name := range names {
		if v, given := o[name]; given {
			out[name] = v
		}
	}
	return out
}

func TestContactFields(t *testing.T) {
	cases := map[string]struct {
		reason string
		update string // the body of a PUT on ada of the club; "" for none
		look   []string
		want   object
	}{
		"read": {
			reason: "lower-case copies and E.164; unset fields and the full name are left out",
			look: []string{"email", "emailLowerCase", "fullNameLowerCase", "phone", "address1", "country", "city", "name",
				"dateOfBirth", "type", "tags"},
			want: object{"email": "Ada@example.com", "emailLowerCase": "ada@example.com", "fullNameLowerCase": "ada lovelace",
				"phone": "+15550100001", "address1": "1 Main Street", "country": "US", "type": "lead",
				"dateOfBirth": "1990-09-25T00:00:00.000Z", "tags": []any{"vip", "runner"}},
		},
		"partial": {
			reason: "what is not sent stays, tags included", update: `{"city":"London"}`,
			look: []string{"city", "firstName", "tags", "address1"},
			want: object{"city": "London", "firstName": "Ada", "tags": []any{"vip", "runner"}, "address1": "1 Main Street"},
		},
		"cleared": {
			reason: "null and empty clear", update: `{"phone":null,"address1":"","dateOfBirth":null}`,
			look: []string{"phone", "address1", "dateOfBirth", "firstName"}, want: object{"firstName": "Ada"},
		},
		"tags": {reason: "tags overwrite", update: `{"tags":[" New ","new"]}`, look: []string{"tags"}, want: object{"tags": []any{"new"}}},
		"name": {reason: "a full name is split", update: `{"name":"Grace Brewster Hopper"}`, look: []string{"firstName", "lastName"},
			want: object{"firstName": "Grace", "lastName": "Brewster Hopper"}},
		"write-only": {reason: "accepted and never read", update: `{"ssn":"1","keyword":"k","type":"customer"}`,
			look: []string{"ssn", "keyword", "type"}, want: object{"type": "customer"}},
		"national phone": {reason: "of the location's country", update: `{"phone":"(555) 010-0002"}`, look: []string{"phone"},
			want: object{"phone": "+15550100002"}},
		"other birth form": {reason: "several forms are read", update: `{"dateOfBirth":"12/31/1990"}`, look: []string{"dateOfBirth"},
			want: object{"dateOfBirth": "1990-12-31T00:00:00.000Z"}},
		"do not disturb": {reason: "channels merge", update: `{"dnd":true,"dndSettings":{"SMS":{"status":"active"}}}`,
			look: []string{"dnd", "dndSettings"},
			want: object{"dnd": true, "dndSettings": object{"SMS": object{"status": "active"}}}},
		"custom fields": {
			reason: "merged by id or key, numbers read from texts, unknown ids dropped, empty clears",
			update: `{"customFields":[{"key":"km","field_value":"42"},{"id":"FLDTIER0000000000000","value":""},{"id":"nobody","value":"x"}]}`,
			look:   []string{"customFields"},
			want:   object{"customFields": []any{object{"id": "FLDKM000000000000000", "value": 42.0}}},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			c := open(t, Options{Seed: []byte(club)})
			got := c.must("GET", "/contacts/ada", "")
			if tc.update != "" {
				c.must("PUT", "/contacts/ada", tc.update)
				got = c.must("GET", "/contacts/ada", "")
			}
			if diff := cmp.Diff(tc.want, pick(got["contact"].(object), tc.look...)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// step is one call of a story and what it answers.
type step struct {
	method, path, body string
	status             int
	want               object // compared with the members it names
}

func (c *client) tell(steps []step) {
	c.t.Helper()
	for i, s := range steps {
		status, out := c.call(s.method, s.path, s.body)
		names := slices.Sorted(maps.Keys(s.want))
		if diff := cmp.Diff([]any{s.status, s.want}, []any{status, pick(out, names...)}); diff != "" {
			c.t.Errorf("step %d, %s %s (-want +got):\n%s", i+1, s.method, s.path, diff)
		}
	}
}

// story is a row of calls on the club.
type story struct {
	reason string
	steps  []step
}

func tellAll(t *testing.T, cases map[string]story) {
	t.Helper()
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Log(tc.reason)
			open(t, Options{Seed: []byte(club)}).tell(tc.steps)
		})
	}
}

func TestContactStories(t *testing.T) {
	notFound := object{"error": "Contact with id ada not found", "status": 400.0}
	taken := object{"meta": object{"contactId": "ada", "contactName": "Ada Lovelace", "matchingField": "email"}}
	tellAll(t, map[string]story{
		"delete": {
			reason: "a deleted contact is not found, its e-mail is free, bulk calls say that it is deleted",
			steps: []step{
				{"DELETE", "/contacts/ada", "", 200, object{"succeded": true, "succeeded": true}},
				{"GET", "/contacts/ada", "", 400, notFound},
				{"PUT", "/contacts/ada", `{}`, 400, notFound},
				{"DELETE", "/contacts/ada", "", 400, notFound},
				{"GET", "/contacts/ada/tasks", "", 400, notFound},
				{"POST", "/contacts/", `{"locationId":"LOC","email":"ada@example.com"}`, 201, object{}},
			},
		},
		"duplicates": {
			reason: "an e-mail belongs to one contact, however it comes to be written",
			steps: []step{
				{"POST", "/contacts/", `{"locationId":"LOC","email":"ada@EXAMPLE.com"}`, 400, taken},
				{"PUT", "/contacts/lin", `{"email":"ada@example.com"}`, 400, taken},
				{"PUT", "/contacts/lin", `{"phone":"(555) 010-0001"}`, 400,
					object{"meta": object{"contactId": "ada", "contactName": "Ada Lovelace", "matchingField": "phone"}}},
				{"PUT", "/contacts/ada", `{"email":"ada@example.com"}`, 200, object{"succeeded": true}},
				{"GET", "/contacts/search/duplicate?locationId=LOC&number=%2B15550100001", "", 200, object{"matchingField": "phone"}},
				{"GET", "/contacts/search/duplicate?locationId=LOC&email=none%40example.com", "", 200, object{"contact": nil}},
			},
		},
		"upsert": {
			reason: "the first match is updated; a value of another contact is dropped",
			steps: []step{
				{"POST", "/contacts/upsert", `{"locationId":"LOC","email":"lin@example.com","phone":"+15550100001"}`, 200, object{"new": false}},
				{"GET", "/contacts/search/duplicate?locationId=LOC&number=%2B15550100001", "", 200, object{"matchingField": "phone"}},
				{"POST", "/contacts/upsert", `{"locationId":"LOC","email":"new@example.com"}`, 200, object{"new": true}},
			},
		},
		"permanent settings": {
			reason: "a permanent do-not-disturb setting cannot be changed",
			steps: []step{
				{"PUT", "/contacts/ada", `{"dndSettings":{"SMS":{"status":"permanent"},"Email":{"status":"active"}}}`, 200, object{}},
				{"PUT", "/contacts/ada", `{"dndSettings":{"SMS":{"status":"inactive"}}}`, 422,
					object{"message": []any{"Not authorized to update permanent dnd setting for SMS"}}},
				{"PUT", "/contacts/ada", `{"dndSettings":{"Email":{"status":"inactive"}}}`, 200, object{}},
			},
		},
	})
}

func TestOtherStories(t *testing.T) {
	tellAll(t, map[string]story{
		"tags": {
			reason: "tags are lower-cased, adding twice does nothing, removing keeps the definition",
			steps: []step{
				{"POST", "/contacts/lin/tags", `{"tags":[" Gold "]}`, 201, object{"tags": []any{"runner", "gold"}, "tagsAdded": []any{"gold"}}},
				{"POST", "/contacts/lin/tags", `{"tags":["GOLD"]}`, 201, object{"tags": []any{"runner", "gold"}, "tagsAdded": []any{}}},
				{"DELETE", "/contacts/lin/tags", `{"tags":["gold","none"]}`, 200, object{"tags": []any{"runner"}, "tagsRemoved": []any{"gold"}}},
				{"POST", "/locations/LOC/tags", `{"name":"Gold"}`, 400, object{"message": "The tag name is already exist."}},
				{"PUT", "/locations/LOC/tags/none", `{"name":"gold"}`, 400, object{"message": "The tag id is invalid."}},
				{"GET", "/locations/LOC/tags/none", "", 400, object{}},
			},
		},
		"tasks": {
			reason: "due dates are UTC with milliseconds, unset fields are left out, a deleted task is a 400",
			steps: []step{
				{"POST", "/contacts/ada/tasks", `{"title":"x","completed":false}`, 422, object{"message": []any{"dueDate should not be empty"}}},
				{"POST", "/contacts/ada/tasks", `{"id":"t1","title":"x","dueDate":"2026-07-20","completed":false}`, 422,
					object{"message": []any{"property id should not exist"}}},
				{"GET", "/contacts/ada/tasks/none", "", 400, object{"message": "The task id is invalid.", "error": "Bad Request", "statusCode": 400.0}},
				{"POST", "/locations/LOC/tasks/search", `{"limit":1001}`, 400, object{}},
				{"POST", "/locations/LOC/tasks/search", `{"page":1}`, 422, object{"message": []any{"property page should not exist"}}},
			},
		},
		"custom fields": {
			reason: "type and model are fixed, names and keys are unique, options go under another name",
			steps: []step{
				{"PUT", "/locations/LOC/customFields/FLDTIER0000000000000", `{"name":"Tier","dataType":"DATE"}`, 422,
					object{"message": []any{"property dataType should not exist"}}},
				{"PUT", "/locations/LOC/customFields/FLDTIER0000000000000", `{}`, 422,
					object{"message": []any{"name must be a string", "name should not be empty"}}},
				{"POST", "/locations/LOC/customFields", `{"name":"TIER","dataType":"TEXT"}`, 400, object{"statusCode": 400.0}},
				{"POST", "/locations/LOC/customFields", `{"name":"Boxes","dataType":"TEXTBOX_LIST"}`, 400,
					object{"message": "textBoxListOptions should not be empty"}},
				{"PUT", "/contacts/ada", `{"customFields":[{"key":"km","field_value":"far"}]}`, 422, object{}},
				{"DELETE", "/locations/LOC/customFields/FLDTIER0000000000000", "", 200, object{"succeded": true}},
				{"GET", "/locations/LOC/customFields/contact.tier", "", 400, object{}},
			},
		},
	})
}

func TestBulkTags(t *testing.T) {
	c := open(t, Options{Seed: []byte(`{"contacts":[{"id":"CONa1b2c3d4e5f6g7h8i","email":"ada@example.com","tags":["old"]},
		{"id":"CONb2c3d4e5f6g7h8i9j","email":"lin@example.com","deleted":true}]}`)})
	got := c.must("POST", "/contacts/bulk/tags/update/add",
		`{"contacts":["CONa1b2c3d4e5f6g7h8i","abcdef","CONb2c3d4e5f6g7h8i9j","CONc3d4e5f6g7h8i9j0k"],"tags":["VIP"],"locationId":"LOC"}`)
	fail := func(id, why string) object { return object{"contactId": id, "message": why, "type": "error"} }
	want := object{"succeded": true, "errorCount": 3.0, "responses": []any{
		object{"contactId": "CONa1b2c3d4e5f6g7h8i", "message": "Tags updated", "type": "success",
			"oldTags": []any{"old"}, "tagsAdded": []any{"vip"}, "tagsRemoved": []any{}},
		fail("abcdef", "contact id is not a valid firebase id"),
		fail("CONb2c3d4e5f6g7h8i9j", "contact is deleted"),
		fail("CONc3d4e5f6g7h8i9j0k", "contact does not belong to location"),
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("every row has its verdict (-want +got):\n%s", diff)
	}
	c.must("POST", "/contacts/bulk/tags/update/remove",
		`{"contacts":["CONa1b2c3d4e5f6g7h8i"],"tags":[],"removeAllTags":true,"locationId":"LOC"}`)
	left := c.must("GET", "/contacts/CONa1b2c3d4e5f6g7h8i", "")["contact"].(object)["tags"]
	if diff := cmp.Diff(any([]any{}), left); diff != "" {
		t.Errorf("removeAllTags leaves none (-want +got):\n%s", diff)
	}
}

func TestTaskRows(t *testing.T) {
	c := open(t, Options{Seed: []byte(`{"users":[{"id":"sam","firstName":"Sam","lastName":"Rep"}],
		"contacts":[{"id":"ada","firstName":"Ada","lastName":"Lovelace","tasks":[
			{"id":"late","title":"Write","dueDate":"2026-07-21T10:00:00+02:00","completed":true},
			{"id":"soon","title":"Call Ada","dueDate":"2026-07-20T10:00:00Z","assignedTo":"sam"}]}]}`)})
	search := func(body string) []any { return c.must("POST", "/locations/LOC/tasks/search", body)["tasks"].([]any) }
	soon := object{"_id": "soon", "locationId": "LOCsandbox0000000000", "deleted": false, "title": "Call Ada",
		"dateAdded": "2026-07-17T10:00:00.000Z", "dateUpdated": "2026-07-17T10:00:00.000Z", "assignedTo": "sam",
		"contactDetails":        object{"firstName": "ada", "lastName": "lovelace"},
		"assignedToUserDetails": object{"id": "sam", "firstName": "Sam", "lastName": "Rep"},
		"completed":             false, "dueDate": "2026-07-20T10:00:00.000Z", "status": "to_do", "contactId": "ada",
		"searchAfter": []any{1784541600000.0, "soon"}}
	cases := map[string]struct {
		reason string
		got    []any
		want   []string
	}{
		"all":       {"sorted by due date", search(`{}`), []string{"soon", "late"}},
		"cursor":    {"rows behind the cursor", search(`{"searchAfter":[1784541600000,"soon"]}`), []string{"late"}},
		"skip":      {"skip counts rows", search(`{"skip":1,"limit":5}`), []string{"late"}},
		"completed": {"by state", search(`{"completed":true}`), []string{"late"}},
		"contact":   {"by contact", search(`{"contactId":["lin"]}`), []string{}},
		"assignee":  {"by user", search(`{"assignedTo":["sam"]}`), []string{"soon"}},
		"query":     {"by text", search(`{"query":"wri"}`), []string{"late"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			ids := []string{}
			for _, row := range tc.got {
				ids = append(ids, row.(object)["_id"].(string))
			}
			if diff := cmp.Diff(tc.want, ids); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
	if diff := cmp.Diff(any(soon), search(`{}`)[0]); diff != "" {
		t.Errorf("a row has _id and details (-want +got):\n%s", diff)
	}
}
