package engine

import (
	"testing"
	"time"
)

func TestLately(t *testing.T) {
	now := time.Date(2026, 7, 20, 10, 0, 0, 0, time.UTC)
	cases := map[string]struct {
		reason, version string
		want            bool
	}{
		"Old":        {"a day before is not late", "2026-07-19T10:00:00.000Z", false},
		"JustNot":    {"nor is the last second before lists may be behind", "2026-07-20T09:55:00.000Z", false},
		"Just":       {"the second after it is", "2026-07-20T09:55:01.000Z", true},
		"Now":        {"and so is now", "2026-07-20T10:00:00Z", true},
		"Ahead":      {"a clock ahead of ours is late", "2027-01-01T00:00:00Z", true},
		"EarlyZone":  {"the zone counts: this was nine hours ago", "2026-07-20T10:00:00+09:00", false},
		"LateZone":   {"and this was a moment ago", "2026-07-20T00:59:00-09:00", true},
		"NoTime":     {"a version that is no time tells nothing", "v7", false},
		"Almost":     {"nor does one that only looks like a time", "2026-13-40T99:99:99.000Z", false},
		"AlmostLate": {"not even one after all late times", "2026-99-20T10:00:00.000Z", false},
		"None":       {"nor none", "", false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			i := moment(now)
			if late := i.seconds-versionTime(tc.version) < lag; late != tc.want {
				t.Errorf("%s: read with care, late is %t", tc.reason, late)
			}
			if i.after(tc.version) && tc.want {
				t.Errorf("%s: at a glance it is not late", tc.reason)
			}
		})
	}
	if i := moment(now); !i.after("2026-07-19T10:00:00.000Z") {
		t.Error("nothing is seen at a glance")
	}
}
