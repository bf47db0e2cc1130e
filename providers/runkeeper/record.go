package runkeeper

import (
	"context"
	"time"

	"github.com/zclconf/go-cty/cty"

	"lockstep/providers/runkeeper/export"
	"lockstep/schema"
)

const kindRecord = "runkeeper_record"

// recordKind declares records, the same that Runkeeper shows to people
// (Health Graph API, records), but in one unit.
func recordKind() *kind {
	attributes := []attribute{
		computed("account", cty.String, "Name of the account."),
		computed("activity_type", cty.String, "Type of activity, such as Running."),
	}
	for _, s := range stats {
		attributes = append(attributes, computed(s.name+"_distance_m", cty.Number, s.doc+", in metres."),
			computed(s.name+"_distance_km", cty.Number, s.doc+", in kilometres."))
		if s.dated {
			attributes = append(attributes, personal(s.name+"_date", cty.String, "When that was: its first day."))
		}
	}
	return &kind{
		Kind: schema.Kind{
			Name: kindRecord, Noun: "record", Plural: "records", ReadOnly: true, Personal: true,
			Doc:        "Distances of one type of activity: the longest activity, week and month, the running ones, and all.",
			Attributes: attributes,
		},
		objects: recordObjects, dated: true,
	}
}

// stats are the distances that a record has.
var stats = []struct {
	name, doc string
	dated     bool
}{
	{"best_activity", "Longest activity", true}, {"best_week", "Longest week", true}, {"last_week", "Last week", false},
	{"this_week", "This week", false}, {"best_month", "Longest month", true}, {"last_month", "Last month", false},
	{"this_month", "This month", false}, {"overall", "All activities", false},
}

// tally is what is found of one type.
type tally struct {
	all           float64
	longest       *export.Activity
	weeks, months map[time.Time]float64
}

func recordObjects(_ context.Context, a *account, q query) ([]schema.Object, error) {
	tallies := map[string]*tally{}
	for _, i := range q.activities(a.data) {
		act := &a.data.Activities[i]
		t := tallies[act.Type]
		if t == nil {
			t = &tally{weeks: map[time.Time]float64{}, months: map[time.Time]float64{}}
			tallies[act.Type] = t
		}
		t.all += act.Distance
		t.weeks[monday(act.Start)] += act.Distance
		t.months[first(act.Start)] += act.Distance
		// The first of equal ones is the record; activities come newest first.
		if t.longest == nil || act.Distance >= t.longest.Distance {
			t.longest = act
		}
	}
	var objects []schema.Object
	for _, typ := range sorted(tallies) {
		objects = append(objects, tallies[typ].object(a.name, typ, q.now))
	}
	return objects, nil
}

// first is the first day of a month.
func first(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC) }

func (t *tally) object(account, typ string, now time.Time) schema.Object {
	var f fields
	f.text("account", account)
	f.text("activity_type", typ)
	f.distance("overall_distance", t.all)
	f.distance("best_activity_distance", t.longest.Distance)
	f.day("best_activity_date", t.longest.Start)
	week, when := longest(t.weeks)
	f.distance("best_week_distance", week)
	f.day("best_week_date", when)
	month, when := longest(t.months)
	f.distance("best_month_distance", month)
	f.day("best_month_date", when)
	f.distance("this_week_distance", t.weeks[monday(now)])
	f.distance("last_week_distance", t.weeks[monday(now).AddDate(0, 0, -7)])
	f.distance("this_month_distance", t.months[first(now)])
	f.distance("last_month_distance", t.months[first(now).AddDate(0, -1, 0)])
	return f.object(kindRecord, account+"/"+typ)
}

// longest is the longest of some spans, and the earliest of equal ones.
func longest(spans map[time.Time]float64) (metres float64, when time.Time) {
	for from, m := range spans {
		if when.IsZero() || m > metres || m == metres && from.Before(when) {
			metres, when = m, from
		}
	}
	return metres, when
}
