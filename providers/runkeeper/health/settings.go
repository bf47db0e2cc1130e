package health

import (
	"context"
	"errors"
)

// Settings reads the preferences of a person: texts and truths by the names
// that the API gives them.
func (a *Account) Settings(ctx context.Context) (map[string]any, error) {
	var all map[string]any
	err := a.client.get(ctx, a.Link("settings", "/settings"), "Settings", &all)
	if _, told := all["distance_units"]; err == nil && !told {
		// What is left out would be taken for what the person has emptied.
		err = errors.New("GET /settings: the answer has no distance_units, and so is not a Settings")
	}
	return all, err
}
