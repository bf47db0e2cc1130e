package engine

import (
	"errors"
	"fmt"

	"github.com/hashicorp/hcl/v2"

	"lockstep/providers"
	"lockstep/schema/eval"
)

// Detail is what a diagnostic about an object carries in its Extra, beside
// summary and detail in words.
type Detail struct {
	// Address of the object, as people write it.
	Address string
	// Origin is the row that the object was made from, "leads.csv:118"; empty
	// when it was not made from a row.
	Origin string
	// Path of the attribute at fault; empty when that is not known.
	Path string
	// More counts others of the same cause that are not told.
	More int
	// Protected is set when a protection stands in the way, not a mistake.
	Protected bool
	// Account names the account behind a provider that could not be read; empty
	// when something else is wrong, which may be a value of the files.
	Account string
	// API is the answer that caused it, nil when no API did.
	API *providers.APIError
}

// DetailOf returns what a diagnostic about an object carries beside its words. ok is
// false when it is about no object.
func DetailOf(d *hcl.Diagnostic) (detail Detail, ok bool) {
	switch extra := d.Extra.(type) {
	case *Detail:
		return *extra, true
	case *eval.About:
		return Detail{Address: extra.Address, Origin: extra.Origin, More: extra.More}, true
	default:
		return Detail{}, false
	}
}

// unusable makes a diagnostic of an error that is about a whole account or its
// server, not about what was asked for; nil of any other. The line of the provider
// block is its place.
func (e *Engine) unusable(provider string, err error) *hcl.Diagnostic {
	var api *providers.APIError
	if errors.As(err, &api) && len(api.Scopes) > 0 {
		return &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "The token of " + provider + " lacks a scope", Detail: api.Advice, Subject: e.Evaluator.ProviderRange(parseRef(provider)), Extra: &Detail{API: api}}
	}
	if api == nil || api.Extent == providers.OneRequest || api.Advice == "" {
		return nil
	}
	detail := &Detail{API: api}
	summary := "Cannot use the provider " + provider
	if account := unreadable(err); account != nil {
		detail.Account = account.Account
		summary = fmt.Sprintf("Cannot use the account %q of %s", account.Account, provider)
	}
	if api.Extent == providers.WholeServer {
		summary = "Cannot reach the server of " + provider
	}
	return &hcl.Diagnostic{Severity: hcl.DiagError, Summary: summary, Detail: api.Advice, Subject: e.Evaluator.ProviderRange(parseRef(provider)), Extra: detail}
}

// failure makes a diagnostic of an error of a provider: about the provider itself,
// or else with a summary of what failed.
func (e *Engine) failure(provider, summary string, err error) *hcl.Diagnostic {
	if d := e.unusable(provider, err); d != nil {
		return d
	}
	return failure(summary, err, nil)
}

// maxAlike is how many errors of the same kind are kept. They fold into one where
// they are shown, which names the first rows.
const maxAlike = 1000

// Alike collects errors that a great many objects may have. What is too many is
// counted in the last one that is kept.
type Alike struct{ diags hcl.Diagnostics }

// Add takes one more error.
func (a *Alike) Add(one func() *hcl.Diagnostic) {
	if len(a.diags) < maxAlike {
		a.diags = append(a.diags, one())
		return
	}
	last := *a.diags[len(a.diags)-1]
	detail, _ := last.Extra.(*Detail)
	more := Detail{}
	if detail != nil {
		more = *detail
	}
	more.More++
	last.Extra = &more
	a.diags[len(a.diags)-1] = &last
}

// All returns the errors.
func (a *Alike) All() hcl.Diagnostics { return a.diags }

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
