package state

import (
	"strings"
	"testing"

	"lockstep/planner/state/statetest"
)

func TestPush(t *testing.T) {
	const other = `{"lockstep_state":2,"lineage":"other","salt":"s","personal_data":"hashed","serial":1}` + "\n"
	older := strings.Replace(head, `"serial":7`, `"serial":6`, 1)
	cases := map[string]struct {
		reason       string
		pushed, kept string
		force        bool
		want         string
	}{
		"New":      {"nothing is lost where there is nothing", head + line1("a", "1"), "", false, ""},
		"Same":     {"the log as it was pulled", head + line1("a", "1"), head + line1("a", "1"), false, ""},
		"Later":    {"a later log of one lineage", head, older, false, ""},
		"Earlier":  {"what was written since would be lost", older, head, false, "it is newer (serial 7, and the pushed one has 6)"},
		"Forked":   {"two runs wrote to two copies", head + line1("a", "1"), head + line1("b", "2"), false, "it has the same serial (7) and other contents"},
		"Compact":  {"a copy from before the log was written anew", head + line1("a", "1") + line1("a", "2"), head + line1("a", "2"), false, ""},
		"Whole":    {"a copy of a log that was cut off later", head + line1("a", "1"), head + `{"obj`, false, ""},
		"Other":    {"two projects must not share a state", other, head, false, "it is another state"},
		"Forced":   {"unless one insists", other, head, true, ""},
		"Broken":   {"what cannot be read may be of another program", head, "{}\n", false, "would be lost"},
		"Mended":   {"unless one insists", head, "{}\n", true, ""},
		"Cut":      {"half a log is no copy", head + `{"obj`, "", true, "it was cut off"},
		"CutEarly": {"nor is one that lacks whole lines", counted(3) + line1("a", "1"), "", true, "it was cut off"},
		"Empty":    {"nor is nothing", "", "", true, "there is nothing in it"},
		"NoLog":    {"nor is something else", "{}\n", "", true, "so this is another file"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			to := &statetest.Memory{Log: []byte(tc.kept)}
			_, err := Push(t.Context(), to, strings.NewReader(tc.pushed), tc.force)
			want := tc.pushed
			if tc.want != "" {
				want = tc.kept
			}
			if (err == nil) != (tc.want == "") || err != nil && !strings.Contains(err.Error(), tc.want) || string(to.Log) != want {
				t.Errorf("%s: got %v, want %q; the log is now\n%s", tc.reason, err, tc.want, to.Log)
			}
		})
	}
}
