package ghl

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/zclconf/go-cty/cty"

	"lockstep/providers"
	"lockstep/providers/transport"
	"lockstep/schema"
)

const kindPipeline = "ghl_pipeline"

// pipelineKind declares pipelines with their stages (HighLevel opportunities API,
// pipelines).
func pipelineKind() *kind {
	return declared(&kind{
		Kind: schema.Kind{
			Name: kindPipeline, Noun: "pipeline", Plural: "pipelines",
			Scopes:   schema.Scopes{Read: []string{"opportunities.readonly"}},
			Doc:      "A pipeline of the location with its stages, to be named by their ids in opportunities. Pipelines can only be read.",
			Keys:     []schema.NaturalKey{{"name"}},
			ReadOnly: true,
		},
		attributes: []attribute{
			computed("name", "name", "Name of the pipeline.", name),
			{Attribute: schema.Attribute{Name: "stage", Computed: true, Own: schema.OwnItems, Items: stageItems(), Doc: "The stages, in their order.",
				Type: cty.List(cty.Object(map[string]cty.Type{"key": cty.String, "name": cty.String}))},
				read: "stages", form: items(property{name: "name", wire: "name", form: name})},
			{Attribute: schema.Attribute{Name: "stages", Type: cty.Map(cty.String), Computed: true, Doc: "Ids of the stages, by their names."},
				read: "stages", form: form{decode: decodeStages}},
			{Attribute: schema.Attribute{Name: "stage_names", Type: cty.List(cty.String), Computed: true, Doc: "Names of the stages, in their order."},
				read: "stages", form: form{decode: decodeStageNames}},
		},
		data: []*schema.DataSource{
			{Name: "ghl_pipeline", Kind: kindPipeline, OneOf: true, Doc: "One pipeline, by its id or its name.",
				Arguments: []schema.Attribute{argument("id", cty.String, "Id of the pipeline."), argument("name", cty.String, "Name of the pipeline.")}},
			{Name: "ghl_pipelines", Kind: kindPipeline, Many: "pipelines", Doc: "All pipelines of the location."},
		},
		list: listing{call: call{method: "GET", path: "/opportunities/pipelines", envelope: "pipelines", located: inQuery}},
		odd:  oddities{learn: (*account).learnPipelines},
	})
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
