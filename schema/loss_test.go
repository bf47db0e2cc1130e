package schema_test

import (
	"testing"
	"time"

	"lockstep/schema"
)

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
