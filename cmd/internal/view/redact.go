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
	pairs []string
	texts *strings.Replacer
}

// newRedactor numbers the keys of a plan in the order of its changes. It is
// nil, which redacts nothing, unless the options ask for it.
func newRedactor(p *planner.Plan, o Options) *redactor {
	if !o.Redact {
		return nil
	}
	r := &redactor{names: map[string]string{}}
	for i := range p.Changes {
		r.hide(p.Changes[i].Kind, p.Changes[i].Address.Key)
	}
	for _, u := range p.Unmatched {
		for _, a := range u.Addresses {
			r.hide(u.Kind, a.Key)
		}
	}
	r.texts = strings.NewReplacer(r.pairs...)
	return r
}

// hide gives the key of a personal kind its number.
func (r *redactor) hide(kind *schema.Kind, key schema.Key) {
	if key.Type != schema.StringKey || r.names[key.Text] != "" {
		return
	}
	if (kind == nil || !kind.Personal) && !strings.Contains(key.Text, "@") {
		return
	}
	name := fmt.Sprintf("redacted-%d", len(r.names)+1)
	r.names[key.Text] = name
	r.pairs = append(r.pairs, schema.Key{Type: schema.StringKey, Text: key.Text}.String(),
		schema.Key{Type: schema.StringKey, Text: name}.String(),
		fmt.Sprintf("%q", key.Text), fmt.Sprintf("%q", name))
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
