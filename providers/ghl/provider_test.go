package ghl

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"lockstep/providers"
	"lockstep/providers/ghl/sandbox"
	"lockstep/schema"
)

// fault is a RoundTripper in front of another one.
type fault func(*http.Request, http.RoundTripper) (*http.Response, error)

func (f fault) wrap(next http.RoundTripper) http.RoundTripper { return faulty{f, next} }

type faulty struct {
	fault fault
	next  http.RoundTripper
}

// RoundTrip lets the fault answer.
func (f faulty) RoundTrip(r *http.Request) (*http.Response, error) { return f.fault(r, f.next) }

func answerOf(status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
}

// create makes a contact by the provider's own means.
func create(t *testing.T, p *Provider, fields schema.Fields) providers.Result {
	t.Helper()
	return p.Do(t.Context(), p.Group([]providers.Write{{Address: "ghl_contact.a", Kind: kindContact, Action: providers.Create, Fields: fields}})[0])[0]
}

func TestCreateWithLostAnswer(t *testing.T) {
	lost := false
	p, server := openSandboxed(t, sandbox.Options{}, fault(func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
		answer, err := next.RoundTrip(r)
		if r.Method == "POST" && r.URL.Path == "/contacts/" && !lost {
			lost = true
			return nil, errors.New("connection reset by peer")
		}
		return answer, err
	}).wrap)
	r := create(t, p, texts2fields("email", "ann@example.com"))
	if r.Outcome != providers.Uncertain {
		t.Fatalf("outcome %d, %v; want uncertain", r.Outcome, r.Err)
	}
	posts := 0
	for _, c := range server.Calls() {
		if c.Method == "POST" && c.Path == "/contacts/" {
			posts++
		}
	}
	if posts != 1 {
		t.Errorf("%d creates were sent, want 1", posts)
	}
	found, err := p.Get(t.Context(), kindContact, []providers.Key{{Fields: texts2fields("email", "Ann@example.com")}})
	if err != nil || len(found) != 1 {
		t.Errorf("the look-up by e-mail found %v, %v", found, err)
	}
}

func TestDuplicate(t *testing.T) {
	p, _ := openSandboxed(t, sandbox.Options{}, nil)
	first := create(t, p, texts2fields("email", "ann@example.com"))
	second := create(t, p, texts2fields("email", "ann@example.com", "first_name", "Ann"))
	var api *providers.APIError
	if !errors.As(second.Err, &api) || second.Outcome != providers.Failed {
		t.Fatalf("outcome %d, %v", second.Outcome, second.Err)
	}
	if api.ExistingID != first.Object.ID || api.Advice == "" || api.TraceID == "" {
		t.Errorf("the error does not name the contact %s: %+v", first.Object.ID, api)
	}
}

func TestRefusals(t *testing.T) {
	cases := map[string]struct {
		reason string
		answer *http.Response
		field  string
		gone   bool
		advice string
	}{
		"phone":    {"the attribute is named in our words", answerOf(422, `{"message":["phone must be a valid phone number"],"statusCode":422}`), "phone", false, ""},
		"property": {"a property that the API does not take", answerOf(422, `{"message":["property address1 should not exist"],"statusCode":422}`), "address", false, ""},
		"custom":   {"the row of a custom field is its key", answerOf(422, `{"message":["customFields.1.field_value must be a string"]}`), "custom_fields.tier", false, ""},
		"gone":     {"not found is a 400", answerOf(400, `{"error":"Contact with id X not found","status":400}`), "", true, ""},
		"scope":    {"a missing scope is a 401", answerOf(401, `{"message":"The token is not authorized for this scope."}`), "", false, "scope"},
		"location": {"a foreign location", answerOf(403, `{"message":"The token does not have access to this location."}`), "", false, "another location"},
		"expired":  {"an expired token", answerOf(401, `{"message":"Invalid JWT"}`), "", false, "sent to https://sandbox.example.com, is wrong or has expired"},
		"path":     {"a wrong path is no missing object", answerOf(404, ``), "", false, ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p, _ := openSandboxed(t, sandbox.Options{}, fault(func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
				if r.Method == "PUT" {
					return tc.answer, nil
				}
				return next.RoundTrip(r)
			}).wrap)
			p.account.definitions = map[string]*definitions{modelContact: testDefinitions()}
			r := p.Do(t.Context(), p.Group([]providers.Write{{Address: "a", Kind: kindContact, Action: providers.Update, ID: "X",
				Fields: texts2fields("custom_fields.km", "1", "custom_fields.tier", "x", "phone", "+15550100101")}})[0])[0]
			var api *providers.APIError
			if !errors.As(r.Err, &api) || r.Outcome != providers.Failed {
				t.Fatalf("%s: outcome %d, %v", tc.reason, r.Outcome, r.Err)
			}
			if api.Field != tc.field || api.Gone != tc.gone || !strings.Contains(api.Advice, tc.advice) {
				t.Errorf("%s: field %q, gone %t, advice %q", tc.reason, api.Field, api.Gone, api.Advice)
			}
		})
	}
}

