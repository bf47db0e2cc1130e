package ghl

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"lockstep/providers"
	"lockstep/providers/ghl/sandbox"
	"lockstep/schema"
)

// shop is an invented kind, which each case of a test of words declares anew.
const kindShop = "ghl_shop"

// shopOf declares shops with a name and, where lists do not show it, a phone.
func shopOf(k kind) *kind {
	k.Kind = schema.Kind{Name: kindShop, Noun: "shop", Plural: "shops", Keys: []schema.NaturalKey{{"name"}}, Listing: schema.Listing{Page: 2}}
	if k.attributes == nil {
		k.attributes = []attribute{shopText("name", "name")}
	}
	return declared(&k)
}

func shopText(name, wire string) attribute {
	return attribute{Attribute: schema.Attribute{Name: name, Type: cty.String, Optional: true}, wire: wire, form: text}
}

// counter answers as an API does whose requests are listed in a table, and
// keeps what it was asked.
type counter struct {
	answers map[string]string

	mu    sync.Mutex // pages are read ahead
	asked []string
}

// RoundTrip answers one request, written as "GET /shops/?limit=2 {body}".
func (c *counter) RoundTrip(r *http.Request) (*http.Response, error) {
	asked := r.Method + " " + r.URL.Path
	if query, err := url.QueryUnescape(r.URL.RawQuery); err == nil && query != "" {
		asked += "?" + query
	}
	if r.Body != nil {
		sent, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		if len(sent) > 0 {
			asked += " " + string(sent)
		}
	}
	if v := r.Header.Get("Version"); v != defaultVersion {
		asked = v + ": " + asked
	}
	c.mu.Lock()
	c.asked = append(c.asked, asked)
	c.mu.Unlock()
	answer, known := c.answers[asked]
	status := http.StatusOK
	if !known {
		status, answer = http.StatusTeapot, `{"message":"no answer to `+strings.ReplaceAll(asked, `"`, `'`)+`"}`
	}
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Request: r,
		Body: io.NopCloser(strings.NewReader(answer)), ContentLength: int64(len(answer))}, nil
}

// openShop configures a provider that knows the invented kind besides.
func openShop(t *testing.T, k *kind, answers map[string]string) (*Provider, *counter) {
	t.Helper()
	c := &counter{answers: answers}
	p, ok := New(WithRoundTripper(c), WithClock(time.Now, noWait)).(*Provider)
	if !ok {
		t.Fatal("New returned another type")
	}
	err := p.Configure(t.Context(), cty.ObjectVal(map[string]cty.Value{
		"location_id": cty.StringVal("LOC"), "token": cty.StringVal("pit"), "base_url": cty.StringVal("https://api.example.com"),
	}))
	if err != nil {
		t.Fatal(err)
	}
	p.account.kinds[kindShop] = k
	return p, c
}

// shopNames are ids and names, as "1 Ann, 2 Bea".
func shopNames(objects []schema.Object) string {
	var names []string
	for _, o := range objects {
		names = append(names, strings.TrimSpace(o.ID+" "+o.Value("name").Text()+" "+o.Value("phone").Text()))
	}
	return strings.Join(names, ", ")
}

const (
	ann, bea, cyd = `{"id":"1","name":"Ann","at":[1,"a"],"day":"x"}`, `{"id":"2","name":"Bea","at":[2,"b"],"day":"y"}`, `{"id":"3","name":"Cyd"}`
	// nested has a property of the cursor's name deeper in the row.
	nested = `{"id":"2","name":"Bea","day":"y","owner":{"day":"z"}}`
)

