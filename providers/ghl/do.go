package ghl

import (
	"context"
	"errors"
	"fmt"
	"maps"
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
	w := &writer{account: p.account, kind: k}
	ch, separate := k.channels[o.Channel]
	switch {
	case separate && o.Bulk:
		return w.bulk(ctx, ch, o)
	case separate && !ch.shared:
		return same(o, w.channel(ctx, ch, o))
	case o.Action == providers.Create && k.create.many > 0:
		return w.createMany(ctx, o.Writes)
	case o.Action == providers.Create:
		return same(o, w.create(ctx, o.Writes[0]))
	case o.Action == providers.Delete:
		return same(o, w.remove(ctx, o.Writes[0]))
	default:
		return same(o, w.update(ctx, o.Writes))
	}
}

// writer writes objects of one kind.
type writer struct {
	account *account
	kind    *kind
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

// object is an object of which only the id is known.
func object(k *kind, id string) schema.Object { return schema.Object{Kind: k.Name, ID: id} }

// create makes an object. An answer without id is no failure: the object is
// there, and a natural key finds it.
func (w *writer) create(ctx context.Context, c providers.Write) providers.Result {
	k := w.kind
	r := request{call: k.create, parent: parentIn(k, c), named: c.Fields, safety: transport.Once}
	if k.Parent != "" && r.parent == "" {
		return failed(fmt.Errorf("the %s of the new %s is not known", k.Parent, k.Noun))
	}
	b, err := w.body(ctx, "", c.Fields, true)
	if err != nil {
		return failed(err)
	}
	r.body = b.properties
	name, id := k.holds(r.parent)
	if a := k.attributeOf(name); a != nil && a.wire != "" {
		r.body[a.wire] = id
	}
	answer, err := w.account.send(ctx, r)
	if err != nil {
		if api := apiError(err); api != nil {
			// What is gone could only be the parent.
			api.Gone = false
		}
		k.blame(err, b.rows)
		return failed(err)
	}
	w.wrote()
	if k.Listing.Blind {
		return k.unseen(r, c, answer)
	}
	get := &getter{account: w.account, kind: k}
	o, err := get.decode(ctx, answer, r)
	if err == nil && o == nil {
		o, err = get.made(ctx, c.Fields, r.parent)
	}
	if err == nil && r.partial {
		o = get.again(ctx, o)
	}
	if err != nil {
		return providers.Result{Outcome: providers.Uncertain, Err: fmt.Errorf("%s %s: %w", r.method, r.path, err)}
	}
	return w.reread(ctx, r, c, k.verified(providers.Result{Outcome: providers.Done, Object: *o}, c.Fields))
}

// update sends the fields of the writes of one object.
func (w *writer) update(ctx context.Context, writes []providers.Write) providers.Result {
	k, first := w.kind, writes[0]
	r := request{call: k.updateOf(writes), id: first.ID, parent: parentIn(k, first), safety: transport.Repeatable, body: map[string]any{}}
	if r.id == "" {
		return failed(fmt.Errorf("the id of the %s is not known", k.Noun))
	}
	rows := map[string][]string{}
	for _, c := range byChannel(writes) {
		b, err := w.body(ctx, c.Channel, buried(k, c.Live, completed(k, c)), false)
		if err != nil {
			return failed(err)
		}
		maps.Copy(r.body, b.properties)
		maps.Copy(rows, b.rows)
	}
	if r.replaces != nil {
		whole, err := w.whole(ctx, first, r.body)
		if err != nil {
			k.judge(err)
			return failed(err)
		}
		r.body = whole
	}
	answer, err := w.account.send(ctx, r)
	if err != nil {
		k.judge(err)
		k.blame(err, rows)
		return failed(err)
	}
	w.wrote()
	get := &getter{account: w.account, kind: k}
	if o, err := get.decode(ctx, answer, r); err == nil && o != nil {
		if r.partial {
			o = get.again(ctx, o)
		}
		var sent schema.Fields
		for _, c := range writes {
			sent = append(sent, c.Fields...)
		}
		return w.reread(ctx, r, first, k.verified(providers.Result{Outcome: providers.Done, Object: *o}, sent))
	}
	return providers.Result{Outcome: providers.Done, Object: object(k, r.id)}
}

// reread completes the object of a write whose answer was terse: where others
// refer to the object, it is read again. If that fails, the part is what is known.
func (w *writer) reread(ctx context.Context, r request, c providers.Write, done providers.Result) providers.Result {
	if !r.terse || !c.Whole || done.Outcome != providers.Done {
		return done
	}
	get := &getter{account: w.account, kind: w.kind, alone: true}
	if found, err := get.one(ctx, providers.Key{ID: done.Object.ID, Parent: r.parent}); err == nil && found != nil {
		done.Object = *found
	}
	return done
}

// byChannel makes one write of each channel of those of one object, in the
// order of the channels. Of two values of a field the later counts.
func byChannel(writes []providers.Write) []providers.Write {
	var out []providers.Write
	for _, c := range writes {
		i := slices.IndexFunc(out, func(o providers.Write) bool { return o.Channel == c.Channel })
		if i < 0 {
			out = append(out, c)
			continue
		}
		fields := slices.DeleteFunc(slices.Clone(out[i].Fields), func(f schema.Field) bool {
			_, again := c.Fields.Find(f.Path)
			return again
		})
		out[i].Fields = append(fields, c.Fields...)
		out[i].Fields.Sort()
	}
	return out
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
		case a.follows != "" && len(given) == 0:
			missing = append(missing, following(a, c)...)
		case a.together && len(given) > 0:
			for _, f := range c.Live.Fields.Of(a.Name) {
				// A permanent setting cannot even be written as it is.
				if _, ok := given.Find(f.Path); !ok && f.Value.Text() != "permanent" && a.takes(schema.PathKey(f.Path)) {
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

// remove deletes an object, or retires it. One that is gone already is what was
// wanted.
func (w *writer) remove(ctx context.Context, c providers.Write) providers.Result {
	k := w.kind
	if left, shared := k.left(w.account, &c); shared {
		c.Action, c.Fields = providers.Update, left
		return w.update(ctx, []providers.Write{c})
	}
	if k.retires(&c) {
		retired := w.update(ctx, []providers.Write{c})
		if isGone(retired.Err) {
			return providers.Result{Outcome: providers.Done, Object: object(k, c.ID)}
		}
		return retired
	}
	r := request{call: k.remove, id: c.ID, parent: parentIn(k, c), safety: transport.Repeatable}
	if o, ok := k.identified(c.ID); ok {
		r.named = o.Fields
	}
	if r.id == "" {
		return failed(fmt.Errorf("the id of the %s is not known", k.Noun))
	}
	_, err := w.account.send(ctx, r)
	if err != nil {
		k.judge(err)
		if !isGone(err) {
			return failed(err)
		}
	}
	w.wrote()
	return providers.Result{Outcome: providers.Done, Object: object(k, r.id)}
}

// left is what a delete by one location leaves of an object that others have as
// well; shared is false when nothing is.
func (k *kind) left(a *account, c *providers.Write) (fields schema.Fields, shared bool) {
	i := slices.IndexFunc(k.attributes, func(a attribute) bool { return a.shares })
	if i < 0 || c.Live == nil || a.location == "" {
		return nil, false
	}
	path := k.attributes[i].Name
	others := slices.DeleteFunc(c.Live.Value(path).Strings(), func(id string) bool { return id == a.location })
	return schema.Fields{{Path: path, Value: schema.SetOf(others)}}, len(others) > 0
}

// channel makes the call of a channel for one object: it changes the members
// of a set, or sets plain values.
func (w *writer) channel(ctx context.Context, ch channel, o providers.Operation) providers.Result {
	k, first := w.kind, o.Writes[0]
	r := request{call: ch.callOf(&first), id: first.ID, parent: parentIn(k, first), safety: transport.Repeatable}
	if ch.most > 0 {
		r.call = ch.aloneOf(&first)
	}
	if r.id == "" {
		return failed(fmt.Errorf("the id of the %s is not known", k.Noun))
	}
	var rows map[string][]string
	if direction(&first) == "set" {
		b, err := w.body(ctx, first.Channel, byChannel(o.Writes)[0].Fields, false)
		if err != nil {
			return failed(err)
		}
		r.body, rows = maps.Clone(ch.fixed), b.rows
		if r.body == nil {
			r.body = map[string]any{}
		}
		maps.Copy(r.body, b.properties)
	} else {
		r.body = map[string]any{ch.body: sentMembers(o.Writes)}
	}
	if _, err := w.account.send(ctx, r); err != nil {
		k.judge(err)
		k.blame(err, rows)
		return failed(err)
	}
	return providers.Result{Outcome: providers.Done, Object: object(k, r.id)}
}

// wrote tells the kind that one of its objects was written.
func (w *writer) wrote() {
	w.account.keepIDs(w.kind.Name, nil)
	if w.kind.odd.wrote != nil {
		w.kind.odd.wrote(w.account)
	}
}

// parentIn is the id of the parent of a write's object.
func parentIn(k *kind, c providers.Write) string {
	if k.Parent == "" || c.Parent != "" {
		return c.Parent
	}
	if id := k.ParentOf(c.Fields.Value).Text(); id != "" {
		return id
	}
	if c.Live != nil {
		return k.ParentOf(c.Live.Value).Text()
	}
	return ""
}
