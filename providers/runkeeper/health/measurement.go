package health

import (
	"context"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"lockstep/providers/runkeeper/export"
)

// Measure is one type of measurement and where the API keeps it (Health Graph
// API, measurements).
type Measure struct {
	// Type is the word of exports, Property the word of the API.
	Type, Property string
	// Name is the resource in the root, Usual its address, and Media the name
	// of its media type.
	Name, Usual, Media string
}

// feeds of measurements with their values. Where exports have another word for
// a value, it stands before it.
var feeds = []struct{ name, usual, media, values string }{
	{"weight", "/weight", "WeightSet", "weight free_mass mass_weight fat_percent bmi"},
	{"background_activities", "/backgroundActivities", "BackgroundActivitySet", "steps calories_burned"},
	{"sleep", "/sleep", "SleepSet", "sleep_total=total_sleep sleep_deep=deep sleep_rem=rem sleep_light=light sleep_awake=awake " +
		"sleep_times_woken=times_woken"},
	{"nutrition", "/nutrition", "NutritionSet", "nutrition_calories=calories nutrition_carbs=carbohydrates nutrition_fat=fat nutrition_fiber=fiber " +
		"nutrition_protein=protein nutrition_sodium=sodium nutrition_water=water"},
	{"general_measurements", "/generalMeasurements", "GeneralMeasurementSet", "systolic diastolic total_cholesterol hdl ldl " +
		"uric_acid blood_calcium blood_magnesium resting_heartrate vitamin_d ferritin blood_folic_acid " +
		"blood_vitamin_b12 crp hscrp tsh creatine_kinase il6 testosterone blood_potassium blood_sodium blood_zinc blood_chromium " +
		"white_cell_count"},
	{"diabetes", "/diabetes", "DiabetesMeasurementSet", "fasting_plasma_glucose_test oral_glucose_tolerance_test random_plasma_glucose_test " +
		"triglyceride hemoglobin_a1c insulin c_peptide"},
}

// Measures are the types of measurement that can be written, in the order of
// their feeds.
func Measures() []Measure {
	var all []Measure
	for _, f := range feeds {
		for _, value := range strings.Fields(f.values) {
			typ, property, renamed := strings.Cut(value, "=")
			if !renamed {
				property = typ
			}
			all = append(all, Measure{typ, property, f.name, f.usual, f.media})
		}
	}
	return all
}

// Measurements reads the feeds of measurements, newest first: all of them, or
// the ones of these names in the root. A day other than zero leaves out what
// is not about it.
func (a *Account) Measurements(ctx context.Context, day time.Time, names ...string) ([]export.Measurement, error) {
	words := typesByProperty()
	var all []export.Measurement
	for _, f := range feeds {
		if len(names) > 0 && !slices.Contains(names, f.name) {
			continue
		}
		err := a.pages(ctx, a.Link(f.name, f.usual), f.media+"Feed", day, func(raw json.RawMessage) error {
			found, err := measurements(raw, words[f.name])
			all = append(all, found...)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(all, func(a, b export.Measurement) int {
		if c := b.Time.Compare(a.Time); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return all, nil
}

// MeasurementSet reads all values of one item, as of weight and number 7.
func (a *Account) MeasurementSet(ctx context.Context, m Measure, number string) ([]export.Measurement, error) {
	var raw json.RawMessage
	if err := a.client.get(ctx, a.Link(m.Name, m.Usual)+"/"+number, m.Media, &raw); err != nil {
		return nil, err
	}
	return measurements(raw, typesByProperty()[m.Name])
}

// typesByProperty are the words of exports by feed and the API's word.
func typesByProperty() map[string]map[string]string {
	all := map[string]map[string]string{}
	for _, m := range Measures() {
		if all[m.Name] == nil {
			all[m.Name] = map[string]string{}
		}
		all[m.Name][m.Property] = m.Type
	}
	return all
}

// measurements are the values of one item.
func measurements(raw json.RawMessage, words map[string]string) ([]export.Measurement, error) {
	var head struct {
		URI       string `json:"uri"`
		Timestamp clock  `json:"timestamp"`
	}
	if err := json.Unmarshal(raw, &head); err != nil {
		return nil, err
	}
	if !hasID(head.URI) || head.Timestamp.IsZero() {
		return nil, fmt.Errorf("a measurement lacks uri or timestamp")
	}
	var values map[string]json.RawMessage
	if err := json.Unmarshal(raw, &values); err != nil {
		return nil, err
	}
	var all []export.Measurement
	delete(values, "userID")
	for name, raw := range values {
		var n amount
		if err := json.Unmarshal(raw, &n); err != nil || !n.Known {
			// Texts such as source and meal.
			continue
		}
		typ := name
		if words[name] != "" {
			typ = words[name]
		}
		all = append(all, export.Measurement{ID: path.Base(head.URI) + "/" + typ, Time: head.Timestamp.Time, Type: typ, Value: n.Value})
	}
	return all, nil
}
