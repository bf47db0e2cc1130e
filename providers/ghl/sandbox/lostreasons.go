package sandbox

import "encoding/json"

// lostReason is why an opportunity is lost.
type lostReason struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// lostReasons are those that a location offers. They come from a seed document.
type lostReasons struct{ resource[lostReason] }

func newLostReasons(l *location) *lostReasons {
	rs := &lostReasons{resource[lostReason]{
		collection: newCollection[lostReason](l.store, "lostReason"),
		path:       "/opportunities/lost-reason", scope: "opportunities",
		words: words{many: "lostReasons"},
		shapes: shapes{list: shape{"locationId": {kind: text, need: true}, "limit": {kind: number}, "skip": {kind: number},
			"name": {kind: text}, "query": {kind: text}, "deleted": {kind: flag}, "getCount": {kind: flag}}},
		cut:    bySkip[lostReason](100),
		listed: true,
	}}
	rs.view = func(r *lostReason) object { return object{"id": r.ID, "name": r.Name, "locationId": l.settings.ID} }
	return rs
}

func (rs *lostReasons) member() string { return rs.words.many }

func (rs *lostReasons) plant(raw json.RawMessage, p *planter) error {
	return rs.keep(raw, p, func(r *lostReason) *string { return &r.ID })
}
