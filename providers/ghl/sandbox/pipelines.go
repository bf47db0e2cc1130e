package sandbox

import (
	"encoding/json"
	"slices"
)

// pipeline is a row of stages that opportunities go through.
type pipeline struct {
	ID        string  `json:"id"`
	Name      string  `json:"name"`
	Stages    []stage `json:"stages"`
	NoFunnel  bool    `json:"noFunnel,omitempty"`
	NoPie     bool    `json:"noPie,omitempty"`
	Weighs    bool    `json:"useOpportunityProbability,omitempty"`
	ColorMode string  `json:"colorRenderMode,omitempty"`
	Added     int64   `json:"dateAdded,omitempty"`
	Updated   int64   `json:"dateUpdated,omitempty"`
}

// stage is one stage of a pipeline.
type stage struct {
	ID          string   `json:"id"`
	Name        string   `json:"name"`
	NoFunnel    bool     `json:"noFunnel,omitempty"`
	NoPie       bool     `json:"noPie,omitempty"`
	Probability *float64 `json:"stageWinProbability,omitempty"`
}

// has reports whether a pipeline has a stage.
func (p *pipeline) has(id string) bool {
	return slices.ContainsFunc(p.Stages, func(s stage) bool { return s.ID == id })
}

// pipelines are those of a location. They are read by the calls of resource, and
// written by calls of version v3, with scopes of their own.
type pipelines struct {
	resource[pipeline]
	l *location
}

func newPipelines(l *location) *pipelines {
	ps := &pipelines{l: l, resource: resource[pipeline]{
		collection: newCollection[pipeline](l.store, "pipeline"),
		path:       "/opportunities/pipelines", scope: "opportunities",
		words:  words{many: "pipelines", unknown: "Pipeline not found", deleted: []string{"success"}},
		shapes: shapes{list: shape{"locationId": {kind: text, need: true}}},
		listed: true,
		own:    func(p *pipeline, id, _ string) { p.ID = id },
	}}
	ps.view, ps.fill = ps.show, ps.write
	return ps
}

// show is a pipeline with its stages, as every answer but that of a create has it.
func (ps *pipelines) show(p *pipeline) object {
	stages := []object{}
	for i, s := range p.Stages {
		row := object{"id": s.ID, "name": s.Name, "position": i, "showInFunnel": !s.NoFunnel, "showInPieChart": !s.NoPie}
		if s.Probability != nil {
			row["stageWinProbability"] = *s.Probability
		}
		stages = append(stages, row)
	}
	out := object{"id": p.ID, "name": p.Name, "stages": stages, "locationId": ps.l.settings.ID, "position": 0,
		"showInFunnel": !p.NoFunnel, "showInPieChart": !p.NoPie, "useOpportunityProbability": p.Weighs, "dateAdded": stamp(p.Added), "dateUpdated": stamp(p.Updated)}
	showTexts(out, map[string]string{"colorRenderMode": p.ColorMode})
	return out
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
