package ghl

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/zclconf/go-cty/cty"

	"lockstep/providers"
	"lockstep/providers/transport"
	"lockstep/schema"
)

const kindPipeline = "ghl_pipeline"

// pipelineKind declares pipelines with their stages (HighLevel opportunities API,
// pipelines; that they can be written is announced there since June 2026, and the
// published documents have the list only). An update replaces the pipeline: a stage
// that it leaves out is deleted, and its opportunities come to the first stage.
func pipelineKind() *kind {
	return declared(&kind{
		Kind: schema.Kind{
			Name: kindPipeline, Noun: "pipeline", Plural: "pipelines",
			Scopes: schema.Scopes{Read: []string{"opportunities.readonly"}, Write: []string{"pipelines.readonly", "pipelines.write"}},
			Doc: "A pipeline of the location with its stages. Stages that no file names are kept, in their places. " +
				"Deleting a pipeline deletes every opportunity in it, which cannot be undone: it needs prevent_destroy = false.",
			Keys: []schema.NaturalKey{{"name"}},
			Loss: schema.Loss{Lasting: schema.Irreplaceable, Protected: true,
				Cascades: []schema.Holder{{Kind: kindOpportunity, Attribute: "pipeline_id", Source: "ghl_opportunities", Argument: "pipeline_id"}}},
		},
		attributes: pipelineAttributes(),
		data: []*schema.DataSource{
			{Name: "ghl_pipeline", Kind: kindPipeline, OneOf: true, Doc: "One pipeline, by its id or its name.",
				Arguments: []schema.Attribute{argument("id", cty.String, "Id of the pipeline."), argument("name", cty.String, "Name of the pipeline.")}},
			{Name: "ghl_pipelines", Kind: kindPipeline, Many: "pipelines", Doc: "All pipelines of the location."},
		},
		list:   listing{call: call{method: "GET", path: "/opportunities/pipelines", envelope: "pipelines", located: inQuery}},
		get:    call{method: "GET", path: "/opportunities/pipelines/{id}", envelope: "pipeline|."},
		create: call{method: "POST", path: "/opportunities/pipelines", envelope: "pipeline|.", located: inBody, version: "v3", partial: true},
		update: call{method: "PUT", path: "/opportunities/pipelines/{id}", envelope: "pipeline|.", version: "v3", partial: true,
			replaces: []string{"id", "position", "dateAdded", "dateUpdated", "locationId", "traceId"}},
		remove:  call{method: "DELETE", path: "/opportunities/pipelines/{id}", version: "v3"},
		answers: answers{version: "dateUpdated", gone: []string{"pipeline not found", "pipeline does not exist"}},
		odd:     oddities{learn: (*account).learnPipelines, wrote: (*account).forgetPipelines},
	})
}

func pipelineAttributes() []attribute {
	shown := func(name, wire, doc string) attribute {
		return attribute{Attribute: schema.Attribute{Name: name, Type: cty.Bool, Optional: true, Default: schema.BoolValue(true), Doc: doc}, wire: wire, form: boolean}
	}
	return []attribute{
		{Attribute: schema.Attribute{Name: "name", Type: cty.String, Required: true, Folded: true, Doc: "Name of the pipeline, which no other one of the location has, in whichever case."},
			wire: "name", form: name},
		{Attribute: schema.Attribute{Name: "stage", Optional: true, Own: schema.OwnItems, Items: stageItems(),
			Type: cty.List(cty.Object(map[string]cty.Type{"key": cty.String, "name": cty.String, "win_probability": cty.Number, "in_funnel": cty.Bool, "in_pie": cty.Bool})),
			Doc: "Stages in their order. key is a word of yours, which the server does not see: keep it, and another name renames the stage. " +
				"Stages that are not named are kept; exactly([...]) drops them, if no opportunity is in them. win_probability is in per cent.",
			Example: `[{ key = "new", name = "New lead" }, { key = "won", name = "Won" }]`},
			wire: "stages", form: placedItems(
				property{name: "name", wire: "name", form: name}, property{name: "win_probability", wire: "stageWinProbability", form: form{decode: decodeNumber, normalize: normalPercentage}},
				property{name: "in_funnel", wire: "showInFunnel", form: boolean}, property{name: "in_pie", wire: "showInPieChart", form: boolean})},
		shown("in_funnel", "showInFunnel", "Whether the funnel chart shows the pipeline."),
		shown("in_pie", "showInPieChart", "Whether the pie chart shows the pipeline."),
		{Attribute: schema.Attribute{Name: "use_probability", Type: cty.Bool, Optional: true, Default: schema.BoolValue(false),
			Doc: "Whether stages weigh opportunities by their win_probability, which each of them then needs."},
			wire: "useOpportunityProbability", form: form{decode: decodeBool, normalize: normalWeighed}},
		{Attribute: schema.Attribute{Name: "color_mode", Type: cty.String, Optional: true, OneOf: []string{"dot", "bg-tint", "none"}, Doc: "How stages are coloured: dot, bg-tint or none."},
			wire: "colorRenderMode", form: text},
		{Attribute: schema.Attribute{Name: "stages", Type: cty.Map(cty.String), Computed: true, ItemIDs: &schema.ItemIDs{Of: "stage", Items: stageItems()},
			Doc: "Ids of the stages, by their names; of a resource also by their keys."},
			read: "stages", form: form{decode: decodeStages}},
		{Attribute: schema.Attribute{Name: "stage_names", Type: cty.List(cty.String), Computed: true, Doc: "Names of the stages, in their order."},
			read: "stages", form: form{decode: decodeStageNames}},
	}
}

