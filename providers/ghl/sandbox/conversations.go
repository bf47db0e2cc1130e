package sandbox

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
)

// conversation is what was said with one contact. No call of the catalogue makes
// one: they come from a seed document.
type conversation struct {
	ID         string    `json:"id"`
	ContactID  string    `json:"contactId"`
	Type       string    `json:"type"` // TYPE_PHONE when a seed has none
	AssignedTo string    `json:"assignedTo,omitempty"`
	Unread     int       `json:"unreadCount"`
	Starred    bool      `json:"starred,omitempty"`
	Added      time.Time `json:"dateAdded"`
}

// seedConversation is a conversation of a seed document with its messages.
type seedConversation struct {
	conversation
	Messages []message `json:"messages"`
}

// conversationTypes are the types by the numbers that a read by id has.
var conversationTypes = []string{"", "TYPE_PHONE", "TYPE_EMAIL", "TYPE_FB_MESSENGER", "TYPE_REVIEW", "TYPE_GROUP_SMS"}

const (
	conversationsRead    = "conversations.readonly"
	defaultConversations = 20
	maxConversations     = 100
)

// conversations are those of all contacts.
type conversations struct {
	*collection[conversation]
	l        *location
	messages *messages
}

func newConversations(l *location) *conversations {
	cs := &conversations{l: l, collection: newCollection[conversation](l.store, "conversation")}
	cs.messages = newMessages(cs)
	cs.parent = func(v *conversation) string { return v.ContactID }
	l.people.owns(belonging{member: "conversations", plant: cs.plantOf, drop: cs.dropOf})
	return cs
}

func (cs *conversations) routes() []route {
	search := shape{
		"locationId": {kind: text, need: true}, "id": {kind: text}, "contactId": {kind: text}, "assignedTo": {kind: text}, "query": {kind: text},
		"sort":           {kind: text, one: []string{"asc", "desc"}},
		"sortBy":         {kind: text, one: []string{"last_manual_message_date", "last_message_date"}},
		"status":         {kind: text, one: []string{"all", "read", "unread", "starred", "recents"}},
		"startAfterDate": {kind: number}, "limit": {kind: number}, "startDate": {kind: number}, "endDate": {kind: number},
		"lastMessageType": {kind: text}, "lastMessageDirection": {kind: text, one: []string{"inbound", "outbound"}},
	}
	return append(cs.messages.routes(),
		route{method: http.MethodGet, pattern: "/conversations/search", scope: conversationsRead, query: search, serve: cs.search},
		route{method: http.MethodGet, pattern: "/conversations/{id}", scope: conversationsRead, serve: cs.read},
		route{method: http.MethodPost, pattern: "/conversations/providers/live-chat/typing", scope: "conversations/livechat.write", serve: cs.typing,
			body: shape{"locationId": {kind: text, need: true}, "isTyping": {need: true}, "visitorId": {kind: text, need: true}, "conversationId": {kind: text, need: true}}})
}

// plantOf keeps the conversations of a contact, and their messages.
func (cs *conversations) plantOf(contact string, raw json.RawMessage, p *planter) error {
	var all []seedConversation
	if err := json.Unmarshal(raw, &all); err != nil {
		return err
	}
	for _, seeded := range all {
		made := seeded.conversation
		made.ContactID = contact
		if made.ID == "" {
			made.ID = cs.store.newID(cs.kind)
		}
		made.Type = cmp.Or(made.Type, "TYPE_PHONE")
		if made.Added.IsZero() {
			made.Added = p.now
		}
		cs.put(p.now, made.ID, &made)
		cs.messages.plantOf(&made, seeded.Messages, p.now)
	}
	return nil
}

// dropOf forgets the conversations of a contact that is deleted, and their messages.
func (cs *conversations) dropOf(at time.Time, contact string) {
	for _, id := range cs.of[contact] {
		cs.messages.dropOf(at, id)
	}
	cs.collection.dropOf(at, contact)
}

// detail is a conversation as a read by id has it: the type is a number there, and
// an instant has two parts.
func (cs *conversations) detail(v *conversation) object {
	out := object{
		"id": v.ID, "contactId": v.ContactID, "locationId": cs.l.settings.ID, "deleted": false, "inbox": true,
		"type": max(slices.Index(conversationTypes, v.Type), 1), "unreadCount": v.Unread, "starred": v.Starred,
		"dateAdded": inParts(v.Added), "dateUpdated": inParts(cs.spokenAt(v)),
	}
	showTexts(out, map[string]string{"assignedTo": v.AssignedTo})
	return out
}

