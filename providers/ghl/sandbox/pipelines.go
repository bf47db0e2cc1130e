package sandbox

import (
	"encoding/json"
	"slices"
)

// pipeline is a row of stages that opportunities go through.
type pipeline struct {
	ID      string  `json:"id"`
	Name    string  `json:"name"`
	Stages  []stage `json:"stages"`
	Added   int64   `json:"dateAdded,omitempty"`
	Updated int64   `json:"dateUpdated,omitempty"`
}

// stage is one stage of a pipeline.
type stage struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// has reports whether a pipeline has a stage.
func (p *pipeline) has(id string) bool {
	return slices.ContainsFunc(p.Stages, func(s stage) bool { return s.ID == id })
}

// pipelines are those of a location. They come from a seed document.
type pipelines struct{ resource[pipeline] }

func newPipelines(l *location) *pipelines {
	ps := &pipelines{resource[pipeline]{
		collection: newCollection[pipeline](l.store, "pipeline"),
		path:       "/opportunities/pipelines", scope: "opportunities",
		words:  words{many: "pipelines", unknown: "Pipeline not found"},
		shapes: shapes{list: shape{"locationId": {kind: text, need: true}}},
		listed: true,
	}}
	ps.view = func(p *pipeline) object {
		stages := []object{}
		for i, s := range p.Stages {
			stages = append(stages, object{"id": s.ID, "name": s.Name, "position": i, "showInFunnel": true, "showInPieChart": true})
		}
		return object{"id": p.ID, "name": p.Name, "stages": stages, "locationId": l.settings.ID, "showInFunnel": true, "showInPieChart": true,
			"useOpportunityProbability": false, "dateAdded": stamp(p.Added), "dateUpdated": stamp(p.Updated)}
	}
	return ps
}

func (ps *pipelines) member() string { return "pipelines" }

// plant keeps the pipelines of a list. Those without ids get some.
func (ps *pipelines) plant(raw json.RawMessage, p *planter) error {
	return ps.keep(raw, p, func(one *pipeline) *string {
		for i := range one.Stages {
			if one.Stages[i].ID == "" {
				one.Stages[i].ID = ps.store.newID("stage")
			}
		}
		one.Added, one.Updated = millis(p.now), millis(p.now)
		return &one.ID
	})
}
