package render

import (
	"fmt"
	"math"
	"strings"

	"lockstep/cmd/internal/report"
)

// chart is a bar for each week, drawn into a box of Width by Height that the
// page stretches.
type chart struct {
	ID            string
	Title, Detail string
	Width, Height float64
	Bars          []bar
	// Mean is true when there is a line at the height of the mean of the four weeks
	// before this one, across those four.
	Mean                    bool
	MeanFrom, MeanTo, MeanY float64
	// What stands beside the chart, which is not stretched.
	Most, First, Last string
	// Rest stands in place of a chart of weeks in which nothing was done.
	Rest string
}

// bar is one week.
type bar struct {
	X, Y, Width, Height float64
	Now                 bool
	Tip                 string
}

// Path draws all bars at once, where no single bar has to be pointed at.
func (c chart) Path() string {
	var b strings.Builder
	for _, r := range c.Bars {
		if r.Height > 0 {
			fmt.Fprintf(&b, "M%g %gh%gV%gh-%gz", r.X, r.Y, r.Width, c.Height, r.Width)
		}
	}
	return b.String()
}

const (
	barStep   = 10
	barWidth  = 7.6
	barBox    = 100
	meanWeeks = 4
	leastBar  = 1.5
	spelled   = 4
	emptyNote = "No distance in these weeks."
)

// newChart draws weeks, oldest first. last is the day of the last activity.
func newChart(id, whose string, weeks []report.Week, l report.Load, last string) chart {
	c := chart{ID: id, Title: "Distance per week" + whose, Width: barStep * float64(len(weeks)), Height: barBox, Rest: rest(weeks, last)}
	if len(weeks) == 0 || c.Rest != "" {
		return c
	}
	most, best := 0.0, 0
	for i, w := range weeks {
		if w.Distance > most {
			most, best = w.Distance, i
		}
	}
	for i, w := range weeks {
		b := bar{X: barStep*float64(i) + (barStep-barWidth)/2, Width: barWidth, Now: i == len(weeks)-1, Tip: weekTip(w)}
		if most > 0 {
			b.Height = w.Distance / most * barBox
		}
		if w.Activities > 0 {
			b.Height = max(b.Height, leastBar)
		}
		b.Height = hundredths(b.Height)
		b.Y = hundredths(barBox - b.Height)
		c.Bars = append(c.Bars, b)
	}
	c.First, c.Last, c.Detail = shortDay(weeks[0].Monday), "this week", emptyNote
	if most == 0 {
		return c
	}
	c.Most = km(most) + " km"
	c.Mean, c.MeanY = l.Before > 0, hundredths(barBox-l.Before/most*barBox)
	c.MeanFrom, c.MeanTo = c.Width-(meanWeeks+1)*barStep, c.Width-barStep
	c.Detail = detail(weeks, weeks[best])
	return c
}

// hundredths is as exact as a chart can be seen.
func hundredths(x float64) float64 { return math.Round(x*100) / 100 }

func weekTip(w report.Week) string {
	return fmt.Sprintf("Week of %s: %s km, %s", dayAs(w.Monday, "2 Jan 2006"), km(w.Distance), count(w.Activities, "activity", "activities"))
}

// detail tells the chart to those who do not see it.
func detail(weeks []report.Week, best report.Week) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d weeks. Most: %s km in the week of %s.", len(weeks), km(best.Distance), shortDay(best.Monday))
	b.WriteString(" Latest, newest first:")
	for i := range min(spelled, len(weeks)) {
		w := weeks[len(weeks)-1-i]
		sep := ","
		if i == 0 {
			sep = ""
		}
		fmt.Fprintf(&b, "%s %s km", sep, km(w.Distance))
	}
	b.WriteString(".")
	return b.String()
}