// inParts is an instant as seconds and nanoseconds.
func inParts(at time.Time) object {
	return object{"seconds": at.Unix(), "nanoseconds": at.Nanosecond()}
}

// row is a conversation as the search has it, with the last message and the contact.
func (cs *conversations) row(v *conversation) object {
	out := object{
		"id": v.ID, "contactId": v.ContactID, "locationId": cs.l.settings.ID, "type": v.Type, "unreadCount": v.Unread, "starred": v.Starred,
		"dateAdded": millis(v.Added), "dateUpdated": millis(cs.spokenAt(v)), "lastMessageDate": millis(cs.spokenAt(v)),
		"lastMessageBody": "", "lastMessageType": "TYPE_SMS", "sort": []int64{millis(cs.spokenAt(v))},
	}
	if last := cs.messages.last(v.ID); last != nil {
		out["lastMessageBody"], out["lastMessageType"], out["lastMessageDirection"] = last.Body, last.Type, last.Direction
	}
	showTexts(out, map[string]string{"assignedTo": v.AssignedTo})
	person := cs.l.people.byID[v.ContactID]
	out["fullName"], out["contactName"], out["email"], out["phone"] = person.fullName(), person.fullName(), person.Email, person.Phone
	return out
}

// spokenAt is when the last message of a conversation came.
func (cs *conversations) spokenAt(v *conversation) time.Time {
	if last := cs.messages.last(v.ID); last != nil {
		return last.Added
	}
	return v.Added
}

func (cs *conversations) read(c *call) *answer {
	found, known := cs.byID[c.vars["id"]]
	if !known {
		return badRequest("Conversation not found")
	}
	return ok(cs.detail(found))
}

// search answers a page of the conversations that fit, from the one whose last
// message is the newest unless asked otherwise. The next page begins after an
// instant: conversations of one instant are lost between two pages.
func (cs *conversations) search(c *call) *answer {
	limit := intQuery(c, "limit", defaultConversations)
	if limit < 1 || limit > maxConversations {
		return badRequest("limit must not be greater than 100")
	}
	var found []*conversation
	for _, v := range cs.all() {
		if cs.fits(c, v) {
			found = append(found, v)
		}
	}
	rising := c.query.Get("sort") == "asc"
	slices.SortStableFunc(found, func(a, b *conversation) int {
		if rising {
			return cs.spokenAt(a).Compare(cs.spokenAt(b))
		}
		return cs.spokenAt(b).Compare(cs.spokenAt(a))
	})
	total, rows := len(found), []object{}
	after := int64(intQuery(c, "startAfterDate", 0))
	for _, v := range found {
		at := millis(cs.spokenAt(v))
		if after != 0 && (rising && at <= after || !rising && at >= after) {
			continue
		}
		if len(rows) < limit {
			rows = append(rows, cs.row(v))
		}
	}
	return ok(object{"conversations": rows, "total": total})
}

// fits reports whether the search of a call finds a conversation.
func (cs *conversations) fits(c *call, v *conversation) bool {
	row, q := cs.row(v), c.query
	for _, name := range []string{"id", "contactId", "lastMessageType", "lastMessageDirection"} {
		if wanted := q.Get(name); wanted != "" && row[name] != wanted {
			return false
		}
	}
	if users := q.Get("assignedTo"); users != "" && !slices.Contains(strings.Split(users, ","), cmp.Or(v.AssignedTo, "unassigned")) {
		return false
	}
	added := int(millis(v.Added))
	if added < intQuery(c, "startDate", added) || added > intQuery(c, "endDate", added) {
		return false
	}
	if words := strings.ToLower(q.Get("query")); words != "" {
		shown, _ := row["fullName"].(string)
		body, _ := row["lastMessageBody"].(string)
		person := cs.l.people.byID[v.ContactID]
		if !strings.Contains(strings.ToLower(strings.Join([]string{shown, body, person.Email, person.Phone}, "\n")), words) {
			return false
		}
	}
	switch q.Get("status") {
	case "read":
		return v.Unread == 0
	case "unread":
		return v.Unread > 0
	case "starred":
		return v.Starred
	}
	return true
}

// typing shows that somebody types. Nothing is kept of it.
func (cs *conversations) typing(c *call) *answer {
	id, _ := c.body["conversationId"].(string)
	if _, known := cs.byID[id]; !known {
		return badRequest("Conversation not found")
	}
	return created(object{"success": true})
}
