package view

import (
	"fmt"
	"io"

	"lockstep/cmd/internal/accept"
)

// shownLeft is how many values that are not accepted are named one by one.
const shownLeft = 100

// NotAccepted names the values that moved in the CRM and stay as the files have them,
// each with the reason.
func NotAccepted(w io.Writer, left []accept.Value) error {
	if len(left) == 0 {
		return nil
	}
	if _, err := fmt.Fprintf(w, "Not accepted (%s):\n", Count(len(left), "value", "values")); err != nil {
		return err
	}
	for i, v := range left {
		if i == shownLeft {
			_, err := fmt.Fprintf(w, "  … and %s more\n", Count(len(left)-i, "value", "values"))
			return err
		}
		what := v.Address.String()
		if v.Path != "" {
			what += " " + v.Path
		}
		if v.At != "" {
			what += " (" + v.At + ")"
		}
		if _, err := fmt.Fprintf(w, "  %s: %s.\n", what, v.Why); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(w)
	return err
}
