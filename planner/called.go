package planner

import (
	"strings"

	"lockstep/planner/state"
	"lockstep/schema"
)

// maxCalled is how many characters of a text an object is called by.
const maxCalled = 60

// Called returns an address as people read it. A key that nobody can read, because
// the state keeps it as a hash, gives way to what the live object is called:
// ghl_contact.member[Ada Example, ada@example.com]. It has no quotes, because no
// object has that for its key. live may be nil.
func Called(a schema.Address, kind *schema.Kind, live *schema.Object) string {
	if kind == nil || live == nil || a.Key.Type != schema.StringKey || !state.SealedKey(a.Key.Text) {
		return a.String()
	}
	title := Title(kind, live)
	if title == "" {
		return a.String()
	}
	source := a.Source
	a.Key, a.Source = schema.Key{}, false
	text := a.String() + "[" + title + "]"
	if source {
		text += ".source"
	}
	return text
}

// Called returns the address of one of the change's authors as people read it.
func (c *Change) Called(author int) string { return Called(c.Wants(author).Address, c.Kind, c.Live) }

// Title is what people call a live object: its name and natural key, or what it
// consists of. It is empty for one that has neither, or that there is not.
func Title(kind *schema.Kind, live *schema.Object) string {
	if live == nil {
		return ""
	}
	var parts []string
	add := func(paths []string) bool {
		text := strings.Join(strings.Fields(joined(kind, live, paths)), " ")
		if text != "" {
			parts = append(parts, text)
		}
		return text != ""
	}
	var name []string
	for i := range kind.Attributes {
		if a := &kind.Attributes[i]; a.Title {
			name = append(name, a.Name)
		}
	}
	add(name)
	for _, key := range kind.Keys {
		if add(key) {
			break
		}
	}
	if len(parts) == 0 {
		add(kind.Content)
	}
	title := []rune(strings.Join(parts, ", "))
	if len(title) > maxCalled {
		return string(title[:maxCalled-1]) + "…"
	}
	return string(title)
}

// joined are the texts of an object's attributes that may be shown, with spaces
// between them.
func joined(kind *schema.Kind, o *schema.Object, paths []string) string {
	texts := make([]string, len(paths))
	for i, path := range paths {
		a := kind.Attribute(path)
		if f, has := o.Fields.Find(path); has && !f.Sensitive && a != nil && !a.Sensitive {
			texts[i] = f.Value.Text()
		}
	}
	return strings.Join(texts, " ")
}
