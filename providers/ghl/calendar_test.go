package ghl

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/providers"
	"lockstep/providers/ghl/sandbox"
	"lockstep/providers/providertest"
	"lockstep/schema"
)

func placesOf(pairs ...string) schema.Value {
	var out []schema.Value
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, schema.MapValue(map[string]schema.Value{"kind": schema.StringValue(pairs[i]), "location": schema.StringValue(pairs[i+1])}))
	}
	return schema.ListValue(out...)
}

func hoursOf(day string, hours ...string) schema.Value {
	return schema.MapValue(map[string]schema.Value{day: schema.StringsValue(hours)})
}

func listOf(items ...map[string]schema.Value) schema.Value {
	var out []schema.Value
	for _, item := range items {
		out = append(out, schema.MapValue(item))
	}
	return schema.ListValue(out...)
}

func calendarSample() providertest.Sample {
	s, n, b := schema.StringValue, schema.NumberValue, schema.BoolValue
	return providertest.Sample{
		Kind: kindCalendar,
		Create: fieldsOf(map[string]schema.Value{
			"name": s("Coaching "), "type": s("event"), "group_id": s("GRP1"), "slug": s("Coaching"), "description": s("Runs"), "active": b(false),
			"widget_slug": s("w1"), "widget_type": s("default"), "event_type": s("RoundRobin_OptimizeForAvailability"), "event_title": s("{{contact.first_name}}"),
			"event_color": s("#AB00CD"), "locations": placesOf("physical", "1 Main Street"), "slot_duration": n("45"), "slot_duration_unit": s("mins"),
			"slot_interval": n("15"), "slot_interval_unit": s("mins"), "slot_buffer": n("5"), "slot_buffer_unit": s("mins"), "pre_buffer": n("10"),
			"pre_buffer_unit": s("mins"), "per_slot": n("2"), "per_day": n("8"), "open_hours": hoursOf("Monday", "13:00-17:00", "9:00-12:00"),
			"availability": s("open_hours"), "recurring": b(true), "recurrence.freq": s("WEEKLY"), "recurrence.count": n("3"),
			"recurrence.booking_option": s("skip"), "recurrence.overlap_status": s("new"), "book_after": n("2"), "book_after_unit": s("days"),
			"book_within": n("3"), "book_within_unit": s("weeks"), "auto_confirm": b(false), "allow_reschedule": b(false), "allow_cancellation": b(false),
			"google_invites": b(false), "look_busy": n("20"), "assign_contact": b(true), "skip_assign_existing": b(true), "alert_assigned": b(true),
			"alert_email": s("Desk@example.com"), "notes": s("Bring shoes"), "guest_type": s("count_only"), "form_id": s("FRM1"),
			"form_submit_type": s("RedirectURL"), "form_redirect": s("https://example.com/a"), "form_thanks": s("Thanks"), "consent_label": s("Yes"),
			"pixel_id": s("1"), "cover_image": s("https://example.com/a.png"), "sticky_contact": b(true), "live_payment": b(true),
			"team_members": listOf(
				map[string]schema.Value{"user_id": s("USRa1b2c3d4e5f6g7h8i"), "priority": n("1"), "primary": b(true), "locations": placesOf("custom", "the hall")},
				map[string]schema.Value{"user_id": s("USRb1b2c3d4e5f6g7h8i")}),
			"availabilities": listOf(
				map[string]schema.Value{"date": s("2027-12-24"), "hours": schema.StringsValue([]string{"09:00-12:00"})},
				map[string]schema.Value{"date": s("2027-12-25"), "hours": schema.ListValue()}),
		}),
		Update: fieldsOf(map[string]schema.Value{
			"name": s("Training"), "group_id": s("GRP2"), "slug": s("training"), "description": s("More runs"), "active": b(true),
			"widget_slug": s("w2"), "widget_type": s("classic"), "event_type": s("RoundRobin_OptimizeForEqualDistribution"), "event_title": s("{{contact.name}}"),
			"event_color": s("#000000"), "locations": placesOf("custom", "the park", "zoom_conference", "https://example.com/z"), "slot_duration": n("1"),
			"slot_duration_unit": s("hours"), "slot_interval": n("1"), "slot_interval_unit": s("hours"), "slot_buffer": n("6"), "pre_buffer": n("1"),
			"pre_buffer_unit": s("hours"), "per_slot": n("3"), "per_day": n("9"), "open_hours": hoursOf("sunday", "00:00-24:00"),
			"availability": s("dates"), "recurrence.freq": s("DAILY"), "recurrence.count": n("24"), "recurrence.booking_option": s("book_next"),
			"recurrence.overlap_status": s("confirmed"), "book_after": n("3"), "book_after_unit": s("hours"), "book_within": n("4"), "book_within_unit": s("days"),
			"auto_confirm": b(true), "allow_reschedule": b(true), "allow_cancellation": b(true), "google_invites": b(true), "look_busy": n("30"),
			"assign_contact": b(false), "skip_assign_existing": b(false), "alert_assigned": b(false), "alert_email": s("door@example.com"), "notes": s("Rest"),
			"guest_type": s("collect_detail"), "form_id": s("FRM2"), "form_submit_type": s("ThankYouMessage"), "form_redirect": s("https://example.com/b"),
			"form_thanks": s("See you"), "consent_label": s("I agree"), "pixel_id": s("2"), "cover_image": s("https://example.com/b.png"),
			"sticky_contact": b(false), "live_payment": b(false),
			"team_members": listOf(map[string]schema.Value{"user_id": s("USRb1b2c3d4e5f6g7h8i"), "priority": n("0"), "primary": b(true)}),
			"availabilities": listOf(
				map[string]schema.Value{"date": s("2027-12-26"), "hours": schema.StringsValue([]string{"10:00-24:00"})}),
		}),
		Clear: []string{"description", "event_title", "form_thanks", "alert_email", "notes", "group_id"},
		Number: func(i int) schema.Fields {
			return texts2fields("name", fmt.Sprintf("Calendar %d", i), "type", "event")
		},
		Many: 30,
	}
}

