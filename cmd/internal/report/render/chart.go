package render

import (
	"fmt"
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
	// MeanY is the height of the mean of the four weeks before this one.
	MeanY float64
	Mean  bool
	// What stands beside the chart, which is not stretched.
	Most, First, Last string
}

// bar is one week.
type bar struct {
	X, Y, Width, Height float64
	Now                 bool
	Tip                 string
}

const (
	barStep   = 10
	barWidth  = 7.6
	barBox    = 100
	leastBar  = 1.5
	spelled   = 4
	emptyNote = "No distance in these weeks."
)

// newChart draws weeks, oldest first.
func newChart(id, whose string, weeks []report.Week, l report.Load) chart {
	c := chart{ID: id, Title: "Distance per week" + whose, Width: barStep * float64(len(weeks)), Height: barBox}
	if len(weeks) == 0 {
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
		b.Height = float64(int(b.Height*100)) / 100
		b.Y = barBox - b.Height
		c.Bars = append(c.Bars, b)
	}
	c.First, c.Last, c.Detail = shortDay(weeks[0].Monday), "this week", emptyNote
	if most == 0 {
		return c
	}
	c.Most = km(most) + " km"
	c.Mean, c.MeanY = l.Before > 0, barBox-l.Before/most*barBox
	c.Detail = detail(weeks, weeks[best])
	return c
}

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
