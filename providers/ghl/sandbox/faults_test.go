package sandbox

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestParseFaults(t *testing.T) {
	const rest = ",max=0,after=0,on=all,in-a-row=3,delay=20ms,wait=1s"
	cases := map[string]struct {
		reason, in, want, wantErr string
	}{
		"seed": {reason: "everything else has a default", in: "seed=7", want: "seed=7,rate=0.05,kinds=all" + rest},
		"usual": {
			reason: "settings with commas, kinds with +", in: "seed=7, rate=0.5,kinds=reset+429",
			want: "seed=7,rate=0.5,kinds=429+reset" + rest,
		},
		"bounds": {
			reason: "every setting is read", in: "rate=1,kinds=slow,max=4,after=2,on=writes,in-a-row=1,delay=1s,wait=2s",
			want: "seed=1,rate=1,kinds=slow,max=4,after=2,on=writes,in-a-row=1,delay=1s,wait=2s",
		},
		"left out": {
			reason: "a minus leaves a kind out", in: "kinds=429+429-bare+500+-429",
			want: "seed=1,rate=0.05,kinds=429-bare+500" + rest,
		},
		"no kind left":    {reason: "a plan without kinds does nothing", in: "kinds=429+-429", wantErr: "leaves no kind"},
		"unknown kind":    {reason: "the error lists the kinds", in: "kinds=429+fire", wantErr: `unknown kind "fire"; the kinds are all and 429, 429-bare`},
		"unknown setting": {reason: "the error lists the settings", in: "sed=7", wantErr: "the settings are seed, rate"},
		"no setting":      {reason: "the error shows how", in: "lots", wantErr: "write it like seed=7,rate=0.05"},
		"nothing":         {reason: "an empty plan is a slip", in: "", wantErr: "not a setting"},
		"twice":           {reason: "one of the two would be lost", in: "seed=1,seed=2", wantErr: "seed is given twice"},
		"rate":            {reason: "a share", in: "rate=5", wantErr: "rate is a share above 0 and at most 1"},
		"no rate":         {reason: "never is no plan", in: "rate=0", wantErr: "rate is a share above 0 and at most 1"},
		"nan":             {reason: "not a number is no share", in: "rate=NaN", wantErr: "rate is a share"},
		"negative":        {reason: "a bound is not negative", in: "max=-1", wantErr: "max is a number that is not negative"},
		"never through":   {reason: "a request must fail at least once", in: "in-a-row=0", wantErr: "from 1 up"},
		"time":            {reason: "a time has a unit", in: "delay=5", wantErr: "delay is a time"},
		"on":              {reason: "the error lists them", in: "on=posts", wantErr: "on is all, reads or writes"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := ParseFaults(tc.in)
			if tc.wantErr != "" {
				if err == nil || !strings.Contains(err.Error(), tc.wantErr) {
					t.Fatalf("%s: got error %v, want one with %q", tc.reason, err, tc.wantErr)
				}
				return
			}
			if err != nil {
				t.Fatalf("%s: %v", tc.reason, err)
			}
			if diff := cmp.Diff(tc.want, got.String()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
			again, err := ParseFaults(got.String())
			if diff := cmp.Diff(got, again); diff != "" || err != nil {
				t.Errorf("a plan reads what it writes: %v (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestOpenRefusesFaults(t *testing.T) {
	for reason, plan := range map[string]Faults{
		"a kind nobody knows": {Kinds: []string{"fire"}}, "a share above one": {Rate: 2}, "a negative bound": {Max: -1},
	} {
		if _, err := Open(Options{Faults: &plan}); err == nil {
			t.Errorf("%s is opened, want an error", reason)
		}
	}
}

// outcome is what a client sees of a request.
type outcome struct {
	Seen  string // the status, or "broken", or both
	Body  string // "json", "html", "torn" or ""
	Acted bool   // the contact was made
}

// faulted opens a sandbox whose plan always hits.
func faulted(t *testing.T, plan string, opts Options) *client {
	t.Helper()
	faults, err := ParseFaults("rate=1," + plan)
	if err != nil {
		t.Fatal(err)
	}
	opts.Faults = faults
	return open(t, opts)
}

// observe makes a contact and tells what came back.
func observe(t *testing.T, c *client, base string, next http.RoundTripper) (outcome, http.Header) {
	t.Helper()
	template := c.request("POST", "/contacts/", `{"locationId":"LOC","email":"ada@example.com"}`)
	req, err := http.NewRequest("POST", base+"/contacts/", template.Body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header = template.Header
	var o outcome
	header := http.Header{}
	answer, err := next.RoundTrip(req)
	if err != nil {
		o.Seen = "broken"
	} else {
		defer answer.Body.Close()
		header = answer.Header
		o.Seen = fmt.Sprint(answer.StatusCode)
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			o.Seen += " broken"
		}
		o.Body = looks(string(body))
	}
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	o.Acted = c.server.location.people.size() == 1
	return o, header
}

func looks(body string) string {
	switch {
	case strings.HasPrefix(body, "<"):
		return "html"
	case strings.HasPrefix(body, "{") && strings.HasSuffix(body, "}"):
		return "json"
	case body != "":
		return "torn"
	}
	return ""
}

func TestFaultKinds(t *testing.T) {
	metered := map[string]string{"X-Ratelimit-Remaining": "0", "X-Ratelimit-Max": "1000000", "Retry-After": ""}
	bare := map[string]string{"X-Ratelimit-Remaining": "", "X-Ratelimit-Max": "", "Retry-After": ""}
	cases := map[string]struct {
		reason string
		want   outcome
		header map[string]string
	}{
		"429":         {reason: "nothing is left", want: outcome{"429", "json", false}, header: metered},
		"429-bare":    {reason: "nothing is said", want: outcome{"429", "json", false}, header: bare},
		"429-after":   {reason: "seconds", want: outcome{"429", "json", false}, header: map[string]string{"Retry-After": "2"}},
		"429-date":    {reason: "a date", want: outcome{"429", "json", false}, header: map[string]string{"Retry-After": "Fri, 17 Jul 2026 10:00:02 GMT"}},
		"500":         {reason: "before it acts", want: outcome{"500", "json", false}},
		"500-acted":   {reason: "after it acted", want: outcome{"500", "json", true}},
		"502":         {reason: "before it acts", want: outcome{"502", "json", false}},
		"503":         {reason: "before it acts", want: outcome{"503", "json", false}},
		"html":        {reason: "an error page", want: outcome{"500", "html", false}},
		"html-200":    {reason: "a page that looks like success", want: outcome{"200", "html", false}},
		"reset":       {reason: "nothing was done", want: outcome{"broken", "", false}},
		"lost":        {reason: "it was done", want: outcome{"broken", "", true}},
		"slow":        {reason: "late but well", want: outcome{"201", "json", true}},
		"cut":         {reason: "the body ends early", want: outcome{"201 broken", "torn", true}},
		"garbled":     {reason: "the body is whole and is not JSON", want: outcome{"201", "torn", true}},
		"401-timeout": {reason: "a timeout in disguise", want: outcome{"401", "json", false}},
		"401-jwt":     {reason: "the token is refused", want: outcome{"401", "json", false}},
		"partial":     {reason: "it fits bulk calls only", want: outcome{"201", "json", true}},
		"stale":       {reason: "it fits searches only", want: outcome{"201", "json", true}},
		"shift":       {reason: "it fits later pages only", want: outcome{"201", "json", true}},
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(cases)), slices.Sorted(maps.Keys(setOf(FaultKinds())))); diff != "" {
		t.Fatalf("every kind is here (-here +known):\n%s", diff)
	}
	for name, tc := range cases {
		for _, way := range []string{"socket", "in process"} {
			t.Run(name+" "+way, func(t *testing.T) {
				c := faulted(t, "seed=1,wait=1500ms,kinds="+name, Options{})
				base, next := "http://sandbox", http.RoundTripper(c.server)
				if way == "socket" {
					served := httptest.NewServer(c.server)
					defer served.Close()
					base, next = served.URL, http.DefaultTransport
				}
				got, header := observe(t, c, base, next)
				if tc.want.Body == "html" && tc.want.Seen == "500" && strings.HasPrefix(got.Seen, "50") {
					got.Seen = "500" // one of three
				}
				if diff := cmp.Diff(tc.want, got); diff != "" {
					t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
				}
				for name, want := range tc.header {
					if got := header.Get(name); got != want {
						t.Errorf("%s: %s is %q, want %q", tc.reason, name, got, want)
					}
				}
			})
		}
	}
}

// TestFaultSlow holds that a slow answer waits, and no longer than its client.
func TestFaultSlow(t *testing.T) {
	c := faulted(t, "kinds=slow,delay=1h", Options{})
	ctx, cancel := contextThatEnds(t)
	req := c.request("GET", "/locations/LOC", "").WithContext(ctx)
	go func() {
		for len(c.server.Calls()) == 0 { // until it was answered, though not yet sent
			time.Sleep(time.Millisecond)
		}
		cancel()
	}()
	if _, err := c.server.RoundTrip(req); err != ctx.Err() {
		t.Errorf("the answer came with %v although its client gave up, want %v", err, ctx.Err())
	}
}

// TestFaultsWithoutSocket holds what a writer that cannot break gets.
func TestFaultsWithoutSocket(t *testing.T) {
	c := faulted(t, "kinds=reset", Options{})
	rec, _ := c.send(c.request("GET", "/locations/LOC", ""))
	if rec.Code != http.StatusBadGateway {
		t.Errorf("a reset without a connection answers %d, want 502", rec.Code)
	}
	want := []Call{{Method: "GET", Path: "/locations/" + DefaultLocation, Fault: "reset"}}
	if diff := cmp.Diff(want, c.server.Calls()); diff != "" {
		t.Errorf("the call names its fault (-want +got):\n%s", diff)
	}
}

// TestFaultsRace runs requests at once, for the race detector, and holds that
// the counts add up.
func TestFaultsRace(t *testing.T) {
	c := faulted(t, "kinds=all+-slow,in-a-row=100", Options{Invented: Invented{Contacts: 50}})
	var group sync.WaitGroup
	for i := range 8 {
		req := func() *http.Request { return c.request("GET", fmt.Sprintf("/locations/LOC/tags?try=%d", i), "") }
		if i%2 == 0 {
			req = func() *http.Request {
				return c.request("POST", "/contacts/search", `{"locationId":"LOC","pageLimit":5,"page":2}`)
			}
		}
		group.Go(func() {
			for range 20 {
				if answer, err := c.server.RoundTrip(req()); err == nil {
					_, _ = io.Copy(io.Discard, answer.Body) // it may break, which is the point
				}
			}
		})
	}
	group.Wait()
	total, hit := 0, 0
	for _, n := range c.server.FaultCounts() {
		total += n
	}
	for _, call := range c.server.Calls() {
		if call.Fault != "" {
			hit++
		}
	}
	if diff := cmp.Diff([]int{160, 160}, []int{total, hit}); diff != "" {
		t.Errorf("every request is hit and counted once (-want +got):\n%s", diff)
	}
}
