package command

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner/engine"
)

// The exit codes. They are part of the interface, see the README.
const (
	ExitOK          = 0
	ExitError       = 1
	ExitChanges     = 2
	ExitRefused     = 3
	ExitStale       = 4
	ExitPartial     = 5
	ExitCrashed     = 11
	ExitInterrupted = 130
)

// outcome is how a command ends when not with success: the exit code, and
// what is still to be told.
type outcome struct {
	code  int
	diags hcl.Diagnostics
}

// Error is for the command line library, which passes it through.
func (o *outcome) Error() string {
	if len(o.diags) > 0 {
		return o.diags.Error()
	}
	return fmt.Sprintf("exit %d", o.code)
}

// exit ends a command with a code and nothing more to tell.
func exit(code int) error {
	if code == ExitOK {
		return nil
	}
	return &outcome{code: code}
}

// failed ends a command with diagnostics; nil when they hold no error.
func failed(diags hcl.Diagnostics) error {
	if !diags.HasErrors() {
		return nil
	}
	return &outcome{code: ExitError, diags: diags}
}

// problem is a single error.
func problem(summary, format string, a ...any) hcl.Diagnostics {
	return hcl.Diagnostics{{Severity: hcl.DiagError, Summary: summary, Detail: fmt.Sprintf(format, a...)}}
}

// usage ends a command that was called wrongly.
func usage(format string, a ...any) error {
	return failed(problem("Invalid command line", format, a...))
}

// endOf is the exit code that a command ends with.
func endOf(err error) int {
	var end *outcome
	switch {
	case err == nil:
		return ExitOK
	case errors.As(err, &end):
		return end.code
	default:
		return ExitError
	}
}

// codeOf is the exit code that belongs to an engine's error.
func codeOf(err error) int {
	var refused *engine.RefusedError
	var stale *engine.StaleError
	var partial *engine.PartialError
	switch {
	case err == nil:
		return ExitOK
	case errors.As(err, &refused):
		return ExitRefused
	case errors.As(err, &stale):
		return ExitStale
	case errors.Is(err, context.Canceled):
		return ExitInterrupted
	case errors.As(err, &partial):
		return ExitPartial
	default:
		return ExitError
	}
}
