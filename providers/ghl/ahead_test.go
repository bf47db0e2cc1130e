package ghl

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/providers"
	"lockstep/providers/ghl/sandbox"
)

func TestGuess(t *testing.T) {
	keyed := paging{limit: "limit", after: []cursor{keyset("searchAfter", "searchAfter")}}
	counted := paging{limit: "limit", skip: "skip", total: "meta.total"}
	cases := map[string]struct {
		reason string
		paging paging
		in     string
		want   []string
		found  bool
	}{
		"page":       {"the last row's cursor is where the next page begins", keyed, `{"contacts":[{"searchAfter":[1,"A"]},{"searchAfter":[2,"B"]}],"total":12}`, []string{`[2,"B"]`}, true},
		"empty":      {"no rows, no cursor", keyed, `{"contacts":[],"total":12}`, nil, false},
		"escaped":    {"a text that looks like a cursor is none", keyed, `{"contacts":[{"searchAfter":[1,"A"],"x":"\"searchAfter\":[9]"}],"total":12}`, []string{`[1,"A"]`}, true},
		"cut off":    {"half a cursor is none", keyed, `{"total":12,"contacts":[{"searchAfter":[1,"A`, nil, false},
		"all read":   {"after the last page comes none", keyed, `{"contacts":[{"searchAfter":[1,"A"]}],"total":2}`, nil, false},
		"no total":   {"no call is made in vain", keyed, `{"contacts":[{"searchAfter":[1,"A"]}]}`, nil, false},
		"skip":       {"rows are counted where they have no cursor", counted, `{"users":[{"id":"1"}],"meta":{"total":3}}`, nil, true},
		"skipped on": {"unless all are read", counted, `{"users":[{"id":"1"}],"meta":{"total":2}}`, nil, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			at, found := tc.paging.guess([]byte(tc.in), 2)
			var got []string
			for _, value := range at.values {
				got = append(got, string(value))
			}
			if diff := cmp.Diff(tc.want, got); diff != "" && found || found != tc.found {
				t.Errorf("%s: found %v, want %v (-want +got):\n%s", tc.reason, found, tc.found, diff)
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
			p, server := openSandboxed(t, sandbox.Options{Invented: sandbox.Invented{Contacts: tc.people}}, nil)
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
	p, server := openSandboxed(t, sandbox.Options{Invented: sandbox.Invented{Contacts: 1200}}, nil)
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
			p, _ := openSandboxed(b, sandbox.Options{Invented: sandbox.Invented{Contacts: people}}, nil)
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
