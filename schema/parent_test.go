package schema_test

import (
	"testing"
	"time"

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

// TestHistory tells what is no loss.
func TestHistory(t *testing.T) {
	event := schema.Kind{Loss: schema.Loss{Ends: "end"}, Retire: schema.Fields{{Path: "status", Value: schema.StringValue("cancelled")}}}
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	cases := map[string]struct {
		reason      string
		kind        schema.Kind
		end, status string
		want        bool
	}{
		"Over":      {"what has ended is over", event, "2026-11-26T12:59:59+01:00", "confirmed", true},
		"Ahead":     {"what is still to come is not", event, "2026-11-26T12:00:01Z", "confirmed", false},
		"Under way": {"nor is what ends now", event, "2026-11-26T12:00:00Z", "confirmed", false},
		"Retired":   {"what is retired will not take place", event, "2026-11-27T12:00:00Z", "cancelled", true},
		"Unknown":   {"what does not tell its end counts", event, "", "confirmed", false},
		"Naive":     {"nor is a time without an offset an instant", event, "2026-11-01T12:00:00", "confirmed", false},
		"Lasting":   {"other kinds do not end", schema.Kind{}, "2026-11-01T12:00:00Z", "cancelled", false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := tc.kind.History(func(path string) schema.Value {
				return schema.StringValue(map[string]string{"end": tc.end, "status": tc.status}[path])
			}, now)
			if got != tc.want {
				t.Errorf("%s: got %t", tc.reason, got)
			}
		})
	}
}
