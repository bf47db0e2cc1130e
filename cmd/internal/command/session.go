package command

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/urfave/cli/v3"

	"lockstep/planner/engine"
	"lockstep/planner/state"
	"lockstep/planner/state/backend"
	"lockstep/planner/state/encryption"
	"lockstep/providers/ghl"
	"lockstep/schema/config"
	"lockstep/schema/eval"
	"lockstep/schema/files"
)

// session is what the commands of one command line share: how they tell what
// they find, and the providers that there are.
type session struct {
	*printer
	installed
	// allowed are folders outside the project that its files may read.
	allowed []string
	stages  stages
	// project is what the files may read; nil until they are loaded.
	project *files.Project
	// sandboxFolder has the emulated accounts of the test that runs; empty outside of tests.
	sandboxFolder string
}

// userAgent names this program to servers.
func userAgent() string { return "lockstep/" + Version }

func newSession(env *Env) *session {
	p := newPrinter(env)
	hooks := Hooks{
		UserAgent: userAgent(), OnWait: p.wait, OnSilence: p.silence, Now: env.Now, Getenv: env.getenv,
		Credentials: env.getenv(credentialsVariable), Sandboxes: ghl.NewSandboxes(),
	}
	if env.getenv("LOCKSTEP_LOG") != "" {
		hooks.Log = p.request
	}
	s := &session{printer: p}
	hooks.Locate = s.locate
	s.installed = installed{list: env.Providers, hooks: hooks}
	if s.redact {
		s.words = s.knownWords()
	}
	return s
}

// locate finds what a path in a provider block leads to.
func (s *session) locate(path string) (string, error) {
	if s.project == nil {
		return "", errors.New("no project is loaded")
	}
	if s.sandboxFolder != "" && strings.HasPrefix(filepath.Clean(path), s.sandboxFolder+string(filepath.Separator)) {
		return path, nil
	}
	return s.project.Locate(path)
}

// loadConfig loads the folder without a look at what was found wrong.
func (s *session) loadConfig() (*config.Config, hcl.Diagnostics) {
	cfg, diags := config.Load(".", s.catalog(), s.allowed...)
	s.files, s.project = cfg.Shown(), cfg.Files
	if s.redact {
		learnWords(&s.words, cfg)
	}
	s.stages.project.Store(cfg.Files)
	return cfg, diags
}

// does makes a command's action of a function that needs the session.
func (s *session) does(run func(context.Context, *session, *cli.Command) error) cli.ActionFunc {
	return func(ctx context.Context, c *cli.Command) error { return run(ctx, s, c) }
}

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

// loadFiles loads the folder without evaluating it.
func (s *session) loadFiles() (*config.Config, error) {
	cfg, diags := s.loadConfig()
	return cfg, s.warn(diags)
}

// load reads and evaluates the folder.
func (s *session) load(c *cli.Command) (*project, error) { return s.loadAt(c, s.env.Now(), nil) }

// loadAt evaluates the folder as of a time. saved are values of variables that
// win over all others.
func (s *session) loadAt(c *cli.Command, now time.Time, saved []eval.Assignment) (*project, error) {
	s.stages.loading.Store(true)
	defer s.stages.loading.Store(false)
	cfg, err := s.loadFiles()
	if err != nil {
		return nil, err
	}
	return s.evaluated(c, cfg, now, saved)
}

// evaluated is the project of files that were loaded.
func (s *session) evaluated(c *cli.Command, cfg *config.Config, now time.Time, saved []eval.Assignment) (*project, error) {
	p, err := stateless(s, c, cfg, eval.Input{Vars: saved, Now: now})
	if err != nil {
		return nil, err
	}
	p.backend, err = s.backend(p.settings, p.workspace)
	return p, err
}

// stateless is the project without the backend, which need not be usable.
func stateless(s *session, c *cli.Command, cfg *config.Config, in eval.Input) (*project, error) {
	workspace, diags := s.env.workspace()
	if err := s.warn(diags); err != nil {
		return nil, err
	}
	in.Workspace = workspace
	evaluator, diags := s.evaluate(c, cfg, in)
	if err := s.warn(diags); err != nil {
		return nil, err
	}
	settings, diags := evaluator.Settings()
	if err := s.warn(append(diags, checkVersion(settings.RequiredVersion)...)); err != nil {
		return nil, err
	}
	refresh := engine.Refresh(c.String("refresh"))
	return &project{
		session: s, config: cfg, eval: evaluator, settings: settings, now: in.Now, refresh: refresh, full: c.Bool("full"), lockTimeout: c.Duration("lock-timeout"),
		workspace: workspace,
	}, nil
}

// backendOptions are the options of the backend that keeps the state of a workspace.
func (e *Env) backendOptions(settings eval.Settings, workspace string) backend.Options {
	return backend.Options{
		Type: settings.Backend, Path: settings.StatePath, Arguments: settings.BackendArguments, Workspace: workspace,
		Getenv: e.getenv, UserAgent: userAgent(),
	}
}

// unusable is the error for a backend that its block and the environment do not lead to.
func unusable(settings eval.Settings, err error) error {
	diags := problem("Cannot use the backend", "%s.", capital(err.Error()))
	if settings.BackendAt.Filename != "" {
		diags[0].Subject = &settings.BackendAt
	}
	return failed(diags)
}

// backend is where the state of the project is kept.
func (s *session) backend(settings eval.Settings, workspace string) (state.Backend, error) {
	b, err := backend.Open(s.env.backendOptions(settings, workspace))
	if err != nil {
		return nil, unusable(settings, err)
	}
	keys, err := s.keys(settings.Encryption)
	if err != nil {
		return nil, err
	}
	return keys.Backend(b), nil
}

// keys encrypt and decrypt the state and saved plans.
func (s *session) keys(e eval.Encryption) (*encryption.Keys, error) {
	keys, err := encryption.New(encryption.Settings(e), s.env.getenv)
	if err != nil {
		return nil, failed(problem("Cannot encrypt the state", "%s.", capital(err.Error())))
	}
	return keys, nil
}

// evaluate gives the variables their values; those of the input win over all others.
func (s *session) evaluate(c *cli.Command, cfg *config.Config, in eval.Input) (*eval.Evaluator, hcl.Diagnostics) {
	vars, diags := eval.LoadVars(cfg.Files, given(c), s.env.Environ)
	if diags.HasErrors() {
		return nil, diags
	}
	in.Vars, in.Env, in.OnTask = append(vars, in.Vars...), s.env.getenv, s.stages.task.Store
	evaluator, more := eval.New(cfg, in)
	s.stages.evaluator.Store(evaluator)
	if s.redact {
		s.words.Accounts = append(s.words.Accounts, accountNames(evaluator)...)
	}
	return evaluator, append(diags, more...)
}
