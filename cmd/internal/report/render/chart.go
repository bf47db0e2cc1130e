package render

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"lockstep/cmd/internal/report/figures"
)

// Charts are drawn into boxes of integers that the page stretches, with one path
// for all bars or points: a page of a big club has thousands. Each says in words
// what it shows, and a table beside it has the figures.

const (
	step   = 10 // from one period to the next
	height = 100
	// leastBar is how high the bar of a period without distance is, in which
	// something was done all the same.
	leastBar = 2
)

// leastSpan is how many times the height of a trend the figure may be: a line over
// a span of less than a twentieth would show what is but chance.
const leastSpan = 20

// bars is a chart of a bar for each period.
type bars struct {
	Width int
	// Past and Now are paths of strokes; Now is the period that is not over.
	Past, Now string
	// Mean is the height of the mean of the four weeks before the last, 0 when
	// there is none, and MeanFrom and MeanTo are where its line begins and ends.
	Mean, MeanFrom, MeanTo int
	// Most is the greatest figure, First and Last name the outermost periods.
	Most, First, Last string
	// Words tell the chart.
	Words string
}

// newBars draws the distances of periods, oldest first, or their hours when the
// sport has no distance. last names the last period.
func (u units) newBars(name string, m figures.Measure, periods []figures.Period, by figures.Step, before float64, last string) bars {
	b := bars{Width: step * len(periods), Last: last}
	if len(periods) == 0 {
		return b
	}
	b.First = begins(periods[0].From, by)
	of := func(p *figures.Period) float64 { return p.Distance }
	if m == figures.Untold {
		of = func(p *figures.Period) float64 { return p.Duration }
	}
	most, best := 0.0, 0
	for i := range periods {
		if x := of(&periods[i]); x > most {
			most, best = x, i
		}
	}
	var past strings.Builder
	for i := range periods {
		top := 0
		if most > 0 {
			top = int(math.Round(of(&periods[i]) / most * height))
		}
		if periods[i].Activities > 0 {
			top = max(top, leastBar)
		}
		switch {
		case top == 0:
		case i == len(periods)-1:
			b.Now = fmt.Sprintf("M%d %dV%d", step*i+step/2, height, height-top)
		default:
			fmt.Fprintf(&past, "M%d %dV%d", step*i+step/2, height, height-top)
		}
	}
	b.Past = past.String()
	if most == 0 {
		b.Words = "Nothing in these " + string(by) + "s."
		return b
	}
	b.Most = u.distance(most)
	if m == figures.Untold {
		b.Most = hours(most) + " h"
	}
	if before > 0 && m != figures.Untold && by == figures.Week && len(periods) > 4 {
		b.Mean, b.MeanFrom, b.MeanTo = height-int(math.Round(before/most*height)), b.Width-5*step, b.Width-step
	}
	b.Words = fmt.Sprintf("%s by the %s from %s to %s. Most: %s in the %s.", name, by, b.First, last, b.Most, period(periods[best].From, by))
	return b
}

// begins names a period where it stands on an axis.
func begins(from string, by figures.Step) string {
	switch by {
	case figures.Year:
		return dayAs(from, "2006")
	case figures.Month:
		return dayAs(from, "Jan 2006")
	default:
		return dayAs(from, "2 Jan 2006")
	}
}

// period names a period in a sentence.
func period(from string, by figures.Step) string {
	switch by {
	case figures.Year:
		return "year " + begins(from, by)
	case figures.Month:
		return "month of " + begins(from, by)
	default:
		return "week of " + dayAs(from, "2 January 2006")
	}
}

// trend is a line over periods: of the pace, the heart rate or the climb.
type trend struct {
	Name string
	// Path leaves gaps where nothing is known.
	Path  string
	Width int
	// First and Last are the outermost figures that are known, Words tell the
	// line.
	First, Last, Words string
}

// newTrend draws a figure of periods, oldest first; 0 is not known. Paces are
// drawn with the fastest on top. ok is false with fewer than two known figures.
func newTrend(name string, periods []figures.Period, of func(*figures.Period) float64, down bool, told func(float64) string) (t trend, ok bool) {
	low, high := math.Inf(1), 0.0
	first, last, known := 0.0, 0.0, 0
	for i := range periods {
		if x := of(&periods[i]); x > 0 {
			low, high = min(low, x), max(high, x)
			if known == 0 {
				first = x
			}
			last = x
			known++
		}
	}
	if known < 2 {
		return t, false
	}
	// What hardly moves is a level line.
	span := max(high-low, high/leastSpan)
	var path strings.Builder
	pen := false
	for i := range periods {
		x := of(&periods[i])
		if x <= 0 {
			pen = false
			continue
		}
		y := int(math.Round((high - x) / span * height))
		if down {
			y = height - y
		}
		command := "L"
		if !pen {
			command = "M"
		}
		fmt.Fprintf(&path, "%s%d %d", command, step*i+step/2, y)
		if !pen {
			path.WriteString("h0") // a lone point is a dot
		}
		pen = true
	}
	t = trend{Name: name, Path: path.String(), Width: step * len(periods), First: told(first), Last: told(last)}
	t.Words = fmt.Sprintf("%s from %s to %s, between %s and %s.", name, t.First, t.Last, told(low), told(high))
	return t, true
}

