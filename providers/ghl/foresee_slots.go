package ghl

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"lockstep/providers"
	"lockstep/schema"
)

// foreseeAppointments tells who is written to, and refuses times that a calendar does
// not offer.
func foreseeAppointments(ctx context.Context, a *account, writes []providers.Write) ([]providers.Finding, error) {
	var found []providers.Finding
	var booked []period
	k := a.kinds[kindAppointment]
	for i := range writes {
		w := &writes[i]
		if w.Kind != k.Name || w.Action == providers.Delete {
			continue
		}
		if w.Fields.Value("notify").Truth() {
			found = append(found, notified(i, w))
		}
		if rule, check := w.Fields.Value("rrule"), w.Fields.Value("check_slot"); rule.Text() != "" && check.IsKnown() && (check.Type() != schema.Bool || check.Truth()) {
			found = append(found, unrepeatable(i))
			continue
		}
		if p, known := k.periodOf(i, w); known && k.books(w, &p) {
			booked = append(booked, p)
		}
	}
	refused, err := foresight{a}.offered(ctx, booked)
	if err != nil {
		return nil, err
	}
	crowded, err := foresight{a}.crowded(ctx, booked, writes)
	return slices.Concat(found, refused, crowded), err
}

// unrepeatable refuses a repetition that the API would not take.
func unrepeatable(n int) providers.Finding {
	return providers.Finding{Write: n, Severity: providers.Wrong, Summary: "Slots of a series are not checked", FieldError: providers.FieldError{
		Path: "rrule", Problem: "an appointment is repeated only where no slot is checked", Advice: "Write check_slot = false beside rrule."}}
}

// notified tells who is written to.
func notified(n int, w *providers.Write) providers.Finding {
	who := "its contact"
	if id := becomes(w, "contact_id"); id.IsKnown() && id.Text() != "" {
		who = "the contact " + id.Text()
	}
	return writtenTo(n, "notify", fmt.Sprintf("HighLevel runs its automations for this, which may write to %s and to the user in charge", who), "Leave notify out to write it silently.")
}

// books reports whether a write needs a time that is free: not one that the calendar
// need not offer, that is not to take place, or that overlaps what the appointment
// itself takes now.
func (k *kind) books(w *providers.Write, p *period) bool {
	check := w.Fields.Value("check_slot")
	status := becomes(w, "status").Text()
	switch {
	case !k.moves(w), check.Type() == schema.Bool && !check.Truth(), !check.IsKnown(), status != "" && status != "new" && status != "confirmed":
		return false
	case w.Live == nil:
		return true
	}
	now, known := k.periodOf(p.write, &providers.Write{Live: w.Live})
	return !known || now.place != p.place || !p.overlaps(now.start, now.end)
}

const (
	// around is how long before and after a time a nearest free slot is looked for.
	around = 2 * 24 * time.Hour
	// mostAtOnce is the longest time between starts that one request looks at.
	mostAtOnce = maxFreeSlots - 2*around
)

// offered refuses the times that calendars do not offer. A calendar is asked once for
// each month or so.
func (a foresight) offered(ctx context.Context, booked []period) ([]providers.Finding, error) {
	slices.SortFunc(booked, earlier)
	var found []providers.Finding
	for len(booked) > 0 {
		first := booked[0]
		n := slices.IndexFunc(booked, func(p period) bool { return p.place != first.place || p.start.Sub(first.start) > mostAtOnce })
		if n < 0 {
			n = len(booked)
		}
		refused, err := a.offeredAtOnce(ctx, booked[:n])
		if err != nil {
			return nil, err
		}
		found, booked = append(found, refused...), booked[n:]
	}
	return found, nil
}

// earlier orders times by their places.
func earlier(x, y period) int {
	return cmp.Or(strings.Compare(x.place, y.place), x.start.Compare(y.start), cmp.Compare(x.write, y.write))
}

// offeredAtOnce refuses those times of one calendar that it does not offer.
func (a foresight) offeredAtOnce(ctx context.Context, booked []period) ([]providers.Finding, error) {
	first, last := booked[0], booked[len(booked)-1]
	where := schema.Fields{{Path: "calendar_id", Value: schema.StringValue(first.place)}}
	slots, err := a.within(ctx, kindFreeSlot, "ghl_free_slots", where, first.start.Add(-around), last.start.Add(around))
	if unasked(err) {
		return []providers.Finding{unforeseen(first.write, "the free slots of the calendar "+first.place, err)}, nil
	}
	if err != nil {
		return nil, err
	}
	clock, err := a.clockOf(ctx)
	if err != nil {
		return nil, err
	}
	var found []providers.Finding
	for i := range booked {
		p := &booked[i]
		nearest, distance := nearestSlot(slots, p.start)
		if nearest != "" && distance == 0 {
			continue
		}
		advice := "It offers nothing within two days of that; look at ghl_free_slots, or write check_slot = false to book all the same."
		if nearest != "" {
			advice = "The nearest free slot is " + nearest + ": write that, or check_slot = false to book all the same."
		}
		found = append(found, providers.Finding{Write: p.write, Severity: providers.Wrong, Summary: "The time is not free", FieldError: providers.FieldError{
			Path: "start_time", Problem: fmt.Sprintf("the calendar %s does not offer %s", p.place, clock(p.start)), Advice: advice}})
	}
	return found, nil
}

// nearestSlot is the free slot that is nearest to an instant, and how far it is; empty
// without any within reach.
func nearestSlot(slots []schema.Object, at time.Time) (spelt string, distance time.Duration) {
	for i := range slots {
		t, err := time.Parse(time.RFC3339, slots[i].ID)
		if err != nil {
			continue
		}
		if d := t.Sub(at).Abs(); d <= around && (spelt == "" || d < distance) {
			spelt, distance = slots[i].ID, d
		}
	}
	return spelt, distance
}
