package sandbox

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"lockstep/providers/ghl/openapitest"
)

// dealSeed has three opportunities, the newest of which is won.
const dealSeed = `{"pipelines":[{"id":"PIP1","name":"Sales","stages":[{"id":"STG1","name":"New"},{"id":"STG2","name":"Won"}]}],
	"contacts":[{"id":"CONa","email":"ada@example.com"},{"id":"CONb","email":"lin@example.com"},{"id":"CONc","email":"kim@example.com"}]}`

// deals is a sandbox with opportunities, made a second after another, checked against
// the official documents.
func deals(t *testing.T) (c *client, last string) {
	t.Helper()
	documents := openapitest.Load(t)
	c = open(t, Options{Seed: []byte(dealSeed)})
	c.handler = documents.Middleware(c.server, func(err error) { t.Error(err) })
	for _, o := range []string{`"contactId":"CONa","name":"Bike"`, `"contactId":"CONb","name":"Shoes"`, `"contactId":"CONc","name":"Bike rack","pipelineStageId":"STG2"`} {
		last = c.made("/opportunities/", "opportunity", `{"locationId":"LOC","pipelineId":"PIP1","status":"open",`+o+`}`)
		c.now = c.now.Add(time.Second)
	}
	c.must("PUT", "/opportunities/"+last, `{"status":"won"}`)
	return c, last
}

// filterBody is a body as the document wants it, with more.
func filterBody(more string) string {
	return `{"locationId":"LOC","query":"","limit":10,"additionalDetails":{"notes":false,"tasks":false,"calendarEvents":false,"unReadConversations":false},` + more + `}`
}

func TestOpportunityFilter(t *testing.T) {
	c, _ := deals(t)
	cases := map[string]struct{ reason, more, want string }{
		"all":       {"the newest first", `"page":1,"searchAfter":[]`, "Bike rack, Shoes, Bike"},
		"words":     {"by name", `"page":1,"searchAfter":[],"query":"bike"`, "Bike rack, Bike"},
		"page":      {"the second page of one", `"page":2,"searchAfter":[],"limit":1`, "Shoes"},
		"stage":     {"what its filters select", `"page":1,"searchAfter":[],"filters":[{"field":"pipeline_stage_id","operator":"eq","value":"STG1"}]`, "Shoes, Bike"},
		"both":      {"all filters hold", `"page":1,"searchAfter":[],"filters":[{"field":"pipeline_id","operator":"eq","value":"PIP1"},{"field":"status","operator":"eq","value":"won"}]`, "Bike rack"},
		"wrong":     {"a filter that it does not know selects nothing, and is no error", `"page":1,"searchAfter":[],"filters":[{"field":"pipelineId","operator":"eq","value":"PIP1"}]`, ""},
		"operator":  {"nor is another operator", `"page":1,"searchAfter":[],"filters":[{"field":"status","operator":"is","value":"won"}]`, ""},
		"no filter": {"nor is what is no filter", `"page":1,"searchAfter":[],"filters":["won"]`, ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			status, out := c.call("POST", "/opportunities/search", filterBody(tc.more))
			if status != 201 {
				t.Fatalf("answered %d: %v", status, out)
			}
			var names []string
			for _, row := range out["opportunities"].([]any) {
				names = append(names, row.(object)["name"].(string))
			}
			if diff := cmp.Diff(tc.want, strings.Join(names, ", ")); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestOpportunityFilterCursor(t *testing.T) {
	c, last := deals(t)
	page := c.must("POST", "/opportunities/search", filterBody(`"page":1,"searchAfter":[],"limit":1`))
	row := page["opportunities"].([]any)[0].(object)
	if row["id"] != last || page["total"] != float64(3) {
		t.Fatalf("the first page has %v of %v", row["id"], page["total"])
	}
	after := strings.ReplaceAll(fmt.Sprintf("%q", row["sort"]), " ", ",")
	next := c.must("POST", "/opportunities/search", filterBody(`"searchAfter":`+after))
	if rows := next["opportunities"].([]any); len(rows) != 2 || rows[0].(object)["name"] != "Shoes" {
		t.Errorf("after it come %v", rows)
	}
	for reason, more := range map[string]string{
		"a page and what was before it": `"page":1,"searchAfter":` + after,
		"no instant":                    `"searchAfter":["then","` + last + `"]`,
		"too many rows":                 `"searchAfter":[],"limit":101`,
	} {
		if status, out := c.call("POST", "/opportunities/search", filterBody(more)); status != 400 {
			t.Errorf("%s: answered %d, %v", reason, status, out)
		}
	}
}
