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
	"github.com/urfave/cli/v3"

	"lockstep/planner/engine"
	"lockstep/planner/state"
	"lockstep/schema/config"
	"lockstep/schema/eval"
)

// variableFlags give values to variables; every command that evaluates files
// has them.
func variableFlags() []cli.Flag {
	list := new([]eval.Given)
	return []cli.Flag{
		&cli.GenericFlag{Name: "var", Value: givenFlag{list: list}, Usage: "give a variable a value: `NAME=VALUE`; may be repeated"},
		&cli.GenericFlag{Name: "var-file", Value: givenFlag{list: list, file: true}, Usage: "read values of variables from a `FILE`; may be repeated"},
	}
}

// givenFlag is a flag that shares a list with another one, because their order
// among each other counts.
type givenFlag struct {
	list *[]eval.Given
	file bool
}

// Set adds one value.
func (f givenFlag) Set(text string) error {
	*f.list = append(*f.list, eval.Given{Text: text, File: f.file})
	return nil
}

// Get returns the flag itself.
func (f givenFlag) Get() any { return f }

// String is the default value that help shows: none.
func (f givenFlag) String() string { return "" }

// given are the values and files of the command line, in its order.
func given(c *cli.Command) []eval.Given {
	if f, ok := c.Generic("var").(givenFlag); ok {
		return *f.list
	}
	return nil
}

// project is the evaluated folder.
type project struct {
	config   *config.Config
	eval     *eval.Evaluator
	settings eval.Settings
	// now is what timestamp() returns.
	now time.Time
	// refresh says how much of the live objects to read.
	refresh engine.Refresh
	// backend of the state: the one that is locked is the one that is written.
	backend state.Backend
}

// files loads the folder without evaluating it.
func (a *app) loadFiles() (*config.Config, error) {
	cfg, diags := config.Load(".", a.catalog())
	if cfg != nil {
		a.files = cfg.Shown()
	}
	return cfg, a.warn(diags)
}

// load reads and evaluates the folder.
func (a *app) load(c *cli.Command) (*project, error) { return a.loadAt(c, a.env.Now(), nil) }

// loadAt evaluates the folder as of a time. saved are values of variables that
// win over all others.
func (a *app) loadAt(c *cli.Command, now time.Time, saved []eval.Assignment) (*project, error) {
	a.full = c.Bool("full")
	cfg, err := a.loadFiles()
	if err != nil {
		return nil, err
	}
	evaluator, diags := a.evaluate(c, cfg, now, saved)
	if err := a.warn(diags); err != nil {
		return nil, err
	}
	settings, diags := evaluator.Settings()
	if err := a.warn(append(diags, checkVersion(settings.RequiredVersion)...)); err != nil {
		return nil, err
	}
	refresh := engine.Refresh(c.String("refresh"))
	if refresh != "" && refresh != engine.RefreshAll && refresh != engine.RefreshChanged {
		return nil, usage("-refresh=%s is not known: it is all or changed.", refresh)
	}
	return &project{config: cfg, eval: evaluator, settings: settings, now: now, refresh: refresh, backend: state.Local(settings.StatePath)}, nil
}

// evaluate gives the variables their values.
func (a *app) evaluate(c *cli.Command, cfg *config.Config, now time.Time, saved []eval.Assignment) (*eval.Evaluator, hcl.Diagnostics) {
	vars, diags := eval.LoadVars(".", given(c), a.env.Environ)
	if diags.HasErrors() {
		return nil, diags
	}
	evaluator, more := eval.New(cfg, eval.Input{Vars: append(vars, saved...), Now: now, Env: a.env.getenv})
	return evaluator, append(diags, more...)
}

// store opens the state of a project.
func (a *app) store(ctx context.Context, p *project) (*state.Store, error) {
	options := state.Options{Personal: p.settings.PersonalData, Key: a.env.getenv("LOCKSTEP_STATE_KEY")}
	store, err := state.Open(ctx, p.backend, options)
	if err != nil {
		return nil, failed(problem("Cannot open the state", "%s.", capital(err.Error())))
	}
	if how := store.Mismatch(options); how != "" {
		a.report(hcl.Diagnostics{{Severity: hcl.DiagWarning, Summary: "The state keeps personal data otherwise",
			Detail: how + ". To begin it anew, delete the file: the next plan finds the objects by their keys and adopts them, and destroy will then forget instead of delete them."}})
	}
	return store, nil
}

// open starts the engine. The caller closes it.
func (a *app) open(ctx context.Context, p *project) (*engine.Engine, error) {
	store, err := a.store(ctx, p)
	if err != nil {
		return nil, err
	}
	options := engine.Options{
		Evaluator: p.eval, Settings: p.settings, Factories: a.factories(), Store: store,
		Now: a.env.Now, OnProgress: a.onProgress, Refresh: p.refresh,
	}
	if a.streams() {
		// The stream is begun before several goroutines write to it.
		options.OnSettled = a.stream().Settled
	}
	e, diags := engine.Open(ctx, options)
	if err := a.warn(diags); err != nil {
		_ = e.Close()
		return nil, err
	}
	return e, nil
}

// lock keeps other runs from writing the state until it is released.
func (a *app) lock(ctx context.Context, p *project, what string) (func(), error) {
	release, err := p.backend.Lock(ctx, holder(what))
	var locked *state.LockedError
	if errors.As(err, &locked) {
		return nil, failed(problem("The state is locked", "%s.", capital(err.Error())))
	}
	if err != nil {
		return nil, failed(problem("Cannot lock the state", "%s. The state is %s: you must be able to write to it and to its folder.", capital(err.Error()), relative(p.settings.StatePath)))
	}
	return func() {
		if err := release(); err != nil {
			a.note("Warning: the lock of the state could not be released: %s", err)
		}
	}, nil
}

// holder says to others who has the lock.
func holder(what string) string {
	name := "somebody"
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	host, err := os.Hostname()
	if err != nil {
		host = "localhost"
	}
	return fmt.Sprintf("%s@%s %s", name, host, what)
}

// relative shortens a path to what a person would type.
func relative(path string) string { return filepath.ToSlash(filepath.Clean(path)) }
