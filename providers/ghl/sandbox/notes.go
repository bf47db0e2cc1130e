package sandbox

import (
	"html"
	"regexp"
	"strings"
)

// note is a note of a contact.
type note struct {
	ID        string `json:"id"`
	ContactID string `json:"contactId"`
	Body      string `json:"body"`
	Title     string `json:"title,omitempty"`
	Color     string `json:"color,omitempty"`
	UserID    string `json:"userId,omitempty"`
	Pinned    bool   `json:"pinned,omitempty"`
	Added     int64  `json:"dateAdded"`
}

// notes are the notes of all contacts.
type notes struct{ resource[note] }

var markup = regexp.MustCompile(`<[^>]*>`)

func newNotes(l *location) *notes {
	update := shape{
		"body": {kind: text}, "userId": {kind: text}, "title": {kind: text}, "color": {kind: text}, "pinned": {kind: flag},
	}
	ns := &notes{resource[note]{
		collection: newCollection[note](l.store, "note"),
		path:       "/contacts/{contactId}/notes", scope: "contacts",
		words:  words{one: "note", many: "notes", unknown: "The note id is invalid.", deleted: bothSpellings},
		shapes: shapes{create: update.extend(shape{"body": {kind: text, need: true}}), update: update},
		owner:  l.people.inPath,
		own:    func(n *note, id, contact string) { n.ID, n.ContactID = id, contact },
		fill:   fillNote,
		view:   (*note).view,
	}}
	ns.parent = func(n *note) string { return n.ContactID }
	l.people.owns(belonging{member: "notes", plant: ns.plantOf, drop: ns.dropOf})
	return ns
}

func fillNote(c *call, n *note) *answer {
	fillTexts(c.body, map[string]*string{
		"body": &n.Body, "title": &n.Title, "color": &n.Color, "userId": &n.UserID,
	})
	if v, given := c.body["pinned"].(bool); given {
		n.Pinned = v
	}
	if n.ID == "" {
		n.Added = millis(c.now)
	}
	return nil
}

// view shows a user only where there is one: no schema of the API's documents lets
// userId be null.
func (n *note) view() object {
	out := object{
		"id": n.ID, "body": n.Body, "bodyText": strings.TrimSpace(html.UnescapeString(markup.ReplaceAllString(n.Body, ""))),
		"dateAdded": stamp(n.Added), "contactId": n.ContactID, "pinned": n.Pinned, "relations": []any{},
	}
	showTexts(out, map[string]string{"userId": n.UserID, "title": n.Title, "color": n.Color})
	return out
}
