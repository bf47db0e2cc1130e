package sandbox

import (
	"fmt"
	"net/http"
	"strings"
)

// pipelineShape is what an update takes. It replaces the pipeline: what it leaves
// out is set back, and a stage that it leaves out is deleted.
func pipelineShape() shape {
	flags := shape{"showInFunnel": {kind: flag}, "showInPieChart": {kind: flag}}
	return flags.extend(shape{
		"name": {kind: text, need: true}, "useOpportunityProbability": {kind: flag}, "colorRenderMode": {kind: text, one: []string{"dot", "bg-tint", "none"}},
		"stages": {kind: list, need: true, each: flags.extend(shape{
			"id": {kind: text}, "name": {kind: text, need: true}, "position": {kind: number}, "stageWinProbability": {kind: number, null: true},
		})},
	})
}

func (ps *pipelines) routes() []route {
	const reads, writes = "pipelines.readonly", "pipelines.write"
	update := pipelineShape()
	return append(ps.resource.routes(), []route{
		{method: http.MethodGet, pattern: ps.object(), scope: reads, serve: ps.read},
		{method: http.MethodPost, pattern: ps.path, v3: true, scope: writes, body: update.extend(shape{"locationId": {kind: text, need: true}}), serve: ps.create},
		{method: http.MethodPut, pattern: ps.object(), v3: true, scope: writes, body: update, serve: ps.update},
		{method: http.MethodDelete, pattern: ps.object(), v3: true, scope: writes, serve: ps.remove},
	}...)
}

// create answers a pipeline without its stages, which are there all the same.
func (ps *pipelines) create(c *call) *answer {
	a := ps.resource.create(c)
	if a.body["stages"] != nil {
		a.body["stages"] = []object{}
	}
	return a
}

// update moves the opportunities of stages that go to the first one that is left,
// and tells nobody.
func (ps *pipelines) update(c *call) *answer {
	a := ps.resource.update(c)
	p, known := ps.byID[c.vars["id"]]
	if a.status != http.StatusOK || !known {
		return a
	}
	for _, o := range ps.l.opportunities.in(p.ID) {
		if !p.has(o.StageID) {
			moved := *o
			moved.StageID, moved.Updated, moved.Staged = p.Stages[0].ID, millis(c.now), millis(c.now)
			ps.l.opportunities.put(c.now, o.ID, &moved)
		}
	}
	return a
}

// remove deletes a pipeline with all its opportunities.
func (ps *pipelines) remove(c *call) *answer {
	a := ps.resource.remove(c)
	if a.status == http.StatusOK {
		for _, o := range ps.l.opportunities.in(c.vars["id"]) {
			ps.l.opportunities.drop(c.now, o.ID)
		}
	}
	return a
}

// write fills a pipeline from a body, which replaces it.
func (ps *pipelines) write(c *call, p *pipeline) *answer {
	name, _ := c.body["name"].(string)
	for _, other := range ps.list("") {
		if other.ID != p.ID && strings.EqualFold(strings.TrimSpace(other.Name), strings.TrimSpace(name)) {
			return badRequest("A pipeline with this name already exists.")
		}
	}
	replaced := pipeline{ID: p.ID, Name: name, Added: p.Added, Updated: millis(c.now), NoFunnel: isFalse(c.body["showInFunnel"]), NoPie: isFalse(c.body["showInPieChart"])}
	if p.ID == "" {
		replaced.Added = replaced.Updated
	}
	replaced.Weighs, _ = c.body["useOpportunityProbability"].(bool)
	replaced.ColorMode, _ = c.body["colorRenderMode"].(string)
	rows, _ := c.body["stages"].([]any)
	for _, row := range rows {
		s, refusal := ps.stage(p, &replaced, row.(object))
		if refusal != nil {
			return refusal
		}
		replaced.Stages = append(replaced.Stages, s)
	}
	if replaced.Weighs {
		replaced.ramp()
	}
	*p = replaced
	return nil
}

// stage reads the row of a stage. One with an id takes the place of that stage.
func (ps *pipelines) stage(old, now *pipeline, row object) (stage, *answer) {
	s := stage{NoFunnel: isFalse(row["showInFunnel"]), NoPie: isFalse(row["showInPieChart"])}
	fillTexts(row, map[string]*string{"id": &s.ID, "name": &s.Name})
	if v, given := row["stageWinProbability"].(float64); given {
		s.Probability = &v
	}
	switch {
	case s.ID != "" && (!old.has(s.ID) || now.has(s.ID)):
		return s, badRequest(fmt.Sprintf("Stage with id %s does not belong to the pipeline.", s.ID))
	case s.Probability != nil && (*s.Probability < 0 || *s.Probability > 100):
		return s, unprocessable("stageWinProbability must not be greater than 100")
	}
	for _, other := range now.Stages {
		if strings.EqualFold(other.Name, s.Name) {
			return s, badRequest("Stage names must be unique in a pipeline.")
		}
	}
	if s.ID == "" {
		s.ID = ps.store.newID("stage")
	}
	return s, nil
}

// ramp gives all stages even steps, where a single one has no probability.
func (p *pipeline) ramp() {
	for _, s := range p.Stages {
		if s.Probability != nil {
			continue
		}
		for i := range p.Stages {
			even := float64(100*(i+1)) / float64(len(p.Stages))
			p.Stages[i].Probability = &even
		}
		return
	}
}

func isFalse(v any) bool {
	value, given := v.(bool)
	return given && !value
}
