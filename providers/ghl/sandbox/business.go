package sandbox

// business is a company that contacts belong to.
type business struct {
	ID      string            `json:"id"`
	Texts   map[string]string `json:"texts"` // by property
	Added   int64             `json:"createdAt"`
	Updated int64             `json:"updatedAt"`
}

// businesses are the businesses of a location. Two may have the same name.
type businesses struct{ resource[business] }

func newBusinesses(l *location) *businesses {
	update := shape{"name": {kind: text}}
	for _, name := range []string{"phone", "website", "address", "city", "state", "postalCode", "country", "description"} {
		update[name] = rule{kind: text}
	}
	update["email"] = rule{kind: email}
	place := shape{"locationId": {kind: text, need: true}}
	bs := &businesses{resource[business]{
		collection: newCollection[business](l.store, "business"),
		path:       "/businesses/", scope: "businesses",
		// The envelope of a written one is misspelt, as the API does it.
		words: words{one: "business", written: "buiseness", many: "businesses", unknown: "Business not found",
			beside: []string{"success"}, deleted: []string{"success"}},
		shapes: shapes{
			list:   place.extend(shape{"limit": {kind: number}, "skip": {kind: number}}),
			create: update.extend(place).extend(shape{"name": {kind: text, need: true}}), update: update,
		},
		own:  func(b *business, id, _ string) { b.ID = id },
		fill: fillBusiness,
		cut:  bySkip[business](100),
	}}
	bs.view = func(b *business) object {
		out := object{"id": b.ID, "locationId": l.settings.ID, "createdAt": stamp(b.Added), "updatedAt": stamp(b.Updated)}
		for name, text := range b.Texts {
			out[name] = text
		}
		return out
	}
	return bs
}

// fillBusiness writes the given texts over those of a business. An empty one is
// kept by the API as it is.
func fillBusiness(c *call, b *business) *answer {
	texts := map[string]string{}
	for name, text := range b.Texts {
		texts[name] = text
	}
	for name, value := range c.body {
		if text, given := value.(string); given && name != "locationId" {
			texts[name] = text
		}
	}
	if texts["name"] == "" {
		return unprocessable("name should not be empty")
	}
	if b.Texts = texts; b.ID == "" {
		b.Added = millis(c.now)
	}
	b.Updated = millis(c.now)
	return nil
}
