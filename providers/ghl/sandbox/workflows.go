package sandbox

import "encoding/json"

// automation is a workflow or a campaign. No call makes one: they come from a seed
// document.
type automation struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Status  string `json:"status,omitempty"`  // draft or published, which is the default
	Version int    `json:"version,omitempty"` // of a workflow
	Added   int64  `json:"createdAt,omitempty"`
	Updated int64  `json:"updatedAt,omitempty"`
}

// automations are the workflows, or the campaigns, of a location.
type automations struct{ resource[automation] }

func newWorkflows(l *location) *automations {
	ws := newAutomations(l, "workflow", "workflows")
	ws.words.unknown = "Workflow not found"
	ws.view = func(a *automation) object {
		return object{"id": a.ID, "name": a.Name, "status": a.Status, "version": a.Version, "locationId": l.settings.ID,
			"createdAt": stamp(a.Added), "updatedAt": stamp(a.Updated)}
	}
	return ws
}

func newCampaigns(l *location) *automations {
	cs := newAutomations(l, "campaign", "campaigns")
	cs.words.unknown = "Campaign not found"
	cs.shapes.list["status"] = rule{kind: text}
	cs.view = func(a *automation) object {
		return object{"id": a.ID, "name": a.Name, "status": a.Status, "locationId": l.settings.ID}
	}
	cs.cut = func(c *call, all []*automation) []*automation {
		status := c.query.Get("status")
		if status == "" {
			return all
		}
		var some []*automation
		for _, a := range all {
			if a.Status == status {
				some = append(some, a)
			}
		}
		return some
	}
	return cs
}

func newAutomations(l *location, kind, many string) *automations {
	return &automations{resource[automation]{
		collection: newCollection[automation](l.store, kind),
		path:       "/" + many + "/", scope: many,
		words:  words{many: many},
		shapes: shapes{list: shape{"locationId": {kind: text, need: true}}},
		listed: true,
	}}
}

func (as *automations) member() string { return as.words.many }

func (as *automations) plant(raw json.RawMessage, p *planter) error {
	return as.keep(raw, p, func(a *automation) *string {
		if a.Status == "" {
			a.Status = "published"
		}
		if a.Added == 0 {
			a.Added, a.Updated = millis(p.now), millis(p.now)
		}
		return &a.ID
	})
}
