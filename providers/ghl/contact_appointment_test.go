package ghl

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/providers"
	"lockstep/providers/ghl/openapitest"
	"lockstep/providers/ghl/sandbox"
	"lockstep/schema"
)

const seededAppointments = `{"contacts": [
	{"id": "CONann00000000000000", "email": "ann@example.com", "appointments": [
		{"id": "EVT1", "title": "Gait analysis", "startTime": "2026-07-20 10:00:00", "endTime": "2026-07-20 10:30:00", "appointmentStatus": "Confirmed",
			"calendarId": "CAL1", "assignedUserId": "USR1", "address": "Track", "notes": "Bring shoes"},
		{"id": "EVT2", "title": "Talk", "startTime": "2026-08-01T12:00:00+02:00", "endTime": "2026-08-01T12:30:00+02:00", "appointmentStatus": "noshow"}]},
	{"id": "CONlin00000000000000", "email": "lin@example.com", "appointments": [
		{"id": "EVT3", "title": "Talk", "startTime": "2026-07-21 09:00:00", "endTime": "soon"}]},
	{"id": "CONmay00000000000000", "email": "may@example.com"}]}`

func TestContactAppointments(t *testing.T) {
	cases := map[string]struct {
		reason string
		query  providers.Query
		want   string
	}{
		"Everything": {"each attribute in one spelling; a clock without offset gets none", providers.Query{Where: texts2fields("contact_id", "CONann00000000000000")},
			`EVT1 [{"address":"Track"} {"assigned_to":"USR1"} {"calendar_id":"CAL1"} {"contact_id":"CONann00000000000000"} {"end_time":"2026-07-20T10:30:00"} ` +
				`{"notes":"Bring shoes"} {"start_time":"2026-07-20T10:00:00"} {"status":"confirmed"} {"title":"Gait analysis"}]` + "\n" +
				`EVT2 [{"contact_id":"CONann00000000000000"} {"end_time":"2026-08-01T12:30:00+02:00"} {"start_time":"2026-08-01T12:00:00+02:00"} {"status":"noshow"} {"title":"Talk"}]` + "\n"},
		"Unreadable": {"what is no time is told as it is", providers.Query{Parents: []string{"CONlin00000000000000"}},
			`EVT3 [{"contact_id":"CONlin00000000000000"} {"end_time":"soon"} {"start_time":"2026-07-21T09:00:00"} {"title":"Talk"}]` + "\n"},
		"Nobody": {"a contact that is gone and one without have none", providers.Query{Parents: []string{"CONgone0000000000000", "CONmay00000000000000"}}, ""},
	}
	p, _ := openSandboxed(t, sandbox.Options{Seed: []byte(seededAppointments)}, nil)
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			tc.query.Kind = kindContactAppointment
			var got strings.Builder
			for page, err := range p.List(t.Context(), tc.query) {
				if err != nil {
					t.Fatal(err)
				}
				for _, o := range page.Objects {
					got.WriteString(o.ID + " " + render(o.Fields) + "\n")
				}
			}
			if diff := cmp.Diff(tc.want, got.String()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// TestContactAppointmentsDocuments holds the requests and answers to the official
// documents.
func TestContactAppointmentsDocuments(t *testing.T) {
	v := openapitest.Load(t)
	p, _ := openSandboxed(t, sandbox.Options{Seed: []byte(seededAppointments)}, func(next http.RoundTripper) http.RoundTripper {
		return inProcess{v.Middleware(asHandler{next}, func(err error) { t.Error(err) })}
	})
	found, err := p.Get(t.Context(), kindContactAppointment, []providers.Key{{Parent: "CONann00000000000000", Fields: schema.Fields{{Path: "title", Value: schema.StringValue("Talk")}}}})
	if err != nil || len(found) != 1 || found[0].ID != "EVT2" {
		t.Errorf("Get by title: %v, %v", found, err)
	}
	// The contacts API has no call for one appointment: its contact's are listed.
	found, err = p.Get(t.Context(), kindContactAppointment, []providers.Key{{ID: "EVT1", Parent: "CONann00000000000000"}})
	if err != nil || len(found) != 1 || found[0].ID != "EVT1" {
		t.Errorf("Get by id: %v, %v", found, err)
	}
}
