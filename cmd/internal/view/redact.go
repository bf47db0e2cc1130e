package view

import (
	"fmt"
	"strings"

	"lockstep/planner"
	"lockstep/schema"
)

// redactor replaces the instance keys of personal kinds by numbers. Equal keys
// get equal numbers within one plan, so that a contact and its task can still
// be told to belong together.
type redactor struct {
	names map[string]string
	texts *strings.Replacer
}

// newRedactor numbers the keys of a plan in the order of its changes. It is
// nil, which redacts nothing, unless the options ask for it.
func newRedactor(p *planner.Plan, o Options) *redactor {
	if !o.Redact {
		return nil
	}
	r := &redactor{names: map[string]string{}}
	var pairs []string
	for i := range p.Changes {
		c := &p.Changes[i]
		key := c.Address.Key
		if key.Type != schema.StringKey || r.names[key.Text] != "" {
			continue
		}
		if (c.Kind == nil || !c.Kind.Personal) && !strings.Contains(key.Text, "@") {
			continue
		}
		name := fmt.Sprintf("redacted-%d", len(r.names)+1)
		r.names[key.Text] = name
		pairs = append(pairs, schema.Key{Type: schema.StringKey, Text: key.Text}.String(),
			schema.Key{Type: schema.StringKey, Text: name}.String(),
			fmt.Sprintf("%q", key.Text), fmt.Sprintf("%q", name))
	}
	r.texts = strings.NewReplacer(pairs...)
	return r
}

// key returns the key as it may be shown.
func (r *redactor) key(k schema.Key) schema.Key {
	if r == nil {
		return k
	}
	if name, ok := r.names[k.Text]; ok && k.Type == schema.StringKey {
		k.Text = name
	}
	return k
}

// address returns the address as it may be shown.
func (r *redactor) address(a schema.Address) schema.Address {
	if r == nil {
		return a
	}
	a.Key = r.key(a.Key)
	a.Module = r.text(a.Module)
	return a
}

// text replaces the keys that stand quoted in a text.
func (r *redactor) text(s string) string {
	if r == nil || s == "" {
		return s
	}
	return r.texts.Replace(s)
}
