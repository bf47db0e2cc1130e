package sandbox

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// message is one message, call or e-mail thread of a conversation.
type message struct {
	ID             string    `json:"id"`
	ConversationID string    `json:"conversationId"`
	Type           string    `json:"messageType"` // TYPE_SMS when a seed has none
	Direction      string    `json:"direction"`   // inbound when a seed has none
	Status         string    `json:"status,omitempty"`
	Body           string    `json:"body,omitempty"`
	ContentType    string    `json:"contentType,omitempty"`
	Attachments    []string  `json:"attachments,omitempty"`
	Source         string    `json:"source,omitempty"`
	UserID         string    `json:"userId,omitempty"`
	Provider       string    `json:"conversationProviderId,omitempty"`
	Added          time.Time `json:"dateAdded"`
	spoken
	Emails []mail `json:"emails,omitempty"`
}

// spoken is what a message has that is a call.
type spoken struct {
	Duration      int        `json:"callDuration,omitempty"` // in seconds
	CallStatus    string     `json:"callStatus,omitempty"`
	Recording     []byte     `json:"recording,omitempty"` // base64 in a seed
	Transcription []sentence `json:"transcription,omitempty"`
}

// sentence is a part of the transcription of a call. Its times are in seconds.
type sentence struct {
	Channel    float64 `json:"mediaChannel"`
	Index      float64 `json:"sentenceIndex"`
	Start      float64 `json:"startTime"`
	End        float64 `json:"endTime"`
	Transcript string  `json:"transcript"`
	Confidence float64 `json:"confidence"`
}

// mail is one e-mail of a message that is a thread of them.
type mail struct {
	ID          string   `json:"id"`
	Subject     string   `json:"subject,omitempty"`
	Body        string   `json:"body"`
	From        string   `json:"from"`
	To          []string `json:"to"`
	CC          []string `json:"cc,omitempty"`
	BCC         []string `json:"bcc,omitempty"`
	Attachments []string `json:"attachments,omitempty"`
	Provider    string   `json:"provider,omitempty"`
	ReplyTo     string   `json:"replyToMessageId,omitempty"`
}

const (
	messagesRead    = "conversations/message.readonly"
	defaultMessages = 20
)

// messages are those of all conversations, the oldest first.
type messages struct {
	*collection[message]
	owner *conversations
}

func newMessages(owner *conversations) *messages {
	ms := &messages{owner: owner, collection: newCollection[message](owner.l.store, "message")}
	ms.parent = func(m *message) string { return m.ConversationID }
	return ms
}

func (ms *messages) routes() []route {
	const path, ofLocation = "/conversations/messages", "/conversations/locations/{locationId}/messages/{id}/transcription"
	routes := []route{
		{method: http.MethodGet, pattern: "/conversations/{id}/messages", serve: ms.ofConversation,
			query: shape{"lastMessageId": {kind: text}, "limit": {kind: number}, "type": {kind: text}}},
		{method: http.MethodGet, pattern: path + "/{id}", serve: ms.read},
		{method: http.MethodGet, pattern: path + "/email/{id}", serve: ms.readMail},
		{method: http.MethodGet, pattern: path + "/{id}/locations/{locationId}/recording", serve: ms.recording},
		{method: http.MethodGet, pattern: ofLocation, serve: ms.transcription},
		{method: http.MethodGet, pattern: ofLocation + "/download", serve: ms.transcript},
	}
	for i := range routes {
		routes[i].scope = messagesRead
	}
	return append(routes, route{method: http.MethodPut, pattern: path + "/{id}/status", scope: "conversations/message.write", serve: ms.setStatus,
		body: shape{"status": {kind: text, need: true, one: []string{"delivered", "failed", "pending", "read"}},
			"error":          {kind: group, each: shape{"code": {kind: text, need: true}, "type": {kind: text, need: true}, "message": {kind: text, need: true}}},
			"emailMessageId": {kind: text}, "recipients": {kind: texts}}})
}

// plantOf keeps the messages of a conversation, in the order of their times.
func (ms *messages) plantOf(v *conversation, all []message, now time.Time) {
	for i := range all {
		if all[i].Added.IsZero() {
			all[i].Added = now
		}
	}
	slices.SortStableFunc(all, func(a, b message) int { return a.Added.Compare(b.Added) })
	for _, m := range all {
		if m.ID == "" {
			m.ID = ms.store.newID(ms.kind)
		}
		m.ConversationID = v.ID
		m.Type, m.Direction, m.ContentType = cmp.Or(m.Type, "TYPE_SMS"), cmp.Or(m.Direction, "inbound"), cmp.Or(m.ContentType, "text/plain")
		for n := range m.Emails {
			if m.Emails[n].ID == "" {
				m.Emails[n].ID = ms.store.newID("email")
			}
		}
		ms.put(now, m.ID, &m)
	}
}

// last is the newest message of a conversation; nil when it has none.
func (ms *messages) last(conversation string) *message {
	ids := ms.of[conversation]
	if len(ids) == 0 {
		return nil
	}
	return ms.byID[ids[len(ids)-1]]
}

