package runkeeper

import (
	"context"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"lockstep/providers/runkeeper/health"
	"lockstep/schema"
)

const kindSettings = "runkeeper_settings"

// settingsKind declares settings. Every account has some (Health Graph API,
// settings). An older word for Friends is read as Friends.
func settingsKind() *kind {
	attributes := settingsAttributes()
	w := &writes{update: "Settings", item: "Settings", place: at("settings", "/settings"), single: true}
	for _, a := range attributes {
		if a.Writable() {
			w.properties = append(w.properties, property{path: a.Name, wire: a.Name})
		}
	}
	return &kind{
		Kind: schema.Kind{
			Name: kindSettings, Noun: "settings", Plural: "settings", Personal: true, Loss: schema.Loss{Lasting: schema.Permanent},
			Doc: "With whom a person shares what, and the units that Runkeeper shows; the API's own units never change. Every account has " +
				"settings: they are adopted, never made, and forgotten rather than deleted. Their id is the name of the account.",
			Parent: "account", Keys: []schema.NaturalKey{{"account"}}, Listing: schema.Listing{PerParent: true},
			Attributes: append([]attribute{accountAttribute()}, attributes...),
		},
		writes: w,
		reads: single(func(ctx context.Context, a *account, remote *health.Account) (schema.Object, error) {
			all, err := remote.Settings(ctx)
			return settingsObject(a, attributes, all), err
		}),
	}
}

// settingsAttributes have the API's own names.
func settingsAttributes() []attribute {
	text := func(name, doc string, words ...string) attribute {
		return written(attribute{Name: name, Type: cty.String, OneOf: words, Doc: doc})
	}
	attributes := []attribute{
		text("distance_units", "Unit in which distances are shown.", "mi", "km"),
		text("weight_units", "Unit in which weights are shown.", "lbs", "kg"),
		text("first_day_of_week", "Day on which weeks begin.", "Sunday", "Monday"),
	}
	for _, of := range strings.Fields("fitness_activities map background_activities sleep nutrition weight general_measurements diabetes") {
		attributes = append(attributes, text("share_"+of, "Who may see: "+strings.ReplaceAll(of, "_", " ")+".", "Just Me", "Friends", "Everyone"))
	}
	for _, of := range strings.Fields("fitness_activity live_fitness_activity background_activity sleep nutrition weight general_measurements diabetes") {
		for _, where := range []string{"facebook", "twitter"} {
			attributes = append(attributes, written(attribute{Name: "post_" + of + "_" + where, Type: cty.Bool,
				Doc: "Whether to tell " + where + " of: " + strings.ReplaceAll(of, "_", " ") + "."}))
		}
	}
	for _, name := range []string{"facebook", "twitter", "foursquare"} {
		attributes = append(attributes, computed(name+"_connected", cty.Bool, "Whether the account is connected with "+name+"."))
	}
	return attributes
}

func settingsObject(a *account, attributes []attribute, all map[string]any) schema.Object {
	var f fields
	f.text("account", a.name)
	for name, v := range all {
		if !slices.ContainsFunc(attributes, func(a attribute) bool { return a.Name == name }) {
			continue
		}
		switch v := v.(type) {
		case bool:
			f.value(name, schema.BoolValue(v))
		case string:
			if v == "Street Team" {
				v = "Friends"
			}
			f.text(name, v)
		}
	}
	return f.object(kindSettings, a.name)
}
