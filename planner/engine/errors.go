package engine

import (
	"fmt"

	"lockstep/providers"
)

// Detail is what a diagnostic about an object carries in its Extra, beside
// summary and detail in words.
type Detail struct {
	// Address of the object, as people write it.
	Address string
	// Origin is the row that the object was made from, "leads.csv:118"; empty
	// when it was not made from a row.
	Origin string
	// Protected is set when a protection stands in the way, not a mistake.
	Protected bool
	// Account names the account behind a provider that could not be read; empty
	// when something else is wrong, which may be a value of the files.
	Account string
	// API is the answer that caused it, nil when no API did.
	API *providers.APIError
}

// RefusedError is returned when a guard, a protection or a conflict stands in
// the way. Exit code 3.
type RefusedError struct{ Reasons []string }

// Error lists the reasons.
func (e *RefusedError) Error() string { return fmt.Sprintf("refused for %d reason(s)", len(e.Reasons)) }

// StaleError is returned when a saved plan no longer fits. Exit code 4.
type StaleError struct{ Moved []string }

// Error tells how much moved.
func (e *StaleError) Error() string {
	return fmt.Sprintf("the saved plan is stale in %d place(s)", len(e.Moved))
}

// PartialError is returned when an apply was not completed. Exit code 5.
type PartialError struct{ Failed, Skipped int }

// Error tells how many changes are missing.
func (e *PartialError) Error() string {
	return fmt.Sprintf("%d change(s) failed and %d were not tried", e.Failed, e.Skipped)
}
