package sandbox

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// asAgency sends a request of the agency that has to succeed.
func (c *client) asAgency(method, path, body string) object {
	c.t.Helper()
	req := c.request(method, path, body)
	req.Header.Set("Authorization", "Bearer "+c.server.AgencyToken())
	rec, out := c.send(req)
	if rec.Code > 299 {
		c.t.Fatalf("%s %s: %d %v", method, path, rec.Code, out)
	}
	return out
}

// newUser is a body that makes a user of the location.
const newUser = `{"companyId":"CMPsandbox0000000000","firstName":"Ada","lastName":"Rep","email":"ada@example.com","password":"Secret-1","type":"account","role":"user","locationIds":["LOC"]}`

func TestDocumentedAgency(t *testing.T) {
	c := documented(t)
	made := c.asAgency("POST", "/locations/", `{"companyId":"CMPsandbox0000000000","name":"Club","country":"AT","settings":{"allowDuplicateContact":true},"social":{"yelp":"https://example.com"}}`)["id"].(string)
	user := c.asAgency("POST", "/users/", newUser)["id"].(string)
	for _, step := range [][3]string{
		{"GET", "/locations/search?companyId=CMPsandbox0000000000&limit=2", ""},
		{"GET", "/locations/" + made, ""},
		{"PUT", "/locations/" + made, `{"companyId":"CMPsandbox0000000000","city":"Graz"}`},
		{"PUT", "/locations/LOC", `{"companyId":"CMPsandbox0000000000","name":"Front"}`},
		{"GET", "/companies/CMPsandbox0000000000", ""},
		{"GET", "/snapshots/?companyId=CMPsandbox0000000000", ""},
		{"GET", "/users/search?companyId=CMPsandbox0000000000", ""},
		{"POST", "/users/search/filter-by-email", `{"companyId":"CMPsandbox0000000000","emails":"ada@example.com","projection":"all"}`},
		{"GET", "/users/" + user, ""},
		{"PUT", "/users/" + user, `{"companyId":"CMPsandbox0000000000","locationIds":["LOC","` + made + `"],"scopes":["contacts.write"],"permissions":{"tagsEnabled":false}}`},
		{"DELETE", "/users/" + user, ""},
	} {
		c.asAgency(step[0], step[1], step[2])
	}
	if got := c.must("GET", "/locations/LOC", "")["location"].(object)["name"]; got != "Front" {
		t.Errorf("the location is called %q, want what its agency calls it", got)
	}
}

// TestLevels holds what tokens of a location and of its agency may do.
func TestLevels(t *testing.T) {
	c := open(t, Options{AgencyScopes: []string{"locations.readonly", "users.readonly"}})
	const wrongKind = "This authClass type is not allowed to access this scope. Please switch to allowed authClass type for this scope."
	byEmail := `{"companyId":"CMPsandbox0000000000","emails":"a@example.com"}`
	cases := map[string]struct {
		reason, token      string
		method, path, body string
		want               int
		words              any
	}{
		"location's locations": {"an agency lists its locations", c.server.Token(), "GET", "/locations/search", "", 403, "Forbidden resource"},
		"location's company":   {"the company is the agency", c.server.Token(), "GET", "/companies/CMPsandbox0000000000", "", 403, "Forbidden resource"},
		"location's snapshots": {"snapshots are the agency's", c.server.Token(), "GET", "/snapshots/?companyId=CMPsandbox0000000000", "", 403, "Forbidden resource"},
		"location's look-up":   {"a location knows its own people", c.server.Token(), "POST", "/users/search/filter-by-email", byEmail, 403, "Forbidden resource"},
		"agency's tags":        {"tags are a location's", c.server.AgencyToken(), "GET", "/locations/LOC/tags", "", 401, wrongKind},
		"agency's staff list":  {"so is the list of its staff", c.server.AgencyToken(), "GET", "/users/?locationId=LOC", "", 401, wrongKind},
		"agency's look-up":     {"an agency knows all its people", c.server.AgencyToken(), "POST", "/users/search/filter-by-email", byEmail, 200, nil},
		"agency's own scopes":  {"the agency's token has scopes of its own", c.server.AgencyToken(), "GET", "/companies/CMPsandbox0000000000", "", 401, "The token is not authorized for this scope."},
		"agency mints nothing": {"only an app can make tokens", c.server.AgencyToken(), "GET", "/oauth/installedLocations?companyId=CMPsandbox0000000000&appId=a", "", 401, wrongKind},
		"other company":        {"an agency is no other", c.server.AgencyToken(), "GET", "/locations/search?companyId=CMPother", "", 403, "Forbidden resource"},
		"no location":          {"a location is made by its agency", c.server.Token(), "POST", "/locations/", `{}`, 403, "Forbidden resource"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			status, words := c.with(tc.token, tc.method, tc.path, tc.body)
			if diff := cmp.Diff([]any{tc.want, tc.words}, []any{status, words}); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// TestUserLeaves deletes a user, who stays in every answer until the delete is due.
func TestUserLeaves(t *testing.T) {
	c := open(t, Options{})
	user := c.must("POST", "/users/", newUser)["id"].(string)
	count := func() int { return len(c.must("GET", "/users/?locationId=LOC", "")["users"].([]any)) }
	message, _ := c.must("DELETE", "/users/"+user, "")["message"].(string)
	if !strings.HasPrefix(message, "Queued deleting user with e-mail ada@example.com") || count() != 1 {
		t.Errorf("%q, and %d users, want a delete that waits", message, count())
	}
	if status, out := c.call("PUT", "/users/"+user, `{"firstName":"Lin"}`); status != 400 {
		t.Errorf("a user who leaves is changed: %d %v", status, out)
	}
	if status, out := c.call("POST", "/users/", newUser); status != 400 {
		t.Errorf("the address of a user who leaves is free already: %d %v", status, out)
	}
	c.now = c.now.Add(queue)
	if n := count(); n != 0 {
		t.Errorf("%d users when the delete is due, want none", n)
	}
	c.must("POST", "/users/", newUser)
}

func TestUserRefusals(t *testing.T) {
	c := open(t, Options{})
	with := func(from, to string) string { return strings.Replace(newUser, from, to, 1) }
	c.must("POST", "/users/", newUser)
	other := with("ada@", "lin@")
	for name, tc := range map[string]struct {
		reason, body string
		want         int
	}{
		"twice":          {"an address is one user's", with("ada@", "Ada@"), 400},
		"elsewhere":      {"a location makes its own staff", strings.Replace(other, `["LOC"]`, `["OTHER"]`, 1), 403},
		"nowhere":        {"who works nowhere could not log in", strings.Replace(other, `["LOC"]`, `[]`, 1), 422},
		"agency's":       {"only an agency makes agency users", strings.Replace(other, `"account"`, `"agency"`, 1), 403},
		"other company":  {"a location belongs to one agency", strings.Replace(other, "CMPsandbox0000000000", "CMPother", 1), 401},
		"no password":    {"the document requires one", strings.Replace(other, `"password":"Secret-1",`, "", 1), 422},
		"no such member": {"bodies are strict", strings.Replace(other, `"role"`, `"rolle":"x","role"`, 1), 422},
	} {
		t.Run(name, func(t *testing.T) {
			if status, out := c.call("POST", "/users/", tc.body); status != tc.want {
				t.Errorf("%s: %d %v, want %d", tc.reason, status, out, tc.want)
			}
		})
	}
}
