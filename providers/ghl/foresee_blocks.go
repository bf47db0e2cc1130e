package ghl

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"lockstep/providers"
	"lockstep/providers/transport"
	"lockstep/schema"
)

// foreseeBlocks refuses blocked time with appointments under it, which HighLevel would
// cancel, and calendars in which no time can be blocked.
func foreseeBlocks(ctx context.Context, a *account, writes []providers.Write) ([]providers.Finding, error) {
	var found []providers.Finding
	var blocked []period
	k := a.kinds[kindBlockSlot]
	types := map[string]string{}
	for i := range writes {
		w := &writes[i]
		p, known := k.periodOf(i, w)
		if !known || !k.moves(w) {
			continue
		}
		found, blocked = append(found, blockedTwice(blocked, &p, writes)...), append(blocked, p)
		wrong, err := foresight{a}.unblockable(ctx, &p, w.Action, types)
		if err != nil {
			return nil, err
		}
		if found = append(found, wrong...); len(wrong) > 0 || w.Fields.Value("overlap").Text() == "allow" {
			continue
		}
		under, err := foresight{a}.under(ctx, &p, writes)
		if err != nil {
			return nil, err
		}
		found = append(found, under...)
	}
	return found, nil
}

// blockedTwice tells that others of the plan block a time too: HighLevel takes both, and
// to free the time takes both out.
func blockedTwice(blocked []period, p *period, writes []providers.Write) []providers.Finding {
	for _, other := range blocked {
		if other.place == p.place && p.overlaps(other.start, other.end) {
			return []providers.Finding{{Write: p.write, Severity: providers.Told, Summary: "The time is blocked twice", FieldError: providers.FieldError{
				Path: "start_time", Problem: writes[other.write].Address + " blocks some of the time as well", Advice: "One of them is enough, if that is not meant."}}}
		}
	}
	return nil
}

// unblockable refuses to block time in a calendar of another type than event. types are
// those that were read.
func (a foresight) unblockable(ctx context.Context, p *period, action providers.Action, types map[string]string) ([]providers.Finding, error) {
	name, id := a.kinds[kindBlockSlot].holds(p.place)
	if name != "calendar_id" || action != providers.Create {
		return nil, nil
	}
	if _, known := types[id]; !known {
		body, err := a.send(ctx, request{call: call{method: "GET", path: "/calendars/{id}", version: calendarsVersion}, id: id, safety: transport.Read})
		if err != nil && !unasked(err) {
			return nil, err
		}
		var answer struct {
			Calendar struct {
				Type string `json:"calendarType"`
			} `json:"calendar"`
		}
		if err == nil && json.Unmarshal(body, &answer) == nil {
			types[id] = answer.Calendar.Type
		}
	}
	if t := types[id]; t == "" || t == "event" {
		return nil, nil
	}
	return []providers.Finding{{Write: p.write, Severity: providers.Wrong, Summary: "The calendar takes no blocked time", FieldError: providers.FieldError{
		Path: name, Problem: fmt.Sprintf("the calendar %s is of type %s, and only those of type event take blocked time", id, types[id]),
		Advice: "Block the time of its users with assigned_to, one block for each."}}}, nil
}

// under refuses blocked time with appointments in it, live or of the same plan.
func (a foresight) under(ctx context.Context, p *period, writes []providers.Write) ([]providers.Finding, error) {
	// An appointment may have begun before.
	const longest = 24 * time.Hour
	name, id := a.kinds[kindBlockSlot].holds(p.place)
	argument := map[string]string{"calendar_id": "calendar_id", "assigned_to": "user_id"}[name]
	where := schema.Fields{{Path: argument, Value: schema.StringValue(id)}}
	live, err := a.within(ctx, kindAppointment, "ghl_calendar_events", where, p.start.Add(-longest), p.end)
	if unasked(err) {
		return []providers.Finding{unforeseen(p.write, "the appointments under it", err)}, nil
	}
	if err != nil {
		return nil, err
	}
	clock, err := a.clockOf(ctx)
	if err != nil {
		return nil, err
	}
	var all []string
	k := a.kinds[kindAppointment]
	for i := range live {
		at, known := k.periodOf(0, &providers.Write{Live: &live[i]})
		if known && takesPlace(live[i].Value("status")) && p.overlaps(at.start, at.end) && !rewritten(writes, live[i].ID) {
			all = append(all, clock(at.start)+" ("+live[i].ID+")")
		}
	}
	for i := range writes {
		w := &writes[i]
		at, known := k.periodOf(i, w)
		theirs := known && (at.place == p.place || name == "assigned_to" && becomes(w, name).Text() == id)
		if w.Kind == k.Name && w.Action != providers.Delete && theirs && takesPlace(becomes(w, "status")) && p.overlaps(at.start, at.end) {
			all = append(all, clock(at.start)+" ("+w.Address+")")
		}
	}
	if len(all) == 0 {
		return nil, nil
	}
	slices.Sort(all)
	return []providers.Finding{{Write: p.write, Severity: providers.Refused, FieldError: providers.FieldError{
		Path: "start_time", Problem: fmt.Sprintf("HighLevel would cancel without a word the %s under it: %s", counted(len(all)), someOf(all)),
		Advice: "Move one or the other, or write overlap = \"allow\" if that is meant."}}}, nil
}

// takesPlace reports whether an appointment of a status takes its time.
func takesPlace(status schema.Value) bool {
	return !slices.Contains([]string{"cancelled", "noshow", "invalid"}, strings.ToLower(status.Text()))
}

// rewritten reports whether a plan writes an appointment, so that it counts as it will
// be.
func rewritten(writes []providers.Write, id string) bool {
	return slices.ContainsFunc(writes, func(w providers.Write) bool {
		return w.Kind == kindAppointment && w.ID == id && w.Action == providers.Update
	})
}

// counted is a number of appointments in words.
func counted(n int) string {
	if n == 1 {
		return "appointment"
	}
	return schema.Thousands(n) + " appointments"
}
