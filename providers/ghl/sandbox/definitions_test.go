package sandbox

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFieldReadsUnderOtherNames(t *testing.T) {
	c := open(t, Options{})
	made := c.must("POST", "/locations/LOC/customFields", `{"name":"Shirt size","dataType":"SINGLE_OPTIONS","options":["S","M"],
		"isMultipleFile":true,"maxNumberOfFiles":2,"placeholder":"M","position":7}`)["customField"].(object)
	id := made["id"].(string)
	c.must("PUT", "/locations/LOC/customFields/"+id, `{"name":"Size","options":["S","M","L"]}`)
	want := object{"name": "Size", "model": "contact", "fieldKey": "contact.shirt_size", "dataType": "SINGLE_OPTIONS",
		"picklistOptions": []any{"S", "M", "L"}, "isMultiFileAllowed": true, "maxFileLimit": 2.0, "placeholder": "M",
		"position": 7.0, "documentType": "field", "standard": false, "scopes": []any{}, "locationId": DefaultLocation}
	for _, name := range []string{id, "contact.shirt_size"} {
		got := c.must("GET", "/locations/LOC/customFields/"+name, "")["customField"].(object)
		if diff := cmp.Diff(want, pick(got, slices.Sorted(maps.Keys(want))...)); diff != "" {
			t.Errorf("a rename keeps the key, by which %s finds the field (-want +got):\n%s", name, diff)
		}
	}
	status, _ := c.call("DELETE", "/locations/LOC/customFields/contact.shirt_size", "")
	if status != 400 {
		t.Errorf("a delete by key answers %d, want 400", status)
	}
}

