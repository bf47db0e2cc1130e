package drift

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// errRedacted refuses to compare with a report whose keys are numbers.
var errRedacted = errors.New("it was written with -redact, so its objects cannot be told apart; keep one of -format=json -redact=false for this")

// Read reads a report that was written as JSON.
func Read(in io.Reader) (*Report, error) {
	var r Report
	if err := json.NewDecoder(in).Decode(&r); err != nil {
		return nil, fmt.Errorf("it is no report that `lockstep drift -format=json` wrote (%w)", err)
	}
	major, _, _ := strings.Cut(FormatVersion, ".")
	switch {
	case !strings.HasPrefix(r.FormatVersion, major+"."):
		return nil, fmt.Errorf("it has the format_version %q, and this lockstep reads %s.x", r.FormatVersion, major)
	case r.Redacted:
		return nil, errRedacted
	}
	return &r, nil
}

// earlier is what an earlier report had.
type earlier struct {
	given bool
	// known has what each object was found to be, and left the objects that were not
	// met again.
	known map[string]bool
	left  map[string]bool
}

func newEarlier(r *Report) *earlier {
	e := &earlier{given: r != nil, known: map[string]bool{}, left: map[string]bool{}}
	if r == nil {
		return e
	}
	for i := range r.Objects {
		o := &r.Objects[i]
		e.known[fingerprint(o)] = true
		if o.Class != Unmanaged {
			e.left[o.identity()] = true
		}
	}
	return e
}

// isNew reports whether the earlier report did not have an object just so. It is
// false without an earlier report.
func (e *earlier) isNew(o *Object) bool {
	delete(e.left, o.identity())
	return e.given && !e.known[fingerprint(o)]
}

// settled counts the objects that no longer differ.
func (e *earlier) settled() int { return len(e.left) }

// identity tells one object from all others.
func (o *Object) identity() string {
	return o.Provider + "\x00" + o.Kind + "\x00" + o.Address + "\x00" + o.ID
}

// fingerprint is what an object was found to be. Another value in the CRM is
// another finding.
func fingerprint(o *Object) string {
	var b strings.Builder
	b.WriteString(o.identity() + "\x00" + string(o.Class) + "\x00" + o.Action)
	for _, f := range o.Fields {
		b.WriteString("\x00" + f.Path + "\x00" + Text(f.Live) + "\x00" + Text(f.File))
	}
	return b.String()
}

// Text is a value as JSON writes it. It is one line.
func Text(v any) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return fmt.Sprint(v)
	}
	text := strings.TrimSuffix(b.String(), "\n")
	if strings.HasPrefix(text, `"(`) && strings.HasSuffix(text, `)"`) {
		return text[1 : len(text)-1] // a placeholder is no value
	}
	return text
}
