package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"lockstep/providers/runkeeper/sandbox"
)

// runnersFiles want what runners.json says.
const runnersFiles = `
provider "runkeeper" {
  account "ada" {}
  account "lin" {}
}

locals {
  want = jsondecode(file("runners.json"))
}

resource "runkeeper_activity" "run" {
  for_each         = local.want.runs
  account          = each.value.account
  type             = "Running"
  local_start_time = each.value.start
  duration_s       = 1800
  distance_m       = each.value.metres
  notes            = each.value.notes
  lifecycle { on_destroy = "delete" }
}

resource "runkeeper_strength_activity" "gym" {
  for_each         = local.want.gyms
  account          = each.value.account
  local_start_time = each.value.start
  exercises        = [{ primary_type = "Squat", sets = [{ repetitions = each.value.amount }] }]
  lifecycle { on_destroy = "delete" }
}

resource "runkeeper_measurement" "weight" {
  for_each = local.want.weights
  account  = each.value.account
  type     = "weight"
  time     = each.value.start
  value    = each.value.amount
  lifecycle { on_destroy = "delete" }
}

mapping "steps" {
  for_each = local.want.steps
  target   = "runkeeper_measurement"
  match    = { account = each.value.account, type = "steps", time = each.value.start }
  missing  = "create"
  field "value" { value = each.value.amount }
}

resource "runkeeper_friend" "friend" {
  for_each = local.want.friends
  account  = each.value.account
  user_id  = each.value.number
}

resource "runkeeper_comment" "said" {
  for_each    = local.want.comments
  account     = local.want.runs[each.value.run].account
  activity_id = runkeeper_activity.run[each.value.run].id
  comment     = each.value.text
}

resource "runkeeper_settings" "of" {
  for_each       = local.want.units
  account        = each.key
  distance_units = each.value
}

resource "runkeeper_profile" "of" {
  for_each     = local.want.types
  account      = each.key
  athlete_type = each.value
}
`

// friendNumbers are who may be invited.
var friendNumbers = []string{"650491", "650492", "650493"}

// runners are what the files want of two accounts.
type runners struct {
	Runs     map[string]deed      `json:"runs"`
	Gyms     map[string]deed      `json:"gyms"`
	Weights  map[string]deed      `json:"weights"`
	Steps    map[string]deed      `json:"steps"`
	Friends  map[string]companion `json:"friends"`
	Comments map[string]remark    `json:"comments"`
	Units    map[string]string    `json:"units"`
	Types    map[string]string    `json:"types"`
}

type deed struct {
	Account string `json:"account"`
	Start   string `json:"start"`
	Metres  int    `json:"metres"`
	Amount  int    `json:"amount"`
	Notes   string `json:"notes"`
}

type companion struct {
	Account string `json:"account"`
	Number  string `json:"number"`
}

type remark struct {
	Run  string `json:"run"`
	Text string `json:"text"`
}

// newRunners invents what two people did. Some of it is equal to other of the
// same person.
func newRunners(random *rand.Rand) *runners {
	r := &runners{
		Runs: map[string]deed{}, Gyms: map[string]deed{}, Weights: map[string]deed{}, Steps: map[string]deed{}, Friends: map[string]companion{}, Comments: map[string]remark{},
		Units: map[string]string{"ada": "km", "lin": "mi"}, Types: map[string]string{"ada": "Rower", "lin": "Hiker"},
	}
	for i := range 8 {
		account := []string{"ada", "lin"}[i%2]
		// Every fourth is another run of the same start.
		start := fmt.Sprintf("2026-05-%02dT07:30:00", 10+i-i%4/3*2)
		r.Runs[fmt.Sprint("r", i)] = deed{Account: account, Start: start, Metres: 5000 + 100*i, Notes: []string{"Flat", "Über den Hügel"}[i/2%2]}
		if random.IntN(2) == 0 {
			r.Gyms[fmt.Sprint("g", i)] = deed{Account: account, Start: fmt.Sprintf("2026-05-%02dT18:00:00", 10+i), Amount: 8 + i}
		}
		if random.IntN(2) == 0 {
			r.Weights[fmt.Sprint("w", i)] = deed{Account: account, Start: fmt.Sprintf("2026-05-%02dT06:00:00", 10+i), Amount: 60 + i}
		}
		if random.IntN(2) == 0 {
			r.Steps[fmt.Sprint("s", i)] = deed{Account: account, Start: fmt.Sprintf("2026-05-%02dT00:00:00", 10+i), Amount: 1000*i + random.IntN(100)}
		}
		for n := range random.IntN(3) {
			r.Comments[fmt.Sprint("c", i, n)] = remark{fmt.Sprint("r", i), "Well done"}
		}
	}
	for i, number := range friendNumbers[:2] {
		r.Friends[number] = companion{[]string{"ada", "lin"}[i], number}
	}
	return r
}

