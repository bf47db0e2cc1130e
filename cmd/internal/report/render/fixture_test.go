package render

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"lockstep/cmd/internal/report"
	"lockstep/cmd/internal/report/figures"
	"lockstep/providers"
	"lockstep/schema"
)

// now is a Monday morning in New York.
var now = time.Date(2026, 7, 20, 12, 0, 0, 0, time.UTC)

func object(kind, id string, pairs ...string) schema.Object {
	o := schema.Object{Kind: kind, ID: id}
	for i := 0; i < len(pairs); i += 2 {
		v := schema.StringValue(pairs[i+1])
		switch _, err := strconv.ParseFloat(pairs[i+1], 64); {
		case pairs[i] == "tags":
			v = schema.SetOf(strings.Split(pairs[i+1], ","))
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

func contact(id string, pairs ...string) *schema.Object {
	o := object("ghl_contact", id, pairs...)
	return &o
}

func activity(id, start, kind, km, seconds string, more ...string) figures.Activity {
	o := object("runkeeper_activity", id, append([]string{"start_time", start, "type", kind, "distance_km", km, "duration_s", seconds}, more...)...)
	return report.ReadActivity(&o)
}

// small is a club with one of everything.
func small() report.Facts {
	zone := time.FixedZone("America/New_York", -4*3600)
	return report.Facts{Club: "Riverside Running Club", Zone: zone, People: []report.PersonFacts{
		{
			Contact: contact("CON1", "first_name", "Ann", "last_name", "Ode", "email", "ann@example.com", "phone", "+12025550111", "tags", "member,vip"),
			Address: `ghl_contact.member["ann@example.com"]`,
			Athletes: []schema.Object{object("runkeeper_athlete", "ann", "account", "ann", "activity_count", "120", "total_distance_km", "1031.25",
				"last_activity_date", "2026-07-18", "last_activity_type", "Running", "last_activity_distance_km", "10.02", "timezone", "-04:00", "exported_at", "2026-07-19T08:00:00")},
			Activities: []figures.Activity{
				activity("a1", "2026-07-18T08:00:00-04:00", "Running", "10.02", "3300", "average_heart_rate_bpm", "151", "notes", "Felt fine,\nno pain"),
				activity("a2", "2026-07-09T18:30:00", "Cycling", "31.5", "4200"),
				activity("a3", "2026-06-20T09:00:00", "Yoga", "0", "1800"),
			},
			Notes: []schema.Object{object("ghl_note", "n1", "body", "Wants to run the marathon.", "date_added", "2026-07-01T14:00:00.000Z")},
			Tasks: []schema.Object{
				object("ghl_task", "t1", "title", "Call about shoes", "due_date", "2026-07-15T00:00:00.000Z"),
				object("ghl_task", "t2", "title", "Send the plan", "due_date", "2026-07-22T14:00:00.000Z", "body", "By mail"),
				object("ghl_task", "t3", "title", "Welcome", "due_date", "2026-07-02T14:00:00.000Z", "completed", "true"),
			},
			Appointments: []schema.Object{object("ghl_contact_appointment", "e1", "title", "Gait analysis", "start_time", "2026-07-24T10:00:00", "status", "confirmed", "address", "Track")},
		},
		{
			Contact: contact("CON2", "email", "bo@example.com"),
			Address: `ghl_contact.member["bo@example.com"]`,
			Notes:   []schema.Object{object("ghl_note", "n2", "body", "Called, no answer.", "date_added", "2025-12-01T14:00:00.000Z")},
		},
		{
			Athletes: []schema.Object{object("runkeeper_athlete", "cy", "account", "cy", "name", "Cy Sample", "activity_count", "0", "total_distance_km", "0")},
			Unread:   []*providers.AccountError{{Account: "cy2", Err: errors.New(`exports/cy "2".zip is not a <ZIP> file`)}},
		},
	}}
}

// invented is a club of so many people who did a lot, always the same.
func invented(people int) report.Facts {
	random := rand.New(rand.NewPCG(1, 2))
	first := strings.Fields("Ada Ben Cleo Dana Eli Fay Gus Hana Ian Jo Kim Lin Max Nia Otto Pia Quinn Ravi Sol Tess Uma Vera Wim Xenia Yan Zoe")
	last := strings.Fields("Adler Brook Castle Dahl Ellis Frost Gray Hill Irving Jansen Keller Lund Meyer North Olsen Park Quist Reed Stone Tate")
	f := report.Facts{Club: "Riverside Running Club"}
	for i := range people {
		name := []string{first[i%len(first)], last[(i*7+i/len(first))%len(last)]}
		email := strings.ToLower(fmt.Sprintf("%s.%s.%d@example.com", name[0], name[1], i))
		p := report.PersonFacts{
			Contact: contact(fmt.Sprintf("CON%04d", i), "first_name", name[0], "last_name", name[1], "email", email,
				"phone", fmt.Sprintf("+1202555%04d", 100+i), "tags", []string{"member", "member,vip", "lapsed", "beginner,member"}[i%4]),
		}
		if i%9 != 8 {
			train(&p, random, i)
		}
		p.Notes = append(p.Notes, object("ghl_note", fmt.Sprintf("n%d", i), "body", "Wants to run the autumn half marathon. Knee is fine again.", "date_added", now.AddDate(0, 0, -random.IntN(150)).Format(time.RFC3339)))
		if i%3 == 0 {
			p.Tasks = append(p.Tasks, object("ghl_task", fmt.Sprintf("t%d", i), "title", "Call about the autumn plan", "due_date", now.AddDate(0, 0, random.IntN(30)-10).Format(time.RFC3339)))
		}
		if i%4 == 0 {
			p.Appointments = append(p.Appointments, object("ghl_contact_appointment", fmt.Sprintf("e%d", i), "title", "Gait analysis", "start_time", now.AddDate(0, 0, random.IntN(60)-40).Format("2006-01-02T15:04:05"), "status", "confirmed"))
		}
		f.People = append(f.People, p)
	}
	return f
}

// train gives a person an account, and most of a year of activities.
func train(p *report.PersonFacts, random *rand.Rand, i int) {
	account := fmt.Sprintf("runner%d", i)
	total := 0.0
	last := ""
	for at := now.AddDate(0, 0, -random.IntN(4)-i%5*i%40); at.After(now.AddDate(0, 0, -360)); at = at.AddDate(0, 0, -1-random.IntN(4)) {
		km := 4 + random.Float64()*12
		total += km
		clock := at.Add(-time.Duration(random.IntN(300)) * time.Minute).Format("2006-01-02T15:04:05")
		last = max(last, clock)
		p.Activities = append(p.Activities, activity(account+clock, clock, []string{"Running", "Running", "Walking", "Cycling"}[random.IntN(4)],
			strconv.FormatFloat(km, 'f', 2, 64), strconv.FormatFloat(km*340, 'f', 0, 64)))
	}
	p.Athletes = append(p.Athletes, object("runkeeper_athlete", account, "account", account, "activity_count", strconv.Itoa(len(p.Activities)),
		"total_distance_km", strconv.FormatFloat(total, 'f', 2, 64), "last_activity_date", last[:10], "last_activity_type", "Running", "timezone", "-04:00"))
}

// hostile is a club of people whose texts try everything.
func hostile() report.Facts {
	const script = `</script></style><script>hacked = 1</script><img src=x onerror="hacked = 1"><b onclick='hacked()'>`
	var f report.Facts
	for i, name := range []string{
		`<script>hacked = 1</script>`, `" onmouseover="hacked = 1`, `'); hacked = 1; //`, "\u202eright to left\u202c", "שלום עולם", strings.Repeat("W", 300), "👩‍👩‍👧‍👦🏃🏽‍♀️", "=HYPERLINK(\"http://example.com\")",
		"back`tick|pipe [link](javascript:alert(1)) @everybody #12",
	} {
		id := strconv.Itoa(i)
		f.People = append(f.People, report.PersonFacts{
			Contact: contact("CON"+id, "first_name", name, "email", `"><script>@example.com`, "phone", `+1" onclick="hacked()`, "tags", script),
			Address: script,
			Athletes: []schema.Object{object("runkeeper_athlete", "a"+id, "account", script, "name", name, "activity_count", "1", "total_distance_km", "5",
				"last_activity_date", "2026-07-19", "last_activity_type", script)},
			Activities: []figures.Activity{activity("a"+id, "2026-07-19T08:00:00", script, "5", "1500", "notes", name+"\n"+script)},
			Notes: []schema.Object{object("ghl_note", "n"+id, "body", script+"\n"+name, "title", name, "date_added", "2026-07-01T14:00:00.000Z"),
				object("ghl_note", "m"+id, "body", name, "date_added", script)},
			Tasks:        []schema.Object{object("ghl_task", "t"+id, "title", script, "body", name, "due_date", "2026-07-15T00:00:00.000Z")},
			Appointments: []schema.Object{object("ghl_contact_appointment", "e"+id, "title", name, "start_time", script, "status", script)},
		})
	}
	f.Club = script
	return f
}

// huge is a club of one who has too much of everything.
func huge() report.Facts {
	var tags []string
	for i := range 400 {
		tags = append(tags, fmt.Sprintf("tag %d %s", i, strings.Repeat("x", i%30)))
	}
	name, long := strings.Repeat("Maximilian ", 250), strings.Repeat("W", 2500)
	f := small()
	f.Club = name + long
	p := &f.People[0]
	p.Contact = contact("CON1", "first_name", name, "last_name", long, "email", strings.Repeat("l", 180)+"@example.com", "tags", strings.Join(tags, ","))
	p.Notes = append(p.Notes, object("ghl_note", "n8", "body", strings.Repeat("A word, and ", 17_000)+"the end.", "date_added", "2026-07-02T14:00:00.000Z"),
		object("ghl_note", "n9", "body", long, "title", name, "date_added", "2026-07-03T14:00:00.000Z"))
	p.Tasks = append(p.Tasks, object("ghl_task", "t9", "title", "<b>"+long, "body", long+long, "due_date", "2026-07-22T14:00:00.000Z"))
	return f
}
