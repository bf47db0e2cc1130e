package runkeeper

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"lockstep/providers"
	"lockstep/providers/runkeeper/health"
	"lockstep/schema"
)

const kindStrength = "runkeeper_strength_activity"

// strengthKind declares strength sessions (Health Graph API, strength training
// activities). Exports have none.
func strengthKind() *kind {
	return &kind{
		Kind: schema.Kind{
			Name: kindStrength, Noun: "strength session", Plural: "strength sessions", Personal: true,
			Doc:    "A strength session with its exercises, of an account of the API. One that exists with the same start is adopted.",
			Parent: "account", Content: []string{"local_start_time"},
			Listing: schema.Listing{Page: 1000, PerParent: true, Settles: settles},
			Attributes: []attribute{
				accountAttribute(),
				{Name: "local_start_time", Type: cty.String, Required: true, Personal: true, Example: `"2026-06-14T08:00:00"`, Doc: "Start by the clock on the wall, such as 2026-06-14T08:00:00."},
				{Name: "exercises", Type: cty.List(exerciseType()), Required: true, Personal: true, Unlisted: true,
					Example: `[{ primary_type = "Squat", sets = [{ weight = 60, repetitions = 8 }] }]`,
					Doc: "What was done: primary_type names an exercise, sets say how often and with which weight, in the unit of the account. Muscle groups are " +
						strings.Join(muscles(), ", ") + "."},
				written(attribute{Name: "calories_kcal", Type: cty.Number, Unlisted: true, Doc: "Energy in kilocalories."}),
				written(attribute{Name: "notes", Type: cty.String, Personal: true, Unlisted: true, Doc: "Notes of the person, in at most 1024 characters."}),
				personal("date", cty.String, "Day of the start, such as 2026-06-14."),
			},
		},
		writes: &writes{
			create: "NewStrengthTrainingActivity", update: "StrengthTrainingActivity", item: "StrengthTrainingActivity", remove: true,
			place: at("strength_training_activities", "/strengthTrainingActivities"),
			properties: []property{
				{path: "local_start_time", wire: "start_time", encode: wireClock, spell: clock}, {path: "exercises", wire: "exercises", spell: exercises},
				{path: "calories_kcal", wire: "total_calories", spell: places(1)}, {path: "notes", wire: "notes", spell: atMost(1024)},
			},
		},
		reads: &reads{list: listStrength, one: oneStrength},
	}
}

// exerciseType is one exercise. All but its sets may be left out.
func exerciseType() cty.Type {
	set := cty.ObjectWithOptionalAttrs(map[string]cty.Type{"weight": cty.Number, "repetitions": cty.Number, "notes": cty.String},
		[]string{"weight", "repetitions", "notes"})
	return cty.ObjectWithOptionalAttrs(map[string]cty.Type{
		"primary_type": cty.String, "secondary_type": cty.String, "primary_muscle_group": cty.String, "secondary_muscle_group": cty.String,
		"routine": cty.String, "notes": cty.String, "sets": cty.List(set),
	}, []string{"primary_type", "secondary_type", "primary_muscle_group", "secondary_muscle_group", "routine", "notes"})
}

func muscles() []string { return []string{"Arms", "Chest", "Back", "Shoulders", "Abs", "Legs"} }

// exercises checks exercises, and leaves out what is not said.
func exercises(path string, v schema.Value) (schema.Value, error) {
	no := func(problem string, a ...any) (schema.Value, error) {
		return v, &providers.FieldError{Path: path, Problem: fmt.Sprintf(problem, a...)}
	}
	if len(v.Items()) == 0 {
		return no("a strength session has at least one exercise")
	}
	for _, e := range v.Items() {
		if len(e.Entry("sets").Items()) == 0 {
			return no("each exercise has at least one set")
		}
		for _, name := range []string{"primary_muscle_group", "secondary_muscle_group"} {
			if group := e.Entry(name).Text(); group != "" && !slices.Contains(muscles(), group) {
				return no("%q is no %s: there are %s", group, name, strings.Join(muscles(), ", "))
			}
		}
	}
	return said(v), nil
}

// said is a value without the entries that say nothing.
func said(v schema.Value) schema.Value {
	switch v.Type() {
	case schema.List:
		items := make([]schema.Value, len(v.Items()))
		for i, item := range v.Items() {
			items[i] = said(item)
		}
		return schema.ListValue(items...)
	case schema.Map:
		entries := map[string]schema.Value{}
		for _, key := range v.Keys() {
			if e := v.Entry(key); !e.IsAbsent() && (e.Type() != schema.String || e.Text() != "") {
				entries[key] = said(e)
			}
		}
		return schema.MapValue(entries)
	default:
		return v
	}
}

func listStrength(ctx context.Context, a *account, remote *health.Account, _ string, s scope) ([]schema.Object, error) {
	all, err := remote.StrengthSessions(ctx, s.day)
	if err != nil {
		return nil, err
	}
	objects := make([]schema.Object, len(all))
	for i := range all {
		if objects[i], err = strengthObject(a, &all[i]); err != nil {
			return nil, err
		}
	}
	return objects, nil
}

func oneStrength(ctx context.Context, a *account, remote *health.Account, id string) (schema.Object, error) {
	s, err := remote.StrengthSession(ctx, a.number(id))
	if err != nil {
		return schema.Object{}, err
	}
	return strengthObject(a, &s)
}

func strengthObject(a *account, s *health.Strength) (schema.Object, error) {
	var f fields
	f.text("account", a.name)
	f.text("local_start_time", s.Start.Format(clockForm))
	f.day("date", s.Start)
	f.text("notes", spellText(s.Notes))
	f.amount("calories_kcal", s.Calories, 1)
	if len(s.Exercises) > 0 {
		var v schema.Value
		if err := json.Unmarshal(s.Exercises, &v); err != nil {
			return schema.Object{}, fmt.Errorf("the exercises of the strength session %s cannot be read: %w", s.ID, err)
		}
		f.value("exercises", said(v))
	}
	return f.object(kindStrength, a.name+"/"+s.ID), nil
}