// normalPercentage refuses what is no share.
func normalPercentage(_ *speller, path string, v schema.Value) (schema.Value, error) {
	if n, err := strconv.ParseFloat(v.Text(), 64); err != nil || n < 0 || n > 100 {
		return v, &providers.FieldError{Path: path, Problem: v.Text() + " is no percentage", Advice: "Write a number from 0 to 100."}
	}
	return v, nil
}

// normalWeighed refuses stages without a probability where they are weighed by it:
// for one of them the server would write over those of all others.
func normalWeighed(s *speller, path string, v schema.Value) (schema.Value, error) {
	if !v.Truth() {
		return v, nil
	}
	for _, stage := range s.fields.Value("stage").Items() {
		if stage.Entry("win_probability").IsAbsent() {
			return v, &providers.FieldError{Path: path, Problem: fmt.Sprintf("the stage %q has no win_probability, and HighLevel would write over those of all stages", stage.Entry("key").Text()),
				Advice: "Give each stage one, or leave use_probability out."}
		}
	}
	return v, nil
}

// forgetPipelines lets the pipelines be read again, after one was written.
func (a *account) forgetPipelines() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.pipelines = nil
}

// stageItems tells stages apart: by words of the files, or else by their names.
func stageItems() *schema.Items {
	return &schema.Items{Key: "key", Match: "name", Ordered: true, Holds: &schema.Holder{Kind: kindOpportunity, Attribute: "stage_id", Source: "ghl_opportunities", Argument: "stage_id"}}
}

// stages reads the stages of an answer: their ids and names, in their order.
func (d *decoder) stages(raw jsontext.Value) (ids, names []string) {
	d.nested(raw, func(row *jsontext.Decoder) error {
		stage, err := row.ReadValue()
		if err != nil {
			return err
		}
		ids = append(ids, decodeText(nil, jsontext.Value(valueIn([]byte(stage), "id"))).Text())
		names = append(names, spellName(decodeText(nil, jsontext.Value(valueIn([]byte(stage), "name"))).Text()))
		return nil
	})
	return ids, names
}

func decodeStages(d *decoder, raw jsontext.Value) schema.Value {
	ids, names := d.stages(raw)
	stages := map[string]schema.Value{}
	for i := range ids {
		stages[names[i]] = schema.StringValue(ids[i])
	}
	return schema.MapValue(stages)
}

func decodeStageNames(d *decoder, raw jsontext.Value) schema.Value {
	_, names := d.stages(raw)
	return schema.StringsValue(names)
}

// learnPipelines takes pipelines that were listed for another reason.
func (a *account) learnPipelines(objects []schema.Object) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.pipelines = slices.Clone(objects)
}

// pipeline finds a pipeline; nil when there is none with the id. All are read once.
func (a *account) pipeline(ctx context.Context, id string) (*schema.Object, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.pipelines == nil {
		k := a.kinds[kindPipeline]
		r := request{call: k.list.call, safety: transport.Read}
		body, err := a.send(ctx, r)
		if err != nil {
			return nil, err
		}
		answer, err := newDecoder(k, nil, &k.list, nil).list(body, r.envelope)
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", r.method, r.path, err)
		}
		a.pipelines = make([]schema.Object, len(answer.rows))
		for i := range answer.rows {
			a.pipelines[i] = answer.rows[i].object
		}
	}
	i := slices.IndexFunc(a.pipelines, func(o schema.Object) bool { return o.ID == id })
	if i < 0 {
		return nil, nil
	}
	return &a.pipelines[i], nil
}

// normalPipeline refuses the id of a pipeline that the location does not have.
func normalPipeline(s *speller, path string, v schema.Value) (schema.Value, error) {
	if !s.account.configured() || !v.IsKnown() || v.Text() == "" {
		return v, nil
	}
	found, err := s.account.pipeline(s.ctx, v.Text())
	if err != nil || found != nil {
		return v, err
	}
	return v, &providers.FieldError{Path: path, Problem: fmt.Sprintf("the location has no pipeline with the id %q", v.Text()),
		Advice: `Name it by data "ghl_pipeline", as in data.ghl_pipeline.sales.id.`}
}

// normalStage refuses the id of a stage that the pipeline does not have.
func normalStage(s *speller, path string, v schema.Value) (schema.Value, error) {
	id := s.fields.Value("pipeline_id")
	if !s.account.configured() || !v.IsKnown() || v.Text() == "" || id.Type() != schema.String {
		return v, nil
	}
	pipeline, err := s.account.pipeline(s.ctx, id.Text())
	if err != nil || pipeline == nil {
		return v, err
	}
	stages := pipeline.Value("stages")
	if slices.ContainsFunc(stages.Items(), v.Equal) {
		return v, nil
	}
	return v, &providers.FieldError{Path: path, Problem: fmt.Sprintf("the pipeline %q has no stage with the id %q", pipeline.Value("name").Text(), v.Text()),
		Advice: "Take one of data.ghl_pipeline.NAME.stages; it has " + strings.Join(stages.Keys(), ", ") + "." + schema.DidYouMean(v.Text(), stages.Keys())}
}
