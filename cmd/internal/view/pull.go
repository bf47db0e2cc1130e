package view

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"lockstep/cmd/internal/pull"
)

// PulledWithout warns of what is live and not in the files that pull writes.
func PulledWithout(left []pull.Left) hcl.Diagnostics {
	if len(left) == 0 {
		return nil
	}
	lines := make([]string, len(left))
	for i := range left {
		lines[i] = "  - " + leftLine(&left[i])
	}
	return hcl.Diagnostics{{Severity: hcl.DiagWarning, Summary: "Not everything is in the files",
		Detail: "Left out, and so neither managed nor changed:\n" + strings.Join(lines, "\n")}}
}

func leftLine(l *pull.Left) string {
	reason := strings.TrimSuffix(l.Reason, ".")
	if l.Objects == 0 {
		return fmt.Sprintf("%s, because %s", l.Kind.Plural, reason)
	}
	what := Count(l.Objects, l.Kind.Noun, l.Kind.Plural)
	if l.Path != "" {
		what = l.Path + " of " + what
	}
	if l.Objects == 1 {
		return fmt.Sprintf("%s (id %s), because %s", what, l.Example, reason)
	}
	return fmt.Sprintf("%s (the first has the id %s), because %s", what, l.Example, reason)
}
