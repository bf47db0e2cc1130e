package ghl

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"lockstep/providers"
	"lockstep/providers/transport"
	"lockstep/schema"
)

// List reads all live objects that a query asks for, page by page.
func (p *Provider) List(ctx context.Context, q providers.Query) iter.Seq2[providers.Page, error] {
	return func(yield func(providers.Page, error) bool) {
		err := p.list(ctx, q, func(page providers.Page) bool { return yield(page, nil) })
		if err != nil && !errors.Is(err, errStopped) {
			yield(providers.Page{}, err)
		}
	}
}

// errStopped ends a listing whose caller has seen enough.
var errStopped = errors.New("stopped")

func (p *Provider) list(ctx context.Context, q providers.Query, yield func(providers.Page) bool) error {
	k, err := p.kindOf(q.Kind)
	if err != nil {
		return err
	}
	if k.list.path == "" {
		// The account itself is the only object of its kind.
		found, err := p.getOne(ctx, k, providers.Key{ID: p.location}, nil)
		if err != nil || found == nil {
			return err
		}
		yield(providers.Page{Objects: []schema.Object{*found}, Total: 1})
		return nil
	}
	l := &lister{provider: p, kind: k, query: q, yield: yield, seen: map[string]bool{}}
	if err := l.prepare(ctx); err != nil {
		return err
	}
	if len(l.query.Parents) == 0 {
		return l.pages(ctx, nil)
	}
	if k.list.limit == "" && k.list.parents == 1 {
		return l.children(ctx)
	}
	size := max(k.list.parents, 1)
	for parents := range slices.Chunk(l.query.Parents, size) {
		if err := l.pages(ctx, parents); err != nil {
			return err
		}
	}
	return nil
}

// lister reads the pages of one query.
type lister struct {
	provider *Provider
	kind     *kind
	query    providers.Query
	yield    func(providers.Page) bool
	decoder  *decoder
	// seen are ids already answered: a page may repeat an object that moved
	// while the list was read.
	seen map[string]bool
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
	if k.Listing.PerParent && len(l.query.Parents) == 0 {
		return fmt.Errorf("%s can only be listed %s by %s", k.Plural, k.Parent, k.Parent)
	}
	wanted := l.query.Attributes
	if k.Name == kindCustomField || len(l.query.Where) > 0 {
		// Definitions are kept, and arguments may look at any attribute.
		wanted = nil
	}
	var defs *definitions
	if k.attributeOf("custom_fields") != nil && (len(wanted) == 0 || slices.Contains(wanted, "custom_fields")) {
		var err error
		if defs, err = l.provider.definitions(ctx); err != nil {
			return err
		}
	}
	l.decoder = newDecoder(k, defs, true, wanted)
	return nil
}

// request makes the first request for some parents.
func (l *lister) request(ctx context.Context, parents []string) (request, keep, error) {
	r := request{call: l.kind.list.call, safety: transport.Read}
	if r.method == "POST" {
		r.body = map[string]any{}
	}
	if len(parents) > 0 && l.kind.list.parents == 1 {
		r.parent = parents[0]
	}
	if l.kind.list.limit != "" {
		r.body[l.kind.list.limit] = l.kind.Listing.Page
		if l.query.First {
			r.body[l.kind.list.limit] = 1
		}
	}
	if l.kind.list.query == nil {
		return r, nil, nil
	}
	q := l.query
	q.Parents = parents
	keep, err := l.kind.list.query(ctx, l.provider, q, &r)
	return r, keep, err
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
	read, cursor := 0, ""
	var ahead *fetch
	for {
		current := ahead
		if current == nil {
			current = l.fetch(ctx, r)
		}
		body, err := current.wait()
		if err == nil && !l.query.First {
			ahead = l.ahead(ctx, r, body, read)
		}
		a, err := l.page(ctx, r, body, err, parents)
		if err != nil {
			return err
		}
		l.used(current)
		if !l.yield(l.filter(a, keep, parents)) {
			return errStopped
		}
		read += len(a.rows)
		done := l.query.First || l.kind.list.limit == "" || len(a.rows) < l.kind.Listing.Page || a.total >= 0 && read >= a.total
		if done {
			return nil
		}
		if a.cursor != "" && a.cursor == cursor {
			return fmt.Errorf("the list of %s does not get on: two pages end at the same object", l.kind.Plural)
		}
		cursor = a.cursor
		r = following(r, cursor, read)
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
	a, err := l.decoder.list(body, l.kind.list.envelope)
	if err != nil {
		return answer{}, fmt.Errorf("%s %s: %w", r.method, r.path, err)
	}
	if l.decoder.unknownField && !l.refreshed {
		// A field that was made after the definitions were read.
		l.refreshed = true
		if l.decoder.definitions, err = l.provider.refreshDefinitions(ctx); err != nil {
			return answer{}, err
		}
		return l.decoder.list(body, l.kind.list.envelope)
	}
	return a, nil
}

// filter makes the page that is answered: without what is deleted, seen
// before, or not asked for.
func (l *lister) filter(a answer, keep keep, parents []string) providers.Page {
	page := providers.Page{Objects: make([]schema.Object, 0, len(a.rows)), Total: a.total}
	for i := range a.rows {
		o := &a.rows[i].object
		if a.rows[i].deleted || o.ID == "" || l.seen[o.ID] {
			continue
		}
		if l.kind.Parent != "" && o.Value(l.kind.Parent).IsAbsent() {
			if len(parents) != 1 {
				// Tasks without contact belong to nothing that is managed.
				continue
			}
			o.Fields = withParent(l.kind, o.Fields, parents[0])
		}
		l.seen[o.ID] = true
		if keep == nil || keep(o) {
			page.Objects = append(page.Objects, *o)
		}
	}
	switch {
	case keep != nil:
		page.Total = -1
	case l.kind.list.limit == "" && l.kind.Parent == "":
		page.Total = len(page.Objects)
	}
	if l.kind.Name == kindCustomField && keep == nil {
		l.provider.learnDefinitions(page.Objects)
	}
	return page
}
