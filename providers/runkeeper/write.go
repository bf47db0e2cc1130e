package runkeeper

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"lockstep/providers"
	"lockstep/providers/runkeeper/health"
	"lockstep/providers/transport"
	"lockstep/schema"
)

// settles is the seconds in which a create without an answer is not repeated.
// How long the API may still be at it, or its feeds be late, is not documented.
const settles = 60

// writes declares how objects of a kind are written (Health Graph API, content
// types). Media types are named without what all of them share; an empty one
// is an operation that the API does not have.
type writes struct {
	create, update string
	// item is the media type of the answers.
	item string
	// remove is true when objects can be deleted.
	remove bool
	// place names the resource in the root and its usual address. fields are
	// set for a new object; for others the id tells enough.
	place func(id string, fields schema.Fields) (name, usual string)
	// single is true when an account has one of it, without an id in its address.
	single bool
	// properties of the bodies.
	properties []property
	// types and body replace the media types and the body where they depend on
	// the object.
	types func(providers.Write) (create, update, item string)
	body  func(providers.Write) map[string]any
	// add replaces the create where its answer tells more than an address.
	add func(context.Context, *account, *health.Account, providers.Write) (schema.Object, error)
	// normalize spells fields that depend on each other.
	normalize func(schema.Fields) (schema.Fields, error)
	// made is an object as it will be read, from the number and the fields that
	// it has; nil when they do not tell more than was written.
	made func(a *account, number string, fields schema.Fields) schema.Object
	// before looks at what no answer would tell. done is true when the change
	// is in effect already.
	before func(context.Context, *account, *health.Account, providers.Write) (done bool, err error)
}

// property is how an attribute is called in a body, and how it is spelt.
type property struct {
	path, wire string
	encode     func(schema.Value) any
	// spell spells a desired value as live ones are spelt.
	spell func(path string, v schema.Value) (schema.Value, error)
}

// at is the place of a kind whose objects all lie in one resource.
func at(name, usual string) func(string, schema.Fields) (string, string) {
	return func(string, schema.Fields) (string, string) { return name, usual }
}

// Group makes one operation of each write: the API writes nothing in bulk.
func (p *Provider) Group(all []providers.Write) []providers.Operation {
	operations := make([]providers.Operation, len(all))
	for i, c := range all {
		o := providers.Operation{Kind: c.Kind, Name: c.Action.String() + " " + c.Kind, Method: "WRITE", Path: "nothing",
			Action: c.Action, Channel: c.Channel, Writes: []providers.Write{c}}
		if k := p.kinds[c.Kind]; k != nil {
			o.Name = c.Action.String() + " " + k.Noun
			if k.writes != nil {
				o.Method, o.Path = k.writes.call(c)
			}
		}
		operations[i] = o
	}
	return operations
}

// call is the method and the documented path of a write.
func (w *writes) call(c providers.Write) (method, path string) {
	_, path = w.place(c.ID, c.Fields)
	if c.Action == providers.Create {
		return http.MethodPost, path
	}
	if !w.single {
		path += "/{id}"
	}
	if c.Action == providers.Delete {
		return http.MethodDelete, path
	}
	return http.MethodPut, path
}

// Do makes the one API call of an operation.
func (p *Provider) Do(ctx context.Context, o providers.Operation) []providers.Result {
	results := make([]providers.Result, len(o.Writes))
	for i, c := range o.Writes {
		object, err := p.do(ctx, c)
		results[i] = providers.Result{Outcome: providers.Done, Object: object}
		if err != nil {
			results[i] = providers.Result{Outcome: providers.Failed, Err: err}
			if errors.Is(err, transport.ErrUncertain) {
				results[i].Outcome = providers.Uncertain
			}
		}
	}
	return results
}

func (p *Provider) do(ctx context.Context, c providers.Write) (schema.Object, error) {
	if err := ctx.Err(); err != nil {
		return schema.Object{}, err
	}
	k := p.kinds[c.Kind]
	if k == nil || k.writes == nil {
		return schema.Object{}, fmt.Errorf("objects of kind %s can be read and not written", c.Kind)
	}
	a, err := p.changed(c)
	if err != nil {
		return schema.Object{}, err
	}
	remote, err := a.writable(ctx)
	if err != nil {
		return schema.Object{}, fmt.Errorf("account %q: %w", a.name, err)
	}
	// What was read before is not what is there now.
	defer a.forget()
	if k.writes.before != nil {
		if done, err := k.writes.before(ctx, a, remote, c); done || err != nil {
			return schema.Object{Kind: k.Name, ID: c.ID}, err
		}
	}
	return k.write(ctx, a, remote, c)
}

