package command

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner/engine"
	"lockstep/providers"
)

// mostOdd is how many warnings of providers are told one by one.
const mostOdd = 20

// tellOdd warns of what the providers read although it is odd.
func (s *session) tellOdd(e *engine.Engine) {
	var lines []string
	all := e.Providers()
	for _, ref := range slices.Sorted(maps.Keys(all)) {
		warner, ok := all[ref].(providers.Warner)
		if !ok {
			continue
		}
		for _, w := range warner.Warnings() {
			lines = append(lines, fmt.Sprintf("%s, account %q: %s.", ref, w.Account, w.Problem))
		}
	}
	if len(lines) == 0 {
		return
	}
	if more := len(lines) - mostOdd; more > 0 {
		lines = append(lines[:mostOdd], fmt.Sprintf("And %d more.", more))
	}
	s.tell(hcl.Diagnostics{{Severity: hcl.DiagWarning, Summary: "Some of what was read is odd", Detail: strings.Join(lines, "\n")}})
}