func TestWordsOfLists(t *testing.T) {
	get := func(envelope string) call { return call{method: "GET", path: "/shops/", envelope: envelope} }
	cases := map[string]listCase{
		"whole":      {"no word, no pages", listing{call: get("shops")}, map[string]string{"GET /shops/": `{"shops":[` + ann + "," + bea + "," + cyd + `]}`}, "1 Ann, 2 Bea, 3 Cyd"},
		"bare array": {"a list may be the answer itself", listing{call: get("")}, map[string]string{"GET /shops/": `[` + ann + `]`}, "1 Ann"},
		"envelopes":  {"the first that is there counts", listing{call: get("stores|shops")}, map[string]string{"GET /shops/": `{"shops":[` + ann + `]}`}, "1 Ann"},
		"or itself":  {"or the answer itself", listing{call: get("shops|.")}, map[string]string{"GET /shops/": `[` + ann + `]`}, "1 Ann"},
		"version": {"a call may have its own", listing{call: call{method: "GET", path: "/shops/", envelope: "shops", version: "2021-04-15"}},
			map[string]string{"2021-04-15: GET /shops/": `{"shops":[` + ann + `]}`}, "1 Ann"},
		"located": {"in the query", listing{call: call{method: "GET", path: "/shops/", envelope: "shops", located: inQuery}},
			map[string]string{"GET /shops/?locationId=LOC": `{"shops":[` + ann + `]}`}, "1 Ann"},
		"located, other case": {"in the query, as one API spells it", listing{call: call{method: "GET", path: "/shops/", envelope: "shops", located: inQuerySnake}},
			map[string]string{"GET /shops/?location_id=LOC": `{"shops":[` + ann + `]}`}, "1 Ann"},
		"ids": {"a row's id may have another name", listing{call: get("shops"), id: "_id|key"}, map[string]string{"GET /shops/": `{"shops":[{"_id":"1","name":"Ann"},{"key":"2","name":"Bea"}]}`}, "1 Ann, 2 Bea"},
	}
	for name, tc := range cases {
		t.Run(name, tc.run)
	}
}

// TestWordsOfPages lists two rows a page.
func TestWordsOfPages(t *testing.T) {
	get := call{method: "GET", path: "/shops/", envelope: "shops"}
	search := call{method: "POST", path: "/shops/search", envelope: "shops", located: inBody}
	cases := map[string]listCase{
		"skip in the query": {"a full page without total is followed", listing{call: get, page: paging{limit: "limit", skip: "skip"}},
			map[string]string{"GET /shops/?limit=2": `{"shops":[` + ann + "," + bea + `]}`, "GET /shops/?limit=2&skip=2": `{"shops":[` + cyd + `]}`}, "1 Ann, 2 Bea, 3 Cyd"},
		"offset in the query": {"by any name", listing{call: get, page: paging{limit: "limit", skip: "offset"}},
			map[string]string{"GET /shops/?limit=2": `{"shops":[` + ann + "," + bea + `]}`, "GET /shops/?limit=2&offset=2": `{"shops":[]}`}, "1 Ann, 2 Bea"},
		"skip in the body": {"as a number", listing{call: search, page: paging{limit: "limit", skip: "skip"}},
			map[string]string{`POST /shops/search {"limit":2,"locationId":"LOC"}`: `{"shops":[` + ann + "," + bea + `]}`,
				`POST /shops/search {"limit":2,"locationId":"LOC","skip":2}`: `{"shops":[` + cyd + `]}`}, "1 Ann, 2 Bea, 3 Cyd"},
		"total": {"the last full page is not followed", listing{call: get, page: paging{limit: "limit", skip: "skip", total: "meta.total"}},
			map[string]string{"GET /shops/?limit=2": `{"shops":[` + ann + "," + bea + `],"meta":{"total":2}}`}, "1 Ann, 2 Bea"},
		"more": {"nor is one that says so", listing{call: get, page: paging{limit: "limit", skip: "offset", more: "hasMore"}},
			map[string]string{"GET /shops/?limit=2": `{"shops":[` + ann + "," + bea + `],"hasMore":false}`}, "1 Ann, 2 Bea"},
		"keyset in the body": {"the last row's cursor, as it is", listing{call: search, page: paging{limit: "limit", after: []cursor{keyset("at", "after")}}},
			map[string]string{`POST /shops/search {"limit":2,"locationId":"LOC"}`: `{"shops":[` + ann + "," + bea + `]}`,
				`POST /shops/search {"after":[2,"b"],"limit":2,"locationId":"LOC"}`: `{"shops":[` + cyd + `]}`}, "1 Ann, 2 Bea, 3 Cyd"},
		"keyset in the query": {"two parameters, one of them in an array", listing{call: get, page: paging{limit: "limit", after: []cursor{keyset("at.0", "after"), keyset("id", "afterId")}}},
			map[string]string{"GET /shops/?limit=2": `{"shops":[` + ann + "," + bea + `]}`, "GET /shops/?after=2&afterId=2&limit=2": `{"shops":[` + cyd + `]}`}, "1 Ann, 2 Bea, 3 Cyd"},
		"keyset of a row without": {"rows are counted then", listing{call: get, page: paging{limit: "limit", skip: "skip", after: []cursor{keyset("none", "after")}}},
			map[string]string{"GET /shops/?limit=2": `{"shops":[` + ann + "," + bea + `]}`, "GET /shops/?limit=2&skip=2": `{"shops":[]}`}, "1 Ann, 2 Bea"},
		"cursor": {"the answer's, and none ends the list", listing{call: get, page: paging{limit: "limit", after: []cursor{nextCursor("meta.next", "after")}}},
			map[string]string{"GET /shops/?limit=2": `{"shops":[` + ann + "," + bea + `],"meta":{"next":"n2"}}`,
				"GET /shops/?after=n2&limit=2": `{"shops":[` + cyd + "," + `{"id":"4"}],"meta":{"next":null}}`}, "1 Ann, 2 Bea, 3 Cyd, 4"},
		"rows that moved": {"none is told twice", listing{call: get, page: paging{limit: "limit", skip: "skip"}},
			map[string]string{"GET /shops/?limit=2": `{"shops":[` + ann + "," + bea + `]}`, "GET /shops/?limit=2&skip=2": `{"shops":[` + bea + "," + cyd + `]}`,
				"GET /shops/?limit=2&skip=4": `{"shops":[]}`}, "1 Ann, 2 Bea, 3 Cyd"},
	}
	for name, tc := range cases {
		t.Run(name, tc.run)
	}
}

