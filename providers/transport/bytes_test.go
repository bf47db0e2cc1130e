package transport

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
)

// TestBytes wants answers that are no JSON.
func TestBytes(t *testing.T) {
	cases := map[string]struct {
		reason string
		steps  []step
		want   string
		err    string
		calls  int
		long   bool
	}{
		"any bytes":      {"they are not looked at", []step{{status: 200, body: "<not a page"}}, "<not a page", "", 1, false},
		"cut off":        {"a broken connection is tried again", []step{{status: 200, body: "half", cut: true}, {status: 200, body: "whole"}}, "whole", "", 2, false},
		"too long":       {"which another attempt would not mend", []step{{status: 200, body: strings.Repeat("x", 21)}}, "", "more than 20 bytes", 1, true},
		"a long refusal": {"it is read whole", []step{{status: 400, body: `{"message":"There is no such recording"}`}}, "", "There is no such recording", 1, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &script{steps: tc.steps}
				got, err := newClient(t, s, nil).Do(t.Context(), Request{Method: "GET", Path: "/x", Safety: Read, Bytes: 20})
				body := ""
				if got != nil {
					body = string(got.Body)
				}
				if diff := cmp.Diff(tc.want, body); diff != "" {
					t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
				}
				if (err == nil) != (tc.err == "") || err != nil && !strings.Contains(err.Error(), tc.err) || errors.Is(err, ErrTooLong) != tc.long {
					t.Errorf("%s: %v, want %q", tc.reason, err, tc.err)
				}
				if len(s.at) != tc.calls {
					t.Errorf("%s: %d calls, want %d", tc.reason, len(s.at), tc.calls)
				}
			})
		})
	}
}