// trends are the lines of a sport.
func (u units) trends(m figures.Measure, periods []figures.Period) []trend {
	var all []trend
	add := func(name string, of func(*figures.Period) float64, down bool, told func(float64) string) {
		if t, ok := newTrend(name, periods, of, down, told); ok {
			all = append(all, t)
		}
	}
	if m != figures.Untold {
		add(rateWord(m), func(p *figures.Period) float64 { return p.Pace }, true, func(x float64) string { return u.speed(m, x) })
	}
	add("Heart rate", func(p *figures.Period) float64 { return p.HeartRate }, false, func(x float64) string { return strconv.FormatFloat(x, 'f', 0, 64) + " bpm" })
	add("Climb", func(p *figures.Period) float64 { return p.Climb }, false, u.climb)
	return all
}

// months is a chart of the months of two years, side by side.
type months struct {
	Name string
	// This and Last are paths of strokes.
	This, Last string
	Width      int
	Words      string
}

// newMonths draws the months of a year beside those of the year before. ok is
// false when there is only one year to draw.
func (u units) newMonths(y *figures.YearToDate) (m months, ok bool) {
	most, before := 0.0, 0.0
	for _, p := range y.Months {
		most, before = max(most, p.This, p.Last), before+p.Last
	}
	if before == 0 {
		return m, false
	}
	var this, last strings.Builder
	stroke := func(b *strings.Builder, x int, km float64) {
		if top := int(math.Round(km / most * height)); top > 0 {
			fmt.Fprintf(b, "M%d %dV%d", x, height, height-top)
		}
	}
	for i, p := range y.Months {
		stroke(&last, step*i+3, p.Last)
		stroke(&this, step*i+7, p.This)
	}
	m = months{Name: fmt.Sprintf("%d and %d by month", y.Year, y.Year-1), This: this.String(), Last: last.String(), Width: step * len(y.Months)}
	m.Words = fmt.Sprintf("Months of %d: %s up to %s. The year before up to the same day: %s.", y.Year, u.distance(y.This.Distance), dayYear(y.Until), u.distance(y.Last.Distance))
	return m, true
}

// yearMap is a calendar: a column for each week, a row for each day.
type yearMap struct {
	Width int
	// Levels are paths of strokes, the shortest days first.
	Levels [4]string
	Months []string
	Words  string
}

// dayStep is from one day to the next, and dayLong how long its stroke is.
const dayStep, dayLong = 4, 3

// hoursOf are the hours from which on a day stands out more.
var hoursOf = [4]float64{0, 0.5, 1, 1.5}

func newYearMap(c *figures.Calendar) yearMap {
	from, err := time.Parse(time.DateOnly, c.From)
	until, wrong := time.Parse(time.DateOnly, c.Until)
	if err != nil || wrong != nil {
		return yearMap{}
	}
	m := yearMap{Width: (figures.DaysBetween(from, until)/7 + 1) * dayStep}
	var paths [4]strokes
	longest := figures.CalendarDay{}
	for _, d := range c.Days {
		at, err := time.Parse(time.DateOnly, d.Date)
		if err != nil {
			continue
		}
		if d.Duration > longest.Duration {
			longest = d
		}
		n, level := figures.DaysBetween(from, at), 0
		for i, from := range hoursOf {
			if d.Duration >= from*secondsPerHour {
				level = i
			}
		}
		paths[level].day(n/7*dayStep, n%7*dayStep+2)
	}
	for i := range paths {
		m.Levels[i] = paths[i].String()
	}
	for at := figures.Day(from).AddDate(0, 0, 15); !at.After(until); at = at.AddDate(0, 1, 0) {
		m.Months = append(m.Months, at.Format("Jan"))
	}
	m.Words = fmt.Sprintf("%s active in the year to %s", count(len(c.Days), "day", "days"), dayYear(c.Until))
	if longest.Duration > 0 {
		m.Words += fmt.Sprintf("; the longest was %s with %s h", dayYear(longest.Date), hours(longest.Duration))
	}
	m.Words += "."
	return m
}

// strokes is a path of days. Each is reached from the one before, which takes
// fewer characters than to say where it is.
type strokes struct {
	strings.Builder
	x, y int
}

func (s *strokes) day(x, y int) {
	fmt.Fprintf(s, "m%d %dh%d", x-s.x, y-s.y, dayLong)
	s.x, s.y = x+dayLong, y
}
