package ghl

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"lockstep/providers"
	"lockstep/providers/transport"
	"lockstep/schema"
)

// List reads all live objects that a query asks for, page by page.
func (p *Provider) List(ctx context.Context, q providers.Query) iter.Seq2[providers.Page, error] {
	return func(yield func(providers.Page, error) bool) {
		k, err := p.kindOf(q.Kind)
		if err == nil {
			err = p.account.list(ctx, k, q, func(page providers.Page) bool { return yield(page, nil) })
		}
		if err != nil && !errors.Is(err, errStopped) {
			yield(providers.Page{}, err)
		}
	}
}

// errStopped ends a listing whose caller has seen enough.
var errStopped = errors.New("stopped")

// list reads the objects of a kind, page by page.
func (a *account) list(ctx context.Context, k *kind, q providers.Query, yield func(providers.Page) bool) error {
	if a.isItself(k) {
		get := &getter{account: a, kind: k}
		found, err := get.one(ctx, providers.Key{})
		if err != nil || found == nil {
			return err
		}
		yield(providers.Page{Objects: []schema.Object{*found}, Total: 1})
		return nil
	}
	if k.Listing.Blind {
		return a.witnessed(ctx, k, q, yield)
	}
	l := a.lister(k, q, yield)
	if err := l.prepare(ctx); err != nil {
		return err
	}
	return l.apart(ctx)
}

// lister begins to list what a query asks for.
func (a *account) lister(k *kind, q providers.Query, yield func(providers.Page) bool) *lister {
	return &lister{account: a, kind: k, listing: a.listingFor(k, &q), query: q, yield: yield, seen: newSeenIDs(), instances: !q.Ahead.IsZero()}
}

