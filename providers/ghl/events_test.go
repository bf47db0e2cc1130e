package ghl

import (
	"fmt"
	"time"

	"lockstep/providers/providertest"
	"lockstep/schema"
)

func appointmentSample() providertest.Sample {
	s := schema.StringValue
	return providertest.Sample{
		Kind:   kindAppointment,
		Before: []string{kindCustomField, kindContact, kindCalendar},
		Create: fieldsOf(map[string]schema.Value{
			"contact_id": s("@ghl_contact"), "start_time": s("2027-01-04T16:00:00+02:00"), "end_time": s("2027-01-04T09:30:00-05:00"), "title": s("Gait analysis"),
			"status": s("Confirmed"), "assigned_to": s("USRa1b2c3d4e5f6g7h8i"), "address": s("Track 1"), "description": s("Bring shoes"),
			"location_type": s("custom"), "location_id": s("custom_0"), "override_location": schema.BoolValue(true),
			"notify": schema.BoolValue(false), "check_slot": schema.BoolValue(false), "check_range": schema.BoolValue(true),
		}),
		Update: fieldsOf(map[string]schema.Value{
			"end_time": s("2027-01-04T11:00:00-05:00"), "title": s("Talk"), "status": s("showed"),
			"assigned_to": s("USRb1b2c3d4e5f6g7h8i"), "address": s("Track 2"), "description": s("Bring water"),
			"location_type": s("phone"), "location_id": s("phone_0"), "override_location": schema.BoolValue(false),
		}),
		Clear: []string{"address", "description"},
		Number: func(n int) schema.Fields {
			start := time.Date(2027, 1, 4, 9, n, 0, 0, time.UTC)
			return fieldsOf(map[string]schema.Value{"contact_id": s("@ghl_contact"), "start_time": s(start.Format(time.RFC3339)), "check_slot": schema.BoolValue(false)})
		},
		Many:     30,
		Unlisted: map[string]string{"rrule": "makes a series, whose rows are those of its instances"},
	}
}

func appointmentNoteSample() providertest.Sample {
	s := schema.StringValue
	return providertest.Sample{
		Kind:   kindAppointmentNote,
		Before: []string{kindCustomField, kindContact, kindCalendar, kindAppointment},
		Create: fieldsOf(map[string]schema.Value{"body": s("Came early & left late"), "user_id": s("USRa1b2c3d4e5f6g7h8i")}),
		Update: fieldsOf(map[string]schema.Value{"body": s("Came late"), "user_id": s("USRb1b2c3d4e5f6g7h8i")}),
		Number: func(n int) schema.Fields { return texts2fields("body", fmt.Sprintf("Note %d", n)) },
		Many:   45,
	}
}

func blockSlotSample() providertest.Sample {
	s := schema.StringValue
	return providertest.Sample{
		Kind:   kindBlockSlot,
		Before: []string{kindCalendar},
		Create: fieldsOf(map[string]schema.Value{
			"start_time": s("2027-01-04T09:00:00-05:00"), "end_time": s("2027-01-04T17:00:00-05:00"), "title": s("Closed"), "overlap": s("allow"),
		}),
		Update: fieldsOf(map[string]schema.Value{"start_time": s("2027-01-05T09:00:00-05:00"), "end_time": s("2027-01-05T17:00:00-05:00"), "title": s("Shut")}),
		Number: func(n int) schema.Fields {
			day := time.Date(2027, 1, 4+n, 9, 0, 0, 0, time.UTC)
			return texts2fields("end_time", day.Add(time.Hour).Format(time.RFC3339), "start_time", day.Format(time.RFC3339))
		},
		Many:     30,
		Unlisted: map[string]string{"assigned_to": "takes the place of the calendar"},
	}
}
