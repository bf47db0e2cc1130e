package health

import "context"

// Settings reads the preferences of a person: texts and truths by the names
// that the API gives them.
func (a *Account) Settings(ctx context.Context) (map[string]any, error) {
	var all map[string]any
	err := a.client.get(ctx, a.Link("settings", "/settings"), "Settings", &all)
	return all, err
}
