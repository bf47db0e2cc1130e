package sandbox

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// club is three people; FLDTIER is a custom field.
const club = `{
	"customFields":[{"id":"FLDTIER0000000000000","name":"Tier","dataType":"TEXT"},
		{"id":"FLDKM000000000000000","name":"Km","dataType":"NUMERICAL"}],
	"contacts":[
	{"id":"ada","firstName":"Ada","lastName":"Lovelace","email":"Ada@example.com","phone":"+15550100001","tags":["VIP","runner"],
		"dateAdded":"2026-01-01T00:00:00Z","dateOfBirth":"1990-09-25","address1":"1 Main Street",
		"customFields":[{"id":"FLDTIER0000000000000","value":"Gold"},{"id":"FLDKM000000000000000","value":"12.5"}]},
	{"id":"lin","firstName":"lin","email":"lin@example.com","city":"Austin","tags":["runner"],"dnd":true,
		"dateAdded":"2026-01-02T00:00:00Z"},
	{"id":"tim","firstName":"Tim","email":"tim@example.com","city":"Boston","dateAdded":"2026-01-02T00:00:00Z"}]}`

func TestSearchFiltersAndSorts(t *testing.T) {
	cases := map[string]struct {
		reason string
		in     string
		want   []string
	}{
		"newest first": {"the default sort, equal dates by id", ``, []string{"lin", "tim", "ada"}},
		"by name": {"texts are sorted without letter case", `,"sort":[{"field":"firstName","direction":"asc"}]`,
			[]string{"ada", "lin", "tim"}},
		"unset last": {"what has no value comes last either way", `,"sort":[{"field":"city","direction":"desc"}]`,
			[]string{"tim", "lin", "ada"}},
		"eq": {"e-mails are compared without letter case",
			`,"filters":[{"field":"email","operator":"eq","value":"ADA@example.com"}]`, []string{"ada"}},
		"not_eq": {"the others", `,"filters":[{"field":"tags","operator":"not_eq","value":"vip"}]`, []string{"lin", "tim"}},
		"eq list": {"any of the values", `,"filters":[{"field":"city","operator":"eq","value":["austin","boston"]}]`,
			[]string{"lin", "tim"}},
		"contains":   {"a part of a value", `,"filters":[{"field":"email","operator":"contains","value":"lin@"}]`, []string{"lin"}},
		"exists":     {"a value at all", `,"filters":[{"field":"phone","operator":"exists"}]`, []string{"ada"}},
		"not_exists": {"no value", `,"filters":[{"field":"tags","operator":"not_exists"}]`, []string{"tim"}},
		"range": {"dates as text", `,"filters":[{"field":"dateAdded","operator":"range","value":{"gt":"2026-01-01","lte":"2026-01-02T00:00:00.000Z"}}]`,
			[]string{"lin", "tim"}},
		"flag":         {"a bool", `,"filters":[{"field":"dnd","operator":"eq","value":true}]`, []string{"lin"}},
		"custom field": {"by id", `,"filters":[{"field":"customFields.FLDTIER0000000000000","operator":"eq","value":"gold"}]`, []string{"ada"}},
		"custom number": {"numbers are measured",
			`,"filters":[{"field":"customFields.FLDKM000000000000000","operator":"range","value":{"gte":12}}]`, []string{"ada"}},
		"groups": {"OR inside AND", `,"filters":[{"group":"OR","filters":[{"field":"email","operator":"eq","value":"tim@example.com"},
			{"field":"tags","operator":"eq","value":"vip"}]},{"field":"city","operator":"not_exists"}]`, []string{"ada"}},
		"many keys": {"a look-up of several", `,"filters":[{"group":"OR","filters":[{"field":"email","operator":"eq","value":"tim@example.com"},
			{"field":"phone","operator":"eq","value":"+15550100001"},{"field":"email","operator":"eq","value":"ADA@example.com"}]}]`,
			[]string{"tim", "ada"}},
		"query":  {"free text", `,"query":"lovelace"`, []string{"ada"}},
		"page":   {"numbered pages", `,"page":2`, []string{}},
		"cursor": {"rows behind the cursor", `,"searchAfter":[1767312000000,"lin"]`, []string{"tim", "ada"}},
	}
	c := open(t, Options{Seed: []byte(club)})
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, c.searchIDs(tc.in)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestSearchRefuses(t *testing.T) {
	cases := map[string]struct {
		reason string
		in     string
		want   int
	}{
		"no page limit":    {"it is required", `{"locationId":"LOC"}`, 422},
		"page limit":       {"above the maximum is an error, not a clamp", `{"locationId":"LOC","pageLimit":501}`, 400},
		"deep page":        {"pages reach 10,000 records", `{"locationId":"LOC","pageLimit":500,"page":21}`, 400},
		"field":            {"fields are checked", `{"locationId":"LOC","pageLimit":1,"filters":[{"field":"additional_phones","operator":"eq","value":"1"}]}`, 400},
		"custom field key": {"a custom field goes by its id", `{"locationId":"LOC","pageLimit":1,"filters":[{"field":"customFields.tier","operator":"eq","value":"1"}]}`, 400},
		"operator":         {"operators are checked", `{"locationId":"LOC","pageLimit":1,"filters":[{"field":"email","operator":"like","value":"1"}]}`, 400},
		"sort":             {"sort fields are checked", `{"locationId":"LOC","pageLimit":1,"sort":[{"field":"tags"}]}`, 400},
		"property":         {"properties are checked", `{"locationId":"LOC","pageLimit":1,"limit":1}`, 422},
	}
	c := open(t, Options{Seed: []byte(club)})
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			status, _ := c.call("POST", "/contacts/search", tc.in)
			if diff := cmp.Diff(tc.want, status); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestSearchRow(t *testing.T) {
	c := open(t, Options{Seed: []byte(club)})
	out := c.must("POST", "/contacts/search", `{"locationId":"LOC","pageLimit":1,"query":"lovelace"}`)
	got, err := json.Marshal(out["contacts"].([]any)[0])
	if err != nil {
		t.Fatal(err)
	}
	want := `{"additionalEmails":[],"additionalPhones":[],"address":"1 Main Street","assignedTo":null,"attributionSource":{},` +
		`"businessId":null,"businessName":null,"city":null,"companyName":null,"contactName":"ada lovelace","country":"US",` +
		`"customFields":[{"id":"FLDTIER0000000000000","value":"Gold"},{"id":"FLDKM000000000000000","value":12.5}],` +
		`"dateAdded":"2026-01-01T00:00:00.000Z","dateOfBirth":654220800000,"dateUpdated":"2026-01-01T00:00:00.000Z",` +
		`"dnd":false,"dndSettings":{},"email":"Ada@example.com","firstName":"Ada","firstNameLowerCase":"ada","followers":[],` +
		`"id":"ada","inboundDndSettings":{},"lastAttributionSource":{},"lastName":"Lovelace","lastNameLowerCase":"lovelace",` +
		`"locationId":"LOCsandbox0000000000","opportunities":[],"phone":"+15550100001","phoneLabel":null,"postalCode":null,` +
		`"searchAfter":[1767225600000,"ada"],"source":null,"state":null,"tags":["vip","runner"],"timezone":null,"type":"lead",` +
		`"validEmail":null,"website":null}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("a row has address, nulls and its cursor (-want +got):\n%s", diff)
	}
}

func TestSearchReachesEveryContactOnce(t *testing.T) {
	const people = 1203
	c := open(t, Options{Invented: Invented{Contacts: people}})
	for _, sort := range []string{"", `,"sort":[{"field":"city","direction":"asc"},{"field":"dateUpdated","direction":"desc"}]`} {
		seen, cursor := map[string]bool{}, ""
		for {
			out := c.must("POST", "/contacts/search", fmt.Sprintf(`{"locationId":"LOC","pageLimit":100%s%s}`, sort, cursor))
			rows := out["contacts"].([]any)
			if len(rows) == 0 {
				break
			}
			for _, row := range rows {
				seen[row.(object)["id"].(string)] = true
			}
			after, err := json.Marshal(rows[len(rows)-1].(object)["searchAfter"])
			if err != nil {
				t.Fatal(err)
			}
			cursor = `,"searchAfter":` + string(after)
		}
		if diff := cmp.Diff([]int{people, 14}, []int{len(seen), len(c.server.Calls())}); diff != "" {
			t.Errorf("contacts and calls with sort %q (-want +got):\n%s", sort, diff)
		}
		c.server.ResetCalls()
	}
}

func TestSearchLag(t *testing.T) {
	c := open(t, Options{SearchLag: time.Minute, Seed: []byte(`{"contacts":[{"id":"ada","email":"ada@example.com"}]}`)})
	made := c.contact(`"email":"lin@example.com"`)
	c.must("DELETE", "/contacts/ada", "")
	c.must("POST", "/contacts/"+made+"/tasks", `{"title":"Call","dueDate":"2026-07-20","completed":false}`)
	tasks := func() int {
		return len(c.must("POST", "/locations/LOC/tasks/search", `{}`)["tasks"].([]any))
	}
	readable, _ := c.call("GET", "/contacts/"+made, "")
	gone, _ := c.call("GET", "/contacts/ada", "")
	if diff := cmp.Diff([]any{200, 400, []string{"ada"}, 0}, []any{readable, gone, c.searchIDs(""), tasks()}); diff != "" {
		t.Errorf("a read by id sees a write at once, a search does not (-want +got):\n%s", diff)
	}
	c.now = c.now.Add(time.Minute)
	if diff := cmp.Diff([]any{[]string{made}, 1}, []any{c.searchIDs(""), tasks()}); diff != "" {
		t.Errorf("after the lag (-want +got):\n%s", diff)
	}
}