func TestUnknownCustomField(t *testing.T) {
	p, _ := openSandboxed(t, sandbox.Options{}, nil)
	r := create(t, p, texts2fields("custom_fields.nope", "x", "email", "ann@example.com"))
	var field *providers.FieldError
	if !errors.As(r.Err, &field) || field.Path != "custom_fields.nope" {
		t.Errorf("the API would drop the value in silence; got outcome %d, %v", r.Outcome, r.Err)
	}
}

func TestBodies(t *testing.T) {
	var bodies []string
	p, _ := openSandboxed(t, sandbox.Options{}, fault(func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
		if r.Method == "PUT" || r.Method == "POST" && strings.HasPrefix(r.URL.Path, "/contacts/") {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				return nil, err
			}
			r.Body = io.NopCloser(bytes.NewReader(body))
			bodies = append(bodies, r.Method+" "+string(body))
		}
		return next.RoundTrip(r)
	}).wrap)
	made := create(t, p, texts2fields("city", "", "email", "ann@example.com", "gender", "female"))
	changes := []providers.Write{
		{Address: "a", Kind: kindContact, Action: providers.Update, ID: made.Object.ID, Fields: texts2fields("city", "", "first_name", "Ann")},
		{Address: "a", Kind: kindContact, Action: providers.Update, ID: made.Object.ID, Channel: "details", Fields: texts2fields("type", "customer")},
	}
	for _, o := range p.Group(changes) {
		for _, r := range p.Do(t.Context(), o) {
			if r.Outcome != providers.Done {
				t.Fatal(r.Err)
			}
		}
	}
	want := []string{
		`POST {"email":"ann@example.com","gender":"female","locationId":"LOCsandbox0000000000"}`,
		`PUT {"city":null,"firstName":"Ann","type":"customer"}`,
	}
	if diff := cmp.Diff(want, bodies); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// club fills a location with two contacts and what belongs to them.
func club(t *testing.T) (p *Provider, location, ann, lin string) {
	t.Helper()
	p, server := openSandboxed(t, sandbox.Options{}, nil)
	do := func(c providers.Write) string {
		t.Helper()
		r := p.Do(t.Context(), p.Group([]providers.Write{c})[0])[0]
		if r.Outcome != providers.Done {
			t.Fatal(r.Err)
		}
		return r.Object.ID
	}
	do(providers.Write{Kind: kindCustomField, Action: providers.Create, Fields: texts2fields("data_type", "TEXT", "name", "Tier")})
	ann = do(providers.Write{Kind: kindContact, Action: providers.Create, Fields: texts2fields("custom_fields.tier", "gold", "email", "ann@example.com", "source", "fair")})
	lin = do(providers.Write{Kind: kindContact, Action: providers.Create, Fields: texts2fields("email", "lin@example.org", "phone", "+15550100101")})
	do(providers.Write{Kind: kindContact, Action: providers.Update, ID: ann, Channel: "tags", Add: []string{"vip"}})
	do(providers.Write{Kind: kindTask, Action: providers.Create, Parent: ann, Fields: texts2fields("due_date", "2026-07-20T10:00:00.000Z", "title", "Call")})
	do(providers.Write{Kind: kindTask, Action: providers.Create, Parent: lin, Fields: append(schema.Fields{{Path: "completed", Value: schema.BoolValue(true)}}, texts2fields("due_date", "2026-07-20T10:00:00.000Z", "title", "Write")...)})
	do(providers.Write{Kind: kindNote, Action: providers.Create, Parent: ann, Fields: texts2fields("body", "Met")})
	return p, server.Location(), ann, lin
}

