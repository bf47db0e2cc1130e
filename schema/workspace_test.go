package schema

import (
	"strings"
	"testing"
)

func TestCheckWorkspace(t *testing.T) {
	cases := map[string]struct {
		reason string
		name   string
		ok     bool
	}{
		"Plain":  {"as people name places", "club-north_2.b", true},
		"Empty":  {"nothing is no name", "", false},
		"Parent": {"it becomes a folder", "..", false},
		"Hidden": {"one that lists do not show", ".git", false},
		"Path":   {"nor does it lead elsewhere", "a/b", false},
		"Space":  {"a shell would take it apart", "a b", false},
		"Line":   {"a file may end in a newline, a name not", "a\n", false},
		"Long":   {"names of files have limits", strings.Repeat("a", 91), false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if err := CheckWorkspace(tc.name); (err == nil) != tc.ok {
				t.Errorf("%s: got %v", tc.reason, err)
			}
		})
	}
}
