package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"lockstep/providers/ghl/openapitest"
	"lockstep/providers/ghl/sandbox"
)

type crmKey struct{}

// crm is the sandbox of one script, behind a loopback port.
type crm struct {
	t         *testing.T
	validator *openapitest.Validator
	sandbox   *sandbox.Server
	server    *httptest.Server

	// environ are the variables that scripts have since the start.
	environ []string

	// ahead is how far the clock is ahead, in nanoseconds.
	ahead atomic.Int64

	mu       sync.Mutex
	calls    []string // "METHOD path" of lockstep's requests
	done     []call   // all of them that were answered with success
	failures []failure
}

// call is a request by its method and path.
type call struct{ method, path string }

// answering notes the status of an answer.
type answering struct {
	http.ResponseWriter
	status int
}

// WriteHeader notes the status and hands it on.
func (a *answering) WriteHeader(status int) {
	a.status = status
	a.ResponseWriter.WriteHeader(status)
}

// failure refuses the next requests of a method and path.
type failure struct {
	left   int
	method string
	path   string // the path; with * at its end, its beginning
	status int    // 0 drops the connection once the request was served
	body   string
}

func (f *failure) matches(path string) bool {
	if start, ok := strings.CutSuffix(f.path, "*"); ok {
		return strings.HasPrefix(path, start)
	}
	return path == f.path
}

func crmOf(ts *testscript.TestScript) *crm { return ts.Value(crmKey{}).(*crm) }

func crmCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: crm start|get|post|put|delete|agency|fail ...")
	}
	c := crmOf(ts)
	switch args[0] {
	case "start":
		c.start(ts, args[1:])
	case "csv":
		c.csv(ts, args[1:])
	case "deals":
		c.deals(ts, args[1:])
	case "drop":
		c.drop(ts, args[1:])
	case "fail":
		c.fail(ts, args[1:])
	case "get", "post", "put", "delete":
		c.edit(ts, (*sandbox.Server).Token, strings.ToUpper(args[0]), args[1:])
	case "wait":
		c.wait(ts, args[1:])
	case "pipeline":
		c.pipeline(ts, args[1:])
	case "agency":
		c.edit(ts, (*sandbox.Server).AgencyToken, strings.ToUpper(args[1]), args[2:])
	default:
		ts.Fatalf("unknown: crm %s", args[0])
	}
}

func (c *crm) start(ts *testscript.TestScript, args []string) {
	c.stop() // a second start begins anew
	flags := flag.NewFlagSet("crm start", flag.ContinueOnError)
	contacts, opportunities := flags.Int("contacts", 0, ""), flags.Int("opportunities", 0, "")
	seed := flags.String("seed", "", "")
	rate, interval := flags.Int("rate", 0, "requests per interval; 0 is no limit"), flags.Duration("interval", 0, "of the rate limit; 0 is that of the API")
	daily := flags.Int("daily", 0, "")
	lag := flags.Duration("search-lag", 0, "")
	scopes := flags.String("scopes", "", "comma-separated; empty is all")
	agency := flags.String("agency-scopes", "", "of the agency's token; comma-separated; empty is all")
	location := flags.String("location", "", "")
	ts.Check(flags.Parse(args))
	options := sandbox.Options{Invented: sandbox.Invented{Contacts: *contacts, Opportunities: *opportunities}, RateMax: *rate, RateInterval: *interval, Daily: *daily, SearchLag: *lag, Now: c.now, Location: *location}
	if *seed != "" {
		options.Seed = []byte(ts.ReadFile(*seed))
	}
	if *scopes != "" {
		options.Scopes = strings.Split(*scopes, ",")
	}
	if *agency != "" {
		options.AgencyScopes = strings.Split(*agency, ",")
	}
	var err error
	c.sandbox, err = sandbox.Open(options)
	ts.Check(err)
	var handler http.Handler = c.sandbox
	if c.validator != nil {
		name := ts.Name()
		handler = c.validator.Middleware(handler, func(err error) {
			c.t.Errorf("%s: the official documents disagree: %v", name, err)
		})
	}
	c.calls, c.failures = nil, nil
	c.server = httptest.NewServer(c.count(handler))
	c.environ = nil
	for _, v := range [][2]string{
		{"GHL_BASE_URL", c.server.URL}, {"GHL_TOKEN", c.sandbox.Token()}, {"GHL_LOCATION_ID", c.sandbox.Location()},
		{"AGENCY_TOKEN", c.sandbox.AgencyToken()}, {"COMPANY", c.sandbox.Company()},
	} {
		ts.Setenv(v[0], v[1])
		c.environ = append(c.environ, v[0]+"="+v[1])
	}
}

