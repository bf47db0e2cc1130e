package runkeeper

import (
	"errors"
	"testing"
	"time"

	"lockstep/providers"
	"lockstep/providers/runkeeper/sandbox"
)

// TestInspect looks at an account behind the API by one call.
func TestInspect(t *testing.T) {
	cases := map[string]struct {
		reason, token, found string
		refused              bool
	}{
		"good":  {"the API knows the token", sandbox.Token("zoe"), "answers by the API", false},
		"wrong": {"the error names the account", "wrong", "", true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			server := sandbox.New(sandbox.Options{Now: func() time.Time { return today }})
			all := withToken(t, tc.token, server).(providers.Inspected).Inspect(t.Context())
			if len(all) != 1 || all[0].Account != "ada-l" {
				t.Fatalf("%d accounts", len(all))
			}
			var account *providers.AccountError
			if refused := errors.As(all[0].Err, &account); refused != tc.refused || !refused && all[0].Found != tc.found {
				t.Errorf("%s: %q, %v", tc.reason, all[0].Found, all[0].Err)
			}
			if got := server.Calls(); got != 1 {
				t.Errorf("%d calls, want 1", got)
			}
		})
	}
}
