package sandbox

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestEnrolments counts what calls did to contacts, which no call tells.
func TestEnrolments(t *testing.T) {
	c := open(t, Options{Seed: []byte(`{"workflows":[{"id":"WF1","name":"Welcome"}],"campaigns":[{"id":"CAM1","name":"Spring"},{"id":"CAM2","name":"Autumn"}]}`)})
	ann := c.contact(`"email":"ann@example.com"`)
	path := "/contacts/" + ann
	for _, step := range [][2]string{
		{"POST", path + "/workflow/WF1"}, {"POST", path + "/workflow/WF1"}, {"DELETE", path + "/workflow/WF1"},
		{"POST", path + "/campaigns/CAM1"}, {"POST", path + "/campaigns/CAM2"}, {"DELETE", path + "/campaigns/CAM2"},
	} {
		c.must(step[0], step[1], `{}`)
	}
	want := []Enrolment{{ann, "WF1", 2, false}, {ann, "CAM1", 1, true}, {ann, "CAM2", 1, false}}
	if diff := cmp.Diff(want, c.server.Enrolments()); diff != "" {
		t.Errorf("after the calls (-want +got):\n%s", diff)
	}
	c.must("DELETE", path+"/campaigns/removeAll", "")
	want[1].In = false
	if diff := cmp.Diff(want, c.server.Enrolments()); diff != "" {
		t.Errorf("out of all campaigns, not of workflows (-want +got):\n%s", diff)
	}
	if status, _ := c.call("POST", path+"/workflow/WF9", `{}`); status != 400 {
		t.Errorf("an unknown workflow answers %d, want 400", status)
	}
	c.must("DELETE", path, "")
	if got := c.server.Enrolments(); len(got) != 0 {
		t.Errorf("with the contact goes what was kept of it, but there is %v", got)
	}
}
