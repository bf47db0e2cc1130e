package runkeeper

import (
	"context"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/zclconf/go-cty/cty"

	"lockstep/providers/runkeeper/export"
	"lockstep/providers/runkeeper/health"
	"lockstep/schema"
)

const kindActivity = "runkeeper_activity"

// activityTypes are Runkeeper's words (Health Graph API, fitness activities).
var activityTypes = []string{
	"Running", "Cycling", "Mountain Biking", "Walking", "Hiking", "Downhill Skiing", "Cross-Country Skiing", "Snowboarding", "Skating", "Swimming",
	"Wheelchair", "Rowing", "Elliptical", "Other", "Yoga", "Pilates", "CrossFit", "Spinning", "Zumba", "Barre", "Group Workout", "Dance", "Bootcamp",
	"Boxing / MMA", "Meditation", "Strength Training", "Circuit Training", "Core Strengthening", "Arc Trainer", "Stairmaster / Stepwell", "Sports",
	"Nordic Walking",
}

// activityKind declares activities, as cardioActivities.csv and the API have
// them.
func activityKind() *kind {
	return &kind{
		Kind: schema.Kind{
			Name: kindActivity, Noun: "activity", Plural: "activities", Personal: true,
			Doc: "A run, walk, ride or other activity. Exports since about 2018 give each an id; for older ones it is made of start, type and duration, " +
				"so that a later export has it again. The API has other ids, which begin with the account, and tells notes, climb and heart rate only when details " +
				"are asked for. Only activities of accounts of the API can be written. One that exists with the same type and start is adopted.",
			Parent: "account", Content: []string{"local_start_time", "type"},
			Listing:    schema.Listing{Page: 1000, PerParent: true, Settles: settles},
			Attributes: activityAttributes(),
		},
		objects: activityObjects,
		writes: &writes{
			create: "NewFitnessActivity", update: "FitnessActivity", item: "FitnessActivity", remove: true, made: madeActivity,
			place: at("fitness_activities", "/fitnessActivities"),
			properties: []property{
				{path: "type", wire: "type"}, {path: "local_start_time", wire: "start_time", encode: wireClock, spell: clock},
				{path: "duration_s", wire: "duration", spell: places(3)}, {path: "distance_m", wire: "total_distance", spell: places(2)},
				{path: "secondary_type", wire: "secondary_type", spell: atMost(64)}, {path: "equipment", wire: "equipment"},
				{path: "calories_kcal", wire: "total_calories", spell: places(1)}, {path: "average_heart_rate_bpm", wire: "average_heart_rate", spell: places(0)},
				{path: "notes", wire: "notes", spell: atMost(1024)},
			},
		},
		reads: &reads{list: listActivities, one: oneActivity},
	}
}

func activityAttributes() []attribute {
	equipment := []string{"None", "Treadmill", "Stationary Bike", "Elliptical", "Row Machine"}
	return []attribute{
		accountAttribute(),
		computed("activity_id", cty.String, "Runkeeper's id of the activity; in exports before about 2018, which have none, it is made of start, type and duration. It stays the same when the account gets another name, which the id may begin with: use it for what must not be written twice, such as a note."),
		{Name: "type", Type: cty.String, Required: true, OneOf: activityTypes, Doc: "Runkeeper's word, such as Running."},
		written(attribute{Name: "secondary_type", Type: cty.String, Unlisted: true, Doc: "What it was when the type is Other, in at most 64 characters."}),
		{Name: "local_start_time", Type: cty.String, Required: true, Personal: true, Example: `"2026-06-14T08:00:00"`, Doc: "Start by the clock on the wall, such as 2026-06-14T08:00:00."},
		personal("start_time", cty.String, "Start by the clock on the wall, with its offset from UTC when that is known."),
		personal("date", cty.String, "Day of the start, such as 2026-06-14."),
		computed("utc_offset", cty.String, "Offset of the clock from UTC, such as -05:00; absent when not known."),
		personal("route_name", cty.String, "Name of the saved route."),
		written(attribute{Name: "distance_m", Type: cty.Number, Doc: "Distance in metres.", Default: schema.NumberValue("0")}),
		computed("distance_km", cty.Number, "Distance in kilometres."),
		{Name: "duration_s", Type: cty.Number, Required: true, Doc: "Duration in seconds."},
		computed("average_pace_s_per_km", cty.Number, "Mean pace in seconds for a kilometre."),
		computed("average_speed_km_h", cty.Number, "Mean speed in kilometres per hour."),
		written(attribute{Name: "calories_kcal", Type: cty.Number, Doc: "Energy in kilocalories.", Default: schema.NumberValue("0")}),
		computed("climb_m", cty.Number, "Climb in metres."),
		written(attribute{Name: "average_heart_rate_bpm", Type: cty.Number, Personal: true, Unlisted: true, Doc: "Mean heart rate in beats per minute."}),
		written(attribute{Name: "equipment", Type: cty.String, OneOf: equipment, Default: schema.StringValue("None"), Unlisted: true,
			Doc: "The machine that was used; None when nothing is said."}),
		personal("friends", cty.List(cty.String), "Names of friends who took part."),
		written(attribute{Name: "notes", Type: cty.String, Personal: true, Unlisted: true, Doc: "Notes of the person."}),
		computed("has_track", cty.Bool, "Whether there is a track."),
		personal("other", cty.Map(cty.String), "Further columns of the export, by their header."),
	}
}

