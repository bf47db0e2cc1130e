package report

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lockstep/cmd/internal/report/figures"
	"lockstep/schema"
)

func object(id string, pairs ...string) schema.Object {
	o := schema.Object{ID: id}
	for i := 0; i < len(pairs); i += 2 {
		v := schema.StringValue(pairs[i+1])
		switch _, err := strconv.ParseFloat(pairs[i+1], 64); {
		case pairs[i+1] == "true":
			v = schema.BoolValue(true)
		case err == nil:
			v = schema.NumberValue(pairs[i+1])
		}
		o.Fields = append(o.Fields, schema.Field{Path: pairs[i], Value: v})
	}
	o.Fields.Sort()
	return o
}

func instant(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// runner has activities "2026-07-19T08:00:00 5" of so many kilometres, newest
// first.
func runner(zone string, runs ...string) PersonFacts {
	var p PersonFacts
	total, last := 0.0, ""
	for i, run := range runs {
		clock, km, _ := strings.Cut(run, " ")
		o := object(fmt.Sprint("a", i), "start_time", clock, "type", "Running", "distance_km", km, "duration_s", "600")
		p.Activities = append(p.Activities, ReadActivity(&o))
		total += figure(schema.NumberValue(km))
		last = max(last, clock[:10])
	}
	p.Athletes = []schema.Object{object("run", "account", "run", "name", "Ann Ode", "timezone", zone, "activity_count", strconv.Itoa(len(runs)),
		"total_distance_km", strconv.FormatFloat(total, 'f', -1, 64), "last_activity_date", last)}
	return p
}

func built(t *testing.T, now, since string, f Facts) *Report {
	t.Helper()
	at := instant(t, now)
	var day time.Time
	if since != "" {
		day = instant(t, since+"T00:00:00Z")
	}
	return Build(f, Options{Now: at, Since: day})
}

func number(n int) *int { return &n }

// TestRecent wants weeks that end where the person is.
func TestRecent(t *testing.T) {
	four := []string{"2026-07-12T09:00:00 10", "2026-07-05T09:00:00 20", "2026-06-28T09:00:00 30", "2026-06-21T09:00:00 40", "2026-06-14T09:00:00 100"}
	cases := map[string]struct {
		reason, now, zone string
		runs              []string
		want              figures.Recent
		idle              *int
	}{
		"Monday": {"the week has just begun, and the last one ended yesterday", "2026-07-13T08:00:00Z", "Etc/UTC", four,
			figures.Recent{LastWeek: 10, Before: 25, Change: number(-100), LastChange: number(-79)}, number(1)},
		"Sunday": {"the week ends tonight", "2026-07-12T23:59:00Z", "Etc/UTC", four,
			figures.Recent{ThisWeek: 10, LastWeek: 20, Before: 47.5, Change: number(-79), LastChange: number(-53)}, number(0)},
		"East": {"in Auckland it is Monday already", "2026-07-12T12:00:00Z", "Pacific/Auckland", four,
			figures.Recent{LastWeek: 10, Before: 25, Change: number(-100), LastChange: number(-79)}, number(1)},
		"West": {"in Honolulu it is still Sunday", "2026-07-13T08:00:00Z", "Pacific/Honolulu", four,
			figures.Recent{ThisWeek: 10, LastWeek: 20, Before: 47.5, Change: number(-79), LastChange: number(-53)}, number(0)},
		"Offset": {"a zone that is but an offset", "2026-07-13T08:00:00Z", "-10:00", four,
			figures.Recent{ThisWeek: 10, LastWeek: 20, Before: 47.5, Change: number(-79), LastChange: number(-53)}, number(0)},
		"Midnight": {"an activity belongs to the week of its own clock, whatever its offset says", "2026-07-13T08:00:00Z", "Etc/UTC",
			[]string{"2026-07-13T00:00:00+13:00 3", "2026-07-12T23:59:59-10:00 4"}, figures.Recent{ThisWeek: 3, LastWeek: 4, Before: 1, Change: number(200)}, number(0)},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			r := built(t, tc.now, "", Facts{People: []PersonFacts{runner(tc.zone, tc.runs...)}})
			if diff := cmp.Diff(tc.want, r.People[0].Training.Sports[0].Recent); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
			if diff := cmp.Diff(tc.idle, r.People[0].Training.DaysIdle); diff != "" {
				t.Errorf("%s: days idle (-want +got):\n%s", tc.reason, diff)
			}
			if diff := cmp.Diff(tc.want, r.Club.Training.Sports[0].Recent); diff != "" {
				t.Errorf("%s: a club of one is that one (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// TestWindow wants charts that end where the data end.
func TestWindow(t *testing.T) {
	years := []string{"2026-07-19T09:00:00 10", "2019-03-05T09:00:00 20"}
	cases := map[string]struct {
		reason, now, since, export string
		runs                       []string
		want                       Window
		first                      string
	}{
		"Today": {"half a year, up to today", "2026-07-20T08:00:00Z", "", "", years, Window{"2026-01-26", "2026-07-20", "2026-07-20", figures.Week}, "2026-01-26"},
		"Export": {"an export ends with its day", "2026-07-20T08:00:00Z", "", "2020-02-03T04:05:06", []string{"2020-01-05T09:00:00 20"},
			Window{"2019-08-12", "2020-02-03", "2020-02-03", figures.Week}, "2019-08-12"},
		"Idle": {"who was idle for years gets the half year before that", "2026-07-20T08:00:00Z", "", "2020-02-03T04:05:06", []string{"2013-12-28T09:00:00 20"},
			Window{"2013-07-01", "2013-12-28", "2020-02-03", figures.Week}, "2013-07-01"},
		"Never":   {"who never was active has an empty half year", "2026-07-20T08:00:00Z", "", "", nil, Window{"2026-01-26", "2026-07-20", "2026-07-20", figures.Week}, "2026-01-26"},
		"Recent":  {"six weeks at least", "2026-07-20T08:00:00Z", "2026-07-19", "", years, Window{"2026-06-15", "2026-07-20", "2026-07-20", figures.Week}, "2026-07-19"},
		"Years":   {"months, when they are many", "2026-07-20T08:00:00Z", "2019-01-01", "", years, Window{"2019-03-05", "2026-07-20", "2026-07-20", figures.Month}, "2019-01-01"},
		"TwoYear": {"weeks up to two years", "2026-07-20T08:00:00Z", "2024-08-01", "", years, Window{"2024-08-01", "2026-07-20", "2026-07-20", figures.Week}, "2024-08-01"},
		"After":   {"a day after the export", "2026-07-20T08:00:00Z", "2026-01-01", "2020-02-03T04:05:06", years[1:], Window{"2019-12-30", "2020-02-03", "2020-02-03", figures.Week}, "2026-01-01"},
		"Clock":   {"an export of tomorrow, by a wrong clock, ends today", "2026-07-20T08:00:00Z", "", "2036-02-03T04:05:06", years, Window{"2026-01-26", "2026-07-20", "2026-07-20", figures.Week}, "2026-01-26"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := runner("Etc/UTC", tc.runs...)
			if tc.export != "" {
				p.Athletes[0].Fields = append(p.Athletes[0].Fields, schema.Field{Path: "exported_at", Value: schema.StringValue(tc.export)})
				p.Athletes[0].Fields.Sort()
			}
			r := built(t, tc.now, tc.since, Facts{People: []PersonFacts{p}})
			if diff := cmp.Diff(tc.want, r.People[0].Training.Window); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
			if diff := cmp.Diff(tc.want, r.Club.Training.Window); diff != "" {
				t.Errorf("%s: a club of one is that one (-want +got):\n%s", tc.reason, diff)
			}
			if got := r.People[0].First; got != tc.first {
				t.Errorf("%s: the timeline begins on %s, want %s", tc.reason, got, tc.first)
			}
		})
	}
}

// TestLately wants what a person does now before what they did once, and no figure
// of what a wrong clock says.
func TestLately(t *testing.T) {
	p := runner("Etc/UTC", "2036-01-03T09:00:00 7", "2020-01-03T09:00:00 5", "2020-01-01T09:00:00 5")
	swim := object("s", "start_time", "2026-07-01T08:00:00", "type", "Swimming", "distance_km", "1", "duration_s", "600")
	p.Activities = append(p.Activities, ReadActivity(&swim))
	r := built(t, "2026-07-20T08:00:00Z", "", Facts{People: []PersonFacts{p}})
	var sports []string
	for _, s := range r.People[0].Training.Sports {
		sports = append(sports, fmt.Sprintf("%s %g", s.Name, s.Total.Distance))
	}
	if diff := cmp.Diff([]string{"Swimming 1", "Running 10"}, sports); diff != "" {
		t.Errorf("sports of the person (-want +got):\n%s", diff)
	}
	if got := r.Club.Training.Sports; len(got) != 1 || got[0].Name != "Swimming" {
		t.Errorf("the club has %d sports, want the one that somebody did lately", len(got))
	}
	var states []string
	for _, e := range r.People[0].Timeline {
		states = append(states, e.Date+" "+e.State)
	}
	if diff := cmp.Diff([]string{"2036-01-03 wrong clock", "2026-07-01 "}, states); diff != "" {
		t.Errorf("the timeline (-want +got):\n%s", diff)
	}
}

// TestLoads wants a warning about who trains too much now, and none about who did so
// when an old export was made.
func TestLoads(t *testing.T) {
	much := []string{"2026-07-19T08:00:00 5", "2026-07-10T08:00:00 1"}
	now, then := runner("Etc/UTC", much...), runner("Etc/UTC", much...)
	for _, p := range []*PersonFacts{&now, &then} {
		p.Activities[0].Duration, p.Activities[1].Duration = 7200, 600
	}
	then.Athletes[0].Fields = append(then.Athletes[0].Fields, schema.Field{Path: "exported_at", Value: schema.StringValue("2026-07-20T08:00:00")})
	then.Athletes[0].Fields.Sort()
	for day, want := range map[string][]string{"2026-07-20": {"p1", "p2"}, "2026-07-24": {"p1", "p2"}, "2026-08-20": nil} {
		r := built(t, day+"T08:00:00Z", "", Facts{People: []PersonFacts{now, then}})
		var got []string
		for _, l := range r.Club.Loads {
			got = append(got, l.Person)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("on %s (-want +got):\n%s", day, diff)
		}
		if old := len(r.Club.Training.Outdated) == 1; old != (want == nil) {
			t.Errorf("on %s the export is old: %t", day, old)
		}
	}
}

func TestAims(t *testing.T) {
	cases := map[string]struct {
		reason, goal, race, date string
		want                     Aims
	}{
		"None":   {"no fields, no aims", "", "", "", Aims{}},
		"Words":  {"a goal in words", "Sub 4", "", "", Aims{Goal: &Goal{Text: "Sub 4"}}},
		"Number": {"a number is kilometres of this year", "1,200", "", "", Aims{Goal: &Goal{Text: "1,200", Distance: 1200, Year: 2026, Done: 10, Expected: 18.2, Sport: "Running"}}},
		"Huge":   {"but not any number", "12345678", "", "", Aims{Goal: &Goal{Text: "12345678"}}},
		"Race":   {"days until then", "", "Vienna", "2026-07-30", Aims{Race: &Race{Name: "Vienna", Date: "2026-07-30", Days: number(10)}}},
		"Over":   {"a race that is over", "", "Vienna", "2026-07-10T00:00:00.000Z", Aims{Race: &Race{Name: "Vienna", Date: "2026-07-10", Days: number(-10)}}},
		"Date":   {"a date without a name", "", "", "2026-07-20", Aims{Race: &Race{Name: "Race", Date: "2026-07-20", Days: number(0)}}},
		"NoDate": {"a name without a date", "", "Vienna", "", Aims{Race: &Race{Name: "Vienna"}}},
		"Spring": {"a date that is none is told as it stands", "", "Vienna", "spring", Aims{Race: &Race{Name: "Vienna", Date: "spring"}}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := runner("Etc/UTC", "2026-07-19T09:00:00 10")
			contact := object("CON", "email", "ann@example.com")
			for path, text := range map[string]string{"custom_fields.goal": tc.goal, "custom_fields.race": tc.race, "custom_fields.day": tc.date} {
				contact.Fields = append(contact.Fields, schema.Field{Path: path, Value: schema.StringValue(text)})
			}
			contact.Fields.Sort()
			p.Contact = &contact
			r := Build(Facts{People: []PersonFacts{p}}, Options{Now: instant(t, "2026-07-20T08:00:00Z"), Fields: Fields{Goal: "goal", Race: "race", RaceDate: "day"}})
			if diff := cmp.Diff(tc.want, r.People[0].Aims); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
			ahead := tc.want.Race != nil && tc.want.Race.Days != nil && *tc.want.Race.Days >= 0
			if got := len(r.Club.Races) == 1; got != ahead {
				t.Errorf("%s: the club tells of it: %t, want %t", tc.reason, got, ahead)
			}
		})
	}
}

func TestTasks(t *testing.T) {
	vienna, err := time.LoadLocation("Europe/Vienna")
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct {
		reason, due string
		want        Task
		entry       string
	}{
		"Yesterday": {"a day that is over", "2026-07-19T00:00:00.000Z", Task{Date: "2026-07-19", State: "overdue", Days: -1}, "2026-07-19"},
		"Today":     {"a task of a day is due all day", "2026-07-20T00:00:00.000Z", Task{Date: "2026-07-20", State: "today"}, "2026-07-20"},
		"HourAgo":   {"an hour that is over", "2026-07-20T07:00:00Z", Task{Date: "2026-07-20", State: "overdue"}, "2026-07-20 09:00"},
		"Tonight":   {"by the clock of the club it is the next day", "2026-07-20T22:30:00Z", Task{Date: "2026-07-21", State: "soon", Days: 1}, "2026-07-21 00:30"},
		"Week":      {"within a week", "2026-07-27T00:00:00Z", Task{Date: "2026-07-27", State: "soon", Days: 7}, "2026-07-27"},
		"Later":     {"and no further", "2026-07-28T00:00:00Z", Task{Date: "2026-07-28", State: "later", Days: 8}, "2026-07-28"},
		"Old":       {"an open task is never too old to be told", "2019-03-01T00:00:00Z", Task{Date: "2019-03-01", State: "overdue", Days: -2698}, "2019-03-01"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			contact := object("CON", "email", "ann@example.com")
			r := built(t, "2026-07-20T10:00:00+02:00", "", Facts{Zone: vienna, People: []PersonFacts{{
				Contact: &contact, Tasks: []schema.Object{object("t", "title", "Call", "due_date", tc.due), object("u", "title", "Done", "due_date", tc.due, "completed", "true")},
			}}})
			tc.want.ID, tc.want.Title = "t", "Call"
			if diff := cmp.Diff([]Task{tc.want}, r.People[0].Tasks); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
			e := r.People[0].Timeline[0]
			if got := strings.TrimSpace(e.Date + " " + e.Time); got != tc.entry || e.State != tc.want.State {
				t.Errorf("%s: the timeline says %s, %s; want %s, %s", tc.reason, got, e.State, tc.entry, tc.want.State)
			}
			counted := r.Club.Overdue + r.Club.Due
			if want := len(r.Club.Tasks); counted != want || want != map[bool]int{true: 0, false: 1}[tc.want.State == "later"] {
				t.Errorf("%s: the club counts %d and lists %d", tc.reason, counted, want)
			}
		})
	}
}

func TestTimeline(t *testing.T) {
	zone := time.FixedZone("New York", -4*3600)
	p := runner("Europe/Vienna", "2026-07-19T08:00:00+02:00 5", "2026-01-02T08:00:00 4")
	p.Athletes[0] = object("run", "account", "run", "activity_count", "10", "last_activity_date", "2026-07-19")
	contact := object("CON", "first_name", "Ann", "email", "ann@example.com")
	p.Contact = &contact
	p.Notes = []schema.Object{object("n1", "body", "Hello", "date_added", "2026-07-20T02:00:00.000Z"), object("n2", "body", "Old", "date_added", "2025-07-20T02:00:00.000Z"), object("n3", "body", "When?", "date_added", "soon")}
	p.Appointments = []schema.Object{
		object("e1", "title", "Talk", "start_time", "2026-07-20T08:30:00", "status", "confirmed", "address", "Track", "notes", "Shoes"),
		object("e2", "title", "Gone", "start_time", "2026-07-20T07:30:00", "status", "cancelled"),
		object("e3", "title", "Call", "start_time", "2026-07-20T14:30:00+02:00"),
	}
	r := built(t, "2026-07-20T12:00:00Z", "2026-05-01", Facts{Zone: zone, People: []PersonFacts{p}})
	var got []string
	for _, e := range r.People[0].Timeline {
		got = append(got, strings.Join([]string{e.Kind, e.ID, e.Date, e.Time, e.State, strconv.FormatBool(e.Upcoming)}, " "))
	}
	want := []string{
		"appointment e3 2026-07-20 08:30  true", "appointment e1 2026-07-20 08:30 confirmed true", "appointment e2 2026-07-20 07:30 cancelled false",
		"note n1 2026-07-19 22:00  false", "activity a0 2026-07-19 08:00  false", "note n3    false",
	}
	// Equal times are told by id.
	want[0], want[1] = want[1], want[0]
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("newest first, each by its own clock (-want +got):\n%s", diff)
	}
	// The old note and the old activity.
	if r.People[0].Older != 2 {
		t.Errorf("%d older entries, want 2", r.People[0].Older)
	}
	if text := r.People[0].Timeline[0].Text; text != "Track\nShoes" {
		t.Errorf("an appointment says %q", text)
	}
}

func TestPeople(t *testing.T) {
	con := func(id string, pairs ...string) *schema.Object { o := object(id, pairs...); return &o }
	two := runner("Etc/UTC", "2026-07-19T08:00:00 5")
	two.Athletes = append(two.Athletes, object("old", "account", "old", "activity_count", "7", "total_distance_km", "2.5", "last_activity_date", "2020-01-01", "exported_at", "2020-02-01T08:00:00"))
	sent := runner("Etc/UTC", "2026-06-20T08:00:00 5")
	sent.Athletes[0] = object("run", "account", "run", "name", "Ann Ode", "timezone", "Etc/UTC", "last_activity_date", "2026-06-20", "exported_at", "2026-06-21T08:00:00")
	r := built(t, "2026-07-20T12:00:00Z", "", Facts{People: []PersonFacts{
		{Contact: con("CON3", "phone", "+12025550111")},
		{Contact: con("CON2", "first_name", "bo", "last_name", "Berg", "email", "bo@example.com")},
		{Contact: con("CON1", "email", "cy@example.com")},
		two,
		runner("Etc/UTC", "2026-07-13T08:00:00 5"),
		sent,
		runner("Etc/UTC"),
	}})
	var names []string
	for _, p := range r.People {
		names = append(names, p.Key+" "+p.Name)
	}
	want := []string{"p1 +12025550111", "p2 Ann Ode", "p3 Ann Ode", "p4 Ann Ode", "p5 Ann Ode", "p6 bo Berg", "p7 cy@example.com"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("people by name, else by what they are known by (-want +got):\n%s", diff)
	}
	c := r.Club
	if diff := cmp.Diff([]int{7, 4, 1, 2}, []int{c.People, c.Athletes, c.Active7, c.Active30}); diff != "" {
		t.Errorf("people, athletes and who was active (-want +got):\n%s", diff)
	}
	var idle []string
	for _, i := range c.Idle {
		data, err := json.Marshal(i.Days)
		if err != nil {
			t.Fatal(err)
		}
		idle = append(idle, i.Person+" "+strings.TrimSpace(string(data)+" "+i.Exported))
	}
	if diff := cmp.Diff([]string{"p5 null", "p3 7"}, idle); diff != "" {
		t.Errorf("who was idle the longest comes first, and never before that (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]Outdated{{Person: "p4", Name: "Ann Ode", Exported: "2026-06-21"}}, c.Training.Outdated); diff != "" {
		t.Errorf("of an old export it is told that it is old, not that the person is idle (-want +got):\n%s", diff)
	}
	sums := []any{r.People[1].Training.Activities, r.People[1].Training.Distance, r.People[1].Training.LastDate, r.People[1].Training.Exported, strings.Join(r.People[1].Accounts, " ")}
	if diff := cmp.Diff([]any{8, 7.5, "2026-07-19", "", "run old"}, sums); diff != "" {
		t.Errorf("two accounts of one person add up, and are not from the export of one (-want +got):\n%s", diff)
	}
}
