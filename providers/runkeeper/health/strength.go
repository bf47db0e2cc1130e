package health

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"path"
	"strings"
	"time"

	"lockstep/providers/runkeeper/export"
)

// Strength is one strength session. A list tells its number and start only.
type Strength struct {
	ID string
	// Start is the clock on the wall, as if it were UTC.
	Start    time.Time
	Notes    string
	Calories export.Amount
	// Exercises are JSON, as the API has them; nil when not told.
	Exercises json.RawMessage
}

type wireStrength struct {
	URI       string          `json:"uri"`
	Start     clock           `json:"start_time"`
	Notes     string          `json:"notes"`
	Calories  amount          `json:"total_calories"`
	Exercises json.RawMessage `json:"exercises"`
}

func (w *wireStrength) strength() (Strength, error) {
	if !hasID(w.URI) || w.Start.IsZero() {
		return Strength{}, errors.New("a strength session lacks uri or start_time")
	}
	return Strength{ID: path.Base(w.URI), Start: w.Start.Time, Notes: strings.TrimSpace(w.Notes), Calories: w.Calories.Amount, Exercises: w.Exercises}, nil
}

// StrengthSessions reads the feed of strength sessions, newest first: all of
// them, or, if a day is not zero, those about it.
func (a *Account) StrengthSessions(ctx context.Context, day time.Time) ([]Strength, error) {
	var all []Strength
	seen := map[string]bool{}
	err := a.pages(ctx, a.Link("strength_training_activities", "/strengthTrainingActivities"), "StrengthTrainingActivityFeed", day, func(raw json.RawMessage) error {
		var w wireStrength
		if err := json.Unmarshal(raw, &w); err != nil {
			return err
		}
		s, err := w.strength()
		if err == nil && !seen[s.ID] {
			seen[s.ID] = true
			all = append(all, s)
		}
		return err
	})
	return all, err
}

// StrengthSession reads one strength session whole.
func (a *Account) StrengthSession(ctx context.Context, id string) (Strength, error) {
	link := a.Link("strength_training_activities", "/strengthTrainingActivities") + "/" + url.PathEscape(id)
	var w wireStrength
	if err := a.client.get(ctx, link, "StrengthTrainingActivity", &w); err != nil {
		return Strength{}, err
	}
	s, err := w.strength()
	if err != nil {
		return s, fmt.Errorf("GET %s: %w", link, err)
	}
	return s, nil
}
