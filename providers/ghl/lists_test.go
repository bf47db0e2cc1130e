package ghl

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/providers"
	"lockstep/providers/ghl/openapitest"
	"lockstep/providers/ghl/sandbox"
	"lockstep/schema"
)

// listSeed is a location with something to list.
const listSeed = `{
	"users":[{"id":"USR1","firstName":"Sam","lastName":"Rep","email":"sam@example.com","role":"admin"},
		{"id":"USR2","firstName":"Kim","lastName":"Ode","email":"kim@example.com","role":"user"}],
	"businesses":[{"id":"BUS1","name":"Ode Ltd"}],
	"workflows":[{"id":"WF1","name":"Welcome"},{"id":"WF2","name":"Later","status":"draft"}],
	"campaigns":[{"id":"CAM1","name":"Spring"},{"id":"CAM2","name":"Autumn","status":"draft"}],
	"contacts":[{"id":"CON1","firstName":"Ann","email":"ann@example.com","businessId":"BUS1"},
		{"id":"CON2","firstName":"Bea","email":"bea@example.com","businessId":"BUS1"},
		{"id":"CON3","firstName":"Cleo","email":"cleo@example.com"}]}`

func TestDataLists(t *testing.T) { testLists(t, nil) }

// TestDataListsDocuments runs the same traffic past the official documents, where
// they are present.
func TestDataListsDocuments(t *testing.T) {
	v := openapitest.Load(t)
	testLists(t, func(next http.RoundTripper) http.RoundTripper {
		return inProcess{v.Middleware(asHandler{next}, func(err error) { t.Error(err) })}
	})
}

func testLists(t *testing.T, wrap func(http.RoundTripper) http.RoundTripper) {
	t.Helper()
	cases := map[string]struct {
		reason    string
		kind      string
		source    string
		arguments schema.Fields
		attribute string
		want      []string
		calls     int
	}{
		"contacts of a business": {"the list of the business, not the search", kindContact, "ghl_contacts", texts2fields("business_id", "BUS1"), "first_name", []string{"Ann", "Bea"}, 1},
		"found in a business":    {"the list takes a text", kindContact, "ghl_contacts", texts2fields("business_id", "BUS1", "query", "bea"), "first_name", []string{"Bea"}, 1},
		"deprecated list":        {"names keep their capitals", kindContact, "ghl_contacts_listed", nil, "first_name", []string{"Ann", "Bea", "Cleo"}, 1},
		"all users":              {"the list needs no agency", kindUser, "ghl_users", nil, "first_name", []string{"Sam", "Kim"}, 1},
		"users by a text":        {"the search needs the agency, which the location tells", kindUser, "ghl_users", texts2fields("query", "kim"), "email", []string{"kim@example.com"}, 2},
		"users by role":          {"the role stands deeper in the answer", kindUser, "ghl_users", texts2fields("role", "admin"), "role", []string{"admin"}, 2},
		"workflows":              {"all in one answer", kindWorkflow, "ghl_workflows", nil, "status", []string{"published", "draft"}, 1},
		"campaigns":              {"selected by the API", kindCampaign, "ghl_campaigns", texts2fields("status", "draft"), "name", []string{"Autumn"}, 1},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p, server := openSandboxed(t, sandbox.Options{Seed: []byte(listSeed)}, wrap)
			var got []string
			q := providers.Query{Kind: tc.kind, Source: tc.source, Where: tc.arguments}
			for page, err := range p.List(t.Context(), q) {
				if err != nil {
					t.Fatal(err)
				}
				for i := range page.Objects {
					got = append(got, page.Objects[i].Value(tc.attribute).Text())
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
			if n := countReads(server); n != tc.calls {
				t.Errorf("%s: %d calls, want %d", tc.reason, n, tc.calls)
			}
		})
	}
}

// countReads counts calls, without that for the definitions of custom fields.
func countReads(server *sandbox.Server) int {
	n := 0
	for _, c := range server.Calls() {
		if c.Path != "/locations/"+server.Location()+"/customFields" {
			n++
		}
	}
	return n
}

func TestBusinessArguments(t *testing.T) {
	p, _ := openSandboxed(t, sandbox.Options{Seed: []byte(listSeed)}, nil)
	q := providers.Query{Kind: kindContact, Source: "ghl_contacts", Where: texts2fields("business_id", "BUS1", "tag", "vip")}
	for _, err := range p.List(t.Context(), q) {
		if err == nil {
			t.Error("a tag was taken, which the list of a business cannot select by")
		}
	}
}

// TestGetAlone reads one object of a kind whose list has no pages by a call of
// its own, and lets the list tell where a refusal is unclear.
func TestGetAlone(t *testing.T) {
	cases := map[string]struct {
		reason string
		key    providers.Key
		want   string
		calls  int
	}{
		"by id":     {"one small answer", providers.Key{ID: "USR2"}, "Kim", 1},
		"by e-mail": {"only the list can tell", providers.Key{Fields: texts2fields("email", "KIM@example.com")}, "Kim", 1},
		"gone":      {"the words of the refusal are known", providers.Key{ID: "USR9"}, "", 1},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p, server := openSandboxed(t, sandbox.Options{Seed: []byte(listSeed)}, nil)
			found, err := p.Get(t.Context(), kindUser, []providers.Key{tc.key})
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for i := range found {
				got += found[i].Value("first_name").Text()
			}
			if got != tc.want || len(server.Calls()) != tc.calls {
				t.Errorf("%s: found %q by %d calls, want %q by %d", tc.reason, got, len(server.Calls()), tc.want, tc.calls)
			}
		})
	}
}