// listCase is a list of shops, with the answers to exactly the calls it takes.
type listCase struct {
	reason  string
	list    listing
	answers map[string]string
	want    string
}

func (tc listCase) run(t *testing.T) {
	p, c := openShop(t, shopOf(kind{list: tc.list}), tc.answers)
	objects, err := listAll(t, p)
	if err != nil {
		t.Fatalf("%s: %v", tc.reason, err)
	}
	if diff := cmp.Diff(tc.want, shopNames(objects)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
	}
	if len(c.asked) != len(tc.answers) {
		t.Errorf("%s: asked %q", tc.reason, c.asked)
	}
}

func listAll(t *testing.T, p *Provider) ([]schema.Object, error) {
	t.Helper()
	var objects []schema.Object
	for page, err := range p.List(t.Context(), providers.Query{Kind: kindShop}) {
		if err != nil {
			return nil, err
		}
		objects = append(objects, page.Objects...)
	}
	return objects, nil
}

func TestWordsOfReads(t *testing.T) {
	phone := shopText("phone", "phone")
	phone.Unlisted = true
	both := []attribute{shopText("name", "name"), phone}
	whole := listing{call: call{method: "GET", path: "/shops/", envelope: "shops"}}
	paged := listing{call: whole.call, page: paging{limit: "limit", skip: "skip"}}
	get := call{method: "GET", path: "/shops/{id}", envelope: "shop|."}
	named := providers.Key{Fields: texts2fields("name", "Bea")}
	all := `{"shops":[` + ann + "," + bea + `]}`
	cases := map[string]struct {
		reason  string
		kind    kind
		keys    []providers.Key
		answers map[string]string
		want    string
	}{
		"id, whole list":     {"one list for any number of ids", kind{list: whole, get: get}, []providers.Key{{ID: "2"}, {ID: "1"}, {ID: "9"}}, map[string]string{"GET /shops/": all}, "1 Ann, 2 Bea"},
		"id, pages":          {"a read is cheaper than pages", kind{list: paged, get: get}, []providers.Key{{ID: "2"}}, map[string]string{"GET /shops/2": `{"shop":` + bea + `}`}, "2 Bea"},
		"id, itself":         {"an answer may be the object", kind{list: paged, get: get}, []providers.Key{{ID: "2"}}, map[string]string{"GET /shops/2": bea}, "2 Bea"},
		"id, unlisted":       {"what a list does not show is read by id", kind{attributes: both, list: whole, get: get}, []providers.Key{{ID: "2"}}, map[string]string{"GET /shops/2": `{"id":"2","name":"Bea","phone":"12"}`}, "2 Bea 12"},
		"id, no call for it": {"the list has it", kind{list: paged}, []providers.Key{{ID: "2"}}, map[string]string{"GET /shops/?limit=2": all, "GET /shops/?limit=2&skip=2": `{"shops":[]}`}, "2 Bea"},
		"key, pages":         {"without a look-up call the pages are gone through", kind{list: paged, get: get}, []providers.Key{named}, map[string]string{"GET /shops/?limit=2": all, "GET /shops/?limit=2&skip=2": `{"shops":[` + cyd + `]}`}, "2 Bea"},
		"key, unlisted": {"the list finds it, a read shows all of it", kind{attributes: both, list: whole, get: get}, []providers.Key{named},
			map[string]string{"GET /shops/": all, "GET /shops/2": `{"id":"2","name":"Bea","phone":"12"}`}, "2 Bea 12"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p, c := openShop(t, shopOf(tc.kind), tc.answers)
			objects, err := p.Get(t.Context(), kindShop, tc.keys)
			if err != nil {
				t.Fatalf("%s: %v", tc.reason, err)
			}
			slices.SortFunc(objects, func(a, b schema.Object) int { return strings.Compare(a.ID, b.ID) })
			if diff := cmp.Diff(tc.want, shopNames(objects)); diff != "" || len(c.asked) != len(tc.answers) {
				t.Errorf("%s: asked %q (-want +got):\n%s", tc.reason, c.asked, diff)
			}
		})
	}
}

