package ghl

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"lockstep/providers"
	"lockstep/providers/transport"
	"lockstep/schema"
)

// Do makes the one API call of an operation.
func (p *Provider) Do(ctx context.Context, o providers.Operation) []providers.Result {
	if len(o.Writes) == 0 {
		return nil
	}
	k, err := p.kindOf(o.Kind)
	if err != nil {
		return same(o, failed(err))
	}
	ch, separate := k.channels[o.Channel]
	switch {
	case separate && ch.most > 0:
		return p.doBulk(ctx, k, ch, o)
	case separate && !ch.shared:
		return same(o, p.doMembers(ctx, k, ch, o))
	case o.Action == providers.Create:
		return same(o, p.doCreate(ctx, k, o.Writes[0]))
	case o.Action == providers.Delete:
		return same(o, p.doDelete(ctx, k, o.Writes[0]))
	default:
		return same(o, p.doUpdate(ctx, k, o.Writes))
	}
}

// same gives every write of an operation the same result.
func same(o providers.Operation, r providers.Result) []providers.Result {
	out := make([]providers.Result, len(o.Writes))
	for i := range out {
		out[i] = r
	}
	return out
}

// failed is the result that an error makes.
func failed(err error) providers.Result {
	r := providers.Result{Outcome: providers.Failed, Err: err}
	if errors.Is(err, transport.ErrUncertain) {
		r.Outcome = providers.Uncertain
	}
	return r
}

// object is what is known of an object of which an answer says nothing more.
func object(k *kind, id string) schema.Object { return schema.Object{Kind: k.Name, ID: id} }

func (p *Provider) doCreate(ctx context.Context, k *kind, c providers.Write) providers.Result {
	r := request{call: k.create, parent: parentIn(k, c), safety: transport.Once}
	if k.Parent != "" && r.parent == "" {
		return failed(fmt.Errorf("the %s of the new %s is not known", k.Parent, k.Noun))
	}
	body, sent, err := p.body(ctx, k, "", c.Fields, true)
	if err != nil {
		return failed(err)
	}
	r.body = body
	answer, err := p.send(ctx, r)
	if err != nil {
		if api := apiError(err); api != nil {
			// What is gone could only be the parent.
			api.Gone = false
		}
		k.blame(err, sent)
		return failed(err)
	}
	p.wrote(k)
	o, err := p.decodeOne(ctx, k, answer, r, nil)
	if err == nil && o == nil {
		err = errors.New("the answer names no id")
	}
	if err != nil {
		return providers.Result{Outcome: providers.Uncertain, Err: fmt.Errorf("%s %s: %w", r.method, r.path, err)}
	}
	return providers.Result{Outcome: providers.Done, Object: *o}
}

// doUpdate sends the fields of the writes of one object.
func (p *Provider) doUpdate(ctx context.Context, k *kind, writes []providers.Write) providers.Result {
	first := writes[0]
	r := request{call: k.update, id: first.ID, parent: parentIn(k, first), safety: transport.Repeatable, body: map[string]any{}}
	if r.id == "" {
		return failed(fmt.Errorf("the id of the %s is not known", k.Noun))
	}
	var sent []string
	for _, c := range writes {
		body, paths, err := p.body(ctx, k, c.Channel, completed(k, c), false)
		if err != nil {
			return failed(err)
		}
		for name, value := range body {
			r.body[name] = value
		}
		sent = append(sent, paths...)
	}
	answer, err := p.send(ctx, r)
	if err != nil {
		k.judge(err)
		k.blame(err, sent)
		return failed(err)
	}
	p.wrote(k)
	if o, err := p.decodeOne(ctx, k, answer, r, nil); err == nil && o != nil {
		return providers.Result{Outcome: providers.Done, Object: *o}
	}
	return providers.Result{Outcome: providers.Done, Object: object(k, r.id)}
}

