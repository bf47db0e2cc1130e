package view

import (
	"fmt"
	"io"
	"path/filepath"
	"sync"
	"time"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner"
	"lockstep/planner/engine"
	"lockstep/schema"
)

// uiVersion is the version of the event stream, the one of Terraform's.
const uiVersion = "1.2"

// Stream writes events, one JSON object on each line, in the form of
// Terraform's machine-readable interface. It is safe for concurrent use.
type Stream struct {
	mu  sync.Mutex
	out io.Writer
	now func() time.Time
	seq int
	// redact masks as the plan that is applied was shown; nil masks nothing.
	redact *redactor
	// shown is when the last progress event was written.
	shown time.Time
	// err is why the first event that is missing could not be written.
	err error
}

// NewStream makes a stream and writes its version event.
func NewStream(out io.Writer, version string, now func() time.Time) *Stream {
	s := &Stream{out: out, now: now, shown: now()}
	s.emit("info", "lockstep "+version, "version", map[string]any{"lockstep": version, "ui": uiVersion})
	return s
}

// Err returns why an event could not be written; nil when all were.
func (s *Stream) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// emit writes one event. Its error is kept for the end of the command.
func (s *Stream) emit(level, message, kind string, more map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seq++
	event := map[string]any{
		"@level": level, "@message": message, "@module": "lockstep.ui",
		"@timestamp": s.now().UTC().Format("2006-01-02T15:04:05.000000Z07:00"),
		"type":       kind, "sequence": s.seq,
	}
	for k, v := range more {
		event[k] = v
	}
	if err := writeJSON(s.out, event, ""); s.err == nil {
		s.err = err
	}
}

// Diagnostics writes one event for each error and warning.
func (s *Stream) Diagnostics(diags hcl.Diagnostics, files map[string]*hcl.File) {
	for _, d := range listed(Sorted(diags)) {
		level, prefix := "error", "Error: "
		if d.Severity == hcl.DiagWarning {
			level, prefix = "warn", "Warning: "
		}
		s.emit(level, prefix+d.Summary, "diagnostic", map[string]any{"diagnostic": diagnosticToJSON(d, files)})
	}
}

// Log writes a message without further meaning.
func (s *Stream) Log(message string) { s.emit("info", message, "log", nil) }

// Progress writes an event for long work, once in a while.
func (s *Stream) Progress(p engine.Progress) {
	now := s.now()
	s.mu.Lock()
	due := now.Sub(s.shown) >= logEvery
	if due {
		s.shown = now
	}
	s.mu.Unlock()
	if !due {
		return
	}
	s.emit("info", (&pace{now: p, begun: now}).forms(now, 0)[0], "progress", map[string]any{"progress": map[string]any{
		"phase": p.Phase, "kind": p.Kind, "done": p.Done, "total": p.Total, "calls": p.Calls,
		"calls_total": p.CallsTotal, "failed": p.Failed,
	}})
}

// RateLimited writes that a request waits for the rate limit.
func (s *Stream) RateLimited(until time.Time) {
	wait := until.Sub(s.now())
	if wait < time.Second {
		return
	}
	s.emit("info", "Waiting for the rate limit for "+seconds(wait.Seconds()), "rate_limited", map[string]any{"seconds": wait.Seconds()})
}

// Plan writes an event for each object that moved in the CRM, each planned
// change, conflict, unrecorded object and refusal, then the summary and the cost.
func (s *Stream) Plan(p *planner.Plan, o Options) {
	own := (&planJSON{o: o}).own(p)
	s.emit("info", "Objects read", "read_complete", map[string]any{"reads": reads(p), "kinds": kinds(p), "writes_to": places(p)})
	for i := range p.Changes {
		s.drift(&p.Changes[i])
	}
	for i := range p.Changes {
		s.change(&p.Changes[i])
	}
	s.planned(p)
	for _, c := range own.Conflicts {
		s.emit("warn", fmt.Sprintf("%s.%s: changed in the files and in the CRM", c.Address, c.Field), "conflict", map[string]any{"conflict": c})
	}
	for _, a := range own.Unrecorded {
		s.emit("warn", a+": nothing is recorded, and no call tells whether it exists", "unrecorded", map[string]any{"unrecorded": a})
	}
	for _, r := range own.Reverts {
		s.emit("warn", fmt.Sprintf("%s.%s: reverts an edit", r.Address, r.Field), "revert", map[string]any{"revert": r})
	}
	for _, a := range own.Along {
		what := a.Kind
		if a.Attribute != "" {
			what = "values of " + a.Attribute + " of " + a.Kind
		}
		s.emit("warn", fmt.Sprintf("%s: %s %s are destroyed with it", a.Address, schema.Thousands(a.Count), what), "along", map[string]any{"along": a})
	}
	for _, r := range own.Refusals {
		s.emit("warn", r.Message, "refusal", map[string]any{"refusal": r})
	}
	s.Summary(planLine(p), "plan", p.Counts(), len(p.Invocations))
	s.emit("info", costLine(p), "cost", map[string]any{"cost": cost(p.Cost)})
	if len(p.Outputs) > 0 {
		s.emit("info", fmt.Sprintf("Outputs: %d", len(p.Outputs)), "outputs", map[string]any{"outputs": outputEvents(p.Outputs)})
	}
}

