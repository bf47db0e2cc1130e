package view

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner"
	"lockstep/planner/engine"
	"lockstep/planner/state"
)

// AppliedLine tells what an apply did, in the words that other tools parse. It
// is for completed applies only.
func AppliedLine(r *engine.Report) string {
	line := "Apply complete! Resources: " + countsText(r.Counts, strconv.Itoa) + "."
	if r.Actions.Invoked > 0 {
		line += fmt.Sprintf(" Actions: %d invoked.", r.Actions.Invoked)
	}
	return line
}

// DestroyedLine tells what a destroy did, in the words that other tools parse. It is
// for completed ones only.
func DestroyedLine(n planner.Counts) string {
	line := fmt.Sprintf("Destroy complete! Resources: %d destroyed", n.Destroy)
	if n.Forget > 0 {
		line += fmt.Sprintf(", %d forgotten", n.Forget)
	}
	return line + "."
}

// countsText counts what was done, in numbers that digits writes.
func countsText(n planner.Counts, digits func(int) string) string {
	text := ""
	if n.Import > 0 {
		text = digits(n.Import) + " imported, "
	}
	text += fmt.Sprintf("%s added, %s changed, %s destroyed", digits(n.Add), digits(n.Change), digits(n.Destroy))
	if n.Forget > 0 {
		text += ", " + digits(n.Forget) + " forgotten"
	}
	return text
}

// Incomplete is the error that ends an apply which did not do everything.
func Incomplete(r *engine.Report, interrupted bool) hcl.Diagnostics {
	var b strings.Builder
	b.WriteString("Done: " + countsText(r.Counts, thousands) + ".\n")
	fmt.Fprintf(&b, "Not done: %s failed, %s not tried", thousands(r.Failed), thousands(r.Skipped))
	if r.Unfinished > 0 {
		fmt.Fprintf(&b, ", %s written only in part", thousands(r.Unfinished))
	}
	if n := r.Uncertain - r.Unknowable; n > 0 {
		fmt.Fprintf(&b, ", %s unknown: their answers were lost, and the next run looks them up", thousands(n))
	}
	if r.Unknowable > 0 {
		fmt.Fprintf(&b, ", %s unknown: their answers were lost, no call tells, and the next plan asks", thousands(r.Unknowable))
	}
	if r.Invalid > 0 {
		fmt.Fprintf(&b, ", %s a value that cannot be used (see the warnings)", plural(r.Invalid, "instance of a mapping has", "instances of mappings have"))
	}
	b.WriteString(".\n" + actionsText(r.Actions) + "\n" + onward(r))
	summary := "Apply incomplete"
	if interrupted {
		summary = "Apply interrupted"
	}
	return hcl.Diagnostics{{Severity: hcl.DiagError, Summary: summary, Detail: b.String()}}
}

// actionsText counts what became of actions, in a line; empty when there were none.
func actionsText(n engine.Actions) string {
	if n.Invoked+n.Missing() == 0 {
		return ""
	}
	text := fmt.Sprintf("Actions: %s invoked, %s failed, %s not tried", thousands(n.Invoked), thousands(n.Failed), thousands(n.Skipped))
	if n.Uncertain > 0 {
		text += fmt.Sprintf(", %s unknown: their answers were lost, and they are not run again", thousands(n.Uncertain))
	}
	return text + ".\n"
}

// onward tells what the next run finds.
func onward(r *engine.Report) string {
	if r.Unrecorded {
		return "The state could not be written and lacks the last of what was done. Once that is mended, `lockstep apply` looks it up and goes on from here."
	}
	return "The state has all that was done. `lockstep apply` goes on from here."
}

// mostReasons is how many reasons an error gives of a plan that is refused or stale.
const mostReasons = 20

// Refused is the error that ends a command because a guard or a conflict forbids
// the apply.
func Refused(summary string, err error) hcl.Diagnostics {
	var refused *engine.RefusedError
	if !errors.As(err, &refused) {
		return FromError(summary, err)
	}
	return hcl.Diagnostics{{Severity: hcl.DiagError, Summary: summary,
		Detail: strings.Join(firstOf(refused.Reasons, mostReasons), "\n") + "\n\nNothing was written."}}
}

// Stale is the error that ends the apply of a saved plan which no longer fits.
func Stale(err error) hcl.Diagnostics {
	var stale *engine.StaleError
	if !errors.As(err, &stale) {
		return FromError("Saved plan is stale", err)
	}
	return hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "Saved plan is stale",
		Detail: "Something moved since the plan was made:\n\n  " + strings.Join(firstOf(stale.Moved, mostReasons), "\n  ") +
			"\n\nNothing was written. Plan again, and review what it shows now."}}
}

// Applying prepares the events of an apply. Their addresses are redacted as in
// its plan.
func (s *Stream) Applying(p *planner.Plan, o Options) {
	if o.Redact {
		s.redact = newRedactor(p)
	}
}

// settledWords are what Terraform's messages call an action.
var settledWords = map[string]string{"create": "Creation", "update": "Modifications", "delete": "Destruction", "replace": "Replacement"}

// Settled writes the event of one change that was carried out or failed.
func (s *Stream) Settled(d engine.Settled) {
	action, kind, ended := streamAction(d.Change), "apply_complete", "complete"
	if d.Failed {
		kind, ended = "apply_errored", "errored"
	}
	address := s.redact.address(d.Change.Address)
	hook := map[string]any{"resource": resourceEvent(address, d.Change.Provider), "action": action, "elapsed_seconds": int(d.Took.Seconds())}
	message := fmt.Sprintf("%s: %s %s after %ds", address, settledWords[action], ended, int(d.Took.Seconds()))
	if id := s.redact.id(d.Change.Kind, d.ID); id != "" {
		hook["id_key"], hook["id_value"] = "id", id
		message += fmt.Sprintf(" [id=%s]", id)
	}
	level := "info"
	if d.Failed {
		level = "error"
	}
	s.emit(level, message, kind, map[string]any{"hook": hook})
}

// Outputs writes the event of the outputs after a completed apply.
func (s *Stream) Outputs(outputs map[string]state.Output) {
	all := map[string]any{}
	for name, o := range outputs {
		item := map[string]any{"sensitive": o.Sensitive}
		if !o.Sensitive && len(o.Value) > 0 {
			item["value"] = json.RawMessage(o.Value)
		}
		all[name] = item
	}
	s.emit("info", fmt.Sprintf("Outputs: %d", len(all)), "outputs", map[string]any{"outputs": all})
}
