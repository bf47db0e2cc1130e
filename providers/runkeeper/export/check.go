package export

import (
	"fmt"
	"math"
)

// The table that a spreadsheet program saved may have dates as they were and
// durations sixty times as long: 28:28 is read as hours and minutes and written
// as 28:28:00. Distance and mean speed keep the truth. They agree with the
// duration within tolerance in every row of untouched exports that is longer
// than shortest and takes more than briefest.
const (
	tolerance = 0.1
	shortest  = 300.0 // metres
	briefest  = 60.0  // seconds
	sixty     = 60.0
	// few is how many of the rows that can be checked may disagree, one in so
	// many, as long as none is sixty times as long.
	few = 20
)

// consistency counts the rows whose duration agrees with distance and speed.
type consistency struct {
	checked int
	// apart are the lines of rows that disagree, sixtyfold of those that do by
	// a factor of sixty.
	apart, sixtyfold []int
}

// add checks one row. cell is how much of a speed in kilometres per hour two
// decimal places in the unit of the file round off at most.
func (c *consistency) add(a *Activity, cell float64) {
	seconds := a.Duration.Seconds()
	if !a.Speed.Known || a.Speed.Value <= 0 || a.Distance <= shortest || seconds <= briefest {
		return
	}
	c.checked++
	hours, kilometres := seconds/3600, a.Distance/1000
	covered := a.Speed.Value * hours
	if math.Abs(covered-kilometres) > tolerance*kilometres+cell*hours {
		c.apart = append(c.apart, a.Line)
	}
	if isSixty(covered/kilometres) || a.Pace.Known && isSixty(a.Pace.Value/3600*a.Speed.Value) {
		c.sixtyfold = append(c.sixtyfold, a.Line)
	}
}

func isSixty(factor float64) bool { return math.Abs(factor-sixty) <= tolerance*sixty }

// verdict refuses a table that cannot be as Runkeeper wrote it, with the first
// line of the rows that tell, or notes the few rows that disagree.
func (c *consistency) verdict(odd *oddities) (line int, err error) {
	if len(c.sixtyfold) > 0 {
		return c.sixtyfold[0], fmt.Errorf("durations are sixty times as long as distance and speed say (%s), as when a spreadsheet program writes 28:28:00 for 28:28",
			rowsAt(c.sixtyfold))
	}
	if len(c.apart)*few > c.checked {
		return c.apart[0], fmt.Errorf("duration, distance and speed contradict each other (%s), as when a spreadsheet program saved the file", rowsAt(c.apart))
	}
	for _, line := range c.apart {
		odd.add("duration, distance and speed contradict each other, and count as they stand", line)
	}
	return 0, nil
}
