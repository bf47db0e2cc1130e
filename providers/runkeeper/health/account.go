package health

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"lockstep/providers/runkeeper/export"
)

// Profile is what a person says of themselves. Texts that are not said are
// empty.
type Profile struct {
	Name, Gender, Location, AthleteType string
	// Birthday is a day, zero when not said.
	Birthday time.Time
}

// Account is what the root resource tells: who it is and where the rest lies.
type Account struct {
	// UserID is the number of the person.
	UserID string

	client *Client
	paths  map[string]string
}

// Account reads the root resource.
func (c *Client) Account(ctx context.Context) (*Account, error) {
	var root map[string]json.RawMessage
	if err := c.get(ctx, "/user", "User", &root); err != nil {
		return nil, err
	}
	a := &Account{client: c, paths: map[string]string{}}
	for name, raw := range root {
		var link string
		if err := json.Unmarshal(raw, &link); err == nil {
			a.paths[name] = link
		}
	}
	var id amount
	if err := json.Unmarshal(root["userID"], &id); err != nil || !id.Known {
		return nil, fmt.Errorf("GET /user: the answer has no userID")
	}
	a.UserID = strconv.FormatFloat(id.Value, 'f', -1, 64)
	return a, nil
}

// Link is the address of a resource; the usual one when the root does not
// name it.
func (a *Account) Link(name, usual string) string {
	if link := a.paths[name]; link != "" {
		return link
	}
	return usual
}

// Profile reads what the person says.
func (a *Account) Profile(ctx context.Context) (Profile, error) {
	var wire struct {
		Name        string `json:"name"`
		Gender      string `json:"gender"`
		Location    string `json:"location"`
		AthleteType string `json:"athlete_type"`
		Birthday    clock  `json:"birthday"`
	}
	if err := a.client.get(ctx, a.Link("profile", "/profile"), "Profile", &wire); err != nil {
		return Profile{}, err
	}
	return Profile{Name: wire.Name, Gender: wire.Gender, Location: wire.Location, AthleteType: wire.AthleteType, Birthday: wire.Birthday.Time}, nil
}

// pageSize is what was seen to be accepted, and more.
const pageSize = "1000"

// pages calls use with each item of a dated feed, the newest first, of pages
// that are large.
func (a *Account) pages(ctx context.Context, link, media string, use func(json.RawMessage) error) error {
	u, err := url.Parse(link)
	if err != nil {
		return fmt.Errorf("the API names the address %q, which is not one of its own", link)
	}
	query := u.Query()
	query.Set("pageSize", pageSize)
	u.RawQuery = query.Encode()
	return a.each(ctx, u.String(), media, use)
}

// each calls use with each item of a feed, page by page.
func (a *Account) each(ctx context.Context, link, media string, use func(json.RawMessage) error) error {
	seen := map[string]bool{}
	first, _, _ := strings.Cut(link, "?")
	for link != "" {
		if seen[link] {
			return fmt.Errorf("GET %s: the feed does not end: the page %q comes again", first, link)
		}
		seen[link] = true
		var page feed
		if err := a.client.get(ctx, link, media, &page); err != nil {
			return err
		}
		for _, item := range page.Items {
			if err := use(item); err != nil {
				return fmt.Errorf("GET %s: %w", first, err)
			}
		}
		link = page.Next
	}
	return nil
}

// Activities reads the feed of activities, newest first. Unfinished ones are
// left out.
func (a *Account) Activities(ctx context.Context) ([]export.Activity, error) {
	var all []export.Activity
	seen := map[string]bool{}
	err := a.pages(ctx, a.Link("fitness_activities", "/fitnessActivities"), "FitnessActivityFeed", func(raw json.RawMessage) error {
		var w wireActivity
		if err := json.Unmarshal(raw, &w); err != nil {
			return err
		}
		if w.URI == "" || w.Type == "" || w.Start.IsZero() {
			return fmt.Errorf("an activity lacks uri, type or start_time")
		}
		// A page may repeat what moved while the feed was read.
		if !w.IsLive && !seen[w.URI] {
			seen[w.URI] = true
			all = append(all, w.activity())
		}
		return nil
	})
	slices.SortStableFunc(all, func(a, b export.Activity) int { return b.Start.Compare(a.Start) })
	return all, err
}

