package ghl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/zclconf/go-cty/cty"

	"lockstep/providers"
	"lockstep/providers/ghl/openapitest"
	"lockstep/providers/ghl/sandbox"
	"lockstep/providers/providertest"
	"lockstep/providers/transport"
	"lockstep/schema"
)

// openSandboxed configures a provider on an emulated location in memory.
func openSandboxed(t testing.TB, o sandbox.Options, wrap func(http.RoundTripper) http.RoundTripper, opts ...Option) (*Provider, *sandbox.Server) {
	t.Helper()
	return openAs(t, theLocation, o, wrap, opts...)
}

// openAs configures a provider for an emulated location, or for its agency.
func openAs(t testing.TB, level owner, o sandbox.Options, wrap func(http.RoundTripper) http.RoundTripper, opts ...Option) (*Provider, *sandbox.Server) {
	t.Helper()
	server, err := sandbox.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Errorf("close the sandbox: %v", err)
		}
	})
	var next http.RoundTripper = inProcess{server}
	if wrap != nil {
		next = wrap(next)
	}
	opts = append([]Option{WithRoundTripper(next), WithClock(time.Now, noWait)}, opts...)
	p, ok := New(opts...).(*Provider)
	if !ok {
		t.Fatal("New returned another type")
	}
	config, token := map[string]cty.Value{"base_url": cty.StringVal("https://sandbox.example.com")}, server.Token()
	if level == theAgency {
		config["agency"], config["company_id"], token = cty.True, cty.StringVal(server.Company()), server.AgencyToken()
	} else {
		config["location_id"] = cty.StringVal(server.Location())
	}
	config["token"] = cty.StringVal(token)
	if err := p.Configure(t.Context(), cty.ObjectVal(config)); err != nil {
		t.Fatal(err)
	}
	// No limit of the sandbox is under test here.
	p.account.client = unlimited(t, p, next, token)
	return p, server
}

func noWait(ctx context.Context, _ time.Duration) error { return ctx.Err() }

func texts2fields(pairs ...string) schema.Fields {
	var out schema.Fields
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, schema.Field{Path: pairs[i], Value: schema.StringValue(pairs[i+1])})
	}
	return out
}

func fieldsOf(values map[string]schema.Value) schema.Fields {
	var out schema.Fields
	for path, v := range values {
		out = append(out, schema.Field{Path: path, Value: v})
	}
	out.Sort()
	return out
}

// sampleSeed has what the samples name and no call makes.
const sampleSeed = `{"location":{"allowDuplicateOpportunity":true},
	"users":[{"id":"USRa1b2c3d4e5f6g7h8i","firstName":"Sam","lastName":"Rep","email":"sam@example.com"},{"id":"USRb1b2c3d4e5f6g7h8i","firstName":"Kim","lastName":"Rep","email":"kim@example.com"}],
	"pipelines":[{"id":"PIP1","name":"Sales","stages":[{"id":"STG1","name":"New"},{"id":"STG2","name":"Won"}]},
		{"id":"PIP2","name":"Care","stages":[{"id":"STG3","name":"First"}]}],
	"blogs":[{"_id":"BLG1","name":"Club"}],"blogAuthors":[{"_id":"AUT1","name":"Ada"}],"blogCategories":[{"_id":"CAT1","name":"Races","urlSlug":"races"}],
	"associations":[{"id":"ASC1","key":"coach","firstObjectKey":"contact","firstObjectLabel":"Coach","secondObjectKey":"business","secondObjectLabel":"Club"}],
	"groups":[{"id":"GRP1","name":"Runs","slug":"runs","description":""},{"id":"GRP2","name":"Walks","slug":"walks","description":""}],
	"calendars":[{"id":"CAL1","name":"Coaching","calendarType":"event"}],
	"lostReasons":[{"id":"LST1","name":"Too dear"},{"id":"LST2","name":"Too late"}],
	"customFields":[{"id":"FLDopportunity000000","name":"Size","dataType":"NUMERICAL","model":"opportunity"}]}`

// harness reaches the provider on an emulated location.
func harness(wrap func(http.RoundTripper) http.RoundTripper) providertest.Harness {
	return providertest.Harness{
		Open: func(t *testing.T) providers.Provider {
			p, _ := openSandboxed(t, sandbox.Options{Seed: []byte(sampleSeed)}, wrap)
			return p
		},
		Samples: []providertest.Sample{
			appointmentNoteSample(),
			appointmentSample(),
			associationSample(),
			blockSlotSample(),
			blogPostSample(),
			businessSample(),
			calendarSample(),
			calendarGroupSample(),
			calendarNotificationSample(),
			calendarResourceSample(),
			contactSample(),
			customFieldSample(),
			customValueSample(),
			noteSample(),
			opportunitySample(),
			pipelineSample(),
			relationSample(),
			tagSample(),
			taskSample(),
			userSample(theLocation),
		},
		Elsewhere: []string{kindLocation},
		// The record that a relation begins at is of no kind in particular.
		Parents: map[string]string{"": "CONrecord0000000000", kindBlog: "BLG1", kindCalendar: "CAL1"},
		Bulk:    []providertest.Bulk{{Kind: kindContact, Channel: "tags", Members: []string{"vip"}, Missing: "CONmissing0000000000"}},
	}
}

