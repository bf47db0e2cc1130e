package sandbox

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// refusedContact is a call against one contact, CON, whose e-mail is
// ada@example.com.
type refusedContact struct {
	reason             string
	method, path, body string
	want               int
	wantMessage        any
}

func refuseAll(t *testing.T, cases map[string]refusedContact) {
	t.Helper()
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			c := open(t, Options{Seed: []byte(`{"contacts":[{"id":"CON","email":"ada@example.com","phone":"+15550100001"}]}`)})
			status, body := c.call(tc.method, tc.path, tc.body)
			if diff := cmp.Diff([]any{tc.want, tc.wantMessage}, []any{status, body["message"]}); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// TestContactKeys holds that an e-mail and a phone belong to one contact.
func TestContactKeys(t *testing.T) {
	refuseAll(t, map[string]refusedContact{
		"create with the location alone": {
			reason: "the status says 400 where the body says 422",
			method: "POST", path: "/contacts/", body: `{"locationId":"LOC"}`,
			want: 400, wantMessage: []any{"At least one of email, phone, name should be provided"},
		},
		"duplicate e-mail in another case": {
			reason: "e-mails are compared in lower case",
			method: "POST", path: "/contacts/", body: `{"locationId":"LOC","email":"ADA@example.com"}`,
			want: 400, wantMessage: "This location does not allow duplicated contacts.",
		},
		"duplicate phone in another spelling": {
			reason: "phones are compared in E.164",
			method: "POST", path: "/contacts/", body: `{"locationId":"LOC","phone":"(555) 010-0001"}`,
			want: 400, wantMessage: "This location does not allow duplicated contacts.",
		},
		"upsert without a key": {
			reason: "an upsert matches by e-mail or phone", method: "POST", path: "/contacts/upsert",
			body: `{"locationId":"LOC","firstName":"Ada"}`,
			want: 400, wantMessage: "Either email or phone is required to upsert a contact",
		},
	})
}

// TestContactProperties holds that bodies and queries are strict.
func TestContactProperties(t *testing.T) {
	refuseAll(t, map[string]refusedContact{
		"update with create-only properties": {
			reason: "the order of the messages is that of the body",
			method: "PUT", path: "/contacts/CON", body: `{"locationId":"LOC","gender":"female"}`,
			want: 422, wantMessage: []any{"property locationId should not exist", "property gender should not exist"},
		},
		"update with read-only lists": {
			reason: "additional e-mails are not writable",
			method: "PUT", path: "/contacts/CON", body: `{"additionalEmails":[]}`,
			want: 422, wantMessage: []any{"property additionalEmails should not exist"},
		},
		"invalid e-mail": {
			reason: "an e-mail is checked", method: "PUT", path: "/contacts/CON", body: `{"email":"nonsense"}`,
			want: 422, wantMessage: []any{"email must be an email"},
		},
		"invalid phone": {
			reason: "the message names the property", method: "PUT", path: "/contacts/CON", body: `{"phone":"call me"}`,
			want: 422, wantMessage: []any{"phone must be a valid phone number"},
		},
		"wrong type": {
			reason: "types are checked", method: "PUT", path: "/contacts/CON", body: `{"firstName":1,"dnd":"yes"}`,
			want: 422, wantMessage: []any{"dnd must be a boolean value", "firstName must be a string"},
		},
		"unknown property of a custom field": {
			reason: "nested objects are strict too",
			method: "PUT", path: "/contacts/CON", body: `{"customFields":[{"id":"x","fieldValue":"y"}]}`,
			want: 422, wantMessage: []any{"customFields.0.property fieldValue should not exist"},
		},
		"unknown query": {
			reason: "queries are strict", method: "GET", path: "/contacts/CON?locationId=LOC",
			want: 422, wantMessage: []any{"property locationId should not exist"},
		},
		"tags cannot be read": {
			reason: "a known path with another method is a 404", method: "GET", path: "/contacts/CON/tags",
			want: 404, wantMessage: "Cannot GET /contacts/CON/tags",
		},
		"not JSON": {
			reason: "a body must be an object", method: "PUT", path: "/contacts/CON", body: `[`,
			want: 400, wantMessage: "Unexpected token in JSON",
		},
	})
}

// TestSharedKeys holds that a location may allow duplicates, and that the oldest
// of them is found.
func TestSharedKeys(t *testing.T) {
	c := open(t, Options{Seed: []byte(`{"location":{"allowDuplicateContact":true}}`)})
	var made []string
	for range 5 {
		made = append(made, c.contact(`"email":"ada@example.com","phone":"+15550100001"`))
	}
	var found []string
	for _, id := range made {
		for _, query := range []string{"email=ADA%40example.com", "number=%2B15550100001"} {
			contact := c.must("GET", "/contacts/search/duplicate?locationId=LOC&"+query, "")["contact"].(object)
			found = append(found, contact["id"].(string))
		}
		c.must("DELETE", "/contacts/"+id, "")
	}
	var want []string
	for _, id := range made {
		want = append(want, id, id)
	}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("owners of the e-mail and the phone (-want +got):\n%s", diff)
	}
}
