package report

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"lockstep/cmd/internal/report/figures"
	"lockstep/schema"
)

// usualWeeks is how many weeks are told when nothing else is asked for.
const usualWeeks = 26

// DefaultSince returns the Monday of half a year before a day, with which charts
// and timelines begin when nothing else is asked for.
func DefaultSince(day time.Time) time.Time {
	return figures.Monday(day).AddDate(0, 0, -7*(usualWeeks-1))
}

// training sums up what a person did.
func (b *builder) training(f *PersonFacts, today time.Time) *Training {
	t := &Training{Exported: exportDay(f.Athletes)}
	until := today
	if day, ok := readClock(t.Exported); ok && day.Before(today) {
		until = day
	}
	for i := range f.Athletes {
		t.add(&f.Athletes[i])
	}
	if last, ok := readClock(t.LastDate); ok {
		// Further east a day may have begun that is tomorrow here.
		days := max(0, figures.DaysBetween(last, until))
		t.DaysIdle = &days
		if t.Exported == "" && last.After(until) && figures.DaysBetween(until, last) == 1 {
			until = last
		}
	}
	runs := figures.Until(f.Activities, until)
	b.runs = append(b.runs, runs)
	t.Window = b.window(runs, until)
	t.Load, t.Streaks, t.Calendar = figures.LoadOf(runs, until), figures.StreaksOf(runs, until), figures.CalendarOf(runs, t.to())
	t.Sports = []Sport{}
	for _, share := range b.sports.Split(runs) {
		t.Sports = append(t.Sports, sport(share, &t.Window))
	}
	// Who has taken to another sport is told of that one first.
	slices.SortStableFunc(t.Sports, func(a, b Sport) int { return cmp.Compare(seconds(b.Periods), seconds(a.Periods)) })
	return t
}

// sport sums up one sport of a person.
func sport(s figures.Share, w *Window) Sport {
	until, _ := readClock(w.Until)
	from, _ := readClock(w.From)
	return Sport{
		Name: s.Sport.Name, Measure: s.Sport.Measure, Total: figures.Total(s.Activities), Recent: figures.RecentOf(figures.RecentWeeks(s.Activities, until)),
		Periods: figures.Periods(s.Activities, w.Step, from, w.to()), Year: figures.YearToDateOf(s.Activities, until),
		Years: figures.Years(s.Activities, until), Records: figures.Records(s),
	}
}

// to is the last day of a window.
func (w *Window) to() time.Time {
	day, _ := readClock(w.To)
	return day
}

// window returns the days that charts of some activities tell: from the day that
// was asked for, or else half a year. Who did nothing for longer gets the half
// year that ends with what they did last.
func (b *builder) window(runs []figures.Activity, until time.Time) Window {
	from, to := b.options.Since, until
	switch {
	case from.IsZero():
		from = DefaultSince(to)
		if len(runs) > 0 && runs[len(runs)-1].Start.Before(from) {
			to = figures.Day(runs[len(runs)-1].Start)
			from = DefaultSince(to)
		}
	case from.After(to):
		from = to
	case len(runs) > 0 && runs[0].Start.After(from):
		// Nothing is known of the time before the first one.
		from = figures.Day(runs[0].Start)
	}
	if least := figures.Monday(to).AddDate(0, 0, -7*(leastWeeks-1)); from.After(least) {
		from = least
	}
	return Window{From: from.Format(dayForm), To: to.Format(dayForm), Until: until.Format(dayForm), Step: figures.StepFor(from, to)}
}

// leastWeeks is how many weeks a chart has at least.
const leastWeeks = 6

// add adds what an account says of all that was ever done.
func (t *Training) add(a *schema.Object) {
	t.Activities += int(figure(a.Value("activity_count")))
	t.Distance = round(t.Distance+figure(a.Value("total_distance_km")), 3)
	if last := a.Value("last_activity_date").Text(); last > t.LastDate {
		t.LastDate, t.LastType = last, a.Value("last_activity_type").Text()
		t.LastDistance = round(figure(a.Value("last_activity_distance_km")), 3)
	}
}

// exportDay is the day of the newest export, empty when an account of the API
// tells what was done since.
func exportDay(athletes []schema.Object) string {
	day := ""
	for i := range athletes {
		exported, ok := readClock(athletes[i].Value("exported_at").Text())
		if !ok {
			return ""
		}
		day = max(day, exported.Format(dayForm))
	}
	return day
}

// figure is a number, 0 when there is none.
func figure(v schema.Value) float64 {
	n, err := strconv.ParseFloat(v.Text(), 64)
	if err != nil {
		return 0
	}
	return n
}

// ReadActivity returns the activity that an object of the kind runkeeper_activity
// is.
func ReadActivity(o *schema.Object) figures.Activity {
	start, _ := readClock(cmp.Or(o.Value("local_start_time").Text(), o.Value("start_time").Text()))
	return figures.Activity{
		ID: o.ID, Type: o.Value("type").Text(), Text: about(o.Value("route_name").Text(), o.Value("notes").Text()), Start: start,
		Distance: round(figure(o.Value("distance_km")), 3), Duration: figure(o.Value("duration_s")),
		Climb: figure(o.Value("climb_m")), HeartRate: figure(o.Value("average_heart_rate_bpm")),
	}
}
