package schema_test

import (
	"testing"

	"lockstep/schema"
)

// TestParentOf finds what an object belongs to.
func TestParentOf(t *testing.T) {
	text := schema.StringValue
	both := schema.Kind{Parent: "calendar", Within: "user"}
	cases := map[string]struct {
		reason         string
		kind           schema.Kind
		calendar, user schema.Value
		want           schema.Value
	}{
		"None":    {"an object of the account itself has none", schema.Kind{}, text("C"), text("U"), schema.Value{}},
		"Parent":  {"the parent's id", schema.Kind{Parent: "calendar"}, text("C"), schema.Value{}, text("C")},
		"First":   {"the parent comes before what takes its place", both, text("C"), text("U"), text("C")},
		"Within":  {"what takes its place says what it is", both, schema.Value{}, text("U"), text("user=U")},
		"Empty":   {"an empty text is no parent", both, text(""), text("U"), text("user=U")},
		"Unknown": {"what is not known may be either", both, schema.UnknownValue(), text("U"), schema.UnknownValue()},
		"Later":   {"nor is what takes its place", both, schema.Value{}, schema.UnknownValue(), schema.UnknownValue()},
		"Neither": {"without both there is none", both, schema.Value{}, schema.Value{}, schema.Value{}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := tc.kind.ParentOf(func(path string) schema.Value {
				return map[string]schema.Value{"calendar": tc.calendar, "user": tc.user}[path]
			})
			if got.Type() != tc.want.Type() || got.Text() != tc.want.Text() {
				t.Errorf("%s: got %v, want %v", tc.reason, got, tc.want)
			}
		})
	}
}