// apart reads each part of what the query asks for that takes requests of its own.
func (l *lister) apart(ctx context.Context) error {
	spans, err := l.listing.page.window.spans(l.query.Where, l.query.Ahead)
	if err != nil {
		return err
	}
	for _, l.each = range l.listing.each.all() {
		for _, l.bounds = range spans {
			if err := l.all(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// all reads what the query asks for, of one of the values that are listed apart.
func (l *lister) all(ctx context.Context) error {
	if len(l.query.Parents) == 0 {
		return l.pages(ctx, nil)
	}
	if !l.listing.page.paged() && l.listing.parents == 1 {
		return l.children(ctx)
	}
	size := max(l.listing.parents, 1)
	for parents := range slices.Chunk(l.query.Parents, size) {
		if err := l.pages(ctx, parents); err != nil {
			return err
		}
	}
	return nil
}

// lister reads the pages of one query.
type lister struct {
	account *account
	kind    *kind
	listing *listing
	query   providers.Query
	// each is the value that is listed now, of those listed apart.
	each string
	// bounds is the time that is listed now.
	bounds bounds
	// instances is set to take those of a series for the series.
	instances bool
	yield     func(providers.Page) bool
	decoder   *decoder
	// seen are ids already answered: a page may repeat an object that moved
	// while the list was read.
	seen *seenIDs
	// repeats counts the rows whose object had been answered before.
	repeats int
	// objects are those of the last page, when the caller needs them no more.
	objects []schema.Object
	// rooms are buffers of pages that have been decoded.
	rooms []*bytes.Buffer
	// refreshed is set once the definitions have been read again.
	refreshed bool
}

// prepare makes the decoder and checks the query.
func (l *lister) prepare(ctx context.Context) error {
	k := l.kind
	if k.Parent != "" && len(l.query.Parents) == 0 {
		if id := l.query.Where.Value(k.Parent).Text(); id != "" {
			l.query.Parents = []string{id}
		}
	}
	if k.Listing.PerParent && len(l.query.Parents) == 0 && l.listing == &k.list {
		return fmt.Errorf("%s can only be listed %s by %s", k.Plural, k.Parent, k.Parent)
	}
	wanted := l.query.Attributes
	if k.odd.learn != nil || len(l.query.Where) > 0 {
		// What is learnt is kept, and arguments may look at any attribute.
		wanted = nil
	}
	var defs *definitions
	if model := k.model(wanted); model != "" {
		var err error
		if defs, err = l.account.defined(ctx, model); err != nil {
			return err
		}
	}
	l.decoder = newDecoder(k, defs, l.listing, wanted)
	l.decoder.passing = l.query.Passing && k.odd.learn == nil
	return nil
}

// request makes the first request for some parents.
func (l *lister) request(ctx context.Context, parents []string) (request, keep, error) {
	r := request{call: l.listing.call, safety: transport.Read, named: l.query.Where}
	if len(parents) > 0 && l.listing.parents == 1 {
		r.parent = parents[0]
	}
	if l.listing.parent != "" && len(parents) > 0 {
		l.under(&r, parents[0])
	}
	l.listing.page.window.set(&r, l.bounds)
	if l.each != "" {
		r.setQuery(l.listing.each.parameter, l.each)
	}
	for parameter, value := range l.listing.fixed {
		r.setArgument(parameter, schema.StringValue(value))
	}
	size := l.listing.size
	if l.query.First {
		size = 1
	}
	l.listing.page.first(&r, size)
	for argument, parameter := range l.listing.parameters {
		if v := l.query.Where.Value(argument); !isEmpty(v) {
			r.setArgument(parameter, v)
		}
	}
	if l.listing.query == nil {
		return r, nil, nil
	}
	q := l.query
	q.Parents = parents
	keep, err := l.listing.query(ctx, l.account, q, &r)
	return r, keep, err
}

// under asks for the children of a parent, or of what takes its place.
func (l *lister) under(r *request, parent string) {
	own, within, _ := strings.Cut(l.listing.parent, "|")
	name, id := l.kind.holds(parent)
	if name != l.kind.Parent {
		own = within
	}
	r.setQuery(own, id)
}

// pages reads all pages for some parents. While a page is decoded and used,
// the next one is on its way.
func (l *lister) pages(ctx context.Context, parents []string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	r, keep, err := l.request(ctx, parents)
	if err != nil {
		return err
	}
	paging := &l.listing.page
	seen := newCensus(l.kind.Plural)
	var last []byte
	var ahead *fetch
	for {
		current := ahead
		if current == nil {
			current = l.fetch(ctx, r)
		}
		body, err := current.wait()
		if err == nil && !l.query.First {
			ahead = l.ahead(ctx, r, body, seen.read)
		}
		a, err := l.page(ctx, r, body, err, parents)
		if err != nil {
			return err
		}
		before := l.repeats
		found := l.filter(a, keep, parents)
		seen.count(&a, l.repeats-before)
		at, more, err := paging.follow(&a, &seen, l.listing.size)
		if err != nil {
			return fmt.Errorf("%s %s: %w", r.method, r.path, err)
		}
		more = more && !l.query.First
		if more && bytes.Equal(a.last, last) {
			return fmt.Errorf("the list of %s does not get on: two pages end at the same object", l.kind.Plural)
		}
		last = append(last[:0], a.last...)
		if !l.yield(found) {
			return errStopped
		}
		l.used(current)
		if !more && l.query.First {
			return nil
		}
		if !more {
			return seen.end()
		}
		if ahead != nil && !ahead.at.same(at) {
			ahead = nil
		}
		r = paging.following(r, at)
	}
}

// page reads one page. The children of a parent that is gone are none.
func (l *lister) page(ctx context.Context, r request, body []byte, err error, parents []string) (answer, error) {
	if err != nil {
		l.kind.judge(err)
		if len(parents) == 1 && isGone(err) {
			return answer{total: 0}, nil
		}
		return answer{}, err
	}
	if l.kind.odd.unfold != nil {
		if body, err = l.kind.odd.unfold(body); err != nil {
			return answer{}, fmt.Errorf("%s %s: %w", r.method, r.path, err)
		}
	}
	a, err := l.decoder.list(body, l.listing.envelope)
	if err != nil {
		return answer{}, fmt.Errorf("%s %s: %w", r.method, r.path, err)
	}
	if l.decoder.unknownField && !l.refreshed {
		// A field that was made after the definitions were read.
		l.refreshed = true
		if l.decoder.definitions, err = l.account.refreshDefinitions(ctx, l.kind.model(nil)); err != nil {
			return answer{}, err
		}
		return l.decoder.list(body, l.listing.envelope)
	}
	return a, nil
}

// filter makes the page that is answered: without what is deleted, seen
// before, or not asked for.
func (l *lister) filter(a answer, keep keep, parents []string) providers.Page {
	objects := l.objects[:0]
	if cap(objects) < len(a.rows) {
		objects = make([]schema.Object, 0, len(a.rows))
	}
	if l.decoder.passing {
		l.objects = objects
	}
	page := providers.Page{Objects: objects, Total: a.total}
	for i := range a.rows {
		o := &a.rows[i].object
		if l.isInstance(o) && !l.instances {
			continue
		}
		if l.seen.has(o.ID) {
			l.repeats++
			continue
		}
		if a.rows[i].deleted {
			continue
		}
		if l.kind.Parent != "" && l.kind.ParentOf(o.Value).IsAbsent() {
			if len(parents) != 1 {
				// Tasks without contact belong to nothing that is managed.
				continue
			}
			o.Fields = withParent(l.kind, o.Fields, parents[0])
		}
		l.seen.add(o.ID)
		if keep == nil || keep(o) {
			page.Objects = append(page.Objects, *o)
		}
	}
	switch {
	case keep != nil, l.each != "", l.listing.page.window != nil:
		page.Total = -1
	case !l.listing.page.paged() && l.kind.Parent == "":
		page.Total = len(page.Objects)
	}
	if l.kind.odd.learn != nil && keep == nil {
		l.kind.odd.learn(l.account, page.Objects)
	}
	return page
}

// isInstance reports whether a row of the kind's own list is an instance of a series,
// and makes it that.
func (l *lister) isInstance(o *schema.Object) bool {
	if l.kind.odd.series == nil || l.listing != &l.kind.list {
		return false
	}
	series := l.kind.odd.series(o.ID)
	instance := series != o.ID
	o.ID = series
	return instance
}