// next is what is wanted a month later.
func (r *runners) next(random *rand.Rand) *runners {
	later := newRunners(random)
	later.Runs, later.Comments = maps.Clone(r.Runs), maps.Clone(r.Comments)
	commented := map[string]bool{"r0": true} // r0 was there before
	for key, c := range r.Comments {
		if commented[c.Run] = true; random.IntN(3) == 0 {
			delete(later.Comments, key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(later.Runs)) {
		d := later.Runs[key]
		switch random.IntN(4) {
		case 0:
			d.Notes, d.Metres = "Corrected", d.Metres+1
			later.Runs[key] = d
		case 1:
			if !commented[key] {
				delete(later.Runs, key)
			}
		}
	}
	later.Runs["new"] = deed{Account: "ada", Start: "2026-06-01T07:30:00", Metres: 10000, Notes: "New"}
	later.Comments["new"] = remark{"new", "At last"}
	delete(later.Friends, friendNumbers[0])
	later.Friends["new"] = companion{"lin", friendNumbers[2]}
	later.Units["lin"], later.Types["ada"] = "km", "Walker"
	return later
}

// write puts them into a folder.
func (r *runners) write(t *testing.T, dir string) {
	t.Helper()
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "runners.json"), string(data))
	write(t, filepath.Join(dir, "main.hcl"), runnersFiles)
}

// runnersBefore is what is there before: a run that is wanted too, and one that
// the files do not have.
func runnersBefore() *runners {
	return &runners{Runs: map[string]deed{
		"r0":       {Account: "ada", Start: "2026-05-10T07:30:00", Metres: 1, Notes: "From the watch"},
		"stranger": {Account: "lin", Start: "2026-04-01T07:30:00", Metres: 42000, Notes: "Not ours"},
	}}
}

// post makes the runs behind lockstep's back.
func (r *runners) post(t *testing.T, server *sandbox.Server) {
	t.Helper()
	for _, key := range slices.Sorted(maps.Keys(r.Runs)) {
		d := r.Runs[key]
		body := fmt.Sprintf(`{"type": "Running", "start_time": %q, "duration": 1800, "total_distance": %d, "notes": %q}`, wireTime(d.Start), d.Metres, d.Notes)
		request := httptest.NewRequest(http.MethodPost, "/fitnessActivities", strings.NewReader(body))
		request.Header.Set("Authorization", "Bearer "+sandbox.Token(d.Account))
		request.Header.Set("Content-Type", "application/vnd.com.runkeeper.NewFitnessActivity+json")
		answer := httptest.NewRecorder()
		if server.ServeHTTP(answer, request); answer.Code != http.StatusCreated {
			t.Fatalf("%d %s", answer.Code, answer.Body)
		}
	}
}

func wireTime(text string) string {
	at, err := time.Parse("2006-01-02T15:04:05", text)
	if err != nil {
		return text
	}
	return at.Format("Mon, 2 Jan 2006 15:04:05")
}

// after is what there is in the end, as lookAtRunners tells it: what cannot be
// taken back stays.
func (r *runners) after(first, had *runners) []string {
	var all []string
	add := func(account, format string, a ...any) { all = append(all, account+" "+fmt.Sprintf(format, a...)) }
	run := func(d deed) { add(d.Account, "Running %s %d m %s", wireTime(d.Start), d.Metres, d.Notes) }
	run(had.Runs["stranger"])
	for _, d := range r.Runs {
		run(d)
	}
	for _, d := range r.Gyms {
		add(d.Account, "gym %s %d", wireTime(d.Start), d.Amount)
	}
	for _, d := range r.Weights {
		add(d.Account, "weight %s %d", wireTime(d.Start), d.Amount)
	}
	said, friends, steps := maps.Clone(first.Comments), maps.Clone(first.Friends), maps.Clone(first.Steps)
	maps.Copy(said, r.Comments)
	maps.Copy(friends, r.Friends)
	maps.Copy(steps, r.Steps)
	for _, d := range steps {
		add(d.Account, "steps %s %d", wireTime(d.Start), d.Amount)
	}
	for _, c := range said {
		add(r.Runs[c.Run].Account, "comment %s: %s", wireTime(r.Runs[c.Run].Start), c.Text)
	}
	numbers := map[companion]bool{}
	for _, f := range friends {
		numbers[f] = true
	}
	for f := range numbers {
		add(f.Account, "friend %s", f.Number)
	}
	for account, units := range r.Units {
		add(account, "settings %s", units)
		add(account, "profile %s", r.Types[account])
	}
	slices.Sort(all)
	return all
}