func (c *crm) stop() {
	if c.server == nil {
		return
	}
	c.server.Close()
	c.server = nil
	if err := c.sandbox.Close(); err != nil {
		c.t.Errorf("close the sandbox: %v", err)
	}
}

// count notes each request, and refuses the ones that a script wants refused.
func (c *crm) count(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.mu.Lock()
		c.calls = append(c.calls, r.Method+" "+r.URL.Path)
		var refused *failure
		for i := range c.failures {
			f := &c.failures[i]
			if f.left > 0 && f.method == r.Method && f.matches(r.URL.Path) {
				f.left--
				refused = f
				break
			}
		}
		c.mu.Unlock()
		if refused == nil {
			c.answer(w, r, next)
			return
		}
		if refused.status == 0 {
			next.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler) // net/http's way to drop a connection
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(refused.status)
		_, _ = io.WriteString(w, refused.body)
	})
}

// answer hands a request on, and notes it when it succeeds.
func (c *crm) answer(w http.ResponseWriter, r *http.Request, next http.Handler) {
	a := &answering{w, http.StatusOK}
	next.ServeHTTP(a, r)
	if a.status < http.StatusMultipleChoices {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.done = append(c.done, call{r.Method, r.URL.Path})
	}
}

func (c *crm) fail(ts *testscript.TestScript, args []string) {
	if len(args) < 4 {
		ts.Fatalf("usage: crm fail N METHOD PATH STATUS [BODY]")
	}
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	status, err := strconv.Atoi(args[3])
	ts.Check(err)
	body := fmt.Sprintf(`{"statusCode":%d,"message":"refused by the test","traceId":"trace-1"}`, status)
	if len(args) > 4 {
		body = args[4]
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failures = append(c.failures, failure{n, args[1], args[2], status, body})
}

// drop loses the answers of the next requests, which are carried out.
func (c *crm) drop(ts *testscript.TestScript, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: crm drop N METHOD PATH")
	}
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failures = append(c.failures, failure{left: n, method: args[1], path: args[2]})
}

// edit makes a request as a user of the CRM would, past lockstep. A word such
// as {email:ann@example.com} in the path stands for the id of that contact.
func (c *crm) edit(ts *testscript.TestScript, token func(*sandbox.Server) string, method string, args []string) {
	if len(args) == 0 || c.sandbox == nil {
		ts.Fatalf("usage: crm start, then crm %s PATH [JSON]", strings.ToLower(method))
	}
	body := ""
	if len(args) > 1 {
		body = c.resolve(ts, args[1])
	}
	status, answer := c.send(token(c.sandbox), method, c.resolve(ts, args[0]), body)
	fmt.Fprintln(ts.Stdout(), answer)
	if status >= 300 {
		ts.Fatalf("%s %s: %d %s", method, args[0], status, answer)
	}
}

// csv writes everybody who has an e-mail address into a table.
func (c *crm) csv(ts *testscript.TestScript, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: crm csv FILE")
	}
	var table strings.Builder
	table.WriteString("email,first_name\n")
	after := ""
	for {
		_, answer := c.request(http.MethodPost, "/contacts/search", fmt.Sprintf(`{"locationId":%q,"pageLimit":500%s}`, c.sandbox.Location(), after))
		var page struct {
			Contacts []struct {
				Email       string          `json:"email"`
				FirstName   string          `json:"firstName"`
				SearchAfter json.RawMessage `json:"searchAfter"`
			} `json:"contacts"`
		}
		ts.Check(json.Unmarshal([]byte(answer), &page))
		for _, person := range page.Contacts {
			if person.Email != "" {
				fmt.Fprintf(&table, "%s,%s\n", person.Email, person.FirstName)
			}
		}
		if len(page.Contacts) < 500 {
			break
		}
		after = `,"searchAfter":` + string(page.Contacts[len(page.Contacts)-1].SearchAfter)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(table.String()), 0o644))
}

