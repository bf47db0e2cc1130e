package ghl

import (
	"fmt"

	"lockstep/providers/providertest"
	"lockstep/schema"
)

func pipelineSample() providertest.Sample {
	stage := func(key, name, probability string) schema.Value {
		return schema.MapValue(map[string]schema.Value{"key": schema.StringValue(key), "name": schema.StringValue(name), "win_probability": schema.NumberValue(probability),
			"in_funnel": schema.BoolValue(false), "in_pie": schema.BoolValue(true)})
	}
	yes, no := schema.BoolValue(true), schema.BoolValue(false)
	return providertest.Sample{
		Kind: kindPipeline,
		Create: fieldsOf(map[string]schema.Value{"name": schema.StringValue("Races "), "in_funnel": no, "in_pie": no, "use_probability": yes, "color_mode": schema.StringValue("dot"),
			"stage": schema.ListValue(stage("a", " First", "10"), stage("b", "Second", "90"))}),
		Update: fieldsOf(map[string]schema.Value{"name": schema.StringValue("Big races"), "in_funnel": yes, "in_pie": yes, "use_probability": no, "color_mode": schema.StringValue("none"),
			"stage": schema.ListValue(stage("c", "Zeroth", "5"), stage("a", "first", "20"))}),
		Number: func(n int) schema.Fields { return texts2fields("name", fmt.Sprintf("Pipeline %d", n)) },
		Many:   0,
	}
}
