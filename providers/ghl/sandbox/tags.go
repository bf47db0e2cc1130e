package sandbox

import (
	"slices"
	"strings"
)

// tag is a tag of the location's dictionary. Contacts hold tags by name.
type tag struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// bulkLimit is how many contacts one bulk call may name.
const bulkLimit = 500

var (
	tagsShape     = shape{"tags": {kind: texts, need: true}}
	tagShape      = shape{"name": {kind: text, need: true}}
	bulkTagsShape = shape{
		"contacts": {kind: texts, need: true}, "tags": {kind: texts},
		"locationId": {kind: text, need: true}, "removeAllTags": {kind: flag},
	}
)

// defineTags puts tags that are new to the location into its dictionary.
func (st *store) defineTags(names []string) {
	for _, name := range names {
		if _, defined := st.tagNames[name]; !defined {
			st.saveTag(&tag{ID: st.newID(kindTag), Name: name})
		}
	}
}

func (st *store) saveTag(t *tag) {
	if old := st.tags.byID[t.ID]; old != nil {
		delete(st.tagNames, old.Name)
	}
	st.tags.set(t.ID, t)
	st.tagNames[t.Name] = t.ID
	st.log.put(st.seq, kindTag, t.ID, t)
}

// retag gives a contact with tags added and removed, and which were.
func retag(old *contact, add, remove []string) (updated *contact, added, removed []string) {
	updated, added, removed = old.clone(), []string{}, []string{}
	for _, name := range add {
		if !slices.Contains(updated.Tags, name) {
			updated.Tags = append(updated.Tags, name)
			added = append(added, name)
		}
	}
	for _, name := range remove {
		if i := slices.Index(updated.Tags, name); i >= 0 {
			updated.Tags = slices.Delete(updated.Tags, i, i+1)
			removed = append(removed, name)
		}
	}
	return updated, added, removed
}

// saveTags stores a contact whose tags changed; nothing changed is a no-op.
func (st *store) saveTags(c *call, updated *contact, added, removed []string) {
	if len(added)+len(removed) == 0 {
		return
	}
	updated.Updated = millis(c.now)
	st.defineTags(added)
	st.saveContact(c.now, updated)
}

func (s *Server) addTags(c *call) answer {
	old, known := s.store.contact(c.vars["contactId"])
	if !known {
		return noContact(c.vars["contactId"])
	}
	updated, added, _ := retag(old, normalTags(c.body["tags"].([]any)), nil)
	s.store.saveTags(c, updated, added, nil)
	return created(object{"tags": orEmpty(updated.Tags), "tagsAdded": added})
}

func (s *Server) removeTags(c *call) answer {
	old, known := s.store.contact(c.vars["contactId"])
	if !known {
		return noContact(c.vars["contactId"])
	}
	updated, _, removed := retag(old, nil, normalTags(c.body["tags"].([]any)))
	s.store.saveTags(c, updated, nil, removed)
	return ok(object{"tags": orEmpty(updated.Tags), "tagsRemoved": removed})
}

// bulkTags changes the tags of many contacts. It is 201 however many of them
// failed: each row has its own verdict.
func (s *Server) bulkTags(c *call) answer {
	how := c.vars["type"]
	if how != "add" && how != "remove" {
		return badRequest("type must be one of the following values: add, remove")
	}
	ids := c.body["contacts"].([]any)
	if len(ids) > bulkLimit {
		return badRequest("contacts must contain no more than 500 elements")
	}
	list, _ := c.body["tags"].([]any)
	everything, _ := c.body["removeAllTags"].(bool)
	names := normalTags(list)
	if len(names) == 0 && !(everything && how == "remove") {
		return unprocessable("tags should not be empty")
	}
	failed := 0
	rows := make([]object, 0, len(ids))
	for i, id := range ids {
		if c.spoils != nil && c.spoils(i) {
			failed++
			rows = append(rows, object{"contactId": id, "message": "Something went wrong", "type": "error"})
			continue
		}
		row := s.bulkTagsRow(c, id.(string), names, how == "add", everything)
		if row["type"] == "error" {
			failed++
		}
		rows = append(rows, row)
	}
	return created(object{"succeded": true, "errorCount": failed, "responses": rows})
}

func (s *Server) bulkTagsRow(c *call, id string, names []string, add, everything bool) object {
	old, known := s.store.contacts[id]
	switch {
	case !known && !wellFormedID(id):
		return object{"contactId": id, "message": "contact id is not a valid firebase id", "type": "error"}
	case !known:
		return object{"contactId": id, "message": "contact does not belong to location", "type": "error"}
	case old.Deleted:
		return object{"contactId": id, "message": "contact is deleted", "type": "error"}
	}
	var remove []string
	switch {
	case add:
	case everything:
		names, remove = nil, old.Tags
	default:
		names, remove = nil, names
	}
	updated, added, removed := retag(old, names, remove)
	s.store.saveTags(c, updated, added, removed)
	return object{"contactId": id, "message": "Tags updated", "type": "success",
		"oldTags": orEmpty(old.Tags), "tagsAdded": added, "tagsRemoved": removed}
}

func wellFormedID(id string) bool {
	if len(id) != 20 {
		return false
	}
	return strings.Trim(id, letters) == ""
}

func (s *Server) tagView(t *tag) object {
	return object{"id": t.ID, "name": t.Name, "locationId": s.opts.Location}
}

func (s *Server) listTags(*call) answer {
	rows := []object{}
	for _, t := range s.store.tags.all() {
		rows = append(rows, s.tagView(t))
	}
	return ok(object{"tags": rows})
}

func (s *Server) getTag(c *call) answer {
	t, known := s.store.tags.byID[c.vars["tagId"]]
	if !known {
		return badRequest("The tag id is invalid.")
	}
	return ok(object{"tag": s.tagView(t)})
}

func (s *Server) createTag(c *call) answer {
	made, refusal, valid := s.namedTag(c, "")
	if !valid {
		return refusal
	}
	made.ID = s.store.newID(kindTag)
	s.store.saveTag(made)
	return created(object{"tag": s.tagView(made)})
}

// updateTag renames a definition. Contacts keep the tag they have.
func (s *Server) updateTag(c *call) answer {
	id := c.vars["tagId"]
	if _, known := s.store.tags.byID[id]; !known {
		return badRequest("The tag id is invalid.")
	}
	renamed, refusal, valid := s.namedTag(c, id)
	if !valid {
		return refusal
	}
	renamed.ID = id
	s.store.saveTag(renamed)
	return ok(object{"tag": s.tagView(renamed)})
}

// namedTag reads a tag's name, which no other tag may have.
func (s *Server) namedTag(c *call, id string) (*tag, answer, bool) {
	name := strings.ToLower(strings.TrimSpace(c.body["name"].(string)))
	if name == "" {
		return nil, unprocessable("name should not be empty"), false
	}
	if owner, defined := s.store.tagNames[name]; defined && owner != id {
		return nil, badRequest("The tag name is already exist."), false
	}
	return &tag{Name: name}, answer{}, true
}

// deleteTag forgets a definition. Contacts keep the tag they have.
func (s *Server) deleteTag(c *call) answer {
	t, known := s.store.tags.byID[c.vars["tagId"]]
	if !known {
		return badRequest("The tag id is invalid.")
	}
	s.store.tags.remove(t.ID)
	delete(s.store.tagNames, t.Name)
	s.store.log.drop(s.store.seq, kindTag, t.ID)
	return ok(object{"succeded": true})
}