func TestOpenHours(t *testing.T) {
	days := func(pairs map[string][]string) schema.Value {
		out := map[string]schema.Value{}
		for day, hours := range pairs {
			out[day] = schema.StringsValue(hours)
		}
		return schema.MapValue(out)
	}
	for _, test := range []struct {
		reason string
		given  map[string][]string
		want   map[string][]string
		refuse string
	}{
		{"spelt and sorted", map[string][]string{"Monday ": {"13:00 - 17:00", "9:00-12:00"}}, map[string][]string{"monday": {"09:00-12:00", "13:00-17:00"}}, ""},
		{"a day without hours is closed", map[string][]string{"monday": {}}, map[string][]string{}, ""},
		{"one ends where the next begins", map[string][]string{"friday": {"12:00-13:00", "09:00-12:00"}}, map[string][]string{"friday": {"09:00-12:00", "12:00-13:00"}}, ""},
		{"the end of the day", map[string][]string{"sunday": {"20:00-24:00"}}, map[string][]string{"sunday": {"20:00-24:00"}}, ""},
		{"over midnight", map[string][]string{"friday": {"22:00-02:00"}}, nil, "crosses midnight"},
		{"no time at all", map[string][]string{"friday": {"09:00-09:00"}}, nil, "ends when it begins"},
		{"no clock shows it", map[string][]string{"friday": {"09:00-25:00"}}, nil, "later than a clock shows"},
		{"minutes", map[string][]string{"friday": {"09:60-10:00"}}, nil, "later than a clock shows"},
		{"no time of a day", map[string][]string{"friday": {"morning"}}, nil, "is not a time of a day"},
		{"overlap", map[string][]string{"friday": {"09:00-12:00", "11:00-13:00"}}, nil, "09:00-12:00 and 11:00-13:00 overlap on friday"},
		{"no such day", map[string][]string{"mondey": {"09:00-12:00"}}, nil, `"mondey" is not a day of the week`},
		{"two spellings of a day", map[string][]string{"Monday": {"09:00-12:00"}, "monday": {"13:00-14:00"}}, nil, "written twice"},
	} {
		t.Run(test.reason, func(t *testing.T) {
			got, err := normalOpenHours(nil, "open_hours", days(test.given))
			if test.refuse != "" {
				if err == nil || !strings.Contains(err.Error(), test.refuse) {
					t.Fatalf("the error is %v, want %q", err, test.refuse)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(days(test.want).String(), got.String()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestOpenHoursRead(t *testing.T) {
	for _, test := range []struct{ reason, raw, want string }{
		{"an entry of several days", `[{"daysOfTheWeek":[1,2],"hours":[{"openHour":9,"openMinute":0,"closeHour":12,"closeMinute":30}]}]`,
			`{"monday":["09:00-12:30"],"tuesday":["09:00-12:30"]}`},
		{"7 is Sunday, too", `[{"daysOfTheWeek":[7],"hours":[{"openHour":23,"openMinute":0,"closeHour":23,"closeMinute":60}]}]`, `{"sunday":["23:00-24:00"]}`},
		{"several entries of a day", `[{"daysOfTheWeek":[0],"hours":[{"openHour":13,"openMinute":0,"closeHour":14,"closeMinute":0}]},
			{"daysOfTheWeek":[0],"hours":[{"openHour":9,"openMinute":5,"closeHour":10,"closeMinute":0}]}]`, `{"sunday":["09:05-10:00","13:00-14:00"]}`},
		{"an object when there are none", `{}`, schema.Value{}.String()},
	} {
		t.Run(test.reason, func(t *testing.T) {
			if diff := cmp.Diff(test.want, decodeOpenHours(nil, []byte(test.raw)).String()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestVerified holds that a value that the server changed without a word is told,
// with the rest of the write in effect.
func TestVerified(t *testing.T) {
	k := &kind{attributes: []attribute{{Attribute: schema.Attribute{Name: "slug"}, verify: true}, {Attribute: schema.Attribute{Name: "name"}}}}
	declared(k)
	for _, test := range []struct {
		reason     string
		sent, kept schema.Fields
		want       []string
	}{
		{"as it was sent", texts2fields("slug", "a"), texts2fields("slug", "a"), nil},
		{"changed", texts2fields("slug", "a"), texts2fields("slug", "a-1"), []string{"slug"}},
		{"dropped", texts2fields("slug", "a"), nil, []string{"slug"}},
		{"cleared", texts2fields("slug", ""), nil, nil},
		{"trusted", texts2fields("name", "a"), texts2fields("name", "b"), nil},
		{"not sent", nil, texts2fields("slug", "a"), nil},
	} {
		t.Run(test.reason, func(t *testing.T) {
			r := k.verified(providers.Result{Outcome: providers.Done, Object: schema.Object{Fields: test.kept}}, test.sent)
			if diff := cmp.Diff(test.want, r.Dropped); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if (r.Err != nil) != (test.want != nil) || r.Outcome != providers.Done {
				t.Errorf("outcome %d, %v", r.Outcome, r.Err)
			}
		})
	}
}

// TestTeam holds that a team that HighLevel does not take is refused before it is sent.
func TestTeam(t *testing.T) {
	member := func(primary bool, more ...string) map[string]schema.Value {
		m := map[string]schema.Value{"user_id": schema.StringValue("USR1"), "primary": schema.BoolValue(primary)}
		for i := 0; i < len(more); i += 2 {
			m[more[i]] = schema.NumberValue(more[i+1])
		}
		return m
	}
	for _, test := range []struct {
		reason, ofType string
		members        schema.Value
		refuse         string
	}{
		{"one primary", "collective", listOf(member(true), member(false)), ""},
		{"nobody is primary", "round_robin", listOf(member(false), member(false)), ""},
		{"two are primary", "round_robin", listOf(member(true), member(true)), "2 members are primary"},
		{"one member", "personal", listOf(member(false)), ""},
		{"two members", "personal", listOf(member(false), member(true)), "a personal calendar has one member, not 2"},
		{"no member", "personal", schema.ListValue(), "a personal calendar has one member, not 0"},
		{"nobody is primary in a collective calendar", "collective", listOf(member(false)), "no member of the collective calendar is primary"},
		{"another priority", "event", listOf(member(false, "priority", "2")), "the priority 2 is none"},
	} {
		t.Run(test.reason, func(t *testing.T) {
			err := checkTeam("team_members", test.ofType, test.members.Items())
			if (test.refuse == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), test.refuse) {
				t.Errorf("the error is %v, want %q", err, test.refuse)
			}
		})
	}
}

// TestDroppedMember holds that a member whom the API drops without a word is told, and
// the calendar is made.
func TestDroppedMember(t *testing.T) {
	p, _ := openSandboxed(t, sandbox.Options{Seed: []byte(sampleSeed)}, nil)
	write := providers.Write{Kind: kindCalendar, Address: "ghl_calendar.a", Action: providers.Create, Fields: fieldsOf(map[string]schema.Value{
		"name": schema.StringValue("a"), "type": schema.StringValue("round_robin"),
		"team_members": listOf(map[string]schema.Value{"user_id": schema.StringValue("USRa1b2c3d4e5f6g7h8i")}, map[string]schema.Value{"user_id": schema.StringValue("USR9")}),
	})}
	r := p.Do(t.Context(), p.Group([]providers.Write{write})[0])[0]
	if r.Outcome != providers.Done || r.Object.ID == "" {
		t.Errorf("outcome %d, %v", r.Outcome, r.Err)
	}
	if diff := cmp.Diff([]string{"team_members"}, r.Dropped); diff != "" {
		t.Errorf("what was dropped (-want +got):\n%s", diff)
	}
	if r.Err == nil || !strings.Contains(r.Err.Error(), "did not take USR9") {
		t.Errorf("the error is %v", r.Err)
	}
}
