package engine

import (
	"context"
	"slices"

	"lockstep/planner"
	"lockstep/providers"
	"lockstep/schema"
)

// maxParents is up to how many parents their children are listed by parent
// instead of all at once.
const maxParents = 500

// fewRequests is how many requests by parent are made without asking whether the
// whole list takes fewer.
const fewRequests = 5

// family reads the children of objects.
type family struct{ *reading }

// covers reports whether the children of some parents were read.
func (r family) covers(parents []string) bool {
	return r.listed || !slices.ContainsFunc(parents, func(id string) bool { return !r.parents[id] })
}

// read reads the children of some parents that were not read yet. Where objects of the
// kind have an end, it always reads the ones still to come, because a list leaves some
// of them out, such as those that repeat.
func (r family) read(ctx context.Context, parents []string) error {
	q := providers.Query{Kind: r.kind.Name, Parents: slices.Clone(parents), Attributes: []string{r.kind.Parent}}
	add := r.live.Add
	if r.kind.Ends != "" {
		q.Ahead, q.Attributes, add = r.begun, nil, r.addNew
	} else {
		q.Parents = slices.DeleteFunc(q.Parents, func(id string) bool { return r.parents[id] })
	}
	slices.Sort(q.Parents)
	before := r.source.calls()
	err := r.list(ctx, q, add, nil)
	r.summary.How = howByParent
	r.count(before)
	return err
}

// addNew adds objects that are not in the picture. What was compared stays as it is.
func (r family) addNew(objects []schema.Object) {
	r.live.Add(slices.DeleteFunc(slices.Clone(objects), func(o schema.Object) bool { return r.live.ID(o.ID) != nil }))
}

// managed lists the children of the parents that matter, or all children
// when that takes fewer calls.
func (r family) managed(ctx context.Context, desired []planner.Desired) error {
	var parents []string
	add := func(id string) {
		if id != "" && !r.parents[id] {
			r.parents[id] = true
			parents = append(parents, id)
		}
	}
	for _, known := range r.records.All() {
		add(known.Parent)
	}
	for i := range desired {
		add(r.kind.ParentOf(desired[i].Value).Text())
	}
	if len(parents) == 0 {
		return nil
	}
	slices.Sort(parents)
	r.summary.How = howByParent
	if !r.kind.Listing.PerParent && len(parents) > maxParents {
		parents = nil
		r.listed, r.summary.How = true, howList
	}
	if requests := r.requestsFor(parents); !r.listed && requests > fewRequests {
		if err := r.listIfCheaper(ctx, requests); err != nil || r.listed {
			return err
		}
	}
	return r.list(ctx, providers.Query{Kind: r.kind.Name, Parents: parents, Attributes: r.attributes()}, r.live.Add, nil)
}

// requestsFor counts the requests that list the children of some parents, and those
// that earlier blocks took: many blocks of one object each end in the whole list too.
func (r family) requestsFor(parents []string) int {
	if r.kind.Listing.PerParent || r.kind.Listing.Parents == 0 {
		return 0
	}
	return r.summary.Calls + (len(parents)+r.kind.Listing.Parents-1)/r.kind.Listing.Parents
}

// listIfCheaper lists all children when that takes no more requests than reading
// them by parent does. The first page tells.
func (r family) listIfCheaper(ctx context.Context, requests int) error {
	r.listed, r.summary.How = true, howList
	dear := func(page providers.Page) bool {
		pages := (page.Total + r.kind.Listing.Page - 1) / max(r.kind.Listing.Page, 1)
		r.listed = page.Total < 0 || pages-1 <= requests
		return !r.listed
	}
	err := r.list(ctx, providers.Query{Kind: r.kind.Name, Attributes: r.attributes()}, r.live.Add, dear)
	if !r.listed {
		r.summary.How = howByParent
	}
	return err
}
