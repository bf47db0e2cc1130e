package command

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"

	"lockstep/cmd/internal/view"
	"lockstep/planner/engine"
	"lockstep/providers/transport"
)

// printer tells what a command finds, as its global flags want it: results on
// stdout, everything else on stderr. With -json stdout holds JSON only.
type printer struct {
	env *Env
	// exact is stdout as it is, for what a program reads, and terminal is stderr as it
	// is, for an editor; env.Stdout and env.Stderr show what is there.
	exact, terminal io.Writer
	// command is the one that runs. It decides the form of -json.
	command      string
	json, redact bool
	// format is the form in which a plan is shown.
	format string
	// color is auto, always or never.
	color string
	// files are those whose lines diagnostics show.
	files map[string]*hcl.File
	// line is the line of long work, and what is written beside it.
	line   *view.Progress
	events events
	marks  *view.Annotations
	// words are what redacted diagnostics may say, and must not.
	words view.Words
	// told are the diagnostics that were told, and warned is set when a text on stderr
	// has some.
	told   map[string]bool
	warned bool
}

// newPrinter looks for -json and -redact before any flag is parsed, because a
// wrong flag must be answered in JSON, or without personal data, as well.
func newPrinter(env *Env) *printer {
	p := &printer{
		env: env, exact: env.Stdout, terminal: env.Stderr, command: commandName(env.Args), json: wants(env.Args, "json"), redact: redacts(commandName(env.Args), env.Args), format: valueOf(env.Args, "format"),
		line: view.NewProgress(env.Stderr, env.progressWidth(), env.Now), told: map[string]bool{},
	}
	env.Stdout, env.Stderr = view.NewVisible(env.Stdout, p.json), view.NewVisible(env.Stderr, false)
	return p
}

// wants reports whether the arguments set a flag that is true or false.
func wants(args []string, flag string) bool {
	return slices.ContainsFunc(args, func(arg string) bool {
		name := strings.TrimPrefix(strings.TrimPrefix(arg, "-"), "-")
		if name == arg {
			return false
		}
		name, value, given := strings.Cut(name, "=")
		on, _ := strconv.ParseBool(value) // as the flag is read
		return name == flag && (on || !given)
	})
}

// valueOf is the value that the arguments give a flag; empty when there is none.
func valueOf(args []string, flag string) string {
	value := ""
	for i, arg := range args {
		name := strings.TrimPrefix(strings.TrimPrefix(arg, "-"), "-")
		if name == arg {
			continue
		}
		switch name, given, found := strings.Cut(name, "="); {
		case name == flag && found:
			value = given
		case name == flag && i+1 < len(args):
			value = args[i+1]
		}
	}
	return value
}

// redacts reports whether personal data is masked: on demand, and in a form that goes
// to others unless -redact=false shows it.
func redacts(command string, args []string) bool {
	format := valueOf(args, "format")
	if command == "report" {
		format = "" // it is for those it is about
	}
	switch format {
	case formatMarkdown, formatGitHub, formatHTML:
		on, err := strconv.ParseBool(valueOf(args, "redact"))
		return wants(args, "redact") || err != nil || on
	}
	return wants(args, "redact")
}

// options are how results on stdout are rendered.
func (p *printer) options() view.Options {
	return view.Options{Color: p.env.colors(p.color, p.env.StdoutTerminal), ForTools: !p.env.StdoutTerminal, Width: p.env.wrapWidth(p.env.StdoutTerminal)}
}

