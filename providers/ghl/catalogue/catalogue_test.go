package catalogue

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestOperations(t *testing.T) {
	all, err := Operations()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, o := range all {
		if seen[o.Category+o.Name] || o.Method == "" || o.Path == "" || o.Path[0] != '/' {
			t.Errorf("%+v is there twice, or lacks its call", o)
		}
		seen[o.Category+o.Name] = true
	}
	if len(all) != 124 {
		t.Errorf("the catalogue has %d operations, not 124", len(all))
	}
}

func TestIs(t *testing.T) {
	for reason, tc := range map[string]struct {
		operation, method, path string
		want                    bool
	}{
		"placeholders have any name":         {"/contacts/{contactId}/tasks/{taskId}", "GET", "/contacts/{parent}/tasks/{id}", true},
		"a word may stand for a placeholder": {"/contacts/bulk/tags/update/{type}", "GET", "/contacts/bulk/tags/update/add", true},
		"a placeholder is no word":           {"/users/search", "GET", "/users/{id}", false},
		"a list is not one of its objects":   {"/users/{userId}", "GET", "/users/", false},
		"a word is no id":                    {"/opportunities/{id}", "GET", "/opportunities/lost-reason", false},
		"an id is one":                       {"/opportunities/{id}", "GET", "/opportunities/k9a", true},
		"another method":                     {"/users/", "POST", "/users/", false},
	} {
		o := Operation{Method: "GET", Path: tc.operation}
		if got := o.Is(tc.method, tc.path); got != tc.want {
			t.Errorf("%s: %s is %s: %t", reason, tc.operation, tc.path, got)
		}
	}
}

func TestOf(t *testing.T) {
	all := []Operation{
		{Name: "get", Method: "GET", Path: "/things/{id}"},
		{Name: "by key", Method: "GET", Path: "/things/{key}"},
		{Name: "list", Method: "GET", Path: "/things/"},
		{Name: "leave all", Method: "DELETE", Path: "/things/removeAll"},
		{Name: "leave", Method: "DELETE", Path: "/things/{id}"},
		{Name: "leave every", Method: "DELETE", Path: "/things/removeAll"},
	}
	for reason, tc := range map[string]struct {
		method, path string
		want         []string
	}{
		"the one that fits":                    {"GET", "/things/", []string{"list"}},
		"several may be the same call":         {"GET", "/things/T1", []string{"get", "by key"}},
		"fewer placeholders fit better":        {"DELETE", "/things/removeAll", []string{"leave all", "leave every"}},
		"an id still fits what has a sibling":  {"DELETE", "/things/T1", []string{"leave"}},
		"a call that the catalogue lacks":      {"PUT", "/things/T1", nil},
		"a path that the catalogue lacks, too": {"GET", "/others/T1", nil},
	} {
		var got []string
		for _, o := range Of(all, tc.method, tc.path) {
			got = append(got, o.Name)
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", reason, diff)
		}
	}
}
