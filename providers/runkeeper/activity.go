package runkeeper

import (
	"context"

	"github.com/zclconf/go-cty/cty"

	"lockstep/providers/runkeeper/export"
	"lockstep/schema"
)

const kindActivity = "runkeeper_activity"

// activityKind declares activities, as cardioActivities.csv has them.
func activityKind() *kind {
	return &kind{
		Kind: schema.Kind{
			Name: kindActivity, Noun: "activity", Plural: "activities", ReadOnly: true, Personal: true,
			Doc: "A run, walk, ride or other activity. Exports since about 2018 give each an id; for older ones it is made of start, type and duration, " +
				"so that a later export has it again. The API has other ids, and tells notes, climb and heart rate only when details are asked for.",
			Attributes: []attribute{
				computed("account", cty.String, "Name of the account."),
				computed("activity_id", cty.String, "Runkeeper's id of the activity, absent in old exports."),
				computed("type", cty.String, "Runkeeper's word, such as Running."),
				personal("start_time", cty.String, "Start by the clock on the wall, with its offset from UTC when that is known."),
				personal("date", cty.String, "Day of the start, such as 2026-06-14."),
				computed("utc_offset", cty.String, "Offset of the clock from UTC, such as -05:00; absent when not known."),
				personal("route_name", cty.String, "Name of the saved route."),
				computed("distance_m", cty.Number, "Distance in metres."),
				computed("distance_km", cty.Number, "Distance in kilometres."),
				computed("duration_s", cty.Number, "Duration in seconds."),
				computed("average_pace_s_per_km", cty.Number, "Mean pace in seconds for a kilometre."),
				computed("average_speed_km_h", cty.Number, "Mean speed in kilometres per hour."),
				computed("calories_kcal", cty.Number, "Energy in kilocalories."),
				computed("climb_m", cty.Number, "Climb in metres."),
				personal("average_heart_rate_bpm", cty.Number, "Mean heart rate in beats per minute."),
				personal("friends", cty.List(cty.String), "Names of friends who took part."),
				personal("notes", cty.String, "Notes of the person."),
				computed("has_track", cty.Bool, "Whether there is a track."),
				personal("other", cty.Map(cty.String), "Further columns of the export, by their header."),
			},
		},
		objects: activityObjects,
	}
}

func activityObjects(ctx context.Context, a *account, q query) ([]schema.Object, error) {
	places := q.activities(a.data)
	if err := a.locate(ctx, places); err != nil {
		return nil, err
	}
	if q.details {
		if err := a.detail(ctx, places); err != nil {
			return nil, err
		}
	}
	objects := make([]schema.Object, len(places))
	for i, place := range places {
		objects[i] = activityObject(a.name, &a.data.Activities[place])
	}
	return objects, nil
}

// activityID tells activities of all accounts apart: two who run together may
// share start, type and duration.
func activityID(account string, a *export.Activity) string {
	if a.Made {
		return account + "/" + a.ID
	}
	return a.ID
}

func activityObject(account string, a *export.Activity) schema.Object {
	var f fields
	f.text("account", account)
	if !a.Made {
		f.text("activity_id", a.ID)
	}
	f.text("type", a.Type)
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
	f.text("notes", a.Notes)
	f.value("has_track", schema.BoolValue(a.Track != ""))
	if len(a.Other) > 0 {
		other := map[string]schema.Value{}
		for name, s := range a.Other {
			other[name] = schema.StringValue(s)
		}
		f.value("other", schema.MapValue(other))
	}
	return f.object(kindActivity, activityID(account, a))
}
