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

var (
	updateNoteShape = shape{
		"body": {kind: text}, "userId": {kind: text, null: true}, "title": {kind: text, null: true},
		"color": {kind: text, null: true}, "pinned": {kind: flag},
	}
	createNoteShape = updateNoteShape.extend(shape{"body": {kind: text, need: true}})

	markup = regexp.MustCompile(`<[^>]*>`)
)

func (st *store) saveNote(n *note) {
	st.notes.set(n.ContactID, n.ID, n)
	st.log.put(st.seq, kindNote, n.ID, n)
}

func (n *note) fill(body object) {
	for name, at := range map[string]*string{
		"body": &n.Body, "title": &n.Title, "color": &n.Color, "userId": &n.UserID,
	} {
		if v, given := body[name]; given {
			*at, _ = v.(string)
		}
	}
	if v, given := body["pinned"].(bool); given {
		n.Pinned = v
	}
}

func (n *note) view() object {
	out := object{
		"id": n.ID, "body": n.Body, "bodyText": strings.TrimSpace(html.UnescapeString(markup.ReplaceAllString(n.Body, ""))),
		"userId": nil, "dateAdded": stamp(n.Added), "contactId": n.ContactID, "pinned": n.Pinned, "relations": []any{},
	}
	for name, v := range map[string]string{"userId": n.UserID, "title": n.Title, "color": n.Color} {
		if v != "" {
			out[name] = v
		}
	}
	return out
}

// note finds the note a path names, or says what is wrong with the path.
func (s *Server) note(c *call) (*note, answer, bool) {
	if _, known := s.store.contact(c.vars["contactId"]); !known {
		return nil, noContact(c.vars["contactId"]), false
	}
	n, known := s.store.notes.byID[c.vars["id"]]
	if !known || n.ContactID != c.vars["contactId"] {
		return nil, badRequest("The note id is invalid."), false
	}
	return n, answer{}, true
}

func (s *Server) listNotes(c *call) answer {
	if _, known := s.store.contact(c.vars["contactId"]); !known {
		return noContact(c.vars["contactId"])
	}
	rows := []object{}
	for _, n := range s.store.notes.all(c.vars["contactId"]) {
		rows = append(rows, n.view())
	}
	return ok(object{"notes": rows})
}

func (s *Server) getNote(c *call) answer {
	n, refusal, known := s.note(c)
	if !known {
		return refusal
	}
	return ok(object{"note": n.view()})
}

func (s *Server) createNote(c *call) answer {
	if _, known := s.store.contact(c.vars["contactId"]); !known {
		return noContact(c.vars["contactId"])
	}
	n := &note{ID: s.store.newID(kindNote), ContactID: c.vars["contactId"], Added: millis(c.now)}
	n.fill(c.body)
	s.store.saveNote(n)
	return created(object{"note": n.view()})
}

func (s *Server) updateNote(c *call) answer {
	old, refusal, known := s.note(c)
	if !known {
		return refusal
	}
	updated := *old
	updated.fill(c.body)
	s.store.saveNote(&updated)
	return ok(object{"note": updated.view()})
}

func (s *Server) deleteNote(c *call) answer {
	n, refusal, known := s.note(c)
	if !known {
		return refusal
	}
	s.store.notes.remove(n.ContactID, n.ID)
	s.store.log.drop(s.store.seq, kindNote, n.ID)
	return done()
}
