package render

import (
	"math"
	"strconv"

	"lockstep/cmd/internal/report"
	"lockstep/cmd/internal/report/figures"
)

// units writes figures for people, in kilometres or in miles. Numbers are written
// one way: a comma between thousands, a tenth only below a thousand.
type units struct{ imperial bool }

func unitsOf(r *report.Report) units { return units{imperial: r.Units == report.Imperial} }

// What a metric unit is in an imperial one.
const (
	feetPerMetre    = 1 / 0.3048
	swimKm          = 0.1     // 100 m
	swimKmImperial  = 0.09144 // 100 yards
	secondsPerHour  = 3600.0
	fewestThousands = 999.95
)

// name of the unit of distances.
func (u units) name() string {
	if u.imperial {
		return "mi"
	}
	return "km"
}

// own is a distance in the unit.
func (u units) own(km float64) float64 {
	if u.imperial {
		return km / report.KilometresPerMile
	}
	return km
}

// far is a distance without its unit: "12.4", and "1,235" where tenths tell
// nothing.
func (u units) far(km float64) string { return number(u.own(km)) }

// distance is a distance with its unit.
func (u units) distance(km float64) string { return u.far(km) + " " + u.name() }

// height is a climb without its unit.
func (u units) height(metres float64) string {
	if u.imperial {
		metres *= feetPerMetre
	}
	return grouped(strconv.FormatFloat(metres, 'f', 0, 64))
}

// climbName is the unit of climbs.
func (u units) climbName() string {
	if u.imperial {
		return "ft"
	}
	return "m"
}

// climb is a climb with its unit.
func (u units) climb(metres float64) string { return u.height(metres) + " " + u.climbName() }

// speed is a pace, in seconds for a kilometre, as the sport tells it: "5:29 /km",
// "28.4 km/h", "2:05 /100 m". It is empty when there is none.
func (u units) speed(m figures.Measure, pace float64) string {
	if pace <= 0 || m == figures.Untold {
		return ""
	}
	return u.rate(m, pace) + " " + u.rateName(m)
}

// rate is speed without its unit.
func (u units) rate(m figures.Measure, pace float64) string {
	switch {
	case pace <= 0 || m == figures.Untold:
		return "–"
	case m == figures.Speed:
		return number(u.own(secondsPerHour / pace))
	case m == figures.SwimPace && u.imperial:
		return clock(pace * swimKmImperial)
	case m == figures.SwimPace:
		return clock(pace * swimKm)
	case u.imperial:
		return clock(pace * report.KilometresPerMile)
	default:
		return clock(pace)
	}
}

// rateName is the unit of rates.
func (u units) rateName(m figures.Measure) string {
	switch {
	case m == figures.Speed && u.imperial:
		return "mph"
	case m == figures.Speed:
		return "km/h"
	case m == figures.SwimPace && u.imperial:
		return "/100 yd"
	case m == figures.SwimPace:
		return "/100 m"
	default:
		return "/" + u.name()
	}
}

// rateWord heads rates: "Pace" or "Speed".
func rateWord(m figures.Measure) string {
	if m == figures.Speed {
		return "Speed"
	}
	return "Pace"
}

// number is a number for people: "12.4", and "1,235" where tenths tell nothing.
func number(x float64) string {
	if math.Abs(x) >= fewestThousands {
		return grouped(strconv.FormatFloat(x, 'f', 0, 64))
	}
	return strconv.FormatFloat(x, 'f', 1, 64)
}

// whole is a whole number for people: "1,235".
func whole(n int) string { return grouped(strconv.Itoa(n)) }

// hours is a duration of hours and minutes: "38:12".
func hours(seconds float64) string {
	minutes := int(math.Round(seconds / 60))
	return grouped(strconv.Itoa(minutes/60)) + ":" + strconv.Itoa(100 + minutes%60)[1:]
}
