package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// talkSeed has two people who talk: Ada by phone and by mail, Lin by text.
const talkSeed = `{"contacts":[
	{"id":"CONada00000000000000","firstName":"Ada","lastName":"Ode","email":"ada@example.com","conversations":[{"id":"CNV1","unreadCount":1,"messages":[
		{"id":"MSG1","body":"Hi","status":"delivered","dateAdded":"2026-07-20T10:00:00Z"},
		{"id":"MSG2","messageType":"TYPE_CALL","direction":"outbound","dateAdded":"2026-07-20T11:00:00Z","callStatus":"completed","callDuration":12,"recording":"UklGRg==",
			"transcription":[{"mediaChannel":1,"sentenceIndex":0,"startTime":0,"endTime":2.5,"transcript":"Good morning.","confidence":0.9}]},
		{"id":"MSG3","messageType":"TYPE_EMAIL","dateAdded":"2026-07-20T12:00:00Z","conversationProviderId":"PRV1",
			"emails":[{"id":"EML1","subject":"Race","body":"<p>On Sunday.</p>","from":"ada@example.com","to":["club@example.com"]}]}]}]},
	{"id":"CONlin00000000000000","firstName":"Lin","email":"lin@example.com","conversations":[
		{"id":"CNV2","starred":true,"assignedTo":"USR1","messages":[{"id":"MSG4","body":"See you","dateAdded":"2026-07-20T09:00:00Z"}]}]}]}`

func TestConversationSearch(t *testing.T) {
	c := open(t, Options{Seed: []byte(talkSeed)})
	cases := map[string]struct{ reason, query, want string }{
		"all":       {"the newest first", "", "CNV1 CNV2"},
		"rising":    {"or the oldest", "&sort=asc", "CNV2 CNV1"},
		"next page": {"begins after the instant of the last row", "&sort=asc&startAfterDate=1784538000000", "CNV1"},
		"contact":   {"of one contact", "&contactId=CONlin00000000000000", "CNV2"},
		"unread":    {"with something unread", "&status=unread", "CNV1"},
		"starred":   {"with a star", "&status=starred", "CNV2"},
		"nobody":    {"in nobody's charge", "&assignedTo=unassigned", "CNV1"},
		"words":     {"by name, address or text", "&query=see+you", "CNV2"},
		"type":      {"by the last message", "&lastMessageType=TYPE_EMAIL", "CNV1"},
		"page":      {"no more than the limit", "&limit=1", "CNV1"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var ids []string
			for _, row := range c.must("GET", "/conversations/search?locationId=LOC"+tc.query, "")["conversations"].([]any) {
				ids = append(ids, row.(object)["id"].(string))
			}
			if diff := cmp.Diff(tc.want, strings.Join(ids, " ")); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestMessages(t *testing.T) {
	c := open(t, Options{Seed: []byte(talkSeed)})
	page := c.must("GET", "/conversations/CNV1/messages?limit=2", "")["messages"].(object)
	if page["lastMessageId"] != "MSG2" || page["nextPage"] != true {
		t.Errorf("the first page ends at %v, more: %v", page["lastMessageId"], page["nextPage"])
	}
	page = c.must("GET", "/conversations/CNV1/messages?limit=2&lastMessageId=MSG2", "")["messages"].(object)
	if rows := page["messages"].([]any); page["nextPage"] != false || len(rows) != 1 || rows[0].(object)["id"] != "MSG1" {
		t.Errorf("the second page is %v", page)
	}
	added := c.must("GET", "/conversations/CNV1", "")["dateUpdated"].(object)
	if added["seconds"] != float64(1784548800) {
		t.Errorf("the conversation was last updated at %v", added)
	}
	if mail := c.must("GET", "/conversations/messages/email/EML1", ""); mail["threadId"] != "MSG3" {
		t.Errorf("the thread of the mail is %v", mail["threadId"])
	}
	for path, want := range map[string]string{
		"/conversations/messages/MSG2/locations/LOC/recording":              "audio/x-wav RIFF",
		"/conversations/locations/LOC/messages/MSG2/transcription/download": "text/plain [1] 0 - 2.5: Good morning.\n",
		"/conversations/locations/LOC/messages/MSG2/transcription": "application/json; charset=utf-8 " +
			`[{"mediaChannel":1,"sentenceIndex":0,"startTime":0,"endTime":2.5,"transcript":"Good morning.","confidence":0.9}]`,
	} {
		if diff := cmp.Diff(want, c.bytes(path)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
}

// bytes is the type and the body of an answer.
func (c *client) bytes(path string) string {
	c.t.Helper()
	got := httptest.NewRecorder()
	c.handler.ServeHTTP(got, c.request("GET", path, ""))
	return got.Header().Get("Content-Type") + " " + got.Body.String()
}

func TestMessagesRefuse(t *testing.T) {
	c := open(t, Options{Seed: []byte(talkSeed)})
	cases := map[string]struct{ reason, method, path, body, want string }{
		"conversation":     {"an id that none has", "GET", "/conversations/CNV9", "", "400 Conversation not found"},
		"its messages":     {"nor has it messages", "GET", "/conversations/CNV9/messages", "", "400 Conversation not found"},
		"message":          {"an id that none has", "GET", "/conversations/messages/MSG9", "", "400 Message not found"},
		"mail":             {"a message is no e-mail", "GET", "/conversations/messages/email/MSG3", "", "404 Email message not found"},
		"no recording":     {"a text was not recorded", "GET", "/conversations/messages/MSG1/locations/LOC/recording", "", "400 Recording not found"},
		"no transcription": {"nor written down", "GET", "/conversations/locations/LOC/messages/MSG1/transcription", "", "400 Transcription not found"},
		"foreign status":   {"only a provider's own message", "PUT", "/conversations/messages/MSG1/status", `{"status":"read"}`, "400 No conversationProviderId found for this message"},
		"typing":           {"in a conversation that is there", "POST", "/conversations/providers/live-chat/typing", `{"locationId":"LOC","isTyping":true,"visitorId":"V","conversationId":"CNV9"}`, "400 Conversation not found"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			status, out := c.call(tc.method, tc.path, tc.body)
			if got := fmt.Sprintf("%d %v", status, out["message"]); got != tc.want {
				t.Errorf("%s: %s, want %s", tc.reason, got, tc.want)
			}
		})
	}
	if got := c.must("PUT", "/conversations/messages/MSG3/status", `{"status":"read"}`); got["status"] != "read" || got["messageId"] != "MSG3" {
		t.Errorf("the status is %v", got)
	}
	c.must("DELETE", "/contacts/CONada00000000000000", "")
	for _, path := range []string{"/conversations/CNV1", "/conversations/messages/MSG2"} {
		if status, _ := c.call("GET", path, ""); status != 400 {
			t.Errorf("%s outlives its contact", path)
		}
	}
}

// TestConversationsAreKept closes a sandbox and opens its log again.
func TestConversationsAreKept(t *testing.T) {
	dir := t.TempDir()
	first := open(t, Options{DataDir: dir, Seed: []byte(talkSeed)})
	want := first.must("GET", "/conversations/messages/MSG3", "")
	if err := first.server.Close(); err != nil {
		t.Fatal(err)
	}
	got := open(t, Options{DataDir: dir}).must("GET", "/conversations/messages/MSG3", "")
	delete(want, "traceId")
	delete(got, "traceId")
	before, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	after, err := json.Marshal(got)
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("after a restart %s (%v), before %s", after, err, before)
	}
}
