package command

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"

	"lockstep/cmd/internal/view"
	"lockstep/planner"
)

// The forms of a plan for reviewers. They go to others, so they are redacted unless
// -redact=false says otherwise.
const (
	formatText     = "text"
	formatMarkdown = "markdown"
	formatGitHub   = "github"
	formatHTML     = "html"
)

// formatFlag says in which form a plan is shown.
func formatFlag() cli.Flag {
	return choice("format", "how to show a plan: `FORM` is text, markdown, html, or github for a pull request (markdown, with annotations, a step summary and outputs)",
		formatText, formatMarkdown, formatGitHub, formatHTML)
}

// reviews reports whether a plan is shown in a form for reviewers.
func (s *printer) reviews() bool {
	return (s.command == "plan" || s.command == "show") && slices.Contains([]string{formatMarkdown, formatGitHub, formatHTML}, s.format)
}

// review shows a plan in one of the forms for reviewers. saved is its file, if any.
func (s *session) review(form string, plan *planner.Plan, o view.Options, saved string) error {
	r := view.NewReview(plan, s.folder(), o)
	switch form {
	case formatHTML:
		return r.HTML(s.env.Stdout)
	case formatGitHub:
		s.annotations().Plan(plan)
		if err := s.stepSummary(r); err != nil {
			return err
		}
		if err := s.stepOutputs(plan, saved); err != nil {
			return err
		}
	}
	return r.Markdown(s.env.Stdout, view.MaxComment)
}

// folder is the one that is planned, as the repository calls it.
func (s *printer) folder() string {
	here, err := os.Getwd()
	if err != nil {
		return "."
	}
	root := s.env.getenv("GITHUB_WORKSPACE")
	if rel, err := filepath.Rel(root, here); root != "" && err == nil && filepath.IsLocal(rel) {
		return filepath.ToSlash(rel)
	}
	return filepath.Base(here)
}

// annotations are begun when they are first needed. They go to the log as it is.
func (s *printer) annotations() *view.Annotations {
	if s.marks == nil {
		s.marks = view.NewAnnotations(s.terminal, s.inRepository)
	}
	return s.marks
}

// inRepository is the path of a file from the top of the checkout.
func (s *printer) inRepository(file string) string {
	if s.env.getenv("GITHUB_WORKSPACE") == "" || filepath.IsAbs(file) {
		return file
	}
	return filepath.ToSlash(filepath.Join(filepath.FromSlash(s.folder()), filepath.FromSlash(file)))
}

func (s *session) stepSummary(r *view.Review) error {
	return s.appendTo("GITHUB_STEP_SUMMARY", func(w io.Writer) error { return r.Markdown(w, view.MaxSummary) })
}

// stepOutputs are what later steps of a workflow ask for.
func (s *session) stepOutputs(p *planner.Plan, saved string) error {
	if strings.ContainsAny(saved, "\r\n") {
		return usage("-out=%q: the name of a plan has one line.", saved)
	}
	n := p.Counts()
	return s.appendTo("GITHUB_OUTPUT", func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "changes=%t\nto_import=%d\nto_add=%d\nto_change=%d\nto_destroy=%d\nto_forget=%d\nconflicts=%d\nplan_file=%s\ndigest=%s\n",
			!p.Empty(), n.Import, n.Add, n.Change, n.Destroy, n.Forget, len(p.Conflicts()), saved, p.Digest)
		return err
	})
}

// appendTo adds to a file that a variable of GitHub's runner names; without it there is
// no runner to tell.
func (s *session) appendTo(variable string, write func(io.Writer) error) error {
	path := s.env.getenv(variable)
	if path == "" {
		return nil
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err == nil {
		err = write(f)
		if shut := f.Close(); err == nil {
			err = shut
		}
	}
	if err != nil {
		return failed(problem("Cannot tell the runner", "The file that %s names cannot be written: %s.", variable, reason(err)))
	}
	return nil
}
