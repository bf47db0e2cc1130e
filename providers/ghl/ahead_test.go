package ghl

import (
	"fmt"
	"testing"

	"lockstep/providers"
	"lockstep/providers/ghl/sandbox"
)

func TestLastCursor(t *testing.T) {
	cases := map[string]struct {
		reason, in, want string
		total            int
	}{
		"page":    {"the last row's cursor is where the next page begins", `{"contacts":[{"searchAfter":[1,"A"]},{"searchAfter":[2,"B"]}],"total":12}`, `[2,"B"]`, 12},
		"empty":   {"no rows, no cursor", `{"contacts":[],"total":0}`, "", 0},
		"escaped": {"a text that looks like a cursor is none", `{"contacts":[{"searchAfter":[1,"A"],"x":"\"searchAfter\":[9]"}]}`, `[1,"A"]`, 0},
		"cut off": {"half a cursor is none", `{"contacts":[{"searchAfter":[1,"A`, "", 0},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			cursor := lastCursor([]byte(tc.in))
			if cursor != tc.want || totalOf([]byte(tc.in)) != tc.total {
				t.Errorf("%s: cursor %q, total %d", tc.reason, cursor, totalOf([]byte(tc.in)))
			}
		})
	}
}

func TestListCalls(t *testing.T) {
	cases := map[string]struct {
		reason      string
		people, max int
	}{
		"none":      {"an empty list is one call", 0, 1},
		"one page":  {"a full page with all there is needs no second call", 500, 1},
		"two pages": {"one more object, one more call", 501, 2},
		"three":     {"each call brings 500", 1001, 3},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p, server := openSandboxed(t, sandbox.Options{Contacts: tc.people}, nil)
			n := 0
			for page, err := range p.List(t.Context(), providers.Query{Kind: kindContact, Attributes: []string{"email"}}) {
				if err != nil {
					t.Fatal(err)
				}
				n += len(page.Objects)
				if page.Total != tc.people {
					t.Errorf("total %d, want %d", page.Total, tc.people)
				}
			}
			if n != tc.people || len(server.Calls()) != tc.max {
				t.Errorf("%s: %d objects by %d calls, want %d by %d", tc.reason, n, len(server.Calls()), tc.people, tc.max)
			}
		})
	}
}

func TestListStops(t *testing.T) {
	p, server := openSandboxed(t, sandbox.Options{Contacts: 1200}, nil)
	pages := 0
	for _, err := range p.List(t.Context(), providers.Query{Kind: kindContact}) {
		if err != nil {
			t.Fatal(err)
		}
		pages++
		break
	}
	// The second call reads the definitions of custom fields.
	if calls := len(server.Calls()); pages != 1 || calls != 2 {
		t.Errorf("%d pages by %d calls after the caller had enough", pages, calls)
	}
}

func BenchmarkList(b *testing.B) {
	for _, people := range []int{1000, 10_000} {
		b.Run(fmt.Sprint(people), func(b *testing.B) {
			p, _ := openSandboxed(b, sandbox.Options{Contacts: people}, nil)
			b.ReportAllocs()
			for b.Loop() {
				for _, err := range p.List(b.Context(), providers.Query{Kind: kindContact, Attributes: []string{"email", "phone", "tags"}}) {
					if err != nil {
						b.Fatal(err)
					}
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(people), "µs/contact")
		})
	}
}
