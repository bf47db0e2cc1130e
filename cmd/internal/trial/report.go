package trial

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"

	"lockstep/cmd/internal/junit"
)

// Report is what became of the runs of one file.
type Report struct {
	// Name is the path of the file.
	Name    string
	Results []Result
	// Cleaning is what went wrong while the objects were destroyed.
	Cleaning hcl.Diagnostics
}

// Status is fail when a run failed, and error when one could not be carried out, or
// the objects not be destroyed.
func (r *Report) Status() Status {
	status := Pass
	for _, result := range r.Results {
		switch {
		case result.Status == Error:
			return Error
		case result.Status == Fail:
			status = Fail
		}
	}
	if r.Cleaning.HasErrors() {
		return Error
	}
	return status
}

// Count returns how many runs of all reports passed, failed and were skipped. A run
// that could not be carried out failed, as does cleaning up.
func Count(reports []Report) (passed, failed, skipped int) {
	for i := range reports {
		for _, result := range reports[i].Results {
			switch result.Status {
			case Pass:
				passed++
			case Skip:
				skipped++
			default:
				failed++
			}
		}
		if reports[i].Cleaning.HasErrors() {
			failed++
		}
	}
	return passed, failed, skipped
}

// JUnit is the reports as test results: a suite for each file, a case for each run.
func JUnit(reports []Report, made time.Time) *junit.Suites {
	all := &junit.Suites{Name: "lockstep test"}
	for i := range reports {
		r := &reports[i]
		s := junit.Suite{Name: r.Name, Timestamp: made.UTC().Format("2006-01-02T15:04:05")}
		for _, result := range r.Results {
			c := junit.Case{
				Name: result.Run.Name, Class: r.Name, File: r.Name, Line: strconv.Itoa(result.Run.Range.Start.Line),
				Time: fmt.Sprintf("%.3f", result.Took.Seconds()),
			}
			switch result.Status {
			case Fail:
				c.Failure = verdict(result.Diagnostics)
			case Error:
				c.Error = verdict(result.Diagnostics)
			case Skip:
				c.Skipped = &junit.Verdict{Message: "a run before it went wrong"}
			}
			s.Add(c)
		}
		if r.Cleaning.HasErrors() {
			s.Add(junit.Case{Name: "destroy", Class: r.Name, File: r.Name, Error: verdict(r.Cleaning)})
		}
		all.Add(s)
	}
	return all
}

// verdict tells the errors, each with its place.
func verdict(diags hcl.Diagnostics) *junit.Verdict {
	v := &junit.Verdict{}
	var lines []string
	for _, d := range diags {
		if d.Severity != hcl.DiagError {
			continue
		}
		if v.Message == "" {
			v.Message = d.Summary + ": " + d.Detail
		}
		place := ""
		if d.Subject != nil {
			place = fmt.Sprintf("%s:%d: ", d.Subject.Filename, d.Subject.Start.Line)
		}
		lines = append(lines, place+d.Summary+": "+d.Detail)
	}
	v.Text = strings.Join(lines, "\n")
	return v
}
