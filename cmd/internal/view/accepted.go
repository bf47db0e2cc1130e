package view

import (
	"fmt"
	"io"
	"strings"

	"lockstep/cmd/internal/accept"
)

// shownLeft is how many lines there are of values that are not accepted.
const shownLeft = 50

// NotAccepted names the values that moved in the CRM and stay as the files have them,
// each with the reason. Values of one place that have one reason are one line.
func NotAccepted(w io.Writer, left []accept.Value) error {
	if len(left) == 0 {
		return nil
	}
	type cause struct{ path, at, why string }
	var order []cause
	alike := map[cause][]accept.Value{}
	for _, v := range left {
		c := cause{v.Path, v.At, v.Why}
		if alike[c] == nil {
			order = append(order, c)
		}
		alike[c] = append(alike[c], v)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Not accepted (%s):\n", Count(len(left), "value", "values"))
	rest := len(left)
	for _, c := range order[:min(len(order), shownLeft)] {
		all := alike[c]
		rest -= len(all)
		fmt.Fprintf(&b, "  %s: %s.\n", leftValues(all), c.why)
	}
	if rest > 0 {
		fmt.Fprintf(&b, "  … and %s.\n", Count(rest, "more value", "more values"))
	}
	b.WriteByte('\n')
	_, err := io.WriteString(w, b.String())
	return err
}

// leftValues names values that have one reason.
func leftValues(all []accept.Value) string {
	text := all[0].Address.String()
	if all[0].Path != "" {
		text += " " + all[0].Path
	}
	if len(all) > 1 {
		text += " and " + Count(len(all)-1, "value", "values") + " like it"
	}
	if all[0].At != "" {
		text += " (" + all[0].At + ")"
	}
	return text
}
