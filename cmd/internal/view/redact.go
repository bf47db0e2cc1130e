package view

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"lockstep/planner"
	"lockstep/planner/state"
	"lockstep/schema"
)

// redactor puts numbers in the place of keys, of instances and of modules. Equal
// keys get equal numbers. A nil one shows everything.
type redactor struct {
	names map[string]string
	pairs []string
	texts *strings.Replacer
}

// newRedactor numbers the keys of a plan in the order of its changes.
func newRedactor(p *planner.Plan) *redactor {
	r := &redactor{names: map[string]string{}}
	for i := range p.Changes {
		for _, a := range p.Changes[i].Authors() {
			a.Address.WithKeys(r.number)
			if a.Previous != nil {
				a.Previous.WithKeys(r.number)
			}
		}
	}
	for _, u := range p.Unmatched {
		for _, a := range u.Addresses {
			a.WithKeys(r.number)
		}
	}
	for i := range p.Invocations {
		p.Invocations[i].Address.WithKeys(r.number)
	}
	for _, a := range slices.SortedFunc(maps.Keys(p.Instances), schema.Address.Compare) {
		a.WithKeys(r.number)
	}
	r.texts = strings.NewReplacer(r.pairs...)
	return r
}

// number returns the number of a key.
func (r *redactor) number(key string) string {
	if name, known := r.names[key]; known {
		return name
	}
	name := fmt.Sprintf("redacted-%d", len(r.names)+1)
	r.names[key] = name
	r.pairs = append(r.pairs, schema.Key{Type: schema.StringKey, Text: key}.String(),
		schema.Key{Type: schema.StringKey, Text: name}.String(),
		fmt.Sprintf("%q", key), fmt.Sprintf("%q", name))
	return name
}

// address returns the address as it may be shown.
func (r *redactor) address(a schema.Address) schema.Address {
	if r == nil {
		return a
	}
	return a.WithKeys(r.number)
}

// text hides keys, and what looks like a person, in a text.
func (r *redactor) text(s string) string {
	if r == nil || s == "" {
		return s
	}
	return hidePeople(r.texts.Replace(s))
}

// RedactedAddresses are addresses as they may be shown to others.
func RedactedAddresses(addresses []schema.Address) []schema.Address {
	r := &redactor{names: map[string]string{}}
	return r.addresses(addresses)
}

// RedactedValue is a value of an attribute of the state as it may be shown to
// others. a is nil for an attribute that is not known.
func RedactedValue(a *schema.Attribute, v schema.Value) schema.Value {
	if shareable(a, v) {
		return v
	}
	return hiddenValue(v)
}

// RedactedID is the id of an object as it may be shown to others.
func RedactedID(kind *schema.Kind, id string) string { return (&redactor{}).id(kind, id) }

// RedactedOutputs are outputs as they may be shown to others.
func RedactedOutputs(outputs map[string]state.Output) map[string]state.Output {
	out := make(map[string]state.Output, len(outputs))
	for name, o := range outputs {
		o.Value = json.RawMessage(redactJSON(string(o.Value)))
		out[name] = o
	}
	return out
}

// redactJSON hides the value of an output unless it is a number or a truth
// value: lockstep cannot tell what a text is about, not even the keys of a map.
func redactJSON(text string) string {
	if text == "" || !strings.ContainsAny(text[:1], `"{[`) {
		return text
	}
	return redacted
}
