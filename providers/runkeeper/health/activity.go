package health

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"time"

	"lockstep/providers/runkeeper/export"
)

// Activities reads the feed of activities, newest first: all of them, or, if a
// day is not zero, those about it. Unfinished ones are left out.
func (a *Account) Activities(ctx context.Context, day time.Time) ([]export.Activity, error) {
	var all []export.Activity
	seen := map[string]bool{}
	err := a.pages(ctx, a.Link("fitness_activities", "/fitnessActivities"), "FitnessActivityFeed", day, func(raw json.RawMessage) error {
		var w wireActivity
		if err := json.Unmarshal(raw, &w); err != nil {
			return err
		}
		if !hasID(w.URI) || w.Type == "" || w.Start.IsZero() {
			return fmt.Errorf("an activity lacks uri, type or start_time")
		}
		// A page may repeat what moved while the feed was read.
		if !w.IsLive && !seen[w.URI] {
			seen[w.URI] = true
			all = append(all, w.activity())
		}
		return nil
	})
	slices.SortStableFunc(all, func(a, b export.Activity) int { return b.Start.Compare(a.Start) })
	return all, err
}

// Detail adds to an activity what only its own resource tells: notes, climb,
// heart rate and the like. It costs a request.
func (a *Account) Detail(ctx context.Context, activity *export.Activity) error {
	wire, err := a.detail(ctx, activity.ID)
	if err == nil {
		wire.add(activity)
	}
	return err
}

// Activity reads one activity. Whether it has a track is not told.
func (a *Account) Activity(ctx context.Context, id string) (export.Activity, error) {
	wire, err := a.detail(ctx, id)
	if err == nil && (!hasID(wire.URI) || wire.Type == "" || wire.Start.IsZero()) {
		err = fmt.Errorf("GET %s: the activity lacks uri, type or start_time", wire.link)
	}
	if err != nil {
		return export.Activity{}, err
	}
	activity := wire.activity()
	wire.add(&activity)
	return activity, nil
}

func (a *Account) detail(ctx context.Context, id string) (*wireDetail, error) {
	wire := &wireDetail{link: a.Link("fitness_activities", "/fitnessActivities") + "/" + url.PathEscape(id)}
	if err := a.client.get(ctx, wire.link, "FitnessActivitySummary", wire); err != nil {
		return nil, err
	}
	if wire.UserID.Known && wire.UserID.text() != a.UserID {
		return nil, fmt.Errorf("GET %s: the activity is another person's", wire.link)
	}
	return wire, nil
}
