package sandbox

import (
	"encoding/json"
	"strings"
	"time"
)

// tag is a tag of the location's dictionary. Contacts hold tags by name: what the
// dictionary renames or deletes, they keep.
type tag struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// tags is the dictionary.
type tags struct {
	resource[tag]
	ids map[string]string // by name
}

func newTags(l *location) *tags {
	name := shape{"name": {kind: text, need: true}}
	t := &tags{ids: map[string]string{}, resource: resource[tag]{
		collection: newCollection[tag](l.store, "tag"),
		path:       "/locations/{locationId}/tags", scope: "locations/tags",
		words:  words{one: "tag", many: "tags", unknown: "The tag id is invalid.", deleted: []string{"succeded"}},
		shapes: shapes{create: name, update: name},
		own:    func(item *tag, id, _ string) { item.ID = id },
		view: func(item *tag) object {
			return object{"id": item.ID, "name": item.Name, "locationId": l.settings.ID}
		},
	}}
	t.fill = t.named
	t.changed = func(old, now *tag) {
		if old != nil {
			delete(t.ids, old.Name)
		}
		if now != nil {
			t.ids[now.Name] = now.ID
		}
	}
	return t
}

// define puts tags that are new to the location into its dictionary.
func (t *tags) define(at time.Time, names []string) {
	for _, name := range names {
		if _, defined := t.ids[name]; !defined {
			id := t.store.newID(t.kind)
			t.put(at, id, &tag{ID: id, Name: name})
		}
	}
}

// named gives a tag the name of a body, which no other tag may have.
func (t *tags) named(c *call, item *tag) *answer {
	item.Name = normalTag(c.body["name"])
	if item.Name == "" {
		return unprocessable("name should not be empty")
	}
	if owner, defined := t.ids[item.Name]; defined && owner != item.ID {
		return badRequest("The tag name is already exist.")
	}
	return nil
}

func (t *tags) member() string { return "tags" }

// plant defines the tags of a list of names.
func (t *tags) plant(raw json.RawMessage, p *planter) error {
	var names []string
	if err := json.Unmarshal(raw, &names); err != nil {
		return err
	}
	t.define(p.now, names)
	return nil
}

// normalTag writes a tag as the API keeps it.
func normalTag(v any) string {
	s, _ := v.(string)
	return strings.ToLower(strings.TrimSpace(s))
}