func TestWordsOfWrites(t *testing.T) {
	status := func(name, wire string) attribute {
		a := shopText(name, wire)
		a.Channel = "status"
		return a
	}
	attributes := []attribute{shopText("name", "name"), status("status", "status"), status("reason", "lostReasonId")}
	attributes[2].null = true
	k := kind{
		attributes: attributes,
		list:       listing{call: call{method: "GET", path: "/shops/", envelope: "shops"}},
		create:     call{method: "POST", path: "/shops/", envelope: "buiseness|shop", located: inBody, version: "v3"},
		update:     call{method: "PUT", path: "/shops/{id}", envelope: "shop"},
		channels:   map[string]channel{"status": {set: call{method: "PUT", path: "/shops/{id}/status"}, noun: "status"}},
	}
	create := providers.Write{Address: "a", Kind: kindShop, Action: providers.Create, Fields: texts2fields("name", "Ann")}
	set := func(pairs ...string) providers.Write {
		return providers.Write{Address: "a", Kind: kindShop, Action: providers.Update, ID: "1", Channel: "status", Fields: texts2fields(pairs...)}
	}
	const made = `v3: POST /shops/ {"locationId":"LOC","name":"Ann"}`
	cases := map[string]struct {
		reason  string
		writes  []providers.Write
		answers map[string]string
		want    []providers.Outcome
	}{
		"envelopes":      {"the first that is there counts", []providers.Write{create}, map[string]string{made: `{"success":true,"buiseness":{"id":"1"}}`}, []providers.Outcome{providers.Done}},
		"other envelope": {"or the other", []providers.Write{create}, map[string]string{made: `{"shop":{"id":"1"}}`}, []providers.Outcome{providers.Done}},
		"no id":          {"the natural key finds what was made", []providers.Write{create}, map[string]string{made: `{"message":"created"}`, "GET /shops/": `{"shops":[` + ann + "," + bea + `]}`}, []providers.Outcome{providers.Done}},
		"no id, two":     {"which of two it is only a person can tell", []providers.Write{create}, map[string]string{made: `{"message":"created"}`, "GET /shops/": `{"shops":[` + ann + `,{"id":"7","name":"Ann"}]}`}, []providers.Outcome{providers.Uncertain}},
		"set":            {"values of one call travel together, by their own names", []providers.Write{set("status", "lost"), set("reason", "R1")}, map[string]string{`PUT /shops/1/status {"lostReasonId":"R1","status":"lost"}`: `{"success":true}`}, []providers.Outcome{providers.Done, providers.Done}},
		"set null":       {"an empty value clears", []providers.Write{set("reason", "")}, map[string]string{`PUT /shops/1/status {"lostReasonId":null}`: `{"success":true}`}, []providers.Outcome{providers.Done}},
		"message":        {"an update whose answer has no object is done", []providers.Write{{Address: "a", Kind: kindShop, Action: providers.Update, ID: "1", Fields: texts2fields("name", "Bea")}}, map[string]string{`PUT /shops/1 {"name":"Bea"}`: `{"message":"ok"}`}, []providers.Outcome{providers.Done}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p, c := openShop(t, shopOf(k), tc.answers)
			var got []providers.Outcome
			for _, o := range p.Group(tc.writes) {
				for _, r := range p.Do(t.Context(), o) {
					got = append(got, r.Outcome)
					if r.Outcome == providers.Done && r.Object.ID != "1" {
						t.Errorf("%s: the id is %q", tc.reason, r.Object.ID)
					}
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" || len(c.asked) != len(tc.answers) {
				t.Errorf("%s: asked %q (-want +got):\n%s", tc.reason, c.asked, diff)
			}
		})
	}
}

