package health

import (
	"encoding/json"
	"fmt"
	"math"
	"path"
	"strconv"
	"strings"
	"time"

	"lockstep/providers/runkeeper/export"
)

// clockForm is the clock on the wall, with days of one digit or two.
const clockForm = "Mon, 2 Jan 2006 15:04:05"

// dayForm is a day in a filter.
const dayForm = "2006-01-02"

// Clock spells the clock on the wall as the API does: the day is not padded.
func Clock(t time.Time) string { return t.Format(clockForm) }

// amount is a number that may be missing. Old answers quote numbers.
type amount struct {
	export.Amount
}

// UnmarshalJSON reads 4, "4" and null.
func (a *amount) UnmarshalJSON(data []byte) error {
	text := strings.Trim(string(data), `"`)
	if text == "null" || text == "" {
		return nil
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(f) || math.Abs(f) > 1e12 {
		return fmt.Errorf("%.40s is not a number", data)
	}
	a.Amount = export.Amount{Value: f, Known: true}
	return nil
}

// clock is the clock on the wall, as if it were UTC.
type clock struct {
	time.Time
}

// UnmarshalJSON reads "Sat, 1 Jan 2011 00:00:00" and null.
func (c *clock) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil || text == "" {
		return err
	}
	t, err := time.Parse(clockForm, text)
	if err != nil {
		return fmt.Errorf("%.40s is not a time", data)
	}
	c.Time = t
	return nil
}

// feed is a page of any feed. Its next page holds older items.
type feed struct {
	// Size is how many items all pages have.
	Size  amount            `json:"size"`
	Items []json.RawMessage `json:"items"`
	Next  string            `json:"next"`
}

// wireActivity is an item of the feed of activities.
type wireActivity struct {
	URI       string `json:"uri"`
	Type      string `json:"type"`
	Start     clock  `json:"start_time"`
	UTCOffset amount `json:"utc_offset"`
	Distance  amount `json:"total_distance"`
	Duration  amount `json:"duration"`
	Calories  amount `json:"total_calories"`
	HasPath   bool   `json:"has_path"`
	IsLive    bool   `json:"is_live"`
}

// wireDetail is an activity with what only its own resource tells.
type wireDetail struct {
	wireActivity
	UserID        amount `json:"userID"`
	Notes         string `json:"notes"`
	Climb         amount `json:"climb"`
	HeartRate     amount `json:"average_heart_rate"`
	Equipment     string `json:"equipment"`
	SecondaryType string `json:"secondary_type"`

	link string
}

// add puts the details into an activity.
func (w *wireDetail) add(a *export.Activity) {
	a.Notes, a.Climb, a.HeartRate = strings.TrimSpace(w.Notes), w.Climb.Amount, w.HeartRate.Amount
	a.Equipment, a.SecondaryType = w.Equipment, w.SecondaryType
}

// text spells a number as an id.
func (a amount) text() string { return strconv.FormatFloat(a.Value, 'f', -1, 64) }

// longest is more seconds than any activity has, and fewer than a Duration
// holds.
const longest = 1e9

// activity makes the same of it as of a row of an export.
func (w *wireActivity) activity() export.Activity {
	a := export.Activity{
		ID: path.Base(w.URI), Start: w.Start.Time, Type: w.Type, Distance: export.Round(max(w.Distance.Value, 0), 2),
		Duration: time.Duration(math.Round(min(max(w.Duration.Value, 0), longest)*1000)) * time.Millisecond, Figures: export.Figures{Calories: w.Calories.Amount},
	}
	if w.UTCOffset.Known && math.Abs(w.UTCOffset.Value) <= 14 {
		a.Zone = time.UTC
		if seconds := int(math.Round(w.UTCOffset.Value * 3600)); seconds != 0 {
			a.Zone = time.FixedZone("", seconds)
		}
	}
	if w.HasPath {
		a.Track = w.URI
	}
	a.Rate()
	return a
}
