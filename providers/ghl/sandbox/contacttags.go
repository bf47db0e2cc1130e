package sandbox

import (
	"net/http"
	"slices"
	"strings"
)

// bulkLimit is how many contacts one bulk call may name.
const bulkLimit = 500

// contactTags are the calls that change the tags of contacts.
type contactTags struct {
	people *contacts
	tags   *tags
}

func (t contactTags) routes() []route {
	const path = "/contacts/{contactId}/tags"
	names := shape{"tags": {kind: texts, need: true}}
	bulk := shape{
		"contacts": {kind: texts, need: true}, "tags": {kind: texts},
		"locationId": {kind: text, need: true}, "removeAllTags": {kind: flag},
	}
	return []route{
		{method: http.MethodPost, pattern: path, scope: contactsWrite, body: names, serve: t.add},
		{method: http.MethodDelete, pattern: path, scope: contactsWrite, body: names, serve: t.remove},
		{method: http.MethodPost, pattern: "/contacts/bulk/tags/update/{type}", scope: contactsWrite, body: bulk, bulk: true, serve: t.bulk},
	}
}

// retag returns a contact with tags added and removed, and which were.
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

// save stores a contact whose tags changed; nothing changed is a no-op.
func (t contactTags) save(c *call, updated *contact, added, removed []string) {
	if len(added)+len(removed) == 0 {
		return
	}
	t.tags.define(c.now, added)
	t.people.save(c, updated)
}

func (t contactTags) add(c *call) *answer {
	old, refusal := t.people.named(c)
	if refusal != nil {
		return refusal
	}
	updated, added, _ := retag(old, normalTags(c.body["tags"].([]any)), nil)
	t.save(c, updated, added, nil)
	return created(object{"tags": orEmpty(updated.Tags), "tagsAdded": added})
}

func (t contactTags) remove(c *call) *answer {
	old, refusal := t.people.named(c)
	if refusal != nil {
		return refusal
	}
	updated, _, removed := retag(old, nil, normalTags(c.body["tags"].([]any)))
	t.save(c, updated, nil, removed)
	return ok(object{"tags": orEmpty(updated.Tags), "tagsRemoved": removed})
}

// bulk changes the tags of many contacts. It is 201 however many of them
// failed: each row has its own verdict.
func (t contactTags) bulk(c *call) *answer {
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
		row := t.row(c, id.(string), names, how == "add", everything)
		if row["type"] == "error" {
			failed++
		}
		rows = append(rows, row)
	}
	return created(object{"succeded": true, "errorCount": failed, "responses": rows})
}

func (t contactTags) row(c *call, id string, names []string, add, everything bool) object {
	old, known := t.people.byID[id]
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
	t.save(c, updated, added, removed)
	return object{"contactId": id, "message": "Tags updated", "type": "success",
		"oldTags": orEmpty(old.Tags), "tagsAdded": added, "tagsRemoved": removed}
}

func wellFormedID(id string) bool {
	if len(id) != 20 {
		return false
	}
	return strings.Trim(id, letters) == ""
}

// normalTags trims and lower-cases tags and drops empty and repeated ones.
func normalTags(list []any) []string {
	out := make([]string, 0, len(list))
	for _, v := range list {
		if s := normalTag(v); s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
