package runkeeper

import (
	"slices"
	"time"
)

// streaks are the current and the longest row of steps without a gap. A row
// that ended with the step before the one of now still goes on: today, or this
// week, is not over.
func streaks(days []time.Time, now time.Time, step int) (current, longest int) {
	slices.SortFunc(days, time.Time.Compare)
	days = slices.Compact(days)
	row := 0
	for i, day := range days {
		if i > 0 && days[i-1].AddDate(0, 0, step).Equal(day) {
			row++
		} else {
			row = 1
		}
		longest = max(longest, row)
		if !day.After(now) && !day.Before(now.AddDate(0, 0, -step)) {
			current = row
		}
	}
	return current, longest
}
