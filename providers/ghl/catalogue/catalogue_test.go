package catalogue

import "testing"

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
		"another method":                     {"/users/", "POST", "/users/", false},
	} {
		o := Operation{Method: "GET", Path: tc.operation}
		if got := o.Is(tc.method, tc.path); got != tc.want {
			t.Errorf("%s: %s is %s: %t", reason, tc.operation, tc.path, got)
		}
	}
}
