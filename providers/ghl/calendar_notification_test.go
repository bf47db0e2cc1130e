package ghl

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/providers"
	"lockstep/providers/ghl/sandbox"
	"lockstep/providers/providertest"
	"lockstep/schema"
)

func offsetOf(offset, unit string) schema.Value {
	return schema.ListValue(schema.MapValue(map[string]schema.Value{"offset": schema.NumberValue(offset), "unit": schema.StringValue(unit)}))
}

func calendarNotificationSample() providertest.Sample {
	s := schema.StringValue
	return providertest.Sample{
		Kind: kindCalendarNotification,
		Create: fieldsOf(map[string]schema.Value{
			"channel": s("email"), "type": s("reminder"), "receiver": s("contact"), "active": schema.BoolValue(false), "template_id": s("TPL1"), "subject": s("Soon"),
			"body": s("See you"), "before": offsetOf("1", "Hours"), "after": offsetOf("2", "days"), "emails": schema.SetOf([]string{"Desk@example.com"}),
			"phones": schema.SetOf([]string{"+12025550142"}), "users": schema.SetOf([]string{"sub_account_admin"}),
			"from_address": s("club@example.com"), "from_name": s("Club"), "from_number": s("+12025550143"),
		}),
		Update: fieldsOf(map[string]schema.Value{
			"channel": s("sms"), "type": s("booked"), "receiver": s("guest"), "active": schema.BoolValue(true), "template_id": s("TPL2"), "subject": s("Now"),
			"body": s("Come in"), "before": offsetOf("3", "mins"), "after": offsetOf("4", "hours"), "emails": schema.SetOf([]string{"door@example.com"}),
			"phones": schema.SetOf([]string{"+12025550144"}), "users": schema.SetOf([]string{"USR1"}),
			"from_address": s("desk@example.com"), "from_name": s("Desk"), "from_number": s("+12025550145"),
		}),
		Clear: []string{"subject", "body", "active"},
		Number: func(i int) schema.Fields {
			return texts2fields("body", fmt.Sprint(i), "channel", "email", "receiver", "contact", "type", "reminder")
		},
		Many: 30,
	}
}

// TestCreateMany holds that the new objects of one parent are made by one call, and
// that each write gets its own object.
func TestCreateMany(t *testing.T) {
	write := func(n int, parent, channel string) providers.Write {
		return providers.Write{Address: fmt.Sprintf("%s.a[%d]", kindCalendarNotification, n), Kind: kindCalendarNotification, Action: providers.Create, Parent: parent,
			Fields: texts2fields("channel", channel, "receiver", "contact", "type", "booked")}
	}
	for _, test := range []struct {
		reason string
		writes []providers.Write
		// operations of the plan, and calls that they take.
		operations, calls int
		done              []bool
	}{
		{"one of one parent", []providers.Write{write(0, "CAL1", "email")}, 1, 1, []bool{true}},
		{"three of one parent", []providers.Write{write(0, "CAL1", "email"), write(1, "CAL1", "sms"), write(2, "CAL1", "inApp")}, 1, 1, []bool{true, true, true}},
		{"of two parents", []providers.Write{write(0, "CAL1", "email"), write(1, "CAL2", "email")}, 2, 2, []bool{true, true}},
		{"one that is refused hinders no other", []providers.Write{write(0, "CAL1", "email"), write(1, "CAL1", "pigeon"), write(2, "CAL1", "sms")}, 1, 4, []bool{true, false, true}},
	} {
		t.Run(test.reason, func(t *testing.T) {
			p, server := openSandboxed(t, sandbox.Options{Seed: []byte(`{"calendars":[{"id":"CAL1","name":"a","calendarType":"event"},{"id":"CAL2","name":"b","calendarType":"event"}]}`)}, nil)
			operations := p.Group(test.writes)
			if len(operations) != test.operations {
				t.Errorf("%d operations, want %d", len(operations), test.operations)
			}
			before := len(server.Calls())
			var done []bool
			for _, o := range operations {
				if o.Bulk != (len(o.Writes) > 1) {
					t.Errorf("an operation of %d writes is bulk: %v", len(o.Writes), o.Bulk)
				}
				for i, r := range p.Do(t.Context(), o) {
					done = append(done, r.Outcome == providers.Done)
					if want := o.Writes[i].Fields.Value("channel"); r.Outcome == providers.Done && !r.Object.Value("channel").Equal(want) {
						t.Errorf("%s got the object with channel %s", o.Writes[i].Address, r.Object.Value("channel"))
					}
				}
			}
			if calls := len(server.Calls()) - before; calls != test.calls {
				t.Errorf("%d calls, want %d", calls, test.calls)
			}
			if diff := cmp.Diff(test.done, done); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestCreateManyLater divides an operation whose parents were not known when it was
// planned.
func TestCreateManyLater(t *testing.T) {
	p, _ := openSandboxed(t, sandbox.Options{Seed: []byte(`{"calendars":[{"id":"CAL1","name":"a","calendarType":"event"},{"id":"CAL2","name":"b","calendarType":"event"}]}`)}, nil)
	o := providers.Operation{Kind: kindCalendarNotification, Action: providers.Create, Bulk: true}
	for _, parent := range []string{"CAL1", "CAL2", "", "CAL1"} {
		o.Writes = append(o.Writes, providers.Write{Kind: kindCalendarNotification, Action: providers.Create, Parent: parent,
			Fields: texts2fields("channel", "sms", "receiver", "contact", "type", "booked")})
	}
	var got []string
	for _, r := range p.Do(t.Context(), o) {
		got = append(got, r.Object.Value("calendar_id").Text())
	}
	if diff := cmp.Diff([]string{"CAL1", "CAL2", "", "CAL1"}, got); diff != "" {
		t.Errorf("calendars of the notifications (-want +got):\n%s", diff)
	}
}
