package runkeeper

import (
	"context"
	"fmt"

	"lockstep/providers"
)

// Inspect looks at each account: at all of an export, and at the root of the API.
func (p *Provider) Inspect(ctx context.Context) []providers.Inspection {
	found := make([]providers.Inspection, len(p.names))
	for i, name := range p.names {
		found[i].Account = name
		text, err := p.accounts[name].inspect(ctx)
		if err != nil {
			found[i].Err = p.accounts[name].unread(err)
		}
		found[i].Found = text
	}
	return found
}

func (a *account) inspect(ctx context.Context) (string, error) {
	a.Lock()
	defer a.Unlock()
	if a.client != nil {
		_, err := a.open(ctx)
		return "answers by the API", err
	}
	if err := a.load(ctx); err != nil {
		return "", err
	}
	day, noun := "", "activities"
	if len(a.data.Activities) == 1 {
		noun = "activity"
	}
	if !a.data.Made.IsZero() {
		day = " of " + a.data.Made.Format("2006-01-02")
	}
	return fmt.Sprintf("is an export%s with %d %s", day, len(a.data.Activities), noun), nil
}
