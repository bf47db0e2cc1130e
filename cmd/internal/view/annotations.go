package view

import (
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"lockstep/cmd/internal/drift"
	"lockstep/planner"
)

// mostAnnotations is how many of a sort are written: GitHub shows ten of each of a step.
const mostAnnotations = 10

// Annotations writes what GitHub shows beside the lines of files (workflow commands).
type Annotations struct {
	out io.Writer
	// path makes a path of the files one of the repository.
	path  func(file string) string
	count map[string]int
}

// NewAnnotations makes annotations. out must be the log itself, not one that spells
// commands out.
func NewAnnotations(out io.Writer, path func(file string) string) *Annotations {
	return &Annotations{out: out, path: path, count: map[string]int{}}
}

// Diagnostics annotates errors and warnings.
func (a *Annotations) Diagnostics(diags hcl.Diagnostics) {
	for _, d := range Sorted(diags) {
		sort := "error"
		if d.Severity == hcl.DiagWarning {
			sort = "warning"
		}
		at := hcl.Range{}
		if d.Subject != nil {
			at = *d.Subject
		}
		a.write(sort, at, d.Summary, d.Detail)
	}
}

// Plan annotates what a reviewer must not miss: refusals, conflicts, and what is
// destroyed or replaced.
func (a *Annotations) Plan(p *planner.Plan) {
	for _, message := range safety(p) {
		a.write("warning", hcl.Range{}, "Apply refuses this plan unasked", message)
	}
	for _, i := range p.Conflicts() {
		c := &p.Changes[i]
		a.write("warning", c.Place, "Conflict", c.Called(0)+" was changed in the files and in the CRM.")
	}
	for i := range p.Changes {
		c := &p.Changes[i]
		switch c.Action {
		case planner.Delete:
			a.write("warning", c.Place, "Destroy", c.Called(0)+" will be destroyed.")
		case planner.Replace:
			a.write("warning", c.Place, "Replace", c.Called(0)+" must be replaced.")
		}
	}
}

// Drift annotates what was edited in the CRM, or deleted there, where the files have it.
func (a *Annotations) Drift(r *drift.Report) {
	titles := map[drift.Class]string{drift.InCRM: "Changed in the CRM", drift.InBoth: "Changed in the files and in the CRM", drift.Gone: "Deleted in the CRM"}
	for i := range r.Objects {
		o := &r.Objects[i]
		title, ok := titles[o.Class]
		if !ok {
			continue
		}
		file, line, _ := cutLast(o.Source, ":")
		at := hcl.Range{Filename: file}
		at.Start.Line, _ = strconv.Atoi(line) // none is the first
		paths := make([]string, len(o.Fields))
		for i := range o.Fields {
			paths[i] = o.Fields[i].Path
		}
		message := o.Called()
		if len(paths) > 0 {
			message += ": " + strings.Join(paths, ", ")
		}
		a.write("warning", at, title, message)
	}
}

// write writes one command, unless there are enough of its sort.
func (a *Annotations) write(sort string, at hcl.Range, title, message string) {
	if a.count[sort]++; a.count[sort] > mostAnnotations {
		return
	}
	where := ""
	if at.Filename != "" {
		where = fmt.Sprintf("file=%s,line=%d,", property(a.path(filepath.ToSlash(at.Filename))), max(at.Start.Line, 1))
	}
	fmt.Fprintf(a.out, "::%s %stitle=%s::%s\n", sort, where, property(title), commandText(message))
}

// commandText and property escape what would end a command or one of its properties,
// as @actions/core does (packages/core/src/command.ts), and what no reader sees.
func commandText(text string) string {
	var b strings.Builder
	_, _ = NewVisible(&b, false).Write([]byte(text)) // a builder takes all
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(b.String())
}

func property(text string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(commandText(text))
}
