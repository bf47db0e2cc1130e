package report

import (
	"math"
	"time"
)

const (
	// weeksBefore is how many whole weeks one is compared with, and leastWeeks
	// what it takes to compare this week and the last.
	weeksBefore = 4
	leastWeeks  = weeksBefore + 2
	// usualWeeks and mostWeeks are how many weeks are told when nothing else
	// is asked for, and at most.
	usualWeeks = 26
	mostWeeks  = 53
)

// DefaultSince is the first day of timelines when no other is given: the
// Monday of half a year ago.
func DefaultSince(now time.Time) time.Time {
	return monday(now).AddDate(0, 0, -7*(usualWeeks-1))
}

// From is the first day of the activities that a report needs. Its timelines
// begin with a whole week, its weeks are compared with the ones before, and a
// person may live in a time zone that is a day behind.
func From(now, since time.Time) time.Time {
	from := monday(now.AddDate(0, 0, -1)).AddDate(0, 0, -7*(leastWeeks-1))
	if first := monday(since); first.Before(from) {
		return first
	}
	return from
}

// mondays are the beginnings of the weeks that are told, oldest first.
func mondays(today, since time.Time) []time.Time {
	last := monday(today)
	first := monday(since)
	if atLeast := last.AddDate(0, 0, -7*(leastWeeks-1)); first.After(atLeast) {
		first = atLeast
	}
	if atMost := last.AddDate(0, 0, -7*(mostWeeks-1)); first.Before(atMost) {
		first = atMost
	}
	var all []time.Time
	for at := first; !at.After(last); at = at.AddDate(0, 0, 7) {
		all = append(all, at)
	}
	return all
}

// emptyWeeks are weeks without activity.
func emptyWeeks(today, since time.Time) []Week {
	starts := mondays(today, since)
	weeks := make([]Week, len(starts))
	for i, at := range starts {
		weeks[i].Monday = at.Format(dayForm)
	}
	return weeks
}

// addWeeks adds weeks to sums. Both end with this week, which is another date
// where the day is another.
func addWeeks(sums, weeks []Week) {
	for i := 1; i <= min(len(sums), len(weeks)); i++ {
		to, from := &sums[len(sums)-i], &weeks[len(weeks)-i]
		to.Distance = round(to.Distance+from.Distance, 3)
		to.Duration += from.Duration
		to.Activities += from.Activities
	}
}

// load compares the last of the weeks with those before.
func load(weeks []Week) Load {
	var l Load
	n := len(weeks) - 1
	if len(weeks) < leastWeeks {
		return l
	}
	l.ThisWeek, l.LastWeek, l.Before = weeks[n].Distance, weeks[n-1].Distance, mean(weeks, n)
	l.Change, l.LastChange = change(l.ThisWeek, l.Before), change(l.LastWeek, mean(weeks, n-1))
	return l
}

// mean is the mean of the four weeks before a week.
func mean(weeks []Week, n int) float64 {
	sum := 0.0
	for _, w := range weeks[n-weeksBefore : n] {
		sum += w.Distance
	}
	return round(sum/weeksBefore, 3)
}

// change is how far a distance is above another, in percent.
func change(now, before float64) *int {
	if before <= 0 {
		return nil
	}
	percent := int(math.Round((now/before - 1) * 100))
	return &percent
}

func round(x float64, places int) float64 {
	shift := math.Pow10(places)
	return math.Round(x*shift) / shift
}