// tell shows errors and warnings: on stderr for people, on stdout as JSON.
func (p *printer) tell(diags hcl.Diagnostics) {
	diags = p.news(diags)
	if len(diags) == 0 {
		return
	}
	p.line.Clear()
	files := p.files
	if p.redact {
		// A line of a file may be about a person as well.
		diags, files = p.words.Redacted(diags), nil
	}
	if p.format == formatGitHub {
		p.annotations().Diagnostics(diags)
	}
	if p.json && p.command == "validate" {
		_ = view.ValidateJSON(p.env.Stdout, diags, files)
		return
	}
	events := p.streams() || p.json && diags.HasErrors()
	if events {
		p.stream().Diagnostics(diags, files)
	}
	if !events || !p.json {
		o := view.Options{Color: p.env.colors(p.color, p.env.StderrTerminal), Width: p.env.wrapWidth(p.env.StderrTerminal)}
		_ = view.Diagnostics(p.env.Stderr, diags, files, o)
		p.warned = true
	}
}

// news leaves out warnings that were told before: a check that fails when
// planning also fails after applying.
func (p *printer) news(diags hcl.Diagnostics) hcl.Diagnostics {
	var fresh hcl.Diagnostics
	for _, d := range diags {
		if d.Severity != hcl.DiagWarning || !p.told[d.Error()] {
			fresh = append(fresh, d)
		}
	}
	for _, d := range fresh {
		p.told[d.Error()] = true
	}
	return fresh
}

// warn tells warnings. It returns all of the diagnostics, untold, when one of
// them is an error.
func (p *printer) warn(diags hcl.Diagnostics) error {
	if err := failed(diags); err != nil {
		return err
	}
	p.tell(diags)
	return nil
}

// streams reports whether the command writes events: into a file, or as its answer to
// -json. The others answer with one object, and stdout holds nothing else except an error.
func (p *printer) streams() bool {
	return p.events.file != nil || p.json && slices.Contains([]string{"plan", "apply", "destroy"}, p.command)
}

// stream is the event stream, begun when it is first needed.
func (p *printer) stream() *view.Stream {
	if p.events.stream == nil {
		p.events.stream = view.NewStream(p.env.Stdout, Version, p.env.Now)
	}
	return p.events.stream
}

// say writes a line of a result, and a log event where there are events.
func (p *printer) say(format string, args ...any) {
	if p.json || p.streams() {
		p.stream().Log(fmt.Sprintf(format, args...))
	}
	p.print(format, args...)
}

// print writes a line of a result for people only.
func (p *printer) print(format string, args ...any) {
	if !p.json {
		fmt.Fprintf(p.env.Stdout, format+"\n", args...)
	}
}

// note writes a line beside the result.
func (p *printer) note(format string, args ...any) {
	if !p.json {
		p.line.Print(view.Fit(fmt.Sprintf(format, args...), p.env.wrapWidth(p.env.StderrTerminal)))
	}
}

// progress shows how far long work is.
func (p *printer) progress(now engine.Progress) {
	if p.streams() {
		p.stream().Progress(now)
	}
	if !p.json {
		p.line.Show(now)
	}
}

// wait shows that a request waits for the rate limit.
func (p *printer) wait(until time.Time) {
	if p.streams() {
		p.stream().RateLimited(until)
	}
	if !p.json {
		p.line.Wait(until)
	}
}

// silence tells that a server has not answered for a while.
func (p *printer) silence(server string) {
	line := "No answer from " + server + " yet; still trying."
	if p.streams() {
		p.stream().Log(line)
	}
	if !p.json {
		p.line.Print(line)
	}
}

// request writes a request to stderr, for LOCKSTEP_LOG. Events hold no secret.
func (p *printer) request(e transport.Event) {
	var b strings.Builder
	fmt.Fprintf(&b, "[debug] %s %s: %d in %s", e.Method, e.Path, e.Status, e.Took.Round(time.Millisecond))
	if e.Attempt > 1 {
		fmt.Fprintf(&b, ", attempt %d", e.Attempt)
	}
	if e.TraceID != "" {
		b.WriteString(", trace " + e.TraceID)
	}
	if e.Wait > 0 {
		fmt.Fprintf(&b, ", waits %s", e.Wait.Round(time.Millisecond))
	}
	if e.Err != "" {
		b.WriteString(": " + e.Err)
	}
	p.line.Print(b.String())
}