func outputEvents(changes []planner.OutputChange) map[string]any {
	out := map[string]any{}
	for _, o := range changes {
		action := "update"
		switch {
		case o.Before == "":
			action = "create"
		case o.After == "" && !o.Unknown:
			action = "delete"
		}
		event := map[string]any{"sensitive": o.Sensitive, "action": action}
		if !o.Sensitive && !o.Unknown && o.After != "" {
			event["value"] = rawJSON(o.After, false)
		}
		out[o.Name] = event
	}
	return out
}

// Summary writes the change_summary event; actions is how many are invoked.
func (s *Stream) Summary(message, operation string, n planner.Counts, actions int) {
	s.emit("info", message, "change_summary", map[string]any{"changes": map[string]any{
		"add": n.Add, "change": n.Change, "import": n.Import, "remove": n.Destroy, "forget": n.Forget, "action_invocation": actions, "operation": operation,
	}})
}

// streamActions are the stream's own words for what is done.
func streamAction(c *planner.Change) string {
	switch c.Action {
	case planner.Create:
		return "create"
	case planner.Adopt:
		if len(c.Fields) > 0 {
			return "update"
		}
		return "import"
	case planner.Update:
		return "update"
	case planner.Replace:
		return "replace"
	case planner.Delete:
		return "delete"
	case planner.Forget:
		return "remove"
	case planner.Move:
		return "move"
	case planner.Read:
		return "read"
	default:
		return "noop"
	}
}

// drift tells that an object moved in the CRM since the last apply.
func (s *Stream) drift(c *planner.Change) {
	action := driftAction(c)
	if action == "" {
		return
	}
	address := c.Address
	s.emit("info", fmt.Sprintf("%s: Drift detected (%s)", address, action), "resource_drift", map[string]any{
		"change": map[string]any{"resource": resourceEvent(address, c.Provider), "action": action}})
}

func (s *Stream) change(c *planner.Change) {
	action := streamAction(c)
	change := map[string]any{"resource": resourceEvent(c.Address, c.Provider), "action": action}
	if c.Previous != nil {
		change["previous_resource"] = resourceEvent(*c.Previous, c.Provider)
	}
	if c.Action == planner.Adopt {
		change["importing"] = map[string]any{"id": c.ID}
	}
	if reason := streamReason(c); reason != "" {
		change["reason"] = reason
	}
	if c.Place.Filename != "" {
		change["source"] = fmt.Sprintf("%s:%d", filepath.ToSlash(c.Place.Filename), c.Place.Start.Line)
	}
	message := fmt.Sprintf("%s: Plan to %s", c.Address, action)
	s.emit("info", message, "planned_change", map[string]any{"change": change})
}

// streamReason is the stream's own word for why, where it has one.
func streamReason(c *planner.Change) string {
	switch c.Action {
	case planner.Replace:
		if c.Reason == planner.ReasonRequested {
			return "requested"
		}
		return "cannot_update"
	case planner.Delete:
		return deleteReason(c)
	default:
		return ""
	}
}

func resourceEvent(a schema.Address, provider string) map[string]any {
	local := a
	local.Module = ""
	name := a.Name
	return map[string]any{
		"addr": a.String(), "module": a.Module, "resource": local.String(), "implied_provider": provider,
		"resource_type": a.Kind, "resource_name": name, "resource_key": index(a.Key),
	}
}
