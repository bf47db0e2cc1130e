package ghl

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"lockstep/providers"
	"lockstep/providers/transport"
	"lockstep/schema"
)

// whole is the body of an update that replaces all that an object has: what the
// object has right now, over which the update is laid.
func (w *writer) whole(ctx context.Context, c providers.Write, update map[string]any) (map[string]any, error) {
	r := request{call: w.kind.get, id: c.ID, parent: parentIn(w.kind, c), safety: transport.Read}
	answer, err := w.account.send(ctx, r)
	if err != nil {
		return nil, err
	}
	body, err := envelopeOf(answer, r.envelope)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", r.method, r.path, err)
	}
	for _, property := range w.kind.update.replaces {
		delete(body, property)
	}
	for property, value := range update {
		a := w.kind.itemsBy(property)
		rows, isRows := value.([]map[string]any)
		if a == nil || !isRows {
			body[property] = value
			continue
		}
		if body[property], err = wholeItems(a, c.Live, body[property], rows); err != nil {
			return nil, err
		}
	}
	return body, nil
}

// envelopeOf is the object in an answer, under the first of some names that is
// there.
func envelopeOf(answer []byte, names string) (map[string]any, error) {
	var body map[string]any
	if err := json.Unmarshal(answer, &body); err != nil {
		return nil, err
	}
	for _, name := range strings.Split(names, "|") {
		if inner, ok := body[name].(map[string]any); ok {
			return inner, nil
		}
	}
	return body, nil
}

// itemsBy finds the attribute that is owned by items and travels as a property; nil
// when there is none.
func (k *kind) itemsBy(property string) *attribute {
	i := slices.IndexFunc(k.attributes, func(a attribute) bool { return a.wire == property && a.Own == schema.OwnItems })
	if i < 0 {
		return nil
	}
	return &k.attributes[i]
}

// wholeItems lays rows over the items that are there now, by their ids. Items that
// came since the plan was made are kept, and one that went is an error: what was
// planned for it would make it again.
func wholeItems(a *attribute, planned *schema.Object, now any, rows []map[string]any) ([]map[string]any, error) {
	current := map[string]map[string]any{}
	var order []string
	list, _ := now.([]any)
	for _, item := range list {
		if row, ok := item.(map[string]any); ok {
			id, _ := row[schema.ItemID].(string)
			current[id], order = row, append(order, id)
		}
	}
	out := make([]map[string]any, 0, len(rows))
	seen := map[string]bool{}
	for _, row := range rows {
		id, _ := row[schema.ItemID].(string)
		was, there := current[id]
		if id != "" && !there {
			return nil, fmt.Errorf("%s has changed since the plan was made: the item with the id %s is gone. Make a new plan", a.Name, id)
		}
		seen[id] = true
		out = append(out, laidOver(was, row))
	}
	if planned != nil {
		for _, item := range planned.Value(a.Name).Items() {
			seen[item.Entry(schema.ItemID).Text()] = true
		}
	}
	for _, id := range order {
		if !seen[id] {
			out = append(out, current[id])
		}
	}
	for i := range out {
		if _, placed := out[i]["position"]; placed {
			out[i]["position"] = i
		}
	}
	return out, nil
}

func laidOver(was, row map[string]any) map[string]any {
	out := map[string]any{}
	maps.Copy(out, was)
	maps.Copy(out, row)
	return out
}