// listActivities reads the feed.
func listActivities(ctx context.Context, a *account, remote *health.Account, _ string, s scope) ([]schema.Object, error) {
	all, err := remote.Activities(ctx, s.day)
	if err != nil {
		return nil, err
	}
	objects := make([]schema.Object, len(all))
	for i := range all {
		objects[i] = activityObject(a, &all[i])
	}
	return objects, nil
}

func oneActivity(ctx context.Context, a *account, remote *health.Account, id string) (schema.Object, error) {
	activity, err := remote.Activity(ctx, a.number(id))
	if err != nil {
		return schema.Object{}, err
	}
	o := activityObject(a, &activity)
	o.Fields = slices.DeleteFunc(o.Fields, func(f schema.Field) bool { return f.Path == "has_track" })
	return o, nil
}

func activityObjects(ctx context.Context, a *account, q query) ([]schema.Object, error) {
	places := q.activities(a.data)
	if !q.unlocated {
		if err := a.locate(ctx, places); err != nil {
			return nil, err
		}
	}
	if q.details {
		if err := a.detail(ctx, places); err != nil {
			return nil, err
		}
	}
	objects := make([]schema.Object, len(places))
	for i, place := range places {
		objects[i] = activityObject(a, &a.data.Activities[place])
	}
	return objects, nil
}

// activityID tells activities of all accounts apart: two who run together may
// share start, type and duration, and a plan must know whose an id is.
func (a *account) activityID(act *export.Activity) string {
	if act.Made || a.client != nil {
		return a.name + "/" + act.ID
	}
	return act.ID
}

// madeActivity is an activity with the values that were written. What programs
// post has no offset from UTC; what had one keeps it.
func madeActivity(a *account, number string, fields schema.Fields) schema.Object {
	amount := func(path string) export.Amount {
		f, err := strconv.ParseFloat(fields.Value(path).Text(), 64)
		return export.Amount{Value: f, Known: err == nil}
	}
	act := export.Activity{
		ID: number, Type: fields.Value("type").Text(), Distance: amount("distance_m").Value,
		Duration:  time.Duration(math.Round(amount("duration_s").Value*1000)) * time.Millisecond,
		Figures:   export.Figures{Calories: amount("calories_kcal"), HeartRate: amount("average_heart_rate_bpm"), Climb: amount("climb_m")},
		Notes:     fields.Value("notes").Text(),
		Equipment: fields.Value("equipment").Text(), SecondaryType: fields.Value("secondary_type").Text(),
	}
	if t, err := time.Parse(clockForm, fields.Value("local_start_time").Text()); err == nil {
		act.Start = t
	}
	if t, err := time.Parse("-07:00", fields.Value("utc_offset").Text()); err == nil {
		act.Zone = t.Location()
	}
	act.Rate()
	o := activityObject(a, &act)
	o.Fields = slices.DeleteFunc(o.Fields, func(f schema.Field) bool { return f.Path == "has_track" })
	return o
}

func activityObject(owner *account, a *export.Activity) schema.Object {
	var f fields
	f.text("account", owner.name)
	f.text("activity_id", a.ID)
	f.text("type", a.Type)
	f.text("secondary_type", spellText(a.SecondaryType))
	f.text("local_start_time", a.Start.Format(clockForm))
	f.text("start_time", start(a))
	f.day("date", a.Start)
	if t, ok := a.Clock(); ok {
		f.text("utc_offset", t.Format("-07:00"))
	}
	f.text("route_name", a.RouteName)
	f.distance("distance", a.Distance)
	f.number("duration_s", a.Duration.Seconds())
	f.amount("average_pace_s_per_km", a.Pace, 2)
	f.amount("average_speed_km_h", a.Speed, 2)
	f.amount("calories_kcal", a.Calories, 1)
	f.amount("climb_m", a.Climb, 2)
	f.amount("average_heart_rate_bpm", a.HeartRate, 0)
	if len(a.Friends) > 0 {
		f.value("friends", schema.StringsValue(a.Friends))
	}
	f.text("equipment", a.Equipment)
	f.text("notes", spellText(a.Notes))
	f.value("has_track", schema.BoolValue(a.Track != ""))
	if len(a.Other) > 0 {
		other := map[string]schema.Value{}
		for name, s := range a.Other {
			other[name] = schema.StringValue(s)
		}
		f.value("other", schema.MapValue(other))
	}
	return f.object(kindActivity, owner.activityID(a))
}
