package runkeeper

import (
	"github.com/zclconf/go-cty/cty"

	"lockstep/providers/runkeeper/export"
	"lockstep/schema"
)

// courses are the distances of best efforts, in metres.
var courses = []struct {
	name   string
	metres float64
}{
	{"1km", 1000}, {"5km", 5000}, {"10km", 10000}, {"half_marathon", 21097.5}, {"marathon", 42195},
}

const effortsDoc = "1km, 5km, 10km, half_marathon and marathon"

// slip is how much shorter than its course a track may be: two decimal places
// of a kilometre or mile cut off.
const slip = 10

func effortType() cty.Type {
	return cty.Object(map[string]cty.Type{
		"id": cty.String, "date": cty.String, "activity_distance_m": cty.Number, "activity_distance_km": cty.Number,
		"activity_duration_s": cty.Number, "activity_pace_s_per_km": cty.Number,
	})
}

// bestEfforts finds for each course the activity that is at least as long and
// has the best mean pace; of running, unless another type is asked for.
func bestEfforts(a *account, q query, places []int) (schema.Value, bool) {
	if q.kind == "" {
		q.kind = "Running"
	}
	var f fields
	for _, c := range courses {
		var best *export.Activity
		for _, i := range places {
			act := &a.data.Activities[i]
			if !q.wants(act.Type) || act.Distance < c.metres-slip || act.Duration == 0 {
				continue
			}
			if best == nil || pace(act) <= pace(best) {
				best = act
			}
		}
		if best != nil {
			f.value(c.name, effort(a, best))
		}
	}
	return f.mapped(), len(f.all) > 0
}

// pace in seconds for a kilometre.
func pace(a *export.Activity) float64 { return a.Duration.Seconds() / a.Distance * 1000 }

// effort tells of a whole activity: how fast a part of it was, no export says.
func effort(owner *account, a *export.Activity) schema.Value {
	var f fields
	f.text("id", owner.activityID(a))
	f.day("date", a.Start)
	f.distance("activity_distance", a.Distance)
	f.number("activity_duration_s", a.Duration.Seconds())
	f.number("activity_pace_s_per_km", export.Round(pace(a), 1))
	return f.mapped()
}
