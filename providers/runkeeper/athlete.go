package runkeeper

import (
	"cmp"
	"context"
	"strings"
	"time"

	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

const kindAthlete = "runkeeper_athlete"

// athleteKind declares people.
func athleteKind() *kind {
	return &kind{
		Kind: schema.Kind{
			Name: kindAthlete, Noun: "athlete", Plural: "athletes", ReadOnly: true, Personal: true,
			Doc: "A person, with what can be told of all activities and measurements. Its id is the name of the account. What only a profile says is absent " +
				"with an export, which has none.",
			Keys:       []schema.NaturalKey{{"account"}},
			Attributes: append(append(whoAttributes(), sumAttributes()...), lastAttributes()...),
		},
		objects: athleteObjects, dated: true, writes: profileWrites(),
	}
}

func athleteObjects(ctx context.Context, a *account, q query) ([]schema.Object, error) {
	// What was run is not less true when weights are withheld.
	if err := a.measure(ctx, weights); err != nil && !withheld(err) {
		return nil, err
	}
	ever := q
	ever.since, ever.until = time.Time{}, q.horizon
	places := ever.activities(a.data)
	// Only the last one's zone is told.
	if err := a.locate(ctx, places[:min(1, len(places))]); err != nil {
		return nil, err
	}
	return []schema.Object{athleteObject(a, q, places)}, nil
}

// whoAttributes say who the person is.
func whoAttributes() []attribute {
	return []attribute{
		computed("account", cty.String, "Name of the account."),
		personal("user_id", cty.String, "Runkeeper's number of the person, as the name of the export tells it."),
		computed("source", cty.String, "Where this is from: export or api."),
		computed("exported_at", cty.String, "When the newest export was made, without zone, as its file name or the ZIP tells it. What the person did later is not known."),
		personal("name", cty.String, "Name, as the account block or the profile says."),
		personal("first_name", cty.String, "First word of the name."),
		personal("last_name", cty.String, "The other words of the name."),
		personal("gender", cty.String, "M or F, from the profile."),
		personal("birthday", cty.String, "Day of birth, from the profile."),
		personal("location", cty.String, "Where the person lives, from the profile."),
		athleteType(),
		computed("timezone", cty.String, "Time zone: the configured one, or the offset of the newest track."),
		computed("type", cty.String, "The type of activity that was asked for."),
		computed("since", cty.String, "The first day that was asked for."),
		computed("until", cty.String, "The last day that was asked for."),
	}
}

// sumAttributes say how much the person did.
func sumAttributes() []attribute {
	return []attribute{
		computed("activity_count", cty.Number, "How many activities there are between since and until."),
		computed("active_days", cty.Number, "Days with an activity between since and until."),
		computed("total_distance_m", cty.Number, "Distance between since and until, in metres."),
		computed("total_distance_km", cty.Number, "Distance between since and until, in kilometres."),
		computed("total_duration_s", cty.Number, "Duration between since and until, in seconds."),
		computed("total_calories_kcal", cty.Number, "Energy between since and until, in kilocalories."),
		computed("total_climb_m", cty.Number, "Climb between since and until, in metres."),
		computed("longest_distance_m", cty.Number, "Longest activity between since and until, in metres."),
		computed("longest_distance_km", cty.Number, "Longest activity between since and until, in kilometres."),
		computed("longest_duration_s", cty.Number, "Longest duration between since and until, in seconds."),
		computed("by_type", cty.Map(totalsType()), "Sums between since and until for each type of activity."),
		computed("best_efforts", cty.Map(effortType()), "For each of "+effortsDoc+" the activity between since and until that is at least as long and has the best mean pace, with distance, duration and pace of the whole activity; "+
			"running, unless type says otherwise. Distances that were never reached are missing."),
		computed("totals", cty.Map(totalsType()), "Sums over "+windowsDoc+", as of today and whatever since and until say."),
	}
}

// lastAttributes say how the person is doing.
func lastAttributes() []attribute {
	return []attribute{
		personal("first_activity_date", cty.String, "Day of the first activity."),
		personal("last_activity_date", cty.String, "Day of the last activity. Activities after the day of the export, from a wrong clock, are never the last."),
		personal("last_activity_time", cty.String, "Start of the last activity, with its offset from UTC when that is known."),
		computed("last_activity_id", cty.String, "Id of the last activity."),
		computed("last_activity_type", cty.String, "Type of the last activity."),
		computed("last_activity_distance_m", cty.Number, "Distance of the last activity, in metres."),
		computed("last_activity_distance_km", cty.Number, "Distance of the last activity, in kilometres."),
		computed("days_idle", cty.Number, "Days without an activity since the last one: up to today or, with an export, up to the day it was made, because what the person did later is not known. "+
			"0 when the last one was on that day. Null when there is none, and null compares with nothing: write coalesce(each.value.days_idle, 0) > 30."),
		computed("current_streak_days", cty.Number, "Days in a row with an activity, up to today or the day of the export, or the day before."),
		computed("longest_streak_days", cty.Number, "Most days in a row with an activity."),
		computed("current_streak_weeks", cty.Number, "Weeks in a row with an activity, up to this week or that of the export, or the week before."),
		computed("longest_streak_weeks", cty.Number, "Most weeks in a row with an activity."),
		personal("weight_kg", cty.Number, "Last weight, in kilogrammes."),
		personal("weight_date", cty.String, "Day of the last weight."),
		personal("measurements", cty.Map(cty.Number), "Last value of each type of measurement; with the API only types that belong to a weight."),
	}
}

// athleteObject makes the person; ever are the places of all activities of the
// type, whenever they were, except those that a wrong clock put into the future.
func athleteObject(a *account, q query, ever []int) schema.Object {
	var f fields
	who(&f, a)
	f.text("timezone", a.zoneName)
	f.text("type", q.kind)
	f.text("since", q.asked.since)
	f.text("until", q.asked.until)
	sums(&f, a, q)
	lastActivity(&f, a, q, ever)
	lastMeasurements(&f, a)
	return f.object(kindAthlete, a.name)
}

// who adds who the person is.
func who(f *fields, a *account) {
	source, name := "export", a.person
	if a.client != nil {
		source, name = "api", cmp.Or(a.person, a.profile.Name)
	}
	f.text("account", a.name)
	f.text("user_id", a.data.UserID)
	f.text("source", source)
	if !a.data.Made.IsZero() {
		f.text("exported_at", a.data.Made.Format(clockForm))
	}
	first, last, _ := strings.Cut(strings.TrimSpace(name), " ")
	f.text("name", name)
	f.text("first_name", first)
	f.text("last_name", strings.TrimSpace(last))
	f.text("gender", a.profile.Gender)
	f.day("birthday", a.profile.Birthday)
	f.text("location", a.profile.Location)
	f.text("athlete_type", a.profile.AthleteType)
}

// sums adds what lies between since and until.
func sums(f *fields, a *account, q query) {
	var all totals
	byType := map[string]*totals{}
	var metres, seconds float64
	places := q.activities(a.data)
	for _, i := range places {
		act := &a.data.Activities[i]
		all.add(act)
		if byType[act.Type] == nil {
			byType[act.Type] = &totals{}
		}
		byType[act.Type].add(act)
		metres, seconds = max(metres, act.Distance), max(seconds, act.Duration.Seconds())
	}
	f.number("activity_count", float64(all.activities))
	f.number("active_days", float64(all.days))
	all.fields(f, "total_")
	if all.activities > 0 {
		f.distance("longest_distance", metres)
		f.number("longest_duration_s", seconds)
	}
	entries := map[string]schema.Value{}
	for typ, t := range byType {
		entries[typ] = t.value()
	}
	f.value("by_type", schema.MapValue(entries))
	if efforts, ok := bestEfforts(a, q, places); ok {
		f.value("best_efforts", efforts)
	}
	f.value("totals", windowTotals(a.data, &q))
}

// lastActivity adds how long ago the last activity was, and the streaks.
func lastActivity(f *fields, a *account, q query, places []int) {
	var days, weeks []time.Time
	for _, i := range places {
		begin := a.data.Activities[i].Start
		days, weeks = append(days, midnight(begin)), append(weeks, monday(begin))
	}
	current, longest := streaks(days, midnight(q.told), 1)
	f.number("current_streak_days", float64(current))
	f.number("longest_streak_days", float64(longest))
	current, longest = streaks(weeks, monday(q.told), 7)
	f.number("current_streak_weeks", float64(current))
	f.number("longest_streak_weeks", float64(longest))
	if len(places) == 0 {
		return
	}
	last := &a.data.Activities[places[0]]
	f.day("first_activity_date", a.data.Activities[places[len(places)-1]].Start)
	f.day("last_activity_date", last.Start)
	f.text("last_activity_time", start(last))
	f.text("last_activity_id", a.activityID(last))
	f.text("last_activity_type", last.Type)
	f.distance("last_activity_distance", last.Distance)
	// Further east a day may have begun that is tomorrow here.
	idle := midnight(q.told).Sub(midnight(last.Start)).Hours() / 24
	f.number("days_idle", max(idle, 0))
}

// lastMeasurements adds the newest value of each type.
func lastMeasurements(f *fields, a *account) {
	values := map[string]schema.Value{}
	for i := range a.data.Measurements {
		m := &a.data.Measurements[i]
		if _, newer := values[m.Type]; newer {
			continue
		}
		values[m.Type] = number(m.Value)
		if m.Type == "weight" {
			f.number("weight_kg", m.Value)
			f.day("weight_date", m.Time)
		}
	}
	if len(values) > 0 {
		f.value("measurements", schema.MapValue(values))
	}
}
