package runkeeper

import (
	"fmt"
	"strings"
	"time"

	"lockstep/providers"
	"lockstep/providers/runkeeper/export"
	"lockstep/schema"
)

// Warnings tells what is odd in the accounts that have been read so far.
func (p *Provider) Warnings() []providers.Warning {
	var all []providers.Warning
	for _, name := range p.names {
		for _, problem := range p.accounts[name].odd(p.now) {
			all = append(all, providers.Warning{Account: name, Problem: problem})
		}
	}
	return all
}

// odd are the problems of an account, a sentence part each.
func (a *account) odd(now time.Time) []string {
	a.Lock()
	defer a.Unlock()
	if a.data == nil {
		return nil
	}
	var all []string
	for _, w := range a.data.Warnings {
		all = append(all, w.String())
	}
	if ahead := a.ahead(now); ahead != "" {
		all = append(all, ahead)
	}
	return all
}

// horizon is the first clock on the wall after the day of the export or, for what
// has no such day, after today. The account has been loaded.
func (a *account) horizon(now time.Time) time.Time {
	if made := a.data.Made; !made.IsZero() {
		return export.Horizon(made)
	}
	return export.Horizon(now.UTC())
}

// ahead tells of activities that only a wrong clock can have recorded.
func (a *account) ahead(now time.Time) string {
	count, first := 0, time.Time{}
	for i := range a.data.Activities {
		if begin := a.data.Activities[i].Start; !begin.Before(a.horizon(now)) {
			count, first = count+1, begin
		}
	}
	if count == 0 {
		return ""
	}
	when := "today"
	if !a.data.Made.IsZero() {
		when = "the day of the export, " + a.data.Made.Format(dayForm) + ","
	}
	place := strings.Join(a.paths, ", ")
	if place == "" {
		place = "the API"
	}
	return fmt.Sprintf("%s: a clock was wrong: activities after %s count in sums, but not as the last activity (%s, the first on %s)",
		place, when, schema.Thousands(count), first.Format(dayForm))
}
