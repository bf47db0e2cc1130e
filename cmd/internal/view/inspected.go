package view

import (
	"fmt"
	"time"

	"lockstep/planner"
	"lockstep/planner/engine"
	"lockstep/providers"
)

// maxSkew is how far clocks may differ unremarked: answers take time as well.
const maxSkew = 30 * time.Second

// Inspected tells, in a line each, what a look at a provider found. What is wrong
// is in the diagnostics that came with it.
func Inspected(i *engine.Inspection) []string {
	var lines []string
	if i.Place != (providers.Place{}) {
		is := "is"
		if i.Place.Name == "" {
			is = "is configured for"
		}
		lines = append(lines, fmt.Sprintf("provider %s %s %s", i.Provider, is, placeName(planner.Account{Provider: i.Provider, Place: i.Place})))
	}
	for _, a := range i.Accounts {
		if a.Err == nil {
			lines = append(lines, fmt.Sprintf("provider %s: account %q %s", i.Provider, a.Account, a.Found))
		}
	}
	if len(lines) == 0 && len(i.Accounts) == 0 {
		lines = append(lines, fmt.Sprintf("provider %s is configured", i.Provider))
	}
	if u := i.Usage; u.DailyLimit > 0 && u.DailyRemaining >= 0 {
		lines = append(lines, fmt.Sprintf("%s of %s calls are left today", thousands(u.DailyRemaining), thousands(u.DailyLimit)))
	}
	switch ahead := i.Usage.Ahead; {
	case ahead > maxSkew:
		lines = append(lines, fmt.Sprintf("the clock of this machine is %s ahead of the server's: set it", ahead))
	case ahead < -maxSkew:
		lines = append(lines, fmt.Sprintf("the clock of this machine is %s behind the server's: set it", -ahead))
	}
	return lines
}
