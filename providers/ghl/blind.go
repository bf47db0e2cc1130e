package ghl

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"lockstep/providers"
	"lockstep/schema"
)

// witness is how the evidence of a Blind kind's objects is read: it stands in an
// attribute of their parents.
type witness struct {
	// source is the data source of the parents, and argument what selects by an
	// evidence there.
	source, argument string
	// attribute of the parents has the evidence among its members.
	attribute string
}

// parents is the kind of the parents.
func (a *account) parents(k *kind) *kind { return a.kinds[k.attributeOf(k.Parent).Refers] }

// witnessed lists the objects of a Blind kind that have the evidence which a query
// names, with the rest of their natural key. Without one there is nothing to read.
func (a *account) witnessed(ctx context.Context, k *kind, q providers.Query, yield func(providers.Page) bool) error {
	evidence := q.Where.Value(k.Listing.Evidence)
	if isEmpty(evidence) {
		return nil
	}
	of := providers.Query{
		Kind: a.parents(k).Name, Source: k.list.witness.source, First: q.First,
		Where: schema.Fields{{Path: k.list.witness.argument, Value: evidence}}, Attributes: []string{k.list.witness.attribute},
	}
	return a.list(ctx, a.parents(k), of, func(page providers.Page) bool {
		found := providers.Page{Total: page.Total}
		for i := range page.Objects {
			if o, ok := k.seenBy(&page.Objects[i], q.Where); ok {
				found.Objects = append(found.Objects, o)
			}
		}
		return yield(found)
	})
}

// seenBy is the object that the evidence on a parent tells of; ok is false when the
// parent does not have it.
func (k *kind) seenBy(parent *schema.Object, where schema.Fields) (o schema.Object, ok bool) {
	evidence := where.Value(k.Listing.Evidence)
	if !slices.Contains(parent.Value(k.list.witness.attribute).Strings(), evidence.Text()) {
		return o, false
	}
	value := func(path string) schema.Value {
		if path == k.Parent {
			return schema.StringValue(parent.ID)
		}
		return where.Value(path)
	}
	id, known := k.Identity(value)
	if o, ok = k.Identified(id); !known || !ok {
		return o, false
	}
	o.Fields = append(o.Fields, schema.Field{Path: k.Listing.Evidence, Value: evidence})
	o.Fields.Sort()
	return o, true
}

// getWitnessed reads single objects of a Blind kind by the evidence on their parents.
// Nothing is found by a key without evidence.
func (p *Provider) getWitnessed(ctx context.Context, k *kind, keys []providers.Key) ([]schema.Object, error) {
	var of []providers.Key
	asked := map[string]bool{}
	for _, key := range keys {
		o, ok := k.Identified(key.ID)
		parent := o.Value(k.Parent).Text()
		if ok && !asked[parent] && !isEmpty(key.Fields.Value(k.Listing.Evidence)) {
			asked[parent] = true
			of = append(of, providers.Key{ID: parent})
		}
	}
	parents, err := p.Get(ctx, p.account.parents(k).Name, of)
	if err != nil {
		return nil, err
	}
	var found []schema.Object
	for _, key := range keys {
		for i := range parents {
			if o, ok := k.seenBy(&parents[i], key.Fields); ok && o.ID == key.ID {
				found = append(found, o)
			}
		}
	}
	return found, nil
}

// blindAnswer is the answer to a call that makes an object of a Blind kind. The API
// spells its one property in two ways.
type blindAnswer struct {
	Succeeded *bool `json:"succeeded"`
	Succeded  *bool `json:"succeded"`
}

// unseen is the result of a create whose answer shows no object.
func (k *kind) unseen(r request, c providers.Write, answer []byte) providers.Result {
	id, known := k.Identity(c.Fields.Value)
	o, ok := k.Identified(id)
	var said blindAnswer
	if err := json.Unmarshal(answer, &said); err != nil || !known || !ok {
		return providers.Result{Outcome: providers.Uncertain, Err: fmt.Errorf("%s %s: the answer cannot be read", r.method, r.path)}
	}
	for _, done := range []*bool{said.Succeeded, said.Succeded} {
		if done != nil && !*done {
			return failed(fmt.Errorf("%s %s: the answer is that it did not succeed", r.method, r.path))
		}
	}
	return providers.Result{Outcome: providers.Done, Object: o}
}

// identified is the object of a Blind kind that has an id; ok is false for other kinds.
func (k *kind) identified(id string) (o schema.Object, ok bool) {
	if !k.Listing.Blind {
		return o, false
	}
	return k.Identified(id)
}
