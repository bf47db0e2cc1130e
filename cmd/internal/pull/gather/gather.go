// Package gather reads the live objects that files are to be written for. It reads
// only, kind by kind, and in bulk where an API has a bulk call.
package gather

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"lockstep/cmd/internal/pull"
	"lockstep/providers"
	"lockstep/schema"
)

// few is up to how many calls for single objects are made without being asked to.
const few = 200

// chunk is how many objects are read by id at once.
const chunk = 50

// Account is a configured provider.
type Account struct {
	// Ref is its reference: "ghl".
	Ref string
	providers.Provider
	// Reaches returns why the account does not reach a kind, nil when it does.
	Reaches func(*schema.Kind) error
	// Gone reports whether an object that is listed was deleted; nil when none was.
	Gone func(kind, id string) bool
}

// Input is what to read.
type Input struct {
	Accounts []Account
	// Kinds by their names; empty are all that can be written.
	Kinds []string
	// IDs are those of the only objects to read, by kind; nil reads all.
	IDs map[string][]string
	// Where are arguments of a data source of the one kind that is read, which
	// narrow down the objects. Source is its name.
	Where  schema.Fields
	Source string
	// Progress hears how many objects of a kind have been read.
	Progress func(kind *schema.Kind, done, total int)
}

// Read reads the objects, and what they refer to that can only be read. left is what
// could not be read, or was not because it takes too many calls.
func Read(ctx context.Context, in Input) (sets []pull.Set, left []pull.Left, err error) {
	for _, account := range in.Accounts {
		r := &reader{Input: in, account: account, kinds: account.Schema(), read: map[string][]schema.Object{}}
		found, err := r.sets(ctx)
		if err != nil {
			return nil, nil, err
		}
		sets, left = append(sets, found...), append(left, r.left...)
	}
	return sets, left, nil
}

// reader reads one account.
type reader struct {
	Input
	account Account
	kinds   *schema.Provider
	// read are the objects of the kinds that were listed.
	read map[string][]schema.Object
	left []pull.Left
}

// wanted are the kinds to write files for, and named reports whether the command
// line names them.
func (r *reader) wanted() (kinds []*schema.Kind, named bool) {
	for _, k := range r.kinds.Kinds {
		if len(r.Kinds) == 0 && !k.ReadOnly && r.account.Reaches(k) == nil || slices.Contains(r.Kinds, k.Name) {
			kinds = append(kinds, k)
		}
	}
	return kinds, len(r.Kinds) > 0
}

func (r *reader) sets(ctx context.Context) ([]pull.Set, error) {
	kinds, named := r.wanted()
	named = named && r.IDs == nil // few objects are no reason for many calls
	var sets []pull.Set
	for _, k := range kinds {
		if len(r.Kinds) > 0 {
			if err := r.account.Reaches(k); err != nil {
				return nil, err
			}
		}
		objects, err := r.objects(ctx, k, named)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil && (len(r.Kinds) > 0 || !refused(err)) {
			return nil, fmt.Errorf("cannot read %s from %s: %w", k.Plural, r.account.Ref, err)
		}
		if err != nil {
			r.leave(k, err.Error())
			continue
		}
		sets = append(sets, pull.Set{Provider: r.account.Ref, Kind: k, Objects: r.asked(k, objects)})
	}
	return append(sets, r.referred(ctx, sets)...), ctx.Err()
}

// refused reports whether an account may not read something, or does not have it:
// then the other kinds can be read all the same.
func refused(err error) bool {
	var api *providers.APIError
	return errors.As(err, &api) && slices.Contains([]int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound}, api.Status)
}

func (r *reader) leave(k *schema.Kind, reason string) {
	r.left = append(r.left, pull.Left{Kind: k, Reason: reason})
}

// referred are the objects of kinds that can only be read, which others refer to.
// Where they cannot be read, ids are written.
func (r *reader) referred(ctx context.Context, sets []pull.Set) []pull.Set {
	var more []pull.Set
	seen := map[string]bool{}
	for i := range sets {
		if len(sets[i].Objects) == 0 {
			continue
		}
		for _, a := range sets[i].Kind.Attributes {
			k := r.kinds.Kind(a.Refers)
			if k == nil || !k.ReadOnly || seen[k.Name] || !a.Writable() || k.Parent != "" {
				continue
			}
			seen[k.Name] = true
			source := r.source(k)
			if source == nil || r.account.Reaches(k) != nil {
				continue
			}
			if objects, err := r.list(ctx, providers.Query{Kind: k.Name}); err == nil {
				more = append(more, pull.Set{Provider: r.account.Ref, Kind: k, Source: source, Objects: objects})
			}
		}
	}
	return more
}

