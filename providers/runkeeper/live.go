package runkeeper

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"lockstep/providers"
	"lockstep/providers/runkeeper/health"
	"lockstep/schema"
)

// reads declares how plans read the objects of a kind: always anew, while data
// sources share what was read once.
type reads struct {
	// list reads the objects of a parent, which is the account or lies in it,
	// without what costs a request each.
	list func(ctx context.Context, a *account, remote *health.Account, parent string, s scope) ([]schema.Object, error)
	// one reads an object by its id, with all that there is.
	one func(context.Context, *account, *health.Account, string) (schema.Object, error)
}

// scope narrows a list to what may fit. The zero value wants all.
type scope struct {
	day time.Time
	typ string
}

// scopeOf is where objects with the given values would be.
func scopeOf(fields schema.Fields) scope {
	s := scope{typ: fields.Value("type").Text()}
	for _, path := range []string{"local_start_time", "time"} {
		if t, err := time.Parse(clockForm, fields.Value(path).Text()); err == nil {
			s.day = midnight(t)
		}
	}
	return s
}

// behindAPI is the account that an id begins with, which must be one of the
// API.
func (p *Provider) behindAPI(ctx context.Context, id string) (*account, *health.Account, error) {
	a := p.owner(id)
	if a == nil {
		name, _, _ := strings.Cut(id, "/")
		err := p.noAccount(name)
		err.Advice += " What the state still knows of it is taken out with `lockstep state rm`."
		return nil, nil, err
	}
	remote, err := a.writable(ctx)
	switch {
	case err != nil && a.client == nil:
		return nil, nil, fmt.Errorf("account %q: %w", a.name, err)
	case err != nil:
		return nil, nil, a.unread(err)
	}
	return a, remote, nil
}

// listLive reads the objects of some parents for a plan, a page for each: those
// of all accounts behind the API when none are named.
func (p *Provider) listLive(ctx context.Context, k *kind, parents []string, accounts []*account, yield func(providers.Page, error) bool) {
	if len(parents) == 0 && k.Parent != "account" {
		yield(providers.Page{}, fmt.Errorf("%s can only be listed by their %s", k.Plural, k.Parent))
		return
	}
	if len(parents) == 0 {
		for _, a := range accounts {
			if a.client != nil {
				parents = append(parents, a.name)
			}
		}
	}
	for _, parent := range parents {
		a, remote, err := p.behindAPI(ctx, parent)
		var objects []schema.Object
		if err == nil {
			if objects, err = k.reads.list(ctx, a, remote, parent, scope{}); err != nil {
				err = a.unread(err)
			}
		}
		if err != nil {
			yield(providers.Page{}, err)
			return
		}
		total := -1
		if len(parents) == 1 {
			total = len(objects)
		}
		if !yield(providers.Page{Objects: objects, Total: total}, nil) {
			return
		}
	}
}

// forPlan reports whether keys come from a plan, which names the account of each
// object.
func (p *Provider) forPlan(keys []providers.Key) bool {
	return !slices.ContainsFunc(keys, func(key providers.Key) bool {
		a := p.owner(key.ID)
		return key.Parent == "" && (a == nil || a.client == nil)
	})
}

// getLive reads single objects for a plan, by id or by what tells them apart.
func (p *Provider) getLive(ctx context.Context, k *kind, keys []providers.Key) ([]schema.Object, error) {
	found := make([][]schema.Object, len(keys))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(parallel)
	for i, key := range keys {
		group.Go(func() error {
			var err error
			found[i], err = p.lookUp(ctx, k, key)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(slices.Concat(found...), func(o schema.Object) bool {
		twice := seen[o.ID]
		seen[o.ID] = true
		return twice
	}), nil
}

func (p *Provider) lookUp(ctx context.Context, k *kind, key providers.Key) ([]schema.Object, error) {
	a, remote, err := p.behindAPI(ctx, cmp.Or(key.Parent, key.ID))
	if err != nil {
		return nil, err
	}
	id := key.ID
	if id == "" && k.Listing.Partial {
		// Its natural key is its id.
		id = a.name + "/" + key.Fields.Value(k.Keys[0][len(k.Keys[0])-1]).Text()
	}
	if id == "" {
		objects, err := k.reads.list(ctx, a, remote, key.Parent, scopeOf(key.Fields))
		if err != nil {
			return nil, a.unread(err)
		}
		return slices.DeleteFunc(objects, func(o schema.Object) bool { return !has(&o, key.Fields) }), nil
	}
	o, err := k.reads.one(ctx, a, remote, id)
	if gone(err) {
		return nil, nil
	}
	if err != nil {
		return nil, a.unread(err)
	}
	return []schema.Object{o}, nil
}

// has reports whether an object has these values.
func has(o *schema.Object, fields schema.Fields) bool {
	return !slices.ContainsFunc(fields, func(f schema.Field) bool { return !o.Value(f.Path).Equal(f.Value) })
}

// gone reports whether an error means that the object does not exist.
func gone(err error) bool {
	var api *providers.APIError
	return errors.As(err, &api) && api.Gone
}
