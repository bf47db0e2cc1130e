package ghl

import (
	"context"
	"encoding/json"
	"fmt"

	"lockstep/providers"
	"lockstep/providers/transport"
)

// bulk gives members or a value to many objects, by one call for all that get the
// same. These are all of the operation, unless a value was not known when its
// writes were grouped: what a call carries must be right for each of its objects.
func (w *writer) bulk(ctx context.Context, ch channel, o providers.Operation) []providers.Result {
	out := make([]providers.Result, len(o.Writes))
	for _, places := range alike(o.Writes) {
		part := o
		part.Writes = make([]providers.Write, len(places))
		for i, at := range places {
			part.Writes[i] = o.Writes[at]
		}
		for i, r := range w.bulkCall(ctx, ch, part) {
			out[places[i]] = r
		}
	}
	return out
}

// alike divides writes by what their objects are to get, and returns the places
// of those that get the same, in the order of the writes.
func alike(writes []providers.Write) [][]int {
	pointers := make([]*providers.Write, len(writes))
	for i := range writes {
		pointers[i] = &writes[i]
	}
	sets := setsOf(pointers)
	at := map[string]int{}
	var out [][]int
	for i := range writes {
		set := sets[who(&writes[i])]
		part, known := at[set]
		if !known {
			part = len(out)
			at[set], out = part, append(out, nil)
		}
		out[part] = append(out[part], i)
	}
	return out
}

// bulkCall gives the same members, or the same value, to many objects.
func (w *writer) bulkCall(ctx context.Context, ch channel, o providers.Operation) []providers.Result {
	k, first := w.kind, o.Writes[0]
	r := request{call: ch.callOf(&first), safety: transport.Repeatable}
	var ids []string
	known := map[string]bool{}
	for i := range o.Writes {
		id := ch.idOf(&o.Writes[i])
		if id == "" {
			return same(o, failed(fmt.Errorf("the id of the %s %s is not known", k.Noun, o.Writes[i].Address)))
		}
		if !known[id] {
			known[id] = true
			ids = append(ids, id)
		}
	}
	r.body = map[string]any{ch.ids: ids}
	if direction(&first) == "set" {
		var value any
		for _, f := range written(first.Fields) {
			if !isEmpty(f.Value) {
				value = f.Value.ToJSON()
			}
		}
		if ch.listed {
			value = []any{value}
		}
		r.body[ch.body] = value
	} else {
		r.body[ch.body] = sentMembers(o.Writes)
	}
	answer, err := w.account.send(ctx, r)
	if err != nil {
		k.judge(err)
		return same(o, failed(err))
	}
	return verdicts(k, ch, r, o, answer)
}

// idOf is the id by which a bulk call knows the object of a write.
func (ch channel) idOf(c *providers.Write) string {
	if ch.ofParent {
		return c.Parent
	}
	return c.ID
}

// bulkAnswer are the two shapes of answers to bulk calls: a verdict for each
// object, or the ids that were written.
type bulkAnswer struct {
	Responses []map[string]any `json:"responses"`
	IDs       []string         `json:"ids"`
	TraceID   string           `json:"traceId"`
}

// verdicts reads the verdicts: done are the ids of the objects that were
// written, refused has the message for each of the others. property names the
// object in a verdict.
func (b *bulkAnswer) verdicts(property string) (done map[string]bool, refused map[string]string) {
	done, refused = map[string]bool{}, map[string]string{}
	for _, id := range b.IDs {
		done[id] = true
	}
	for _, row := range b.Responses {
		id, _ := row[property].(string)
		if row["type"] == "error" {
			refused[id], _ = row["message"].(string)
		} else {
			done[id] = true
		}
	}
	return done, refused
}

// verdicts reads one result for each write. A bulk call answers 201 although
// some of its objects were refused.
func verdicts(k *kind, ch channel, r request, o providers.Operation, body []byte) []providers.Result {
	var answer bulkAnswer
	if err := json.Unmarshal(body, &answer); err != nil {
		return same(o, providers.Result{Outcome: providers.Uncertain, Err: fmt.Errorf("%s %s: the answer cannot be read: %w", r.method, r.path, err)})
	}
	done, refused := answer.verdicts(ch.verdict)
	out := make([]providers.Result, len(o.Writes))
	for i := range o.Writes {
		c, id := &o.Writes[i], ch.idOf(&o.Writes[i])
		message, no := refused[id]
		switch {
		case no:
			err := &providers.APIError{Method: r.method, Path: r.path, Status: 400, Message: message, TraceID: answer.TraceID}
			k.judge(err)
			out[i] = failed(err)
		case done[id]:
			out[i] = providers.Result{Outcome: providers.Done, Object: object(k, c.ID)}
		default:
			out[i] = providers.Result{Outcome: providers.Uncertain, Err: fmt.Errorf("%s %s: the answer has no verdict on %s", r.method, r.path, id)}
		}
	}
	return out
}