// Detail adds to an activity what only its own resource tells: notes, climb and
// heart rate. It costs a request.
func (a *Account) Detail(ctx context.Context, activity *export.Activity) error {
	var wire struct {
		UserID    amount `json:"userID"`
		Notes     string `json:"notes"`
		Climb     amount `json:"climb"`
		HeartRate amount `json:"average_heart_rate"`
	}
	link := a.Link("fitness_activities", "/fitnessActivities") + "/" + url.PathEscape(activity.ID)
	if err := a.client.get(ctx, link, "FitnessActivitySummary", &wire); err != nil {
		return err
	}
	if wire.UserID.Known && strconv.FormatFloat(wire.UserID.Value, 'f', -1, 64) != a.UserID {
		return fmt.Errorf("GET %s: the activity is another person's", link)
	}
	activity.Notes, activity.Climb, activity.HeartRate = strings.TrimSpace(wire.Notes), wire.Climb.Amount, wire.HeartRate.Amount
	return nil
}

// feeds of measurements: the name in the root, the usual address, the media
// type, and how the values are called in exports when it is otherwise.
var feeds = []struct {
	name, usual, media string
	words              map[string]string
}{
	{"weight", "/weight", "WeightSetFeed", nil},
	{"background_activities", "/backgroundActivities", "BackgroundActivitySetFeed", nil},
	{"sleep", "/sleep", "SleepSetFeed", map[string]string{"total_sleep": "sleep_total", "times_woken": "sleep_times_woken",
		"deep": "sleep_deep", "rem": "sleep_rem", "light": "sleep_light", "awake": "sleep_awake"}},
	{"nutrition", "/nutrition", "NutritionSetFeed", map[string]string{"calories": "nutrition_calories", "carbohydrates": "nutrition_carbs",
		"fat": "nutrition_fat", "fiber": "nutrition_fiber", "protein": "nutrition_protein", "sodium": "nutrition_sodium", "water": "nutrition_water"}},
	{"general_measurements", "/generalMeasurements", "GeneralMeasurementSetFeed", nil},
	{"diabetes", "/diabetes", "DiabetesMeasurementSetFeed", nil},
}

// Measurements reads the feeds of measurements, newest first: all of them, or
// the weights only.
func (a *Account) Measurements(ctx context.Context, weights bool) ([]export.Measurement, error) {
	var all []export.Measurement
	for _, f := range feeds {
		if weights && f.name != "weight" {
			continue
		}
		err := a.pages(ctx, a.Link(f.name, f.usual), f.media, func(raw json.RawMessage) error {
			found, err := measurements(raw, f.words)
			all = append(all, found...)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(all, func(a, b export.Measurement) int {
		if c := b.Time.Compare(a.Time); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return all, nil
}

// measurements are the values of one item.
func measurements(raw json.RawMessage, words map[string]string) ([]export.Measurement, error) {
	var head struct {
		URI       string `json:"uri"`
		Timestamp clock  `json:"timestamp"`
	}
	if err := json.Unmarshal(raw, &head); err != nil {
		return nil, err
	}
	if head.URI == "" || head.Timestamp.IsZero() {
		return nil, fmt.Errorf("a measurement lacks uri or timestamp")
	}
	var values map[string]json.RawMessage
	if err := json.Unmarshal(raw, &values); err != nil {
		return nil, err
	}
	var all []export.Measurement
	delete(values, "userID")
	for name, raw := range values {
		var n amount
		if err := json.Unmarshal(raw, &n); err != nil || !n.Known {
			// Texts such as source and meal.
			continue
		}
		typ := name
		if words[name] != "" {
			typ = words[name]
		}
		all = append(all, export.Measurement{ID: path.Base(head.URI) + "/" + typ, Time: head.Timestamp.Time, Type: typ, Value: n.Value})
	}
	return all, nil
}
