package ghl

import (
	"context"

	"lockstep/providers/transport"
	"lockstep/schema"
)

// The definitions of custom fields are what the values in other objects are
// read and written by. They are read once, and again when a value is met whose
// field is not among them.

// models are what custom fields belong to.
var models = [...]string{modelContact, modelOpportunity}

const (
	modelContact     = "contact"
	modelOpportunity = "opportunity"
)

// defined returns the definitions of the custom fields of a model.
func (a *account) defined(ctx context.Context, model string) (*definitions, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.definitions != nil {
		return a.definitions[model], nil
	}
	return a.readDefinitions(ctx, model)
}

// refreshDefinitions reads the custom fields again.
func (a *account) refreshDefinitions(ctx context.Context, model string) (*definitions, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.readDefinitions(ctx, model)
}

// readDefinitions reads the custom fields of all models; the account is locked.
func (a *account) readDefinitions(ctx context.Context, model string) (*definitions, error) {
	k := a.kinds[kindCustomField]
	r := request{call: k.list.call, safety: transport.Read}
	r.setQuery("model", "all")
	body, err := a.send(ctx, r)
	if err != nil {
		return nil, err
	}
	answer, err := newDecoder(k, nil, &k.list, nil).list(body, k.list.envelope)
	if err != nil {
		return nil, err
	}
	objects := make([]schema.Object, len(answer.rows))
	for i := range answer.rows {
		objects[i] = answer.rows[i].object
	}
	a.definitions = newDefinitions(objects)
	return a.definitions[model], nil
}

// learnDefinitions takes custom fields that were listed for another reason.
func (a *account) learnDefinitions(objects []schema.Object) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.definitions = newDefinitions(objects)
}

// forgetDefinitions makes the next need read them again, after a write.
func (a *account) forgetDefinitions() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.definitions = nil
}