// TestTakenNames holds that two definitions of a kind never get one name, and that
// what is refused changes nothing.
func TestTakenNames(t *testing.T) {
	cases := map[string]struct{ reason, path, one, other, clash string }{
		"tag":    {"tags are compared in lower case", "tags", `{"name":"vip"}`, `{"name":"gold"}`, `{"name":" VIP "}`},
		"field":  {"letter case does not matter", "customFields", `{"name":"Tier","dataType":"TEXT"}`, `{"name":"Size","dataType":"TEXT"}`, `{"name":"TIER"}`},
		"value":  {"names are unique", "customValues", `{"name":"Mail","value":"a"}`, `{"name":"Phone","value":"b"}`, `{"name":"Mail","value":"c"}`},
		"itself": {"a definition may keep its name", "tags", `{"name":"vip"}`, `{"name":"gold"}`, ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			c := open(t, Options{})
			path := "/locations/LOC/" + tc.path
			c.must("POST", path, tc.one)
			id := ""
			for _, made := range c.must("POST", path, tc.other) {
				id = made.(object)["id"].(string)
			}
			if tc.clash == "" {
				c.must("PUT", path+"/"+id, tc.other)
				return
			}
			before := c.must("GET", path, "")
			status, _ := c.call("PUT", path+"/"+id, tc.clash)
			again, _ := c.call("POST", path, tc.one)
			if diff := cmp.Diff([]any{400, 400, before}, []any{status, again, c.must("GET", path, "")}); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestFieldKeys(t *testing.T) {
	cases := map[string]struct{ reason, body, want string }{
		"from the name": {"letters, digits and underscores", `"name":"Total KM (2026)"`, "contact.total_km_2026"},
		"asked for":     {"a key that is asked for is spelt alike", `"name":"A","fieldKey":"Shirt size!"`, "contact.shirt_size"},
		"with model":    {"the model may be in front", `"name":"A","fieldKey":"opportunity.Size","model":"opportunity"`, "opportunity.size"},
		"underscores":   {"none at the ends", `"name":"A","fieldKey":"__x"`, "contact.x"},
		"empty":         {"nothing was asked for", `"name":"Tier","fieldKey":""`, "contact.tier"},
		"marks alone":   {"nothing is left of it", `"name":"Tier","fieldKey":"!!"`, "contact.tier"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			made := open(t, Options{}).must("POST", "/locations/LOC/customFields", `{"dataType":"TEXT",`+tc.body+`}`)
			if diff := cmp.Diff(any(tc.want), made["customField"].(object)["fieldKey"]); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestEmptyOptionsAreDropped(t *testing.T) {
	c := open(t, Options{})
	made := c.must("POST", "/locations/LOC/customFields", `{"name":"Size","dataType":"RADIO","options":["S","","M"]}`)["customField"].(object)
	changed := c.must("PUT", "/locations/LOC/customFields/"+made["id"].(string), `{"name":"Size","options":["","L"]}`)["customField"].(object)
	want := []any{[]any{"S", "M"}, []any{"L"}}
	if diff := cmp.Diff(want, []any{made["picklistOptions"], changed["picklistOptions"]}); diff != "" {
		t.Errorf("options (-want +got):\n%s", diff)
	}
}

func TestDeletedFieldTakesItsValues(t *testing.T) {
	c := open(t, Options{Seed: []byte(club)})
	c.must("DELETE", "/locations/LOC/customFields/FLDKM000000000000000", "")
	want := []any{object{"id": "FLDTIER0000000000000", "value": "Gold"}}
	byID := c.must("GET", "/contacts/ada", "")["contact"].(object)["customFields"]
	rows := c.must("POST", "/contacts/search", `{"locationId":"LOC","pageLimit":1,"query":"ada"}`)["contacts"].([]any)
	if diff := cmp.Diff([]any{want, want}, []any{byID, rows[0].(object)["customFields"]}); diff != "" {
		t.Errorf("neither read shows the value (-want +got):\n%s", diff)
	}
}

func TestTagDefinitions(t *testing.T) {
	c := open(t, Options{Seed: []byte(club)})
	names := func() []string {
		out := []string{}
		for _, row := range c.must("GET", "/locations/LOC/tags", "")["tags"].([]any) {
			out = append(out, row.(object)["name"].(string))
		}
		return out
	}
	c.must("POST", "/contacts/lin/tags", `{"tags":["New"]}`)
	c.must("DELETE", "/contacts/lin/tags", `{"tags":["new"]}`)
	if diff := cmp.Diff([]string{"vip", "runner", "new"}, names()); diff != "" {
		t.Errorf("using a tag defines it, removing it keeps it (-want +got):\n%s", diff)
	}
	tags := c.must("GET", "/locations/LOC/tags", "")["tags"].([]any)
	c.must("PUT", "/locations/LOC/tags/"+tags[0].(object)["id"].(string), `{"name":"Gold"}`)
	c.must("DELETE", "/locations/LOC/tags/"+tags[1].(object)["id"].(string), "")
	held := c.must("GET", "/contacts/ada", "")["contact"].(object)["tags"]
	if diff := cmp.Diff([]any{[]string{"gold", "new"}, []any{"vip", "runner"}}, []any{names(), held}); diff != "" {
		t.Errorf("contacts keep what the dictionary renames or deletes (-want +got):\n%s", diff)
	}
}

func TestNotesAndValues(t *testing.T) {
	c := open(t, Options{Seed: []byte(club)})
	note := c.must("POST", "/contacts/ada/notes", `{"body":"<p>Met &amp; talked</p>"}`)["note"].(object)
	got := []object{pick(note, "body", "bodyText", "userId", "pinned")}
	value := c.must("POST", "/locations/LOC/customValues", `{"name":"Support mail","value":"a@example.com"}`)["customValue"].(object)
	renamed := c.must("PUT", "/locations/LOC/customValues/"+value["id"].(string), `{"name":"Mail","value":"b@example.com"}`)["customValue"].(object)
	got = append(got, pick(renamed, "name", "value", "fieldKey"))
	want := []object{
		{"body": "<p>Met &amp; talked</p>", "bodyText": "Met & talked", "pinned": false},
		{"name": "Mail", "value": "b@example.com", "fieldKey": "{{ custom_values.support_mail }}"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("a note has its plain text, a value keeps its key (-want +got):\n%s", diff)
	}
}

func TestDeprecatedListNeedsBothCursors(t *testing.T) {
	c := open(t, Options{Seed: []byte(club)})
	list := func(query string) []any {
		out := c.must("GET", "/contacts/?locationId=LOC&limit=2"+query, "")
		names := []any{}
		for _, row := range out["contacts"].([]any) {
			names = append(names, row.(object)["firstName"])
		}
		return append(names, pick(out["meta"].(object), "startAfter", "startAfterId"))
	}
	first := list("")
	end := first[len(first)-1].(object)
	after := fmt.Sprintf("&startAfter=%.0f", end["startAfter"])
	want := []any{[]any{"lin", "tim", object{"startAfter": 1767312000000.0, "startAfterId": "tim"}}, first, []any{"ada", object{}}}
	got := []any{first, list(after), list(after + "&startAfterId=" + end["startAfterId"].(string))}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("startAfter alone repeats the page; names are in lower case (-want +got):\n%s", diff)
	}
}
