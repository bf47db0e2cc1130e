package render

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"lockstep/cmd/internal/drift"
	"lockstep/cmd/internal/junit"
	"lockstep/schema"
)

// JUnit writes a report as test results: a suite for each kind, with a case for each
// object that moved, and one case for all that are in step. Classes that are not to
// fail are skipped cases.
func JUnit(w io.Writer, r *drift.Report, o Options) error {
	all := junit.Suites{Name: "lockstep drift"}
	names := columns(r)
	for i := range r.Kinds {
		all.Add(suiteOf(r, &r.Kinds[i], names[i], o))
	}
	return all.Write(w)
}

func suiteOf(r *drift.Report, k *drift.Kind, name string, o Options) junit.Suite {
	s := junit.Suite{Name: name, Timestamp: strings.TrimSuffix(r.Made, "Z")}
	s.Add(junit.Case{Name: fmt.Sprintf("%s in step", schema.Thousands(k.InStep)), Class: name})
	for i := range r.Objects {
		object := &r.Objects[i]
		if object.Provider != k.Provider || object.Kind != k.Kind {
			continue
		}
		c := junit.Case{Name: object.Called(), Class: name}
		c.File, c.Line, _ = strings.Cut(object.Source, ":")
		v := &junit.Verdict{Message: object.Class.Words(), Type: string(object.Class), Text: message(object)}
		if slices.Contains(o.Fails, object.Class) {
			c.Failure = v
		} else {
			v.Type = "" // a skipped case has none
			c.Skipped = v
		}
		s.Add(c)
	}
	return s
}

// message tells all of an object, line by line.
func message(o *drift.Object) string {
	lines := []string{o.Called() + ": " + o.Class.Words()}
	if text := what(o); text != "" {
		lines = append(lines, text)
	}
	if o.Action == "update" {
		for i := range o.Fields {
			lines = append(lines, fieldText(&o.Fields[i]))
		}
	}
	if o.Changed != "" {
		lines = append(lines, "last changed in the CRM "+o.Changed)
	}
	if o.Link != "" {
		lines = append(lines, o.Link)
	}
	return strings.Join(lines, "\n")
}
