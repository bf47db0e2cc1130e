package view

import (
	"encoding/json"
	"fmt"
	"strings"

	"lockstep/planner"
	"lockstep/planner/state"
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
		for _, a := range p.Changes[i].Authors() {
			r.hide(p.Changes[i].Kind, a.Address.Key)
			if a.Previous != nil {
				r.hide(p.Changes[i].Kind, a.Previous.Key)
			}
		}
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

// RedactedAddresses are addresses as they may be shown to others; kind finds
// the kind of a name.
func RedactedAddresses(addresses []schema.Address, kind func(name string) *schema.Kind) []schema.Address {
	p := &planner.Plan{Changes: make([]planner.Change, len(addresses))}
	for i, a := range addresses {
		p.Changes[i] = planner.Change{Author: planner.Author{Address: a}, Kind: kind(a.Kind)}
	}
	r := newRedactor(p, Options{Redact: true})
	out := make([]schema.Address, len(addresses))
	for i, a := range addresses {
		out[i] = r.address(a)
	}
	return out
}

// RedactedField hides the value of a personal field.
const RedactedField = personalText

// RedactedOutputs are outputs as they may be shown to others.
func RedactedOutputs(outputs map[string]state.Output) map[string]state.Output {
	out := make(map[string]state.Output, len(outputs))
	for name, o := range outputs {
		o.Value = json.RawMessage(redactJSON(string(o.Value)))
		out[name] = o
	}
	return out
}

// outputChanges are the changes of outputs as they may be shown.
func outputChanges(p *planner.Plan, o Options) []planner.OutputChange {
	if !o.Redact {
		return p.Outputs
	}
	changes := make([]planner.OutputChange, len(p.Outputs))
	for i, c := range p.Outputs {
		c.Before, c.After = redactJSON(c.Before), redactJSON(c.After)
		changes[i] = c
	}
	return changes
}

// redactJSON hides the value of an output unless it is a number or a truth
// value: lockstep cannot tell what a text is about, not even the keys of a map.
func redactJSON(text string) string {
	if text == "" || !strings.ContainsAny(text[:1], `"{[`) {
		return text
	}
	return redacted
}
