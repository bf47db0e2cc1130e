package ghl

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lockstep/schema"
)

// at is a time of n minutes, some minutes after an hour.
func at(write, after, n int) period {
	start := time.Date(2027, 5, 11, 10, after, 0, 0, time.UTC)
	return period{write: write, start: start, end: start.Add(time.Duration(n) * time.Minute)}
}

func TestCrowd(t *testing.T) {
	cases := map[string]struct {
		reason       string
		booked, live []period
		most         int
		// want are the writes that there is no room for, and beside which.
		want map[int][]int
	}{
		"Twice":  {"the second one has no room", []period{at(0, 0, 30), at(1, 0, 30)}, nil, 1, map[int][]int{1: {0}}},
		"Into":   {"nor has one that begins before another ends", []period{at(0, 0, 30), at(1, 15, 30)}, nil, 1, map[int][]int{1: {0}}},
		"After":  {"one that begins when another ends has", []period{at(0, 0, 30), at(1, 30, 30)}, nil, 1, nil},
		"Three":  {"those without room take none", []period{at(0, 0, 30), at(1, 15, 30), at(2, 30, 30)}, nil, 1, map[int][]int{1: {0}}},
		"Room":   {"a calendar that takes two has room for two", []period{at(0, 0, 30), at(1, 0, 30), at(2, 0, 30)}, nil, 2, map[int][]int{2: {0, 1}}},
		"Live":   {"unless it has one", []period{at(0, 0, 30), at(1, 0, 30)}, []period{at(0, 0, 30)}, 2, map[int][]int{1: {0}}},
		"Beside": {"one at another time takes nothing", []period{at(0, 0, 30), at(1, 0, 30)}, []period{at(0, 30, 30)}, 2, nil},
		"Alone":  {"whether one alone has room the free slots tell", []period{at(0, 0, 30)}, []period{at(0, 0, 30)}, 1, nil},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var got map[int][]int
			for _, c := range crowd(tc.booked, tc.live, tc.most) {
				if got == nil {
					got = map[int][]int{}
				}
				got[c.write] = c.others
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestRoomOf(t *testing.T) {
	member := schema.MapValue(map[string]schema.Value{"user_id": schema.StringValue("USR1")})
	team := schema.Field{Path: "team_members", Value: schema.ListValue(member, member)}
	of := func(kind, perSlot, duration, unit string, more ...schema.Field) *schema.Object {
		o := &schema.Object{Fields: append(more,
			schema.Field{Path: "type", Value: schema.StringValue(kind)}, schema.Field{Path: "per_slot", Value: schema.NumberValue(perSlot)},
			schema.Field{Path: "slot_duration", Value: schema.NumberValue(duration)}, schema.Field{Path: "slot_duration_unit", Value: schema.StringValue(unit)})}
		o.Fields.Sort()
		return o
	}
	cases := map[string]struct {
		reason   string
		calendar *schema.Object
		want     room
	}{
		"Event":  {"one at a time", of("event", "1", "45", "mins"), room{1, 45 * time.Minute}},
		"Hours":  {"slots in hours", of("event", "3", "2", "hours"), room{3, 2 * time.Hour}},
		"Team":   {"each member of a team that takes turns", of("round_robin", "2", "30", "mins", team), room{4, 30 * time.Minute}},
		"All":    {"a team that comes together takes one", of("collective", "1", "30", "mins", team), room{1, 30 * time.Minute}},
		"Silent": {"what is not told is as HighLevel fills it in", &schema.Object{}, room{1, 30 * time.Minute}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := roomOf(tc.calendar); got != tc.want {
				t.Errorf("%s: got %v, want %v", tc.reason, got, tc.want)
			}
		})
	}
}
