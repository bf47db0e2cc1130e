package ghl

import (
	"context"

	"lockstep/providers"
	"lockstep/providers/transport"
	"lockstep/schema"
)

// definitions are the custom fields of contacts, read once.
func (p *Provider) definitions(ctx context.Context) (*definitions, error) {
	p.account.Lock()
	defer p.account.Unlock()
	if p.account.definitions != nil {
		return p.account.definitions, nil
	}
	return p.readDefinitions(ctx)
}

// refreshDefinitions reads the custom fields again.
func (p *Provider) refreshDefinitions(ctx context.Context) (*definitions, error) {
	p.account.Lock()
	defer p.account.Unlock()
	return p.readDefinitions(ctx)
}

// readDefinitions reads the custom fields; the account is locked.
func (p *Provider) readDefinitions(ctx context.Context) (*definitions, error) {
	k := p.kinds[kindCustomField]
	r := request{call: k.list.call, safety: transport.Read}
	r.setQuery("model", "contact")
	body, err := p.send(ctx, r)
	if err != nil {
		return nil, err
	}
	rows, err := newDecoder(k, nil, true, nil).list(body, k.list.envelope)
	if err != nil {
		return nil, err
	}
	p.account.definitions = newDefinitions(objectsOf(rows.rows))
	return p.account.definitions, nil
}

// learnDefinitions takes custom fields that were listed for another reason.
func (p *Provider) learnDefinitions(objects []schema.Object) {
	p.account.Lock()
	defer p.account.Unlock()
	p.account.definitions = newDefinitions(objects)
}

// forgetDefinitions makes the next need read them again, after a write.
func (p *Provider) forgetDefinitions() {
	p.account.Lock()
	defer p.account.Unlock()
	p.account.definitions = nil
}

// phoneRegion is the country of numbers without country code: the configured
// one, or the location's, read once. It is empty before Configure, and when
// the token may not read the location.
func (p *Provider) phoneRegion(ctx context.Context) (string, error) {
	if p.region != "" || !p.configured() {
		return p.region, nil
	}
	p.account.Lock()
	defer p.account.Unlock()
	if p.account.regionKnown {
		return p.account.region, nil
	}
	found, err := p.getOne(ctx, p.kinds[kindLocation], providers.Key{ID: p.location}, nil)
	if api := apiError(err); err != nil && (api == nil || api.Status != 401 && api.Status != 403) {
		return "", err
	}
	if found != nil {
		p.account.region = found.Value("country").Text()
	}
	p.account.regionKnown = true
	return p.account.region, nil
}

func objectsOf(rows []row) []schema.Object {
	out := make([]schema.Object, len(rows))
	for i := range rows {
		out[i] = rows[i].object
	}
	return out
}
