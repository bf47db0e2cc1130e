package ghl

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"lockstep/providers"
	"lockstep/schema"
)

// longestSlot is how far apart two appointments may begin and take one time: a calendar
// is asked what it has room for only where two are nearer.
const longestSlot = 8 * time.Hour

// room is how many appointments a calendar takes at one time, and how long one takes
// that does not say so.
type room struct {
	most int
	slot time.Duration
}

// roomOf is what a calendar has room for. Where the members of a team take turns, each
// of them has it.
func roomOf(calendar *schema.Object) room {
	number := func(name string, otherwise int) int {
		n, err := strconv.Atoi(calendar.Value(name).Text())
		if err != nil || n < 1 {
			return otherwise
		}
		return n
	}
	r := room{most: number("per_slot", 1), slot: time.Duration(number("slot_duration", 30)) * time.Minute}
	if calendar.Value("slot_duration_unit").Text() == "hours" {
		r.slot *= 60
	}
	if slices.Contains([]string{"round_robin", "service_booking"}, calendar.Value("type").Text()) {
		r.most *= max(1, len(calendar.Value("team_members").Items()))
	}
	return r
}

// crowded refuses the appointments of a plan that a calendar has no room for beside
// others of the plan: each of them alone has a free slot. booked are sorted.
func (a foresight) crowded(ctx context.Context, booked []period, writes []providers.Write) ([]providers.Finding, error) {
	var found []providers.Finding
	for len(booked) > 0 {
		n := slices.IndexFunc(booked, func(p period) bool { return p.place != booked[0].place })
		if n < 0 {
			n = len(booked)
		}
		refused, err := a.crowdedIn(ctx, booked[:n], writes)
		if err != nil {
			return nil, err
		}
		found, booked = append(found, refused...), booked[n:]
	}
	return found, nil
}

// crowdedIn refuses those of one calendar.
func (a foresight) crowdedIn(ctx context.Context, booked []period, writes []providers.Write) ([]providers.Finding, error) {
	if !near(booked) {
		return nil, nil
	}
	place := booked[0].place
	calendar, err := (&getter{account: a.account, kind: a.kinds[kindCalendar]}).one(ctx, providers.Key{ID: place})
	if unasked(err) || err == nil && calendar == nil {
		return nil, nil // it was told that nothing could be looked at
	}
	if err != nil {
		return nil, err
	}
	r := roomOf(calendar)
	booked = lasting(booked, r.slot)
	var live []period
	if r.most > 1 {
		if live, err = a.liveIn(ctx, place, booked, writes); err != nil {
			return nil, err
		}
	}
	clock, err := a.clockOf(ctx)
	if err != nil {
		return nil, err
	}
	var found []providers.Finding
	for _, c := range crowd(booked, live, r.most) {
		others := make([]string, len(c.others))
		for i, n := range c.others {
			others[i] = writes[n].Address
		}
		found = append(found, providers.Finding{Write: c.write, Severity: providers.Wrong, Summary: "The time is booked twice", FieldError: providers.FieldError{
			Path: "start_time", Problem: fmt.Sprintf("the calendar %s takes %s at %s, which this plan gives to %s", place, takes(r.most), clock(c.start), strings.Join(others, ", ")),
			Advice: "Give one of them another time, let the calendar take more by its per_slot and apply that first, or write check_slot = false to book all the same."}})
	}
	return found, nil
}

// near reports whether any two appointments may take one time.
func near(booked []period) bool {
	for i := 1; i < len(booked); i++ {
		if booked[i].start.Sub(booked[i-1].start) < longestSlot || booked[i].start.Before(booked[i-1].end) {
			return true
		}
	}
	return false
}

// lasting gives appointments without an end the length of a slot.
func lasting(booked []period, slot time.Duration) []period {
	booked = slices.Clone(booked)
	for i := range booked {
		if booked[i].open {
			booked[i].end = booked[i].start.Add(slot)
		}
	}
	return booked
}

// liveIn are the times of the appointments that a calendar has already around others,
// without those that the plan writes.
func (a foresight) liveIn(ctx context.Context, place string, booked []period, writes []providers.Write) ([]period, error) {
	from, to := booked[0].start, booked[0].end
	for _, p := range booked {
		if p.end.After(to) {
			to = p.end
		}
	}
	where := schema.Fields{{Path: "calendar_id", Value: schema.StringValue(place)}}
	found, err := a.within(ctx, kindAppointment, "ghl_calendar_events", where, from.Add(-longestSlot), to)
	if err != nil && !unasked(err) {
		return nil, err
	}
	var live []period
	for i := range found {
		p, known := a.kinds[kindAppointment].periodOf(0, &providers.Write{Live: &found[i]})
		if known && takesPlace(found[i].Value("status")) && !rewritten(writes, found[i].ID) {
			live = append(live, p)
		}
	}
	return live, nil
}

// clash is an appointment that there is no room for, and the writes of those that have
// its time.
type clash struct {
	period
	others []int
}

// crowd finds the appointments that a calendar has no room for, those that begin first
// being first, beside those that it has. booked are sorted.
func crowd(booked, live []period, most int) []clash {
	var clashes []clash
	var taken []period
	for _, p := range booked {
		var others []int
		n := 0
		for _, other := range taken {
			if p.overlaps(other.start, other.end) {
				others = append(others, other.write)
			}
		}
		for _, other := range live {
			if p.overlaps(other.start, other.end) {
				n++
			}
		}
		if len(others) > 0 && n+len(others) >= most {
			clashes = append(clashes, clash{p, others})
			continue
		}
		taken = append(taken, p)
	}
	return clashes
}

// takes tells how many appointments a calendar takes at one time.
func takes(most int) string {
	if most == 1 {
		return "one appointment"
	}
	return schema.Thousands(most) + " appointments"
}
