package runkeeper

import (
	"context"

	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

const kindMeasurement = "runkeeper_measurement"

// measurementKind declares measurements, as measurements.csv has them and, under the
// same words, the API.
func measurementKind() *kind {
	return &kind{
		Kind: schema.Kind{
			Name: kindMeasurement, Noun: "measurement", Plural: "measurements", ReadOnly: true, Personal: true,
			Doc: "A weight, a night of sleep, steps of a day or another measurement.",
			Attributes: []attribute{
				computed("account", cty.String, "Name of the account."),
				computed("type", cty.String, "The export's word, such as weight, fat_percent, steps or sleep_total."),
				personal("time", cty.String, "When, by the clock on the wall. The zone is not known."),
				personal("date", cty.String, "Day, such as 2026-06-14."),
				personal("value", cty.Number, "The value, in the unit."),
				computed("unit", cty.String, "Unit of the value, such as kg; absent for types that are not known."),
			},
		},
		objects: func(ctx context.Context, a *account, q query) ([]schema.Object, error) {
			if err := a.measure(ctx, everything); err != nil {
				return nil, err
			}
			var objects []schema.Object
			for i := range a.data.Measurements {
				m := &a.data.Measurements[i]
				if !q.wants(m.Type) || !q.within(m.Time) {
					continue
				}
				var f fields
				f.text("account", a.name)
				f.text("type", m.Type)
				f.text("time", m.Time.Format(clockForm))
				f.day("date", m.Time)
				f.number("value", m.Value)
				f.text("unit", m.Unit())
				objects = append(objects, f.object(kindMeasurement, a.name+"/"+m.ID))
			}
			return objects, nil
		},
	}
}
