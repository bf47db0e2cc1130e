package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"time"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner/engine"
	"lockstep/planner/state"
	"lockstep/schema/config"
	"lockstep/schema/eval"
	"lockstep/schema/files"
)

// project is the evaluated folder.
type project struct {
	*session
	config   *config.Config
	eval     *eval.Evaluator
	settings eval.Settings
	// now is what timestamp() returns.
	now time.Time
	// full asks for every object of a plan.
	full bool
	// refresh is how much of the live objects to read.
	refresh engine.Refresh
	// lockTimeout is how long to wait for the lock of the state.
	lockTimeout time.Duration
	// backend of the state: the one that is locked is the one that is written.
	backend state.Backend
	// workspace whose state it is, and whether its backend has it for certain.
	workspace      string
	workspaceFound bool
}

// store opens the state of a project.
func (p *project) store(ctx context.Context) (*state.Store, error) {
	if err := p.checkWorkspace(ctx); err != nil {
		return nil, err
	}
	options := state.Options{Personal: p.settings.PersonalData, Key: p.env.getenv("LOCKSTEP_STATE_KEY")}
	store, err := state.Open(ctx, p.backend, options)
	if err != nil {
		return nil, failed(problem("Cannot open the state", "%s.", capital(err.Error())))
	}
	if how := store.Mismatch(options); how != "" {
		p.tell(hcl.Diagnostics{{Severity: hcl.DiagWarning, Summary: "The state stores personal data differently from the settings",
			Detail: how + ". To begin it anew, delete the file: the next plan finds the objects by their keys and adopts them, and destroy will then forget instead of delete them."}})
	}
	return store, nil
}

// open starts the engine. The caller closes it.
func (p *project) open(ctx context.Context) (*engine.Engine, error) {
	store, err := p.store(ctx)
	if err != nil {
		return nil, err
	}
	options := engine.Options{
		Evaluator: p.eval, Settings: p.settings, Factories: p.factories(), Store: store,
		Now: p.env.Now, OnProgress: p.progress, Refresh: p.refresh, Files: files.Folder{Dir: p.project.Dir},
	}
	if p.streams() {
		// The stream is begun before several goroutines write to it.
		options.OnSettled, options.OnInvoking, options.OnInvoked = p.stream().Settled, p.stream().Invoking, p.stream().Invoked
	}
	e, diags := engine.Open(ctx, options)
	if err := p.warn(diags); err != nil {
		_ = e.Close()
		return nil, err
	}
	return e, nil
}

// openLocked starts the engine under the lock of the state.
func (p *project) openLocked(ctx context.Context, what string) (*engine.Engine, func(), error) {
	unlock, err := p.lock(ctx, what)
	if err != nil {
		return nil, nil, err
	}
	e, err := p.open(ctx)
	if err != nil {
		unlock()
		return nil, nil, err
	}
	return e, func() {
		if err := e.Close(); err != nil {
			p.note("Warning: a provider did not close: %s", err)
		}
		unlock()
	}, nil
}

// lock keeps other runs from writing the state until it is released.
func (p *project) lock(ctx context.Context, what string) (func(), error) {
	if err := p.checkWorkspace(ctx); err != nil {
		return nil, err
	}
	release, err := p.waitForLock(ctx, what)
	var locked *state.LockedError
	if errors.As(err, &locked) {
		return nil, failed(problem("The state is locked", "%s.", capital(err.Error())))
	}
	if ctx.Err() != nil {
		return nil, &outcome{code: ExitInterrupted, diags: problem("Interrupted", "Nothing was written.")}
	}
	if err != nil {
		return nil, failed(problem("Cannot lock the state", "%s. The state is %s: you must be able to write to it%s.", capital(err.Error()), p.kept(), p.beside()))
	}
	return func() {
		if err := release(); err != nil {
			p.note("Warning: the lock of the state could not be released: %s", err)
		}
	}, nil
}

// lockEvery is how often a run that waits asks whether the state is free.
const lockEvery = time.Second

// waitForLock takes the lock of the state, for which it waits as long as
// -lock-timeout allows.
func (p *project) waitForLock(ctx context.Context, what string) (func() error, error) {
	within, cancel := context.WithTimeout(ctx, p.lockTimeout)
	defer cancel()
	told := false
	for {
		release, err := p.backend.Lock(ctx, holder(what))
		var locked *state.LockedError
		if !errors.As(err, &locked) || within.Err() != nil {
			return release, err
		}
		if !told {
			p.note("Waiting for the lock of the state, which %s has.", locked.Holder)
			told = true
		}
		select {
		case <-within.Done():
		case <-time.After(lockEvery):
		}
	}
}

// holder names, to other runs, who has the lock.
func holder(what string) string {
	name := "unknown"
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	host, err := os.Hostname()
	if err != nil {
		host = "localhost"
	}
	return fmt.Sprintf("%s@%s %s", name, host, what)
}

// kept names where the state is.
func (p *project) kept() string {
	if p.settings.Backend == eval.BackendLocal {
		return relative(p.backend.Name())
	}
	return p.backend.Name()
}

// beside names what else must be writable for a lock.
func (p *project) beside() string {
	if p.settings.Backend == eval.BackendLocal {
		return " and to its folder"
	}
	return ""
}

// relative shortens a path to what a person would type.
func relative(path string) string { return filepath.ToSlash(filepath.Clean(path)) }
