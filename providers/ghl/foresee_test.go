package ghl

import (
	"testing"

	"lockstep/providers"
	"lockstep/schema"
)

func TestBooks(t *testing.T) {
	k := declared(appointmentKind())
	live := &schema.Object{ID: "APT1", Fields: schema.Fields{
		{Path: "calendar_id", Value: schema.StringValue("CAL1")},
		{Path: "end_time", Value: schema.StringValue("2027-05-11T14:30:00.000Z")},
		{Path: "start_time", Value: schema.StringValue("2027-05-11T14:00:00.000Z")},
		{Path: "status", Value: schema.StringValue("confirmed")},
	}}
	start := func(at string) schema.Field { return schema.Field{Path: "start_time", Value: schema.StringValue(at)} }
	cases := map[string]struct {
		reason string
		live   *schema.Object
		fields schema.Fields
		want   bool
	}{
		"new":       {reason: "a new one takes a slot", fields: schema.Fields{{Path: "calendar_id", Value: schema.StringValue("CAL1")}, start("2027-05-11T07:07:00Z")}, want: true},
		"earlier":   {reason: "its end moves along, so that it does not overlap what it takes now", live: live, fields: schema.Fields{start("2027-05-11T07:07:00Z")}, want: true},
		"later":     {reason: "so does it when it moves on", live: live, fields: schema.Fields{start("2027-05-12T14:00:00Z")}, want: true},
		"shifted":   {reason: "its own time is taken by itself", live: live, fields: schema.Fields{start("2027-05-11T14:15:00Z")}},
		"unchecked": {reason: "the file says not to look", live: live, fields: schema.Fields{{Path: "check_slot", Value: schema.BoolValue(false)}, start("2027-05-12T14:00:00Z")}},
		"cancelled": {reason: "what does not take place takes no slot", live: live, fields: schema.Fields{start("2027-05-12T14:00:00Z"), {Path: "status", Value: schema.StringValue("cancelled")}}},
		"title":     {reason: "another title moves nothing", live: live, fields: schema.Fields{{Path: "title", Value: schema.StringValue("Visit")}}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			w := &providers.Write{Kind: k.Name, Action: providers.Update, Fields: tc.fields, Live: tc.live}
			if tc.live == nil {
				w.Action = providers.Create
			}
			p, known := k.periodOf(0, w)
			if got := known && k.books(w, &p); got != tc.want {
				t.Errorf("%s: got %t, period %v to %v", tc.reason, got, p.start, p.end)
			}
		})
	}
}
