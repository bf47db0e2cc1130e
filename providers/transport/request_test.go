package transport

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// TestDoRefuses has requests that are not sent, or not sent again.
func TestDoRefuses(t *testing.T) {
	later := map[string]string{"Retry-After": "7200"}
	cases := map[string]struct {
		reason, path string
		header       map[string]string
		want         string
		sent         int
	}{
		"Parent":  {"two dots lead to the list that the object is in", "/contacts/..", nil, `"." or ".."`, 0},
		"Self":    {"one leads to the object above", "/contacts/./tags", nil, `"." or ".."`, 0},
		"Escaped": {"a server may read escaped dots alike", "/contacts/%2e%2E/x", nil, `"." or ".."`, 0},
		"Long":    {"nothing is kept waiting for hours", "/contacts/a..b", later, "lockstep wait for 2h0m", 1},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			s := &script{steps: []step{{status: 429, header: tc.header}}}
			_, err := newClient(t, s, nil).Do(t.Context(), Request{Method: "DELETE", Path: tc.path})
			if err == nil || !strings.Contains(err.Error(), tc.want) && !strings.Contains(fmt.Sprint(errors.Unwrap(err)), tc.want) || len(s.seen) != tc.sent {
				t.Errorf("%s: %v after %d requests, want %q after %d", tc.reason, err, len(s.seen), tc.want, tc.sent)
			}
		})
	}
}
