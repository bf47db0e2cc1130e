package command

import (
	"fmt"
	"runtime"
	"sync/atomic"
	"time"

	"lockstep/schema/eval"
	"lockstep/schema/files"
)

const (
	// glance is how often a command that is to stop is looked at, and glances how
	// often in a row it must be found evaluating before it is left.
	glance  = 50 * time.Millisecond
	glances = 20
)

// stages tell a signal what a command is doing. The zero value is that of a command
// that does not evaluate.
type stages struct {
	// loading is set while files are read and variables get their values.
	loading   atomic.Bool
	evaluator atomic.Pointer[eval.Evaluator]
	// task is what is being evaluated.
	task atomic.Pointer[eval.Task]
	// project has the files; nil until they are loaded.
	project atomic.Pointer[files.Project]
	// writing is set from the first write of an apply on.
	writing atomic.Bool
}

// evaluating reports whether nothing but an evaluation is under way.
func (s *stages) evaluating() bool {
	e := s.evaluator.Load()
	return !s.writing.Load() && (s.loading.Load() || e != nil && e.Busy())
}

// part is a part of an evaluation.
type part struct {
	// loaded is set once the files have been read.
	loaded bool
	task   *eval.Task
	// read is how many bytes the files have, as far as they were read.
	read int64
}

// part is what is being evaluated now.
func (s *stages) part() part {
	p := part{task: s.task.Load()}
	if project := s.project.Load(); project != nil {
		p.loaded, p.read = true, project.BytesRead()
	}
	return p
}

// name is what a message calls it.
func (p part) name() string {
	if p.task == nil {
		return "the files"
	}
	return p.task.What
}

// stopped waits for a command that is to stop. What asks an API or writes ends in
// order; an evaluation has nothing to put in order.
func (s *session) stopped(ended <-chan int) int {
	ticker := time.NewTicker(glance)
	defer ticker.Stop()
	for seen := 0; seen < glances; {
		select {
		case code := <-ended:
			return code
		case <-ticker.C:
			if seen++; !s.stages.evaluating() {
				seen = 0
			}
		}
	}
	fmt.Fprintln(s.env.Stderr, "Interrupted while the files were evaluated. Nothing was changed.")
	return ExitInterrupted
}

// crashed tells of a fault of this program.
func (s *session) crashed(fault any, stack []byte) int {
	fmt.Fprintf(s.env.Stderr, "\nError: lockstep has crashed\n\nThis is a fault of lockstep, not of your files. What was done so far is in the state: plan again to go on.\n"+
		"Please report it with what follows.\n\n%s\n\n%s", faultText(fault), stack)
	return ExitCrashed
}

// faultText is what a fault tells of itself. Only the words of the runtime hold
// nothing of what was worked on: a person, or a token.
func faultText(fault any) string {
	if err, ok := fault.(runtime.Error); ok {
		return err.Error()
	}
	return fmt.Sprintf("A fault of type %T. What it says is left out: it may quote your data.", fault)
}
