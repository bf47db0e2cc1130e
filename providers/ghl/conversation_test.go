package ghl

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/providers"
	"lockstep/providers/ghl/openapitest"
	"lockstep/providers/ghl/sandbox"
	"lockstep/schema"
)

// talkSeed is two people who talk: Ada by phone and by mail, Lin by text.
const talkSeed = `{"contacts":[
	{"id":"CONada00000000000000","firstName":"Ada","email":"ada@example.com","conversations":[{"id":"CNV1","unreadCount":1,"dateAdded":"2026-07-20T10:00:00Z","messages":[
		{"id":"MSG1","body":"Hi","status":"delivered","dateAdded":"2026-07-20T10:00:00Z"},
		{"id":"MSG2","messageType":"TYPE_CALL","direction":"outbound","dateAdded":"2026-07-20T11:00:00Z","callStatus":"completed","callDuration":12,"recording":"UklGRg==",
			"transcription":[{"mediaChannel":1,"sentenceIndex":0,"startTime":0,"endTime":2.5,"transcript":"Good morning.","confidence":0.9}]},
		{"id":"MSG3","messageType":"TYPE_EMAIL","dateAdded":"2026-07-20T12:00:00Z",
			"emails":[{"id":"EML1","subject":"Race","body":"<p>On Sunday.</p>","from":"ada@example.com","to":["club@example.com"]}]}]}]},
	{"id":"CONlin00000000000000","firstName":"Lin","email":"lin@example.com","conversations":[
		{"id":"CNV2","starred":true,"assignedTo":"USR1","messages":[{"id":"MSG4","body":"See you","dateAdded":"2026-07-20T09:00:00Z"}]}]}]}`

// openTalks configures a provider whose traffic keeps to the official documents,
// where they are present.
func openTalks(t *testing.T, seed string) (*Provider, *sandbox.Server) {
	t.Helper()
	v := openapitest.Load(t)
	return openSandboxed(t, sandbox.Options{Seed: []byte(seed)}, func(next http.RoundTripper) http.RoundTripper {
		return inProcess{v.Middleware(asHandler{next}, func(err error) { t.Error(err) })}
	})
}