func TestConformance(t *testing.T) {
	h := harness(nil)
	h.Lossy = func(t *testing.T) (providers.Provider, func(bool)) {
		var on atomic.Bool
		p, _ := openSandboxed(t, sandbox.Options{Seed: []byte(sampleSeed)}, fault(func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
			answer, err := next.RoundTrip(r)
			if on.Load() && r.Method == "POST" {
				return nil, errors.New("connection reset by peer")
			}
			return answer, err
		}).wrap)
		return p, on.Store
	}
	providertest.Run(t, h)
}

// TestDocuments runs the same traffic past the official OpenAPI documents,
// where they are present.
func TestDocuments(t *testing.T) {
	v := openapitest.Load(t)
	h := harness(func(next http.RoundTripper) http.RoundTripper {
		return inProcess{v.Middleware(asHandler{next}, func(err error) { t.Error(err) })}
	})
	for i := range h.Samples {
		h.Samples[i].Number = nil
	}
	h.Bulk = nil
	providertest.Run(t, h)
}

// asHandler answers by a RoundTripper.
type asHandler struct {
	next http.RoundTripper
}

// ServeHTTP hands a request on.
func (h asHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	answer, err := h.next.RoundTrip(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer answer.Body.Close()
	maps.Copy(w.Header(), answer.Header)
	w.WriteHeader(answer.StatusCode)
	if _, err := io.Copy(w, answer.Body); err != nil {
		return
	}
}

func contactSample() providertest.Sample {
	s := schema.StringValue
	return providertest.Sample{
		Kind:   kindContact,
		Before: []string{kindCustomField},
		Create: fieldsOf(map[string]schema.Value{
			"first_name": s("Ann"), "last_name": s("Ode"), "email": s("Ann@Example.com "), "phone": s("+1 (555) 010-0101"),
			"address": s("1 Main Street"), "city": s("Graz"), "state": s("Styria"), "postal_code": s("8010"), "country": s("at"),
			"website": s("https://example.com"), "timezone": s("Europe/Vienna"), "company_name": s("Ode Ltd"), "date_of_birth": s("01/31/1990"),
			"gender": s("female"), "ssn": s("000-00-0000"), "tags": schema.SetOf([]string{"VIP", " runner "}),
			"custom_fields.tier": s("gold"), "source": s("fair"), "assigned_to": s("USRa1b2c3d4e5f6g7h8i"), "type": s("customer"),
			"dnd": schema.BoolValue(true), "dnd_settings.sms": s("Active"), "inbound_dnd_settings.all": s("active"),
			"followers": schema.SetOf([]string{"USRa1b2c3d4e5f6g7h8i"}), "business_id": s("64a0c5a900143616d2081e64"), "keyword": s("run"),
		}),
		Update: fieldsOf(map[string]schema.Value{
			"first_name": s("Anna"), "last_name": s("Oder"), "email": s("anna@example.com"), "phone": s("+15550100102"),
			"address": s("2 Main Street"), "city": s("Linz"), "state": s("Upper Austria"), "postal_code": s("4020"), "country": s("DE"),
			"website": s("https://example.org"), "timezone": s("Europe/Berlin"), "company_name": s("Oder Ltd"), "date_of_birth": s("1991-02-01"),
			"ssn": s("000-00-0001"), "tags": schema.SetOf([]string{"runner", "lapsed"}), "custom_fields.tier": s("silver"), "source": s("web"),
			"assigned_to": s("USRb1b2c3d4e5f6g7h8i"), "type": s("lead"), "dnd": schema.BoolValue(false), "dnd_settings.sms": s("inactive"),
			"followers": schema.SetOf([]string{"USRb1b2c3d4e5f6g7h8i"}), "business_id": s("64a0c5a900143616d2081e65"), "keyword": s("walk"),
		}),
		Clear: []string{"last_name", "address", "city", "postal_code", "website", "timezone", "company_name", "date_of_birth", "source",
			"assigned_to", "custom_fields.tier", "dnd", "business_id", "phone"},
		Number: func(n int) schema.Fields {
			return fieldsOf(map[string]schema.Value{"email": s(fmt.Sprintf("person%d@example.com", n)), "last_name": s(fmt.Sprint(n))})
		},
		Many: 1003,
	}
}

func customFieldSample() providertest.Sample {
	s := schema.StringValue
	return providertest.Sample{
		Kind: kindCustomField,
		Create: fieldsOf(map[string]schema.Value{
			"name": s("Tier"), "data_type": s("SINGLE_OPTIONS"), "model": s("contact"), "field_key": s("tier"), "placeholder": s("Pick one"),
			"position": schema.NumberValue("100"), "options": schema.StringsValue([]string{"gold", "silver"}),
		}),
		Update: fieldsOf(map[string]schema.Value{
			"name": s("Level"), "placeholder": s("Choose"), "position": schema.NumberValue("200"),
			"options": schema.StringsValue([]string{"silver", "gold", "bronze"}),
		}),
		Clear: []string{"placeholder"},
		Number: func(n int) schema.Fields {
			return texts2fields("data_type", "TEXT", "name", fmt.Sprintf("Field %d", n))
		},
		Many: 30,
		Unlisted: map[string]string{
			"accepted_formats": "only for files", "multiple_files": "only for files", "max_files": "only for files",
			"text_boxes": "only for text boxes", "parent_id": "needs a folder",
		},
	}
}

func customValueSample() providertest.Sample {
	return providertest.Sample{
		Kind:   kindCustomValue,
		Create: texts2fields("name", "Support mail", "value", "help@example.com"),
		Update: texts2fields("name", "Help mail", "value", "support@example.com"),
		Number: func(n int) schema.Fields { return texts2fields("name", fmt.Sprintf("Value %d", n), "value", "x") },
		Many:   30,
	}
}

func tagSample() providertest.Sample {
	return providertest.Sample{
		Kind:   kindTag,
		Create: texts2fields("name", " VIP"),
		Update: texts2fields("name", "Premium"),
		Number: func(n int) schema.Fields { return texts2fields("name", fmt.Sprintf("tag %d", n)) },
		Many:   30,
	}
}

func taskSample() providertest.Sample {
	s := schema.StringValue
	return providertest.Sample{
		Kind:   kindTask,
		Before: []string{kindCustomField, kindContact},
		Create: fieldsOf(map[string]schema.Value{
			"title": s("Call"), "due_date": s("2026-07-20T12:00:00+02:00"), "completed": schema.BoolValue(false), "body": s("First call"),
			"assigned_to": s("USRa1b2c3d4e5f6g7h8i"),
		}),
		Update: fieldsOf(map[string]schema.Value{
			"title": s("Call again"), "due_date": s("2026-07-21"), "completed": schema.BoolValue(true), "body": s("Second call"),
			"assigned_to": s("USRb1b2c3d4e5f6g7h8i"),
		}),
		Clear: []string{"body"},
		Number: func(n int) schema.Fields {
			return texts2fields("due_date", "2026-07-20", "title", fmt.Sprintf("Task %d", n))
		},
		Many: 205,
	}
}

func noteSample() providertest.Sample {
	s := schema.StringValue
	return providertest.Sample{
		Kind:   kindNote,
		Before: []string{kindCustomField, kindContact},
		Create: fieldsOf(map[string]schema.Value{
			"body": s("Met at the fair & liked it"), "title": s("Fair"), "color": s("#ffffff"), "pinned": schema.BoolValue(true), "user_id": s("USRa1b2c3d4e5f6g7h8i"),
		}),
		Update: fieldsOf(map[string]schema.Value{
			"body": s("Met again"), "title": s("Race"), "color": s("#000000"), "pinned": schema.BoolValue(false), "user_id": s("USRb1b2c3d4e5f6g7h8i"),
		}),
		Clear:  []string{"title"},
		Number: func(n int) schema.Fields { return texts2fields("body", fmt.Sprintf("Note %d", n)) },
		Many:   30,
	}
}

func associationSample() providertest.Sample {
	return providertest.Sample{
		Kind:   kindAssociation,
		Create: texts2fields("first_label", "Coach", "first_object", "contact", "key", "coach_of", "second_label", " Club", "second_object", "business"),
		Update: texts2fields("first_label", "Trainer", "second_label", "Team"),
		Number: func(n int) schema.Fields {
			return texts2fields("first_label", "a", "first_object", "contact", "key", fmt.Sprintf("key_%d", n), "second_label", "b", "second_object", "business")
		},
		Many: 205,
	}
}

func blogPostSample() providertest.Sample {
	s := schema.StringValue
	return providertest.Sample{
		Kind: kindBlogPost,
		Create: fieldsOf(map[string]schema.Value{
			"title": s("A race "), "description": s("How it went"), "slug": s("A-race"), "status": s("draft"), "author_id": s("AUT1"), "categories": schema.SetOf([]string{"CAT1"}),
			"tags": schema.SetOf([]string{"race"}), "image_url": s("https://example.com/a.png"), "image_alt": s("A start"), "published_at": s("2026-07-20T10:00:00Z"),
			"canonical_url": s("https://example.com/a"), "body": s("<p>It rained.</p>"),
		}),
		Update: fieldsOf(map[string]schema.Value{
			"title": s("The race"), "description": s("How it was"), "slug": s("the-race"), "status": s("PUBLISHED"), "author_id": s("AUT2"), "categories": schema.SetOf([]string{"CAT2"}),
			"tags": schema.SetOf([]string{"races"}), "image_url": s("https://example.com/b.png"), "image_alt": s("An end"), "published_at": s("2026-07-21T10:00:00Z"),
			"canonical_url": s("https://example.com/b"), "body": s("<p>It rained.</p>"),
		}),
		Number: func(n int) schema.Fields {
			return fieldsOf(map[string]schema.Value{
				"title": s("Race"), "description": s("d"), "slug": s(fmt.Sprintf("race-%d", n)), "status": s(blogStatuses[n%4]), "author_id": s("AUT1"),
				"categories": schema.SetOf([]string{"CAT1"}), "image_url": s("https://example.com/a.png"), "image_alt": s("a"), "published_at": s("2026-07-20T10:00:00Z"), "body": s("b"),
			})
		},
		Many: 905,
	}
}

func calendarGroupSample() providertest.Sample {
	return providertest.Sample{
		Kind: kindCalendarGroup,
		Create: fieldsOf(map[string]schema.Value{"name": schema.StringValue("Coaching "), "slug": schema.StringValue("Coaching"),
			"description": schema.StringValue("Runs with a coach"), "active": schema.BoolValue(false)}),
		Update: fieldsOf(map[string]schema.Value{"name": schema.StringValue("Training"), "slug": schema.StringValue("training"),
			"description": schema.StringValue("Runs"), "active": schema.BoolValue(true)}),
		Clear: []string{"description", "active"},
		Number: func(n int) schema.Fields {
			return texts2fields("name", fmt.Sprintf("Group %d", n), "slug", fmt.Sprintf("group-%d", n))
		},
		Many: 30,
	}
}

func relationSample() providertest.Sample {
	return providertest.Sample{
		Kind:   kindRelation,
		Create: texts2fields("association_id", "ASC1", "second_id", "BUS1"),
		Number: func(n int) schema.Fields {
			return texts2fields("association_id", "ASC1", "second_id", fmt.Sprintf("BUS%d", n))
		},
		Many: 205,
	}
}

func opportunitySample() providertest.Sample {
	s := schema.StringValue
	return providertest.Sample{
		Kind:   kindOpportunity,
		Before: []string{kindCustomField, kindPipeline, kindContact},
		Create: fieldsOf(map[string]schema.Value{
			"pipeline_id": s("PIP1"), "stage_id": s("STG2"), "name": s("Deal"), "status": s("lost"), "lost_reason_id": s("LST1"), "value": schema.NumberValue("12.5"),
			"source": s("fair"), "assigned_to": s("USRa1b2c3d4e5f6g7h8i"), "followers": schema.SetOf([]string{"USRa1b2c3d4e5f6g7h8i"}),
			"custom_fields.size": schema.NumberValue("3"),
		}),
		Update: fieldsOf(map[string]schema.Value{
			"pipeline_id": s("PIP2"), "stage_id": s("STG3"), "name": s("Big deal"), "lost_reason_id": s("LST2"), "value": schema.NumberValue("20"),
			"source": s("web"), "assigned_to": s("USRb1b2c3d4e5f6g7h8i"), "followers": schema.SetOf([]string{"USRb1b2c3d4e5f6g7h8i"}),
			"custom_fields.size": schema.NumberValue("4"),
		}),
		Clear: []string{"source", "assigned_to", "value", "custom_fields.size"},
		Number: func(n int) schema.Fields {
			return texts2fields("name", fmt.Sprintf("Deal %d", n), "pipeline_id", "PIP1", "status", "open")
		},
		Many: 205,
	}
}

// unlimited is the provider's client without the limiter.
func unlimited(t testing.TB, p *Provider, next http.RoundTripper, token string) *transport.Client {
	t.Helper()
	c, err := transport.New(transport.Options{
		BaseURL: "https://sandbox.example.com", Next: next, Max: transport.Unlimited, Sleep: noWait, Advise: login{token: "the token"}.advise, Transient: transient,
		Log: p.options.log, Header: http.Header{"Authorization": {"Bearer " + token}, "Version": {defaultVersion}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}
