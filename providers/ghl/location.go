package ghl

import (
	"cmp"
	"context"
	"errors"

	"github.com/zclconf/go-cty/cty"

	"lockstep/providers"
	"lockstep/schema"
)

const kindLocation = "ghl_location"

// locationKind declares the location itself (HighLevel locations API).
func locationKind() *kind {
	return declared(&kind{
		Kind: schema.Kind{
			Name: kindLocation, Noun: "location", Plural: "locations",
			Scopes:   schema.Scopes{Read: []string{"locations.readonly"}},
			Doc:      "A location, also called a sub-account. It can only be read.",
			ReadOnly: true,
		},
		attributes: []attribute{
			computed("name", "name", "Name of the location.", text),
			computed("company_id", "companyId", "Id of the agency.", text),
			computed("email", "email", "E-mail address.", email),
			computed("phone", "phone", "Phone number.", text),
			computed("address", "address", "Street address.", text),
			computed("city", "city", "City.", text),
			computed("state", "state", "State or region.", text),
			computed("postal_code", "postalCode", "Postal code.", text),
			computed("country", "country", "Country as a two-letter code.", upper),
			computed("website", "website", "Web site.", text),
			computed("timezone", "timezone", "Time zone.", text),
			{Attribute: schema.Attribute{Name: "settings", Type: cty.Map(cty.DynamicPseudoType), Computed: true,
				Doc: "Settings by their API names, such as allowDuplicateContact and contactUniqueIdentifiers."},
				read: "settings", form: anything},
		},
		data: []*schema.DataSource{
			{Name: "ghl_location", Kind: kindLocation, Doc: "The location that the provider is configured for."},
		},
		odd: oddities{itself: true},
		get: call{method: "GET", path: "/locations/{id}", envelope: "location"},
	})
}

// phoneRegion is the country of numbers without country code: the configured
// one, or the location's. It is empty before Configure, and when the token may
// not read the location.
func (a *account) phoneRegion(ctx context.Context) (string, error) {
	if a.region != "" || !a.configured() {
		return a.region, nil
	}
	self, err := a.itself(ctx)
	if err != nil || self == nil {
		return "", err
	}
	return self.Value("country").Text(), nil
}

// company is the id of the agency that the location belongs to.
func (a *account) company(ctx context.Context) (string, error) {
	self, err := a.itself(ctx)
	if err != nil {
		return "", err
	}
	if self == nil || self.Value("company_id").Text() == "" {
		return "", errors.New("the agency of the location is not known, because the token may not read the location: give it the scope locations.readonly")
	}
	return self.Value("company_id").Text(), nil
}

// itself is the location, read once; nil when the token may not read it.
func (a *account) itself(ctx context.Context) (*schema.Object, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.selfRead {
		return a.self, nil
	}
	get := &getter{account: a, kind: a.kinds[kindLocation]}
	found, err := get.one(ctx, providers.Key{})
	api := apiError(err)
	refused := api != nil && (api.Status == 401 || api.Status == 403) && api.Extent == providers.OneRequest
	if err != nil && !refused {
		return nil, err
	}
	a.self, a.selfRead, a.selfHidden = found, true, err
	return found, nil
}

// Place names the location, which it may have to read.
func (p *Provider) Place(ctx context.Context) (providers.Place, error) {
	place := providers.Place{Noun: "location", ID: p.account.location}
	if p.account.emulated {
		place.Noun = "sandbox location"
	}
	if !p.account.configured() {
		return place, nil
	}
	self, err := p.account.itself(ctx)
	if self != nil {
		place.Name = self.Value("name").Written()
	}
	return place, cmp.Or(err, p.account.selfHidden)
}