// completed adds the live values that must go with an update.
func completed(k *kind, c providers.Write) schema.Fields {
	if c.Live == nil {
		return c.Fields
	}
	var missing schema.Fields
	for i := range k.attributes {
		a := &k.attributes[i]
		given := c.Fields.Of(a.Name)
		switch {
		case a.withUpdate && len(given) == 0:
			missing = append(missing, c.Live.Fields.Of(a.Name)...)
		case a.together && len(given) > 0:
			for _, f := range c.Live.Fields.Of(a.Name) {
				// A permanent setting cannot even be written as it is.
				if _, ok := given.Find(f.Path); !ok && f.Value.Text() != "permanent" {
					missing = append(missing, f)
				}
			}
		}
	}
	if len(missing) == 0 {
		return c.Fields
	}
	fields := slices.Concat(c.Fields, missing)
	fields.Sort()
	return fields
}

// doDelete deletes an object. One that is gone already is what was wanted.
func (p *Provider) doDelete(ctx context.Context, k *kind, c providers.Write) providers.Result {
	r := request{call: k.remove, id: c.ID, parent: parentIn(k, c), safety: transport.Repeatable}
	if r.id == "" {
		return failed(fmt.Errorf("the id of the %s is not known", k.Noun))
	}
	_, err := p.send(ctx, r)
	if err != nil {
		k.judge(err)
		if !isGone(err) {
			return failed(err)
		}
	}
	p.wrote(k)
	return providers.Result{Outcome: providers.Done, Object: object(k, r.id)}
}

// wrote forgets what a write has made stale.
func (p *Provider) wrote(k *kind) {
	if k.Name == kindCustomField {
		p.forgetDefinitions()
	}
}

// parentIn is the id of the parent of a write's object.
func parentIn(k *kind, c providers.Write) string {
	if k.Parent == "" || c.Parent != "" {
		return c.Parent
	}
	if id := c.Fields.Value(k.Parent).Text(); id != "" {
		return id
	}
	if c.Live != nil {
		return c.Live.Value(k.Parent).Text()
	}
	return ""
}

// body makes the body of a create or an update from the fields that travel by
// a channel. sent are the paths of its custom fields, in their order.
func (p *Provider) body(ctx context.Context, k *kind, channel string, fields schema.Fields, create bool) (map[string]any, []string, error) {
	body := map[string]any{}
	var sent []string
	for i := range k.attributes {
		a := &k.attributes[i]
		if a.wire == "" || a.Channel != channel {
			continue
		}
		given := written(fields.Of(a.Name))
		switch {
		case len(given) == 0:
			if create && a.always != nil {
				body[a.wire] = a.always
			}
		case a.Name == "custom_fields":
			if create {
				given = nonEmpty(given)
			}
			rows, err := p.encodeCustomFields(ctx, given)
			if err != nil {
				return nil, nil, err
			}
			for _, f := range given {
				sent = append(sent, f.Path)
			}
			if len(rows) > 0 {
				body[a.wire] = rows
			}
		case a.Own == schema.OwnKeys:
			entries := map[string]schema.Value{}
			for _, f := range given {
				entries[schema.PathKey(f.Path)] = f.Value
			}
			body[a.wire] = a.form.encode(schema.MapValue(entries))
		default:
			if value, send := a.toWire(given[0].Value, create); send {
				body[a.wire] = value
			}
		}
	}
	return body, sent, nil
}

// nonEmpty drops fields that a create need not mention.
func nonEmpty(fields schema.Fields) schema.Fields {
	var out schema.Fields
	for _, f := range fields {
		if !isEmpty(f.Value) {
			out = append(out, f)
		}
	}
	return out
}

// written are the fields that were given rather than derived.
func written(fields schema.Fields) schema.Fields {
	if !slices.ContainsFunc(fields, func(f schema.Field) bool { return f.Derived }) {
		return fields
	}
	return slices.DeleteFunc(slices.Clone(fields), func(f schema.Field) bool { return f.Derived })
}

func isEmpty(v schema.Value) bool {
	return v.IsAbsent() || v.Type() == schema.String && v.Text() == ""
}

