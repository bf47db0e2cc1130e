package runkeeper

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strconv"
	"time"

	"github.com/zclconf/go-cty/cty"

	"lockstep/providers"
	"lockstep/providers/runkeeper/export"
	"lockstep/providers/runkeeper/health"
	"lockstep/schema"
)

const kindMeasurement = "runkeeper_measurement"

// measurementKind declares measurements, as measurements.csv has them and, under the
// same words, the API.
func measurementKind() *kind {
	return &kind{
		Kind: schema.Kind{
			Name: kindMeasurement, Noun: "measurement", Plural: "measurements", Personal: true,
			Doc: "A weight, a night of sleep, steps of a day or another measurement: one value of one moment. Only measurements of accounts of the API can be " +
				"written. One that exists with the same type and time is adopted.",
			Parent: "account", Content: []string{"time", "type"},
			Listing: schema.Listing{Page: 1000, PerParent: true, Settles: settles},
			Attributes: []attribute{
				accountAttribute(),
				{Name: "type", Type: cty.String, Required: true, Immutable: true, OneOf: measurementTypes(), Doc: "The export's word, such as weight, fat_percent, steps or sleep_total."},
				{Name: "time", Type: cty.String, Required: true, Immutable: true, Personal: true, Example: `"2026-06-14T07:00:00"`, Doc: "When, by the clock on the wall. The zone is not known."},
				personal("date", cty.String, "Day, such as 2026-06-14."),
				{Name: "value", Type: cty.Number, Required: true, Personal: true, Doc: "The value, in the unit."},
				computed("unit", cty.String, "Unit of the value, such as kg; absent for types that are not known."),
			},
		},
		objects: func(ctx context.Context, a *account, q query) ([]schema.Object, error) {
			if err := a.measure(ctx, everything); err != nil {
				return nil, err
			}
			var objects []schema.Object
			for i := range a.data.Measurements {
				if m := &a.data.Measurements[i]; q.wants(m.Type) && q.within(m.Time) {
					objects = append(objects, measurementObject(a, m))
				}
			}
			return objects, nil
		},
		writes: measurementWrites(),
		reads:  &reads{list: listMeasurements, one: oneMeasurement},
	}
}

func measurementObject(a *account, m *export.Measurement) schema.Object {
	var f fields
	f.text("account", a.name)
	f.text("type", m.Type)
	f.text("time", m.Time.Format(clockForm))
	f.day("date", m.Time)
	f.number("value", m.Value)
	f.text("unit", m.Unit())
	return f.object(kindMeasurement, a.name+"/"+m.ID)
}

// measurementTypes are the words of what can be written.
func measurementTypes() []string {
	var types []string
	for _, m := range health.Measures() {
		types = append(types, m.Type)
	}
	return types
}

// measureOf is the type of a new measurement, or of one by its id.
func measureOf(id string, fields schema.Fields) health.Measure {
	typ := fields.Value("type").Text()
	if typ == "" {
		typ = path.Base(id)
	}
	all := health.Measures()
	i := slices.IndexFunc(all, func(m health.Measure) bool { return m.Type == typ })
	if i < 0 {
		return health.Measure{Name: "measurements", Usual: "/measurements"}
	}
	return all[i]
}

func measurementWrites() *writes {
	w := &writes{
		remove: true,
		place: func(id string, fields schema.Fields) (name, usual string) {
			m := measureOf(id, fields)
			return m.Name, m.Usual
		},
		made: func(a *account, number string, fields schema.Fields) schema.Object {
			m := export.Measurement{Type: fields.Value("type").Text()}
			m.ID = number + "/" + m.Type
			var err error
			if m.Time, err = time.Parse(clockForm, fields.Value("time").Text()); err == nil {
				m.Value, err = strconv.ParseFloat(fields.Value("value").Text(), 64)
			}
			if err != nil {
				return schema.Object{Kind: kindMeasurement, ID: a.name + "/" + m.ID, Fields: fields}
			}
			return measurementObject(a, &m)
		},
		properties: []property{{path: "time", spell: clock}, {path: "value", spell: places(6)}},
		before:     aloneInSet,
	}
	w.types = func(c providers.Write) (create, update, item string) {
		m := measureOf(c.ID, c.Fields)
		return "New" + m.Media, m.Media, m.Media
	}
	w.body = func(c providers.Write) map[string]any {
		body := map[string]any{}
		if c.Action == providers.Create {
			body["timestamp"] = wireClock(c.Fields.Value("time"))
		}
		if v := c.Fields.Value("value"); !v.IsAbsent() {
			body[measureOf(c.ID, c.Fields).Property] = v.ToJSON()
		}
		return body
	}
	return w
}

// aloneInSet keeps a measurement from being deleted together with others that
// were taken at the same moment: the API deletes all of them at once.
func aloneInSet(ctx context.Context, a *account, remote *health.Account, c providers.Write) (bool, error) {
	if c.Action != providers.Delete {
		return false, nil
	}
	set, err := remote.MeasurementSet(ctx, measureOf(c.ID, nil), a.number(c.ID))
	switch {
	case gone(err):
		return true, nil
	case err != nil:
		return false, err
	case len(set) > 1:
		return false, fmt.Errorf("%d values were measured at that moment, and Runkeeper deletes them only together: delete them by hand, or take this one out of the state with `lockstep state rm`", len(set))
	}
	return false, nil
}

// listMeasurements reads the feeds: the one of a type, or all.
func listMeasurements(ctx context.Context, a *account, remote *health.Account, _ string, s scope) ([]schema.Object, error) {
	var names []string
	if s.typ != "" {
		names = []string{measureOf("", schema.Fields{{Path: "type", Value: schema.StringValue(s.typ)}}).Name}
	}
	all, err := remote.Measurements(ctx, s.day, names...)
	if err != nil {
		return nil, err
	}
	objects := make([]schema.Object, len(all))
	for i := range all {
		objects[i] = measurementObject(a, &all[i])
	}
	return objects, nil
}

func oneMeasurement(ctx context.Context, a *account, remote *health.Account, id string) (schema.Object, error) {
	m := measureOf(id, nil)
	set, err := remote.MeasurementSet(ctx, m, a.number(id))
	if err != nil {
		return schema.Object{}, err
	}
	for i := range set {
		if set[i].Type == m.Type {
			return measurementObject(a, &set[i]), nil
		}
	}
	return schema.Object{}, &providers.APIError{Method: "GET", Path: m.Usual, Message: "the value is not there", Gone: true}
}
