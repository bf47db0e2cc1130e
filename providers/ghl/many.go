package ghl

import (
	"context"
	"fmt"
	"slices"

	"lockstep/providers"
	"lockstep/providers/transport"
	"lockstep/schema"
)

// createMany makes several objects of a kind whose create takes a list: by one call
// for those of each parent. The parents may not have been known when the writes were
// grouped.
func (w *writer) createMany(ctx context.Context, writes []providers.Write) []providers.Result {
	out := make([]providers.Result, len(writes))
	places := map[string][]int{}
	var parents []string
	for i := range writes {
		parent := parentIn(w.kind, writes[i])
		if places[parent] == nil {
			parents = append(parents, parent)
		}
		places[parent] = append(places[parent], i)
	}
	for _, parent := range parents {
		for part := range slices.Chunk(places[parent], w.kind.create.many) {
			some := make([]providers.Write, len(part))
			for i, at := range part {
				some[i] = writes[at]
			}
			for i, r := range w.createList(ctx, parent, some) {
				out[part[i]] = r
			}
		}
	}
	return out
}

// createList makes several objects of one parent by one call. Where the API finds
// fault with one of them it makes none: then each is sent alone, so that one does not
// hinder the others.
func (w *writer) createList(ctx context.Context, parent string, writes []providers.Write) []providers.Result {
	k := w.kind
	every := func(r providers.Result) []providers.Result { return same(providers.Operation{Writes: writes}, r) }
	if parent == "" {
		return every(failed(fmt.Errorf("the %s of the new %s is not known", k.Parent, k.Noun)))
	}
	r := request{call: k.create, parent: parent, safety: transport.Once}
	for i := range writes {
		b, err := w.body(ctx, "", writes[i].Fields, true)
		if err != nil {
			return every(failed(err))
		}
		r.list = append(r.list, b.properties)
	}
	answer, err := w.account.send(ctx, r)
	if api := apiError(err); api != nil {
		// What is gone could only be the parent.
		api.Gone = false
		if api.Status == 422 && len(writes) > 1 {
			return w.oneByOne(ctx, parent, writes)
		}
		k.blame(err, nil)
	}
	if err != nil {
		return every(failed(err))
	}
	w.wrote()
	list, err := newDecoder(k, nil, nil, nil).list(answer, r.envelope)
	if err != nil {
		return every(providers.Result{Outcome: providers.Uncertain, Err: fmt.Errorf("%s %s: %w", r.method, r.path, err)})
	}
	return k.matched(r, writes, list.rows)
}

// oneByOne makes each object by a call of its own.
func (w *writer) oneByOne(ctx context.Context, parent string, writes []providers.Write) []providers.Result {
	var out []providers.Result
	for i := range writes {
		out = append(out, w.createList(ctx, parent, writes[i:i+1])...)
	}
	return out
}

// matched gives each write the first object of an answer that has its content. What
// the answer lacks may have been made all the same.
func (k *kind) matched(r request, writes []providers.Write, rows []row) []providers.Result {
	out := make([]providers.Result, len(writes))
	taken := map[string]bool{"": true}
	for i := range writes {
		at := slices.IndexFunc(rows, func(made row) bool {
			return !taken[made.object.ID] && k.hasContent(&made.object, writes[i].Fields)
		})
		if at < 0 {
			out[i] = providers.Result{Outcome: providers.Uncertain, Err: fmt.Errorf("%s %s: the answer does not have the %s", r.method, r.path, k.Noun)}
			continue
		}
		o := rows[at].object
		taken[o.ID] = true
		o.Fields = withParent(k, o.Fields, r.parent)
		out[i] = k.verified(providers.Result{Outcome: providers.Done, Object: o}, writes[i].Fields)
	}
	return out
}

// hasContent reports whether an object has the content of a write.
func (k *kind) hasContent(o *schema.Object, fields schema.Fields) bool {
	return !slices.ContainsFunc(k.Content, func(path string) bool { return !o.Value(path).Equal(fields.Value(path)) })
}
