package figures

import (
	"cmp"
	"slices"
	"strings"
)

// Measure is how the speed of a sport is told.
type Measure string

// The measures: time for a kilometre, time for 100 m, kilometres per hour, and
// for sports without distance none.
const (
	Pace     Measure = "pace"
	SwimPace Measure = "swim_pace"
	Speed    Measure = "speed"
	Untold   Measure = "none"
)

// Sport is a group of types of activities whose kilometres add up.
type Sport struct {
	// Name heads the sport: "Running".
	Name string
	// Measure is how its speed is told.
	Measure Measure
	// types are Runkeeper's words (Health Graph API, fitness activities).
	types []string
	// courses are the distances of which it has records.
	courses []Course
}

// Course is a distance of which there are records.
type Course struct {
	Name string
	// Metres is its length.
	Metres float64
}

// sports declares the sports. A type that none of them names belongs to the last
// one.
func sports() []Sport {
	return []Sport{
		{Name: "Running", Measure: Pace, types: []string{"Running"},
			courses: []Course{{"1 km", 1000}, {"5 km", 5000}, {"10 km", 10000}, {"Half marathon", 21097.5}, {"Marathon", 42195}}},
		{Name: "Walking", Measure: Pace, types: []string{"Walking", "Hiking", "Nordic Walking"}},
		{Name: "Cycling", Measure: Speed, types: []string{"Cycling", "Mountain Biking"}, courses: []Course{{"20 km", 20000}, {"40 km", 40000}, {"100 km", 100000}}},
		{Name: "Swimming", Measure: SwimPace, types: []string{"Swimming"}, courses: []Course{{"400 m", 400}, {"1,500 m", 1500}}},
		{Name: "Rowing", Measure: Speed, types: []string{"Rowing", "Row Machine"}},
		{Name: "Wheelchair", Measure: Speed, types: []string{"Wheelchair"}},
		{Name: "Skating", Measure: Speed, types: []string{"Skating"}},
		{Name: "Skiing", Measure: Speed, types: []string{"Cross-Country Skiing", "Downhill Skiing", "Snowboarding"}},
		{Name: "Other", Measure: Untold},
	}
}

// Catalogue finds the sport of a type of activity.
type Catalogue struct {
	all    []Sport
	byType map[string]int
}

// NewCatalogue returns the catalogue of all sports.
func NewCatalogue() *Catalogue {
	c := &Catalogue{all: sports(), byType: map[string]int{}}
	for i, s := range c.all {
		for _, t := range s.types {
			c.byType[strings.ToLower(t)] = i
		}
	}
	return c
}

// Measure returns how the speed of a type of activity is told.
func (c *Catalogue) Measure(kind string) Measure { return c.all[c.place(kind)].Measure }

// place is where the sport of a type stands.
func (c *Catalogue) place(kind string) int {
	if at, ok := c.byType[strings.ToLower(kind)]; ok {
		return at
	}
	return len(c.all) - 1
}

// Split returns the activities of each sport that there are any of, the sport
// with the most time first.
func (c *Catalogue) Split(all []Activity) []Share {
	shares := make([]Share, len(c.all))
	for i := range all {
		at := c.place(all[i].Type)
		shares[at].Activities = append(shares[at].Activities, all[i])
		shares[at].seconds += all[i].Duration
	}
	for i := range shares {
		shares[i].Sport = c.all[i]
	}
	shares = slices.DeleteFunc(shares, func(s Share) bool { return len(s.Activities) == 0 })
	slices.SortStableFunc(shares, func(a, b Share) int { return cmp.Compare(b.seconds, a.seconds) })
	return shares
}

// Share is what a person did in one sport.
type Share struct {
	Sport      Sport
	Activities []Activity
	seconds    float64
}
