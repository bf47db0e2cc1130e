package render

import (
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"

	"lockstep/cmd/internal/drift"
	"lockstep/schema"
)

// The elements that CI systems read of JUnit's XML.
type (
	suites struct {
		XMLName  xml.Name `xml:"testsuites"`
		Name     string   `xml:"name,attr"`
		Tests    int      `xml:"tests,attr"`
		Failures int      `xml:"failures,attr"`
		Suites   []suite  `xml:"testsuite"`
	}
	suite struct {
		Name      string     `xml:"name,attr"`
		Tests     int        `xml:"tests,attr"`
		Failures  int        `xml:"failures,attr"`
		Errors    int        `xml:"errors,attr"`
		Skipped   int        `xml:"skipped,attr"`
		Timestamp string     `xml:"timestamp,attr"`
		Cases     []testCase `xml:"testcase"`
	}
	testCase struct {
		Name    string   `xml:"name,attr"`
		Class   string   `xml:"classname,attr"`
		File    string   `xml:"file,attr,omitempty"`
		Line    string   `xml:"line,attr,omitempty"`
		Failure *verdict `xml:"failure"`
		Skipped *verdict `xml:"skipped"`
	}
	verdict struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr,omitempty"`
		Text    string `xml:",chardata"`
	}
)

// JUnit writes a report as test results: a suite for each kind, with a case for each
// object that moved, and one case for all that are in step. Classes that are not to
// fail are skipped cases.
func JUnit(w io.Writer, r *drift.Report, o Options) error {
	all := suites{Name: "lockstep drift"}
	names := columns(r)
	for i := range r.Kinds {
		s := suiteOf(r, &r.Kinds[i], names[i], o)
		all.Tests, all.Failures = all.Tests+s.Tests, all.Failures+s.Failures
		all.Suites = append(all.Suites, s)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func suiteOf(r *drift.Report, k *drift.Kind, name string, o Options) suite {
	s := suite{Name: name, Timestamp: strings.TrimSuffix(r.Made, "Z")}
	s.Cases = append(s.Cases, testCase{Name: fmt.Sprintf("%s in step", schema.Thousands(k.InStep)), Class: name})
	for i := range r.Objects {
		object := &r.Objects[i]
		if object.Provider != k.Provider || object.Kind != k.Kind {
			continue
		}
		c := testCase{Name: object.Called(), Class: name}
		c.File, c.Line, _ = strings.Cut(object.Source, ":")
		v := &verdict{Message: object.Class.Words(), Type: string(object.Class), Text: message(object)}
		if slices.Contains(o.Fails, object.Class) {
			c.Failure = v
			s.Failures++
		} else {
			v.Type = "" // a skipped case has none
			c.Skipped = v
			s.Skipped++
		}
		s.Cases = append(s.Cases, c)
	}
	s.Tests = len(s.Cases)
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