// changed is the account that a write is about.
func (p *Provider) changed(c providers.Write) (*account, error) {
	if p.accounts == nil {
		return nil, errors.New("the provider runkeeper is not configured")
	}
	name := c.Fields.Value("account").Text()
	if name == "" && c.Live != nil {
		name = c.Live.Value("account").Text()
	}
	if name != "" && p.accounts[name] == nil {
		return nil, p.noAccount(name)
	}
	for _, a := range []*account{p.accounts[name], p.owner(c.ID), p.owner(c.Parent)} {
		if a != nil {
			return a, nil
		}
	}
	return nil, fmt.Errorf("the account of %s %s is not known", c.Kind, c.ID)
}

// owner is the account whose name an id begins with; nil when there is none.
func (p *Provider) owner(id string) *account {
	var owner *account
	for name, a := range p.accounts {
		if (id == name || strings.HasPrefix(id, name+"/")) && (owner == nil || len(name) > len(owner.name)) {
			owner = a
		}
	}
	return owner
}

// number is the part of an id that the API knows: of "ada/7/weight" it is 7.
func (a *account) number(id string) string {
	rest := strings.TrimPrefix(id, a.name+"/")
	number, _, _ := strings.Cut(rest, "/")
	return number
}

// link is the address that a write is sent to.
func (w *writes) link(a *account, remote *health.Account, id string, fields schema.Fields) string {
	link := remote.Link(w.place(id, fields))
	if id != "" && !w.single {
		link += "/" + a.number(id)
	}
	return link
}

func (k *kind) write(ctx context.Context, a *account, remote *health.Account, c providers.Write) (schema.Object, error) {
	w := *k.writes
	if w.types != nil {
		w.create, w.update, w.item = w.types(c)
	}
	body := k.body
	if w.body != nil {
		body = w.body
	}
	link := w.link(a, remote, c.ID, c.Fields)
	switch {
	case c.Action == providers.Create && w.add != nil:
		return w.add(ctx, a, remote, c)
	case c.Action == providers.Create && w.create != "":
		number, err := remote.Create(ctx, link, w.create, w.item, body(c))
		if err != nil {
			return schema.Object{}, err
		}
		return k.made(a, number, c.Fields), nil
	case c.Action == providers.Update && w.update != "" && c.ID != "":
		o := schema.Object{Kind: k.Name, ID: c.ID}
		if w.made != nil && c.Live != nil {
			o = w.made(a, a.number(c.ID), updated(c))
		}
		return o, remote.Put(ctx, link, w.update, body(c))
	case c.Action == providers.Delete && w.remove && c.ID != "":
		err := remote.Delete(ctx, link, w.item)
		if api := (*providers.APIError)(nil); errors.As(err, &api) && api.Gone {
			err = nil
		}
		return schema.Object{Kind: k.Name, ID: c.ID}, err
	default:
		return schema.Object{}, fmt.Errorf("the API has no way to %s a %s", c.Action, k.Noun)
	}
}

// made is an object after a write, as far as it can be told.
func (k *kind) made(a *account, number string, fields schema.Fields) schema.Object {
	if k.writes.made != nil {
		return k.writes.made(a, number, fields)
	}
	return schema.Object{Kind: k.Name, ID: a.name + "/" + number, Fields: fields}
}

// updated returns the fields of a live object, with the written ones in place.
func updated(c providers.Write) schema.Fields {
	fields := slices.Clone(c.Fields)
	for _, f := range c.Live.Fields {
		if _, ok := c.Fields.Find(f.Path); !ok {
			fields = append(fields, f)
		}
	}
	fields.Sort()
	return fields
}

// body is what is sent of the fields of a write. What is emptied is sent as
// an empty text: the API leaves what is not sent as it is.
func (k *kind) body(c providers.Write) map[string]any {
	body := map[string]any{}
	for _, p := range k.writes.properties {
		f, ok := c.Fields.Find(p.path)
		switch {
		case !ok || f.Derived || p.wire == "":
		case f.Value.IsAbsent():
			body[p.wire] = ""
		case p.encode != nil:
			body[p.wire] = p.encode(f.Value)
		default:
			body[p.wire] = f.Value.ToJSON()
		}
	}
	return body
}
