package ghl

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/providers"
	"lockstep/providers/ghl/sandbox"
	"lockstep/schema"
)

const enrolmentSeed = `{"workflows":[{"id":"WF1","name":"Welcome"}],"contacts":[
	{"id":"CON1","email":"ann@example.com","tags":["wf:welcome"]},{"id":"CON2","email":"bea@example.com"},{"id":"CON3","email":"cleo@example.com","tags":["wf:welcome","vip"]}]}`

// enrolled is the object of a contact in the workflow.
func enrolled(contact string, more ...string) schema.Object {
	fields := texts2fields(append([]string{"contact_id", contact, "workflow_id", "WF1"}, more...)...)
	fields.Sort()
	return schema.Object{Kind: kindWorkflowEnrolment, ID: contact + "/WF1", Fields: fields}
}

// TestEnrolmentAnswers takes no answer for done that does not say so.
func TestEnrolmentAnswers(t *testing.T) {
	for _, c := range []struct {
		reason, answer string
		want           providers.Outcome
	}{
		{"it is done", `{"succeded":true,"succeeded":true}`, providers.Done},
		{"either spelling tells", `{"succeded":true}`, providers.Done},
		{"no word is no refusal", `{}`, providers.Done},
		{"it says that it is not done", `{"succeeded":false}`, providers.Failed},
		{"what cannot be read may be done", `<html>`, providers.Uncertain},
		{"the answer is lost", "", providers.Uncertain},
	} {
		t.Run(c.reason, func(t *testing.T) {
			calls := 0
			p, _ := openSandboxed(t, sandbox.Options{Seed: []byte(enrolmentSeed)}, fault(func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
				if r.Method != http.MethodPost || !strings.Contains(r.URL.Path, "/workflow/") {
					return next.RoundTrip(r)
				}
				if calls++; c.answer == "" {
					return nil, errors.New("connection reset by peer")
				}
				return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(c.answer)), Request: r}, nil
			}).wrap)
			write := providers.Write{Address: "a", Kind: kindWorkflowEnrolment, Action: providers.Create, Parent: "CON2", Fields: enrolled("CON2").Fields}
			results := p.Do(t.Context(), p.Group([]providers.Write{write})[0])
			if len(results) != 1 || results[0].Outcome != c.want || calls != 1 {
				t.Fatalf("%d calls, %+v, want one with outcome %d", calls, results, c.want)
			}
			if diff := cmp.Diff(enrolled("CON2"), results[0].Object); c.want == providers.Done && diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestEnrolmentEvidence reads enrolments by the tags of contacts, and finds none
// without.
func TestEnrolmentEvidence(t *testing.T) {
	p, _ := openSandboxed(t, sandbox.Options{Seed: []byte(enrolmentSeed)}, nil)
	evidence := texts2fields("evidence", "wf:welcome", "workflow_id", "WF1")
	for _, c := range []struct {
		reason string
		where  schema.Fields
		want   []schema.Object
	}{
		{"those who have the tag", evidence, []schema.Object{enrolled("CON1", "evidence", "wf:welcome"), enrolled("CON3", "evidence", "wf:welcome")}},
		{"nobody has the tag", texts2fields("evidence", "wf:other", "workflow_id", "WF1"), nil},
		{"without evidence nothing is read", nil, nil},
	} {
		t.Run(c.reason, func(t *testing.T) {
			before := p.Usage().Calls
			var got []schema.Object
			for page, err := range p.List(t.Context(), providers.Query{Kind: kindWorkflowEnrolment, Where: c.where}) {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, page.Objects...)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if calls := p.Usage().Calls - before; c.where == nil && calls != 0 {
				t.Errorf("%d calls, want none", calls)
			}
		})
	}
	keys := []providers.Key{{ID: "CON1/WF1", Fields: evidence}, {ID: "CON2/WF1", Fields: evidence}, {ID: "CON9/WF1", Fields: evidence}, {ID: "CON3/WF1"}}
	got, err := p.Get(t.Context(), kindWorkflowEnrolment, keys)
	if diff := cmp.Diff([]schema.Object{enrolled("CON1", "evidence", "wf:welcome")}, got); diff != "" || err != nil {
		t.Errorf("Get of one with, one without, one that is gone and one that is not looked for: %v (-want +got):\n%s", err, diff)
	}
}

// TestEnrolmentEvidenceWritten writes the evidence of many by one call, and takes it
// from the contact.
func TestEnrolmentEvidenceWritten(t *testing.T) {
	p, server := openSandboxed(t, sandbox.Options{Seed: []byte(enrolmentSeed)}, nil)
	mark := func(contact string, w providers.Write) providers.Write {
		w.Address, w.Kind, w.Action, w.Channel, w.Parent, w.ID = contact, kindWorkflowEnrolment, providers.Update, "evidence", contact, contact+"/WF1"
		return w
	}
	add := providers.Write{Fields: texts2fields("evidence", "wf:welcome")}
	for _, step := range []struct {
		reason string
		writes []providers.Write
		want   []providers.Outcome
	}{
		{"given to two, of whom one is gone", []providers.Write{mark("CON2", add), mark("CON9", add)}, []providers.Outcome{providers.Done, providers.Failed}},
		{"taken from one", []providers.Write{mark("CON1", providers.Write{Remove: []string{"wf:welcome"}})}, []providers.Outcome{providers.Done}},
	} {
		operations := p.Group(step.writes)
		if len(operations) != 1 {
			t.Fatalf("%s: %d calls, want one", step.reason, len(operations))
		}
		var got []providers.Outcome
		for _, r := range p.Do(t.Context(), operations[0]) {
			got = append(got, r.Outcome)
		}
		if diff := cmp.Diff(step.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step.reason, diff)
		}
	}
	evidence := texts2fields("evidence", "wf:welcome", "workflow_id", "WF1")
	got, err := p.Get(t.Context(), kindWorkflowEnrolment, []providers.Key{{ID: "CON1/WF1", Fields: evidence}, {ID: "CON2/WF1", Fields: evidence}})
	if diff := cmp.Diff([]schema.Object{enrolled("CON2", "evidence", "wf:welcome")}, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if n := len(server.Enrolments()); n != 0 {
		t.Errorf("evidence puts %d in, want none", n)
	}
}