func TestDataSources(t *testing.T) {
	p, location, ann, lin := club(t)
	cases := map[string]struct {
		reason, kind string
		where        schema.Fields
		show         string
		want         []string
	}{
		"all":           {"no arguments, all contacts", kindContact, nil, "email", []string{"ann@example.com", "lin@example.org"}},
		"tag":           {"tags are compared without case", kindContact, texts2fields("tag", "VIP"), "email", []string{"ann@example.com"}},
		"domain":        {"the domain is exact", kindContact, texts2fields("email_domain", "example.org"), "email", []string{"lin@example.org"}},
		"source":        {"where they came from", kindContact, texts2fields("source", "fair"), "email", []string{"ann@example.com"}},
		"query":         {"free text", kindContact, texts2fields("query", "lin"), "email", []string{"lin@example.org"}},
		"custom field":  {"by key, which the search knows by id", kindContact, schema.Fields{{Path: "custom_fields", Value: schema.MapValue(map[string]schema.Value{"tier": schema.StringValue("gold")})}}, "email", []string{"ann@example.com"}},
		"updated since": {"nothing changed in the future", kindContact, texts2fields("updated_since", "2099-01-01T00:00:00Z"), "email", nil},
		"any fields":    {"every model", kindCustomField, nil, "field_key", []string{"tier"}},
		"fields":        {"by model", kindCustomField, texts2fields("model", "contact"), "field_key", []string{"tier"}},
		"no fields":     {"by another model", kindCustomField, texts2fields("model", "opportunity"), "field_key", nil},
		"tasks":         {"all tasks", kindTask, nil, "title", []string{"Call", "Write"}},
		"open tasks":    {"by state", kindTask, schema.Fields{{Path: "completed", Value: schema.BoolValue(false)}}, "title", []string{"Call"}},
		"tasks of one":  {"by contact", kindTask, texts2fields("contact_id", lin), "title", []string{"Write"}},
		"notes":         {"by contact", kindNote, texts2fields("contact_id", ann), "body", []string{"Met"}},
		"location":      {"the location itself", kindLocation, nil, "id", []string{location}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var got []string
			for page, err := range p.List(t.Context(), providers.Query{Kind: tc.kind, Where: tc.where}) {
				if err != nil {
					t.Fatal(err)
				}
				for i := range page.Objects {
					got = append(got, page.Objects[i].Value(tc.show).Text())
				}
			}
			slices.Sort(got)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestGetByArgument(t *testing.T) {
	p, _, ann, lin := club(t)
	for name, key := range map[string]providers.Key{
		"id": {ID: lin}, "argument id": {Fields: texts2fields("id", lin)}, "e-mail": {Fields: texts2fields("email", "LIN@example.org")}, "phone": {Fields: texts2fields("phone", "(555) 010-0101")},
	} {
		found, err := p.Get(t.Context(), kindContact, []providers.Key{key})
		if err != nil || len(found) != 1 || found[0].ID != lin {
			t.Errorf("Get by %s: %v, %v", name, found, err)
		}
	}
	for kind, content := range map[string]schema.Fields{kindTask: texts2fields("title", "Write"), kindNote: texts2fields("body", "<b>Met</b>")} {
		parent := map[string]string{kindTask: lin, kindNote: ann}[kind]
		found, err := p.Get(t.Context(), kind, []providers.Key{{Parent: parent, Fields: content}})
		if err != nil || len(found) != 1 || found[0].Value("contact_id").Text() != parent {
			t.Errorf("Get of a %s by content: %v, %v", kind, found, err)
		}
	}
	if found, err := p.Get(t.Context(), kindLocation, []providers.Key{{}}); err != nil || len(found) != 1 {
		t.Errorf("Get of the location: %v, %v", found, err)
	}
}

func TestCustomFieldTypes(t *testing.T) {
	p, _ := openSandboxed(t, sandbox.Options{}, nil)
	list := func(items ...string) schema.Value { return schema.StringsValue(items) }
	values := map[string]schema.Value{
		"TEXT": schema.StringValue("a"), "LARGE_TEXT": schema.StringValue("a\nb"), "NUMERICAL": schema.NumberValue("5"), "FLOAT": schema.NumberValue("5.5"),
		"MONETORY": schema.StringValue("12.50"), "PHONE": schema.StringValue("+15550100101"), "CHECKBOX": list("b", "a"), "MULTIPLE_OPTIONS": list("b"),
		"SINGLE_OPTIONS": schema.StringValue("a"), "RADIO": schema.StringValue("b"), "DATE": schema.StringValue("2026-07-20"),
	}
	var fields schema.Fields
	for dataType, v := range values {
		f := texts2fields("data_type", dataType, "name", dataType)
		if slices.Contains([]string{"CHECKBOX", "MULTIPLE_OPTIONS", "SINGLE_OPTIONS", "RADIO"}, dataType) {
			f = append(f, schema.Field{Path: "options", Value: list("a", "b")})
		}
		r := p.Do(t.Context(), p.Group([]providers.Write{{Kind: kindCustomField, Action: providers.Create, Fields: f}})[0])[0]
		if r.Outcome != providers.Done {
			t.Fatal(r.Err)
		}
		fields = append(fields, schema.Field{Path: "custom_fields." + strings.ToLower(dataType), Value: v})
	}
	fields = append(fields, schema.Field{Path: "email", Value: schema.StringValue("ann@example.com")})
	fields.Sort()
	want, err := p.Normalize(t.Context(), kindContact, fields)
	if err != nil {
		t.Fatal(err)
	}
	made := create(t, p, want)
	if made.Outcome != providers.Done {
		t.Fatal(made.Err)
	}
	for page, err := range p.List(t.Context(), providers.Query{Kind: kindContact, Attributes: []string{"custom_fields", "email"}}) {
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(render(want), render(page.Objects[0].Fields)); diff != "" {
			t.Errorf("what is read differs from what was written (-want +got):\n%s", diff)
		}
	}
}

func TestSandboxConfig(t *testing.T) {
	p := New()
	dir := t.TempDir()
	config := cty.ObjectVal(map[string]cty.Value{
		"sandbox": cty.True, "sandbox_path": cty.StringVal(dir), "location_id": cty.NullVal(cty.String), "token": cty.NullVal(cty.String),
		"base_url": cty.NullVal(cty.String),
	})
	if err := p.Configure(t.Context(), config); err != nil {
		t.Fatal(err)
	}
	if named, ok := p.(providers.Identified); !ok || named.Account() != "ghl:"+sandbox.DefaultLocation+"@sandbox "+dir {
		t.Errorf("the account is %v", p)
	}
	for _, err := range p.List(t.Context(), providers.Query{Kind: kindTag}) {
		if err != nil {
			t.Error(err)
		}
	}
	if u, ok := p.(providers.Counter); !ok || u.Usage().Calls != 1 {
		t.Error("the call was not counted")
	}
	if closer, ok := p.(providers.Closer); !ok || closer.Close() != nil {
		t.Error("the sandbox does not close")
	}
}

func TestConfigErrors(t *testing.T) {
	text := cty.StringVal
	cases := map[string]struct {
		reason string
		in     map[string]cty.Value
		want   string
	}{
		"location": {"without a location there is nothing to read", map[string]cty.Value{"token": text("pit-x")}, "GHL_LOCATION_ID"},
		"no seed":  {"a file that is not there is named", map[string]cty.Value{"sandbox": cty.True, "sandbox_seed": text("nope.json")}, "nope.json"},
		"seed":     {"a seed that is no JSON is named", map[string]cty.Value{"sandbox": cty.True, "sandbox_path": text(t.TempDir()), "sandbox_seed": text("provider.go")}, `provider.go: the seed is not the JSON of a location`},
		"token":    {"without a token nothing may be read", map[string]cty.Value{"location_id": text("L")}, "GHL_TOKEN"},
		"http":     {"the token must not travel in the clear", map[string]cty.Value{"location_id": text("L"), "token": text("pit-x"), "base_url": text("http://services.example.com")}, "https"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			err := New().Configure(t.Context(), cty.ObjectVal(tc.in))
			if err == nil || !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), "pit-x") {
				t.Errorf("%s: %v", tc.reason, err)
			}
		})
	}
}
