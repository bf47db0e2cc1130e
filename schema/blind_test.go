package schema

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestIdentity(t *testing.T) {
	kind := &Kind{Name: "crm_seat", Keys: []NaturalKey{{"person", "room"}}, Listing: Listing{Blind: true, Evidence: "mark"}}
	for _, c := range []struct {
		reason       string
		person, room Value
		id           string
		known        bool
	}{
		{"both parts make it", StringValue("P1"), StringValue("R1"), "P1/R1", true},
		{"a stroke in a part does not part it", StringValue("P/1"), StringValue("R1"), "P%2F1/R1", true},
		{"what is made later is not known", UnknownValue(), StringValue("R1"), "", false},
		{"nothing is no part", StringValue("P1"), Value{}, "", false},
	} {
		t.Run(c.reason, func(t *testing.T) {
			fields := Fields{{Path: "person", Value: c.person}, {Path: "room", Value: c.room}}
			id, known := kind.Identity(fields.Value)
			if id != c.id || known != c.known {
				t.Fatalf("Identity is %q, %t, want %q, %t", id, known, c.id, c.known)
			}
			if !known {
				return
			}
			o, ok := kind.Identified(id)
			want := Object{Kind: "crm_seat", ID: c.id, Fields: fields}
			if diff := cmp.Diff(want, o); diff != "" || !ok {
				t.Errorf("the id does not lead back, %t (-want +got):\n%s", ok, diff)
			}
		})
	}
}

func TestIdentifiedRefuses(t *testing.T) {
	kind := &Kind{Name: "crm_seat", Keys: []NaturalKey{{"person", "room"}}, Listing: Listing{Blind: true}}
	for _, c := range []struct{ reason, id string }{
		{"one part", "P1"}, {"three parts", "P1/R1/X"}, {"an empty part", "P1/"}, {"half an escape", "P1/%2"}, {"nothing", ""},
	} {
		if o, ok := kind.Identified(c.id); ok {
			t.Errorf("%s: %q is the id of %v", c.reason, c.id, o)
		}
	}
}
