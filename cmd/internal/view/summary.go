package view

import (
	"fmt"
	"strings"

	"lockstep/planner"
)

// summary is the line of the numbers, and what they include.
func (v *planView) summary(p *planner.Plan) {
	if len(p.Changes)+len(p.Invocations) == 0 {
		return
	}
	v.line("%s", v.paint.bold(planLine(p)))
	for _, line := range []string{revertsLine(p), alongLine(p)} {
		if line != "" {
			v.paragraph(line)
		}
	}
}

// ending tells what applying takes, and what forbids it.
func (v *planView) ending(p *planner.Plan) {
	if len(p.Changes)+len(p.Invocations) == 0 {
		v.line("\nYou can apply this plan to save these new output values; nothing in the CRM changes.")
		return
	}
	if len(p.Outputs) > 0 {
		v.line("")
	}
	v.paragraph(costLine(p))
	if p.Digest != "" {
		v.line("Digest: %s", p.Digest)
	}
	for i, message := range safety(p) {
		const prefix = "Safety: "
		hang := strings.Repeat(" ", len(prefix))
		text := wrap(prefix+message, v.o.Width, hang)[len(prefix):]
		if i > 0 {
			v.line("%s%s", hang, text)
			continue
		}
		v.line("%s%s", v.paint.yellow(prefix), text)
	}
}

// safety tells why an apply with -auto-approve would be refused.
func safety(p *planner.Plan) []string {
	var messages []string
	for _, r := range p.Refusals {
		messages = append(messages, r.Message)
	}
	if n := len(p.Conflicts()); n > 0 {
		messages = append(messages, fmt.Sprintf("%s with conflicts. -auto-approve needs -on-conflict=config to do what the files say, or -on-conflict=live to keep what the CRM has.",
			plural(n, "object", "objects")))
	}
	for _, r := range planner.UnrecordedRefusals(p) {
		messages = append(messages, r.Message)
	}
	return messages
}

// planLine counts the changes and the actions of a plan.
func planLine(p *planner.Plan) string {
	line := summaryLine(p.Counts())
	if actions := actionsLine(p); actions != "" {
		line += " " + actions
	}
	return line
}

// summaryLine counts a plan in the words that other tools parse.
func summaryLine(n planner.Counts) string {
	line := "Plan: "
	if n.Import > 0 {
		line += fmt.Sprintf("%d to import, ", n.Import)
	}
	line += fmt.Sprintf("%d to add, %d to change, %d to destroy", n.Add, n.Change, n.Destroy)
	if n.Forget > 0 {
		line += fmt.Sprintf(", %d to forget", n.Forget)
	}
	return line + "."
}

// countWords are the numbers of the summary line that are not 0.
func countWords(n planner.Counts) []string {
	var words []string
	for _, x := range []struct {
		n    int
		what string
	}{{n.Import, "to import"}, {n.Add, "to add"}, {n.Change, "to change"}, {n.Destroy, "to destroy"}, {n.Forget, "to forget"}, {n.Move, "to move"}, {n.Read, "to read"}} {
		if x.n > 0 {
			words = append(words, thousands(x.n)+" "+x.what)
		}
	}
	return words
}

// revertsLine counts the changes of a plan that undo what was done in the CRM: edits,
// and deletions. It is empty when none does.
func revertsLine(p *planner.Plan) string {
	edits, deleted := 0, 0
	for i := range p.Changes {
		c := &p.Changes[i]
		switch {
		case c.Gone && c.Action == planner.Create:
			deleted++
		case c.Reverts():
			edits++
		}
	}
	switch {
	case edits == 0 && deleted == 0:
		return ""
	case deleted == 0:
		return plural(edits, "of these reverts edits", "of these revert edits") + " made in the CRM."
	case edits == 0:
		return plural(deleted, "of these makes", "of these make") + " again what was deleted in the CRM."
	default:
		return plural(edits, "of these reverts edits", "of these revert edits") + " made in the CRM, and " +
			plural(deleted, "makes", "make") + " again what was deleted there."
	}
}

// costLine tells what applying takes.
func costLine(p *planner.Plan) string {
	c := p.Cost
	if c.Calls == 0 {
		return "Cost: no calls; only the state is written."
	}
	line := fmt.Sprintf("Cost: %s (%s bulk, %s single), about %s", plural(c.Calls, "call", "calls"),
		thousands(c.Bulk), thousands(c.Calls-c.Bulk), seconds(c.Seconds))
	if c.DailyLimit > 0 {
		line += fmt.Sprintf(", %s of the day's %s", share(c.Calls, c.DailyLimit), thousands(c.DailyLimit))
	}
	line += "."
	if c.ParentReads > 0 {
		line += fmt.Sprintf(" Reading took %s, such as the notes of a contact.",
			plural(c.ParentReads, "call for one parent", "calls for one parent each"))
	}
	if c.DailyLimit > 0 && c.DailyRemaining >= 0 && c.Calls > c.DailyRemaining {
		line += fmt.Sprintf(" Only %s are left today: it cannot finish before the quota resets.", thousands(c.DailyRemaining))
	}
	return line
}

func share(n, of int) string {
	percent := 100 * float64(n) / float64(of)
	if percent < 0.05 {
		return "less than 0.1 %"
	}
	return fmt.Sprintf("%.1f %%", percent)
}

func seconds(s float64) string {
	switch {
	case s < 1:
		return "1 s"
	case s < 120:
		return fmt.Sprintf("%.0f s", s)
	default:
		return fmt.Sprintf("%.0f min", s/60)
	}
}