// toWire makes the JSON of a value. An empty one clears, and is not sent with
// a create, except where the API insists on the property.
func (a *attribute) toWire(v schema.Value, create bool) (any, bool) {
	if isEmpty(v) {
		switch {
		case create:
			return a.always, a.always != nil
		case a.null:
			return nil, true
		case a.always != nil:
			return a.always, true
		case a.Default.Type() != schema.Absent:
			return a.Default.ToJSON(), true
		default:
			return "", true
		}
	}
	if a.form.encode != nil {
		return a.form.encode(v), true
	}
	return v.ToJSON(), true
}

// doMembers changes the members of one object's set.
func (p *Provider) doMembers(ctx context.Context, k *kind, ch channel, o providers.Operation) providers.Result {
	first := o.Writes[0]
	r := request{call: ch.callOf(&first), id: first.ID, parent: parentIn(k, first), safety: transport.Repeatable}
	if r.id == "" {
		return failed(fmt.Errorf("the id of the %s is not known", k.Noun))
	}
	r.body = map[string]any{ch.body: membersOf(o.Writes)}
	if _, err := p.send(ctx, r); err != nil {
		k.judge(err)
		return failed(err)
	}
	return providers.Result{Outcome: providers.Done, Object: object(k, r.id)}
}

// doBulk gives the same members, or the same value, to many objects.
func (p *Provider) doBulk(ctx context.Context, k *kind, ch channel, o providers.Operation) []providers.Result {
	first := o.Writes[0]
	r := request{call: ch.callOf(&first), safety: transport.Repeatable}
	var ids []string
	known := map[string]bool{}
	for _, c := range o.Writes {
		if c.ID == "" {
			return same(o, failed(fmt.Errorf("the id of the %s %s is not known", k.Noun, c.Address)))
		}
		if !known[c.ID] {
			known[c.ID] = true
			ids = append(ids, c.ID)
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
		r.body[ch.body] = value
	} else {
		r.body[ch.body] = membersOf(o.Writes)
	}
	answer, err := p.send(ctx, r)
	if err != nil {
		k.judge(err)
		return same(o, failed(err))
	}
	return verdicts(k, r, o, answer)
}

// bulkAnswer are the two shapes of answers to bulk calls: a verdict for each
// object, or the ids that were written.
type bulkAnswer struct {
	Responses []struct {
		ContactID string `json:"contactId"`
		Message   string `json:"message"`
		Type      string `json:"type"`
	} `json:"responses"`
	IDs     []string `json:"ids"`
	TraceID string   `json:"traceId"`
}

// verdicts reads one result for each write. A bulk call answers 201 although
// some of its objects were refused.
func verdicts(k *kind, r request, o providers.Operation, body []byte) []providers.Result {
	var answer bulkAnswer
	if err := json.Unmarshal(body, &answer); err != nil {
		return same(o, providers.Result{Outcome: providers.Uncertain, Err: fmt.Errorf("%s %s: the answer cannot be read: %w", r.method, r.path, err)})
	}
	done := map[string]bool{}
	refused := map[string]string{}
	for _, id := range answer.IDs {
		done[id] = true
	}
	for _, row := range answer.Responses {
		if row.Type == "error" {
			refused[row.ContactID] = row.Message
		} else {
			done[row.ContactID] = true
		}
	}
	out := make([]providers.Result, len(o.Writes))
	for i, c := range o.Writes {
		message, no := refused[c.ID]
		switch {
		case no:
			err := &providers.APIError{Method: r.method, Path: r.path, Status: 400, Message: message, TraceID: answer.TraceID}
			k.judge(err)
			out[i] = failed(err)
		case done[c.ID]:
			out[i] = providers.Result{Outcome: providers.Done, Object: object(k, c.ID)}
		default:
			out[i] = providers.Result{Outcome: providers.Uncertain, Err: fmt.Errorf("%s %s: the answer has no verdict on %s", r.method, r.path, c.ID)}
		}
	}
	return out
}