// runner looks at one account of the emulated Runkeeper.
type runner struct {
	t       *testing.T
	server  *sandbox.Server
	account string
	found   []string
}

// lookAtRunners tells what the accounts have, sorted.
func lookAtRunners(t *testing.T, server *sandbox.Server) []string {
	t.Helper()
	var all []string
	for _, account := range []string{"ada", "lin"} {
		r := &runner{t: t, server: server, account: account}
		r.deeds()
		r.others()
		all = append(all, r.found...)
	}
	slices.Sort(all)
	return all
}

// read asks for a resource, and reports whether it is there.
func (r *runner) read(path, media string, into any) bool {
	r.t.Helper()
	request := httptest.NewRequest(http.MethodGet, path, nil)
	request.Header.Set("Authorization", "Bearer "+sandbox.Token(r.account))
	request.Header.Set("Accept", "application/vnd.com.runkeeper."+media+"+json")
	request.Header.Set("Accept-Charset", "UTF-8")
	answer := httptest.NewRecorder()
	r.server.ServeHTTP(answer, request)
	if answer.Code == http.StatusNotFound {
		return false
	}
	if answer.Code != http.StatusOK {
		r.t.Fatalf("GET %s: %d %s", path, answer.Code, answer.Body)
	}
	decode(r.t, answer.Body.Bytes(), into)
	return true
}

func (r *runner) add(format string, a ...any) {
	r.found = append(r.found, r.account+" "+fmt.Sprintf(format, a...))
}

// feed is a page of any feed.
type feed struct {
	Items []struct {
		URI, Type, Timestamp string
		Start                string `json:"start_time"`
		Weight, Steps        float64
	}
}

// deeds are the items of the feeds.
func (r *runner) deeds() {
	r.t.Helper()
	var runs, gyms, weights, steps feed
	r.read("/fitnessActivities?pageSize=1000", "FitnessActivityFeed", &runs)
	for _, item := range runs.Items {
		var one struct {
			Distance float64 `json:"total_distance"`
			Notes    string
		}
		var thread struct{ Comments []struct{ Comment string } }
		r.read(item.URI, "FitnessActivity", &one)
		r.read(item.URI+"/comments", "CommentThread", &thread)
		r.add("%s %s %.0f m %s", item.Type, item.Start, one.Distance, one.Notes)
		for _, c := range thread.Comments {
			r.add("comment %s: %s", item.Start, c.Comment)
		}
	}
	r.read("/strengthTrainingActivities?pageSize=1000", "StrengthTrainingActivityFeed", &gyms)
	for _, item := range gyms.Items {
		var one struct {
			Exercises []struct{ Sets []struct{ Repetitions int } }
		}
		r.read(item.URI, "StrengthTrainingActivity", &one)
		r.add("gym %s %d", item.Start, one.Exercises[0].Sets[0].Repetitions)
	}
	r.read("/weight?pageSize=1000", "WeightSetFeed", &weights)
	for _, item := range weights.Items {
		r.add("weight %s %.0f", item.Timestamp, item.Weight)
	}
	r.read("/backgroundActivities?pageSize=1000", "BackgroundActivitySetFeed", &steps)
	for _, item := range steps.Items {
		r.add("steps %s %.0f", item.Timestamp, item.Steps)
	}
}

// others are friends, settings and the profile.
func (r *runner) others() {
	r.t.Helper()
	for _, number := range friendNumbers {
		if r.read("/team/"+number, "Member", &struct{}{}) {
			r.add("friend %s", number)
		}
	}
	var settings struct {
		Units string `json:"distance_units"`
	}
	var profile struct {
		Type string `json:"athlete_type"`
	}
	r.read("/settings", "Settings", &settings)
	r.read("/profile", "Profile", &profile)
	r.add("settings %s", settings.Units)
	r.add("profile %s", profile.Type)
}
