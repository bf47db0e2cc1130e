package command

import (
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"lockstep/cmd/internal/view"
)

// options are how results on stdout are rendered.
func (a *app) options() view.Options {
	return view.Options{Color: a.env.colors(a.color, a.env.StdoutTerminal)}
}

// report tells errors and warnings: on stderr for people, on stdout as JSON.
func (a *app) report(diags hcl.Diagnostics) {
	diags = a.news(diags)
	if len(diags) == 0 {
		return
	}
	a.progress().Clear()
	files := a.files
	if a.redact {
		// A line of a file may be about a person as well.
		diags, files = view.Redacted(diags), nil
	}
	switch {
	case a.json && a.command == "validate":
		_ = view.ValidateJSON(a.env.Stdout, diags, files)
	case a.json && (a.streams() || diags.HasErrors()):
		a.stream().Diagnostics(diags, files)
	default:
		o := view.Options{Color: a.env.colors(a.color, a.env.StderrTerminal)}
		_ = view.Diagnostics(a.env.Stderr, diags, files, o)
	}
}

// news leaves out warnings that were told before: a check that fails when
// planning also fails after applying.
func (a *app) news(diags hcl.Diagnostics) hcl.Diagnostics {
	if a.told == nil {
		a.told = map[string]bool{}
	}
	var fresh hcl.Diagnostics
	for _, d := range diags {
		text := d.Error()
		if d.Severity == hcl.DiagWarning && a.told[text] {
			continue
		}
		fresh = append(fresh, d)
	}
	for _, d := range fresh {
		a.told[d.Error()] = true
	}
	return fresh
}

// warn reports what is not an error and returns the rest.
func (a *app) warn(diags hcl.Diagnostics) error {
	if err := failed(diags); err != nil {
		return err
	}
	a.report(diags)
	return nil
}

// streams says that the command answers -json with events. The others answer
// with one object, beside which only an error may stand on stdout.
func (a *app) streams() bool {
	return a.json && slices.Contains([]string{"plan", "apply", "destroy"}, a.command)
}

// stream is the event stream, begun when it is first needed.
func (a *app) stream() *view.Stream {
	if a.events == nil {
		a.events = view.NewStream(a.env.Stdout, Version, a.env.Now)
	}
	return a.events
}

// progress is the line of long work, and what is written beside it.
func (a *app) progress() *view.Progress { return a.line }

// say writes a line of a result; with -json, a log event.
func (a *app) say(format string, args ...any) {
	if a.json {
		a.stream().Log(fmt.Sprintf(format, args...))
		return
	}
	fmt.Fprintf(a.env.Stdout, format+"\n", args...)
}

// note writes a line beside the result.
func (a *app) note(format string, args ...any) {
	if a.json {
		return
	}
	a.progress().Print(fmt.Sprintf(format, args...))
}