func TestTalks(t *testing.T) {
	cases := map[string]struct {
		reason    string
		kind      string
		source    string
		arguments schema.Fields
		want      string
	}{
		"conversations": {"the one that was silent longest comes first", kindConversation, "ghl_conversations", nil, "CNV2 CNV1"},
		"unread":        {"selected by the API", kindConversation, "ghl_conversations", texts2fields("status", "unread"), "CNV1"},
		"of a contact":  {"selected by the API", kindConversation, "ghl_conversations", texts2fields("contact_id", "CONlin00000000000000"), "CNV2"},
		"messages":      {"the newest first", kindMessage, "ghl_messages", texts2fields("conversation_id", "CNV1"), "MSG3 MSG2 MSG1"},
		"of types": {"joined by commas", kindMessage, "ghl_messages", append(texts2fields("conversation_id", "CNV1"),
			schema.Field{Path: "types", Value: schema.SetOf([]string{"TYPE_SMS", "TYPE_CALL"})}), "MSG2 MSG1"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p, _ := openSandboxed(t, sandbox.Options{Seed: []byte(talkSeed)}, nil)
			if diff := cmp.Diff(tc.want, listedIDs(t, p, providers.Query{Kind: tc.kind, Source: tc.source, Where: tc.arguments})); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// TestTalkRows reads what only the rows of the search have.
func TestTalkRows(t *testing.T) {
	p, _ := openTalks(t, talkSeed)
	want := map[string]string{"contact_id": "CONlin00000000000000", "assigned_to": "USR1", "type": "TYPE_PHONE", "unread": "0", "starred": "true",
		"last_message": "See you", "last_message_type": "TYPE_SMS", "last_message_direction": "inbound", "last_message_date": "2026-07-20T09:00:00.000Z",
		"date_updated": "2026-07-20T09:00:00.000Z"}
	for page, err := range p.List(t.Context(), providers.Query{Kind: kindConversation, Where: texts2fields("contact_id", "CONlin00000000000000")}) {
		if err != nil || len(page.Objects) != 1 {
			t.Fatalf("%d conversations (%v), want 1", len(page.Objects), err)
		}
		got := plainFields(page.Objects[0].Fields)
		delete(got, "date_added")
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("the row of a conversation (-want +got):\n%s", diff)
		}
	}
}

// plainFields are fields by their paths, texts without quotes.
func plainFields(fields schema.Fields) map[string]string {
	out := map[string]string{}
	for _, f := range fields {
		out[f.Path] = strings.Trim(f.Value.String(), `"`)
	}
	return out
}

func listedIDs(t *testing.T, p *Provider, q providers.Query) string {
	t.Helper()
	var ids []string
	for page, err := range p.List(t.Context(), q) {
		if err != nil {
			t.Fatal(err)
		}
		for i := range page.Objects {
			ids = append(ids, page.Objects[i].ID)
		}
	}
	return strings.Join(ids, " ")
}

func TestTalkByID(t *testing.T) {
	cases := map[string]struct {
		reason, kind, id string
		want             map[string]string
	}{
		"conversation": {"its instants come in two parts", kindConversation, "CNV1",
			map[string]string{"contact_id": "CONada00000000000000", "unread": "1", "date_added": "2026-07-20T10:00:00.000Z", "date_updated": "2026-07-20T12:00:00.000Z", "starred": "false"}},
		"call": {"what is about the call stands deeper", kindMessage, "MSG2",
			map[string]string{"contact_id": "CONada00000000000000", "conversation_id": "CNV1", "type": "TYPE_CALL", "direction": "outbound",
				"content_type": "text/plain", "date_added": "2026-07-20T11:00:00.000Z", "call_status": "completed", "call_duration": "12"}},
		"e-mail": {"the answer has no envelope", kindEmail, "EML1",
			map[string]string{"contact_id": "CONada00000000000000", "conversation_id": "CNV1", "thread_id": "MSG3", "direction": "inbound", "content_type": "text/html",
				"date_added": "2026-07-20T12:00:00.000Z", "subject": "Race", "body": "<p>On Sunday.</p>", "from": "ada@example.com", "to": `["club@example.com"]`}},
		"no message": {"an id that none has", kindMessage, "MSG9", nil},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p, _ := openTalks(t, talkSeed)
			found, err := p.Get(t.Context(), tc.kind, []providers.Key{{ID: tc.id}})
			if err != nil {
				t.Fatal(err)
			}
			var got map[string]string
			for i := range found {
				got = plainFields(found[i].Fields)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// talkers is the seed of people who last said something at their instants.
func talkers(n int, at func(int) int) string {
	var contacts []string
	for i := range n {
		second := at(i)
		contacts = append(contacts, fmt.Sprintf(`{"email":"p%d@example.com","conversations":[{"messages":[{"dateAdded":"2026-07-20T10:%02d:%02dZ"}]}]}`, i, second/60, second%60))
	}
	return `{"contacts":[` + strings.Join(contacts, ",") + `]}`
}

func TestConversationPages(t *testing.T) {
	cases := map[string]struct {
		reason string
		people int
		at     func(int) int
		want   int
		calls  int
	}{
		"apart":    {"each page repeats one of the page before", 250, func(i int) int { return i }, 250, 3},
		"together": {"several at the end of a page come again with those behind it", 250, func(i int) int { return i / 30 }, 250, 3},
		"one page": {"a full page may be all", 100, func(i int) int { return i }, 100, 1},
		"too many": {"those of one instant fill a page, and the list does not get on", 150, func(int) int { return 0 }, -1, 2},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p, server := openTalks(t, talkers(tc.people, tc.at))
			got := 0
			for page, err := range p.List(t.Context(), providers.Query{Kind: kindConversation}) {
				if got += len(page.Objects); err != nil {
					got = -1
				}
			}
			if got != tc.want || len(server.Calls()) != tc.calls {
				t.Errorf("%s: %d by %d calls, want %d by %d", tc.reason, got, len(server.Calls()), tc.want, tc.calls)
			}
		})
	}
}

func TestMessagePages(t *testing.T) {
	var texts []string
	for i := range 250 {
		texts = append(texts, fmt.Sprintf(`{"body":"%d"}`, i))
	}
	p, server := openTalks(t, `{"contacts":[{"email":"a@example.com","conversations":[{"id":"CNV1","messages":[`+strings.Join(texts, ",")+`]}]}]}`)
	if n := len(strings.Fields(listedIDs(t, p, providers.Query{Kind: kindMessage, Parents: []string{"CNV1"}}))); n != 250 || len(server.Calls()) != 3 {
		t.Errorf("%d of 250 messages by %d calls, want 3", n, len(server.Calls()))
	}
}
