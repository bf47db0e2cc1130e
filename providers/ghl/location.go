package ghl

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/zclconf/go-cty/cty"

	"lockstep/providers"
	"lockstep/schema"
)

const kindLocation = "ghl_location"

// locationKind declares locations (HighLevel locations API). One whose token is in
// use can only read itself; its agency makes others and changes all of them, and
// cannot delete any: that takes a scope which only HighLevel itself has.
func locationKind() *kind {
	return declared(&kind{
		Kind: schema.Kind{
			Name: kindLocation, Noun: "location", Plural: "locations",
			Scopes: schema.Scopes{Read: []string{"locations.readonly"}, Write: []string{"locations.write"}, Level: schema.AgencyLevel},
			Doc: "A location, also called a sub-account. It is matched by its name among those of the agency. An agency pays for each, and no program can delete one: " +
				"its block is forgotten instead. To make one takes a plan of the agency that lets the API do so.",
			Keys: []schema.NaturalKey{{"name"}},
			Loss: schema.Loss{Lasting: schema.Permanent},
			// A second location costs money: who looks for one that was made waits long.
			Listing: schema.Listing{Settles: 3600},
		},
		attributes: locationAttributes(),
		data: []*schema.DataSource{
			{Name: "ghl_location", Kind: kindLocation, Level: schema.EveryLevel, Doc: "The location that the provider is configured for, or one of an agency by its id or its name.",
				Arguments: []schema.Attribute{argument("id", cty.String, "Id of the location."), argument("name", cty.String, "Name of the location.")}},
			{Name: "ghl_locations", Kind: kindLocation, Level: schema.AgencyLevel, Many: "locations", Doc: "Locations of the agency that meet every argument; without arguments all of them.",
				Arguments: []schema.Attribute{argument("email", cty.String, "E-mail address of the location.")}},
		},
		lists: map[string][]listing{"": {{
			call:   call{method: "GET", path: "/locations/search", envelope: "locations", company: inQuery},
			agency: true, page: paging{limit: "limit", skip: "skip"}, size: 100, parameters: map[string]string{"email": "email"},
		}}},
		get:     call{method: "GET", path: "/locations/{id}", envelope: "location"},
		create:  call{method: "POST", path: "/locations/", company: inBody},
		update:  call{method: "PUT", path: "/locations/{id}", company: inBody},
		answers: answers{gone: []string{"location not found", "location with id"}},
		odd:     oddities{itself: theLocation},
	})
}