func (ms *messages) view(m *message) object {
	out := object{
		"id": m.ID, "type": slices.Index(messageTypes, m.Type) + 1, "messageType": m.Type, "locationId": ms.owner.l.settings.ID,
		"contactId": ms.owner.byID[m.ConversationID].ContactID, "conversationId": m.ConversationID, "dateAdded": stamp(millis(m.Added)),
		"direction": m.Direction, "contentType": m.ContentType, "attachments": orEmpty(m.Attachments),
	}
	showTexts(out, map[string]string{"body": m.Body, "status": m.Status, "source": m.Source, "userId": m.UserID, "conversationProviderId": m.Provider})
	meta := object{}
	if m.CallStatus != "" {
		meta["callStatus"], meta["callDuration"] = m.CallStatus, fmt.Sprint(m.Duration)
	}
	if len(m.Emails) > 0 {
		ids := make([]string, 0, len(m.Emails))
		for _, e := range m.Emails {
			ids = append(ids, e.ID)
		}
		meta["email"] = object{"messageIds": ids}
	}
	if len(meta) > 0 {
		out["meta"] = meta
	}
	return out
}

// messageTypes are the types whose numbers are documented, from 1 on.
var messageTypes = []string{"TYPE_CALL", "TYPE_SMS", "TYPE_EMAIL"}

// ofConversation answers a page of the messages of a conversation, the newest
// first, in an envelope within an envelope.
func (ms *messages) ofConversation(c *call) *answer {
	if _, known := ms.owner.byID[c.vars["id"]]; !known {
		return badRequest("Conversation not found")
	}
	found := ms.list(c.vars["id"])
	slices.Reverse(found)
	if types := c.query.Get("type"); types != "" {
		found = slices.DeleteFunc(found, func(m *message) bool { return !slices.Contains(strings.Split(types, ","), m.Type) })
	}
	if after := c.query.Get("lastMessageId"); after != "" {
		at := slices.IndexFunc(found, func(m *message) bool { return m.ID == after })
		if at < 0 {
			return badRequest("Message not found")
		}
		found = found[at+1:]
	}
	page := found[:min(max(intQuery(c, "limit", defaultMessages), 1), len(found))]
	rows, last := []object{}, ""
	for _, m := range page {
		rows, last = append(rows, ms.view(m)), m.ID
	}
	return ok(object{"messages": object{"lastMessageId": last, "nextPage": len(page) < len(found), "messages": rows}})
}

// named returns the message that a call's path names.
func (ms *messages) named(c *call) (*message, *answer) {
	m, known := ms.byID[c.vars["id"]]
	if !known {
		return nil, badRequest("Message not found")
	}
	return m, nil
}

func (ms *messages) read(c *call) *answer {
	m, refusal := ms.named(c)
	if refusal != nil {
		return refusal
	}
	return ok(object{"message": ms.view(m)})
}

func (ms *messages) readMail(c *call) *answer {
	for _, m := range ms.all() {
		for _, e := range m.Emails {
			if e.ID == c.vars["id"] {
				return ok(ms.mailView(m, &e))
			}
		}
	}
	// The documents declare no 400 here, unlike for messages.
	return &answer{status: http.StatusNotFound, body: object{"statusCode": 404, "message": "Email message not found", "error": "Not Found"}}
}

func (ms *messages) mailView(m *message, e *mail) object {
	out := object{
		"id": e.ID, "threadId": m.ID, "locationId": ms.owner.l.settings.ID, "contactId": ms.owner.byID[m.ConversationID].ContactID,
		"conversationId": m.ConversationID, "dateAdded": stamp(millis(m.Added)), "body": e.Body, "direction": m.Direction,
		"contentType": "text/html", "from": e.From, "to": orEmpty(e.To), "cc": orEmpty(e.CC), "bcc": orEmpty(e.BCC), "attachments": orEmpty(e.Attachments),
	}
	showTexts(out, map[string]string{"subject": e.Subject, "status": m.Status, "source": m.Source, "provider": e.Provider, "replyToMessageId": e.ReplyTo})
	return out
}

func (ms *messages) recording(c *call) *answer {
	m, refusal := ms.named(c)
	switch {
	case refusal != nil:
		return refusal
	case len(m.Recording) == 0:
		return badRequest("Recording not found")
	}
	return sent("audio/x-wav", "audio.wav", m.Recording)
}

// transcription answers the sentences of a call as a bare list.
func (ms *messages) transcription(c *call) *answer {
	m, refusal := ms.named(c)
	switch {
	case refusal != nil:
		return refusal
	case len(m.Transcription) == 0:
		return badRequest("Transcription not found")
	}
	rows, err := json.Marshal(m.Transcription)
	if err != nil {
		return serverError()
	}
	return sent("application/json; charset=utf-8", "", rows)
}

// transcript answers the sentences of a call as a text.
func (ms *messages) transcript(c *call) *answer {
	m, refusal := ms.named(c)
	switch {
	case refusal != nil:
		return refusal
	case len(m.Transcription) == 0:
		return badRequest("Transcription not found")
	}
	var text strings.Builder
	for _, s := range m.Transcription {
		fmt.Fprintf(&text, "[%g] %g - %g: %s\n", s.Channel, s.Start, s.End, s.Transcript)
	}
	return sent("text/plain", "transcription.txt", []byte(text.String()))
}

// setStatus says what became of a message, which only the provider that carried it
// may do.
func (ms *messages) setStatus(c *call) *answer {
	old, refusal := ms.named(c)
	switch {
	case refusal != nil:
		return refusal
	case old.Provider == "":
		return badRequest("No conversationProviderId found for this message")
	}
	updated := *old
	updated.Status, _ = c.body["status"].(string)
	ms.put(c.now, updated.ID, &updated)
	return ok(object{"conversationId": updated.ConversationID, "messageId": updated.ID, "status": updated.Status})
}
