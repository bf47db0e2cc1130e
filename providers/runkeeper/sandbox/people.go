package sandbox

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"strings"
	"time"
	"unicode"
)

// clockForm is the clock on the wall, without zone.
const clockForm = "Mon, 2 Jan 2006 15:04:05"

// person is one invented athlete. Everything is made of the name, so that the
// same name is the same person in every run.
type person struct {
	// key is the name that the person was made of.
	key          string
	id           int
	name, gender string
	athleteType  string
	birthday     time.Time
	offset       float64
	activities   []activity
	weights      []weight
	// invented are the items of the feeds, by path and number, and changes
	// what was written since.
	invented map[string]map[int]item
	changes  *changes
	// alone is a person without friends.
	alone bool
}

type activity struct {
	id                       int
	kind                     string
	start                    time.Time
	metres, seconds, burning float64
	path                     bool
}

type weight struct {
	id   int
	at   time.Time
	kilo float64
}

var (
	kinds        = []string{"Running", "Running", "Running", "Cycling", "Walking"}
	athleteTypes = []string{"Runner", "Marathoner", "Walker", "Tri-Athlete"}
	surnames     = []string{"Example", "Müller", "Prøve", "Sample"}
	offsets      = []float64{-5, 0, 1, 5.5}
)

// years of activities that a person has.
const years = 3

// invent makes a person of a name, with activities up to a day.
func invent(name string, today time.Time) *person {
	h := fnv.New64a()
	// Writing to a hash cannot fail.
	_, _ = h.Write([]byte(name))
	seed := h.Sum64()
	r := rand.New(rand.NewPCG(seed, 7))
	id := int(seed%90_000_000) + 10_000_000
	p := &person{
		key: name, changes: &changes{}, id: id, name: capital(name) + " " + surnames[r.IntN(len(surnames))], gender: []string{"F", "M"}[r.IntN(2)],
		athleteType: athleteTypes[r.IntN(len(athleteTypes))], offset: offsets[r.IntN(len(offsets))],
		birthday: time.Date(1960+r.IntN(45), time.Month(1+r.IntN(12)), 1+r.IntN(28), 0, 0, 0, 0, time.UTC),
	}
	day := time.Date(today.Year(), today.Month(), today.Day(), 0, 0, 0, 0, time.UTC).AddDate(-years, 0, 0)
	pause, kilo := 2+r.IntN(5), 55+30*r.Float64()
	// Every fourth person has given up for a while.
	last := today.AddDate(0, 0, -1-45*(int(seed>>8)%4/3))
	for n := 1; day.Before(last); n++ {
		p.activities = append(p.activities, p.activity(n, day, r))
		if n%4 == 0 {
			kilo += r.Float64() - 0.5
			p.weights = append(p.weights, weight{id: id*10_000 + n, at: day.Add(7 * time.Hour), kilo: math.Round(kilo*10) / 10})
		}
		day = day.AddDate(0, 0, 1+r.IntN(pause))
	}
	p.fill()
	return p
}

// fill makes the items of the feeds.
func (p *person) fill() {
	activities, weights := map[int]item{}, map[int]item{}
	for _, a := range p.activities {
		activities[a.id] = p.item(a)
	}
	for _, w := range p.weights {
		weights[w.id] = item{"uri": fmt.Sprintf("/weight/%d", w.id), "timestamp": w.at.Format(clockForm), "weight": w.kilo, "userID": p.id, "source": "Scale"}
	}
	p.invented = map[string]map[int]item{"/fitnessActivities": activities, "/weight": weights}
}

// item is an invented activity with all its properties.
func (p *person) item(a activity) item {
	i := item{
		"uri": fmt.Sprintf("/fitnessActivities/%d", a.id), "type": a.kind, "start_time": a.start.Format(clockForm), "utc_offset": p.offset,
		"total_distance": a.metres, "duration": a.seconds, "total_calories": a.burning, "has_path": a.path, "source": "RunKeeper",
		"entry_mode": map[bool]string{true: "API", false: "Web"}[a.path],
		"userID":     p.id, "climb": float64(a.id % 90), "equipment": "None", "share": "Friends", "share_map": "Friends", "is_live": false,
		"comments": fmt.Sprintf("/fitnessActivities/%d/comments", a.id),
	}
	if a.path {
		i["average_heart_rate"] = float64(120 + a.id%50)
	}
	if a.id%3 == 0 {
		i["notes"] = "Felt good – über all hills"
	}
	return i
}

func (p *person) activity(n int, day time.Time, r *rand.Rand) activity {
	kind := kinds[r.IntN(len(kinds))]
	pace := map[string]float64{"Running": 330, "Cycling": 140, "Walking": 640}[kind] * (0.9 + 0.2*r.Float64())
	metres := (3 + 9*r.Float64()) * 1000
	if kind == "Cycling" {
		metres *= 3
	}
	return activity{
		id: p.id*10_000 + n, kind: kind, start: day.Add(time.Duration(6*60+r.IntN(14*60)) * time.Minute), metres: metres,
		seconds: math.Round(metres/1000*pace*1000) / 1000, burning: metres / 1000 * 65, path: r.IntN(5) > 0,
	}
}

// capital writes the first letter of a name large.
func capital(name string) string {
	runes := []rune(strings.TrimSpace(name))
	if len(runes) == 0 {
		return "Nobody"
	}
	return fmt.Sprintf("%c%s", unicode.ToUpper(runes[0]), string(runes[1:]))
}