// resolve fills in the location and the ids of contacts.
func (c *crm) resolve(ts *testscript.TestScript, text string) string {
	text = strings.ReplaceAll(text, "{location}", c.sandbox.Location())
	if before, rest, ok := strings.Cut(text, "{pipeline:"); ok {
		name, after, _ := strings.Cut(rest, "}")
		id, _ := c.pipelineOf(ts, name)["id"].(string)
		text = before + id + after
	}
	for {
		before, rest, ok := strings.Cut(text, "{email:")
		if !ok {
			return text
		}
		email, after, ok := strings.Cut(rest, "}")
		if !ok {
			ts.Fatalf("a } is missing in %s", text)
		}
		text = before + c.contact(ts, email) + after
	}
}

func (c *crm) contact(ts *testscript.TestScript, email string) string {
	_, answer := c.request(http.MethodGet, "/contacts/search/duplicate?locationId="+c.sandbox.Location()+"&email="+strings.ReplaceAll(email, "+", "%2B"), "")
	var found struct {
		Contact struct{ ID string } `json:"contact"`
	}
	ts.Check(json.Unmarshal([]byte(answer), &found))
	if found.Contact.ID == "" {
		ts.Fatalf("there is no contact %s", email)
	}
	return found.Contact.ID
}

// request asks for the location's, past the counter and the documents.
func (c *crm) request(method, path, body string) (int, string) {
	return c.send(c.sandbox.Token(), method, path, body)
}

func (c *crm) send(token, method, path, body string) (int, string) {
	return c.sendUnder("2021-07-28", token, method, path, body)
}

func (c *crm) sendUnder(version, token, method, path, body string) (int, string) {
	r := httptest.NewRequest(method, path, bytes.NewReader([]byte(body)))
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Version", version)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	c.sandbox.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func callsCommand(ts *testscript.TestScript, neg bool, args []string) {
	c := crmOf(ts)
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case len(args) == 1 && args[0] == "reset":
		c.calls = nil
	case len(args) == 1 && args[0] == "list":
		fmt.Fprintln(ts.Stdout(), strings.Join(c.calls, "\n"))
	case len(args) == 2:
		compare(ts, neg, c.calls, func(string) bool { return true }, args)
	case len(args) == 3:
		compare(ts, neg, c.calls, func(call string) bool { return strings.HasPrefix(call, args[0]) }, args[1:])
	default:
		ts.Fatalf("usage: calls [METHOD] ==|<=|>= N, calls list, or calls reset")
	}
}

func writesCommand(ts *testscript.TestScript, neg bool, args []string) {
	c := crmOf(ts)
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(args) != 2 {
		ts.Fatalf("usage: writes ==|<=|>= N")
	}
	compare(ts, neg, c.calls, func(call string) bool {
		return !strings.HasPrefix(call, "GET ") && !strings.HasSuffix(call, "/search")
	}, args)
}

func compare(ts *testscript.TestScript, neg bool, calls []string, counts func(string) bool, args []string) {
	want, err := strconv.Atoi(args[1])
	ts.Check(err)
	var found []string
	for _, call := range calls {
		if counts(call) {
			found = append(found, call)
		}
	}
	n := len(found)
	holds, known := map[string]bool{"==": n == want, "<=": n <= want, ">=": n >= want}[args[0]]
	if !known {
		ts.Fatalf("compare with ==, <= or >=, not %s", args[0])
	}
	if holds == neg {
		ts.Fatalf("%d calls, want %s %d:\n%s", n, args[0], want, strings.Join(found, "\n"))
	}
}

// jsonLines wants every line of a file, or of stdout, to be a JSON object.
func jsonLines(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: jsonlines FILE")
	}
	n := 0
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		var object map[string]any
		if err := json.Unmarshal([]byte(line), &object); err != nil {
			ts.Fatalf("line %d is not a JSON object: %s", n+1, line)
		}
		n++
	}
	if n == 0 {
		ts.Fatalf("%s is empty", args[0])
	}
}