func locationAttributes() []attribute {
	sent := func(called, wire, doc string, f form) attribute {
		return attribute{Attribute: schema.Attribute{Name: called, Type: cty.String, Optional: true, Doc: doc}, wire: wire, form: f}
	}
	filled := func(called, wire, doc string, f form) attribute {
		a := sent(called, wire, doc, f)
		a.Computed = true
		return a
	}
	secret := func(called, doc string, keys ...string) attribute {
		example := fmt.Sprintf("{ %s = %q, %s = %q }", keys[0], "…", keys[1], "…")
		return attribute{Attribute: schema.Attribute{Name: called, Type: cty.Map(cty.String), Optional: true, WriteOnly: true, Sensitive: true, Doc: doc, Example: example},
			wire: called, form: members, keys: keys}
	}
	return []attribute{
		{Attribute: schema.Attribute{Name: "name", Type: cty.String, Required: true, Doc: "Name of the location."}, wire: "name", form: name},
		computed("company_id", "companyId", "Id of the agency. Lists do not tell.", text),
		computed("email", "email", "E-mail address.", email),
		sent("phone", "phone", "Phone number, in any spelling; stored as E.164.", phone),
		sent("address", "address", "Street address.", text),
		sent("city", "city", "City.", text),
		sent("state", "state", "State or region.", text),
		sent("postal_code", "postalCode", "Postal code.", text),
		filled("country", "country", "Country as a two-letter code.", upper),
		sent("website", "website", "Web site.", text),
		filled("timezone", "timezone", "Time zone, such as Europe/Vienna.", text),
		{Attribute: schema.Attribute{Name: "settings", Type: cty.Map(cty.DynamicPseudoType), Optional: true, Computed: true, Own: schema.OwnKeys, Example: "{ allowDuplicateContact = true }",
			Doc: "Settings by their API names: allowDuplicateContact, allowDuplicateOpportunity, allowFacebookNameMerge and disableContactTimezone can be written, and contactUniqueIdentifiers be read. Only the keys that are written are managed."},
			wire: "settings", form: form{decodeKeys: decodeMembers, encode: schema.Value.ToJSON, normalize: normalFlags}, together: true,
			keys: []string{"allowDuplicateContact", "allowDuplicateOpportunity", "allowFacebookNameMerge", "disableContactTimezone"}},
		{Attribute: schema.Attribute{Name: "social", Type: cty.Map(cty.String), Optional: true, Own: schema.OwnKeys, Example: `{ instagram = "https://example.com/club" }`,
			Doc: "Addresses in social networks by their API names, such as facebookUrl, instagram and youtube. Only the keys that are written are managed."},
			wire: "social", form: members, together: true,
			keys: []string{"blogRss", "facebookUrl", "foursquare", "googlePlacesId", "googlePlus", "instagram", "linkedIn", "pinterest", "twitter", "yelp", "youtube"}},
		{Attribute: schema.Attribute{Name: "snapshot_id", Type: cty.String, Optional: true, CreateOnly: true, Refers: kindSnapshot, Doc: "Id of the snapshot that a new location begins with."},
			wire: "snapshotId", form: text},
		{Attribute: schema.Attribute{Name: "prospect", Type: cty.Map(cty.String), Optional: true, CreateOnly: true, Personal: true,
			Example: `{ firstName = "Ann", lastName = "Ode", email = "ann@example.com" }`, Doc: "The person a new location is for: firstName, lastName and email."},
			wire: "prospectInfo", form: members, keys: []string{"firstName", "lastName", "email"}},
		secret("twilio", "Account at Twilio: sid and authToken.", "sid", "authToken"),
		secret("mailgun", "Account at Mailgun: apiKey and domain.", "apiKey", "domain"),
	}
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

// company is the id of the agency, or of the one that the location belongs to.
func (a *account) company(ctx context.Context) (string, error) {
	if a.agency != "" {
		return a.agency, nil
	}
	self, err := a.itself(ctx)
	if err != nil {
		return "", err
	}
	if self == nil || self.Value("company_id").Text() == "" {
		return "", errors.New("the agency of the location is not known, because the token may not read the location: give it the scope locations.readonly, or write company_id in the provider block")
	}
	return self.Value("company_id").Text(), nil
}

// itself is the location or the agency, read once; nil when the token may not read it.
func (a *account) itself(ctx context.Context) (*schema.Object, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.self.read {
		return a.self.object, nil
	}
	get := &getter{account: a}
	for _, k := range a.kinds {
		if a.isItself(k) {
			get.kind = k
		}
	}
	found, err := get.one(ctx, providers.Key{})
	api := apiError(err)
	refused := api != nil && (api.Status == 401 || api.Status == 403) && api.Extent == providers.OneRequest
	if err != nil && !refused {
		return nil, err
	}
	a.self = ownself{found, true, err}
	return found, nil
}

// Place names the location, which it may have to read.
func (p *Provider) Place(ctx context.Context) (providers.Place, error) {
	place := providers.Place{Noun: "location", ID: p.account.id()}
	if p.account.location == "" {
		place.Noun = "agency"
	}
	if p.account.emulated {
		place.Noun = "sandbox " + place.Noun
	}
	if !p.account.configured() {
		return place, nil
	}
	self, err := p.account.itself(ctx)
	if self != nil {
		place.Name = self.Value("name").Written()
	}
	return place, cmp.Or(err, p.account.self.hidden)
}