// source is the data source that finds one object of a kind; nil when there is none.
func (r *reader) source(k *schema.Kind) *schema.DataSource {
	i := slices.IndexFunc(r.kinds.Data, func(d *schema.DataSource) bool { return d.Kind == k.Name && d.Many == "" && len(d.Arguments) > 0 })
	if i < 0 {
		return nil
	}
	return r.kinds.Data[i]
}

// objects reads the objects of a kind, with all that a file says of them.
func (r *reader) objects(ctx context.Context, k *schema.Kind, named bool) ([]schema.Object, error) {
	if k.Listing.Blind {
		r.leave(k, "the API does not tell which there are")
		return nil, nil
	}
	if ids := r.IDs[k.Name]; len(ids) > 0 && k.Parent == "" {
		named := make([]schema.Object, len(ids))
		for i, id := range ids {
			named[i].ID = id
		}
		return r.whole(ctx, k, named)
	}
	q := providers.Query{Kind: k.Name, Where: r.Where, Source: r.Source}
	if k.Listing.PerParent {
		parents, err := r.parents(ctx, k)
		if err != nil || len(parents) == 0 {
			return nil, err
		}
		if len(parents) > few && !named {
			r.leave(k, dear(k, len(parents)))
			return nil, nil
		}
		q.Parents = parents
	}
	objects, err := r.list(ctx, q)
	if err != nil || !hides(k) {
		return objects, err
	}
	if len(objects) > few && !named {
		r.leave(k, dear(k, len(objects)))
		return nil, nil
	}
	return r.whole(ctx, k, objects)
}

// asked are the objects with the ids that were asked for: all, where none were.
func (r *reader) asked(k *schema.Kind, objects []schema.Object) []schema.Object {
	if r.IDs == nil {
		return objects
	}
	return slices.DeleteFunc(slices.Clone(objects), func(o schema.Object) bool { return !slices.Contains(r.IDs[k.Name], o.ID) })
}

func dear(k *schema.Kind, calls int) string {
	return fmt.Sprintf("reading them takes %s calls: name them to have them all the same, as in `lockstep pull %s`", schema.Thousands(calls), k.Name)
}

// hides reports whether lists leave out what a file says of an object.
func hides(k *schema.Kind) bool {
	return slices.ContainsFunc(k.Attributes, func(a schema.Attribute) bool { return a.Unlisted && a.Writable() })
}

// parents are the ids of the objects that those of a kind belong to.
func (r *reader) parents(ctx context.Context, k *schema.Kind) ([]string, error) {
	a := k.Attribute(k.Parent)
	if len(a.OneOf) > 0 {
		return a.OneOf, nil
	}
	kinds := []string{a.Refers}
	if a.Refers == "" {
		// The parent is any of the kinds that are written before.
		kinds = k.After
	}
	var ids []string
	for _, name := range kinds {
		parent := r.kinds.Kind(name)
		if parent == nil || parent.Listing.PerParent || parent.Listing.Blind {
			continue
		}
		objects, err := r.list(ctx, providers.Query{Kind: name})
		if err != nil {
			return nil, err
		}
		for i := range objects {
			ids = append(ids, objects[i].ID)
		}
	}
	return ids, nil
}

// list reads all objects of a query, once.
func (r *reader) list(ctx context.Context, q providers.Query) ([]schema.Object, error) {
	kind := r.kinds.Kind(q.Kind)
	all := q.Source == ""
	if objects, done := r.read[q.Kind]; done && all {
		return objects, nil
	}
	var objects []schema.Object
	for page, err := range r.account.List(ctx, q) {
		var account *providers.AccountError
		if errors.As(err, &account) && ctx.Err() == nil {
			r.leave(kind, fmt.Sprintf("the account %q cannot be read: %s", account.Account, account.Err))
			continue
		}
		if err != nil {
			return nil, err
		}
		for i := range page.Objects {
			if o := &page.Objects[i]; r.account.Gone == nil || !r.account.Gone(q.Kind, o.ID) {
				objects = append(objects, *o)
			}
		}
		r.progress(kind, len(objects), page.Total)
	}
	if all {
		r.read[q.Kind] = objects
	}
	return objects, ctx.Err()
}

// whole reads objects by id, some at a time.
func (r *reader) whole(ctx context.Context, k *schema.Kind, listed []schema.Object) ([]schema.Object, error) {
	objects := make([]schema.Object, 0, len(listed))
	for some := range slices.Chunk(listed, chunk) {
		keys := make([]providers.Key, len(some))
		for i := range some {
			keys[i] = providers.Key{ID: some[i].ID, Parent: some[i].Value(k.Parent).Text()}
		}
		found, err := r.account.Get(ctx, k.Name, keys)
		if err != nil {
			return nil, err
		}
		objects = append(objects, found...)
		r.progress(k, len(objects), len(listed))
	}
	return objects, nil
}

func (r *reader) progress(k *schema.Kind, done, total int) {
	if r.Progress != nil {
		r.Progress(k, done, total)
	}
}