// TestDeclarations holds every kind to what the generic code needs of it.
func TestDeclarations(t *testing.T) {
	p, _ := openSandboxed(t, sandbox.Options{}, nil)
	for name, k := range p.account.kinds {
		page := &k.list.page
		if page.paged() != (k.Listing.Page > 0) || page.paged() && page.skip == "" && len(page.after) == 0 {
			t.Errorf("%s: a list has pages of a size, and a way to the next, or none of these", name)
		}
		if k.create.path != "" && len(k.Keys)+len(k.Content) == 0 {
			t.Errorf("%s: what a create made whose answer is lost cannot be found: it needs a natural key or content", name)
		}
		if k.Listing.Blind != (k.Listing.Evidence != "") || k.Listing.Blind != (k.list.witness != witness{}) || k.Listing.Blind && len(k.Keys) != 1 {
			t.Errorf("%s: what no call shows has one natural key, evidence, and a way to read that", name)
		}
		if !k.whole() && k.get.path == "" {
			t.Errorf("%s: an attribute that lists do not show needs a call to read one object", name)
		}
		for _, path := range slices.Concat(slices.Concat(k.Keys...), k.Content) {
			// Ids are compared letter by letter.
			if a := k.attributeOf(path); a != nil && !strings.HasSuffix(path, "_id") && !oneSpelling(t, p, a) {
				t.Errorf("%s: %s is what an object is known by, and is compared letter by letter", name, path)
			}
		}
		for channel, ch := range k.channels {
			members := ch.add.path != "" && ch.remove.path != "" && ch.body != ""
			if !members && ch.set.path == "" && !ch.shared || ch.most > 0 && (ch.ids == "" || ch.body == "") {
				t.Errorf("%s: the channel %s lacks a call or a property", name, channel)
			}
		}
	}
}

// oneSpelling reports whether an attribute takes two spellings of a word for one.
// What takes no words at all does.
func oneSpelling(t *testing.T, p *Provider, a *attribute) bool {
	if a.form.normalize == nil || len(a.OneOf) > 0 {
		return len(a.OneOf) > 0
	}
	s := &speller{ctx: t.Context(), account: p.account}
	composed, err := a.form.normalize(s, a.Name, schema.StringValue("Caf\u00e9"))
	if err != nil {
		return true
	}
	other, err := a.form.normalize(s, a.Name, schema.StringValue("Cafe\u0301 "))
	return err == nil && composed.Equal(other)
}
