package command

import (
	"context"
	"errors"
	"slices"

	"github.com/urfave/cli/v3"

	"lockstep/cmd/internal/view"
	"lockstep/planner/state"
	"lockstep/planner/state/backend"
	"lockstep/schema"
	"lockstep/schema/eval"
)

func workspaceCommand(s *session) *cli.Command {
	create := &cli.BoolFlag{Name: "or-create", Usage: "make the workspace if there is none"}
	force := &cli.BoolFlag{Name: "force", Usage: "forget the objects of a state that has some; they stay in the CRM"}
	return &cli.Command{
		Name: "workspace", Usage: "keep several states for one folder",
		Metadata: examples(
			"lockstep workspace new north", "begin an empty state and use it",
			"lockstep workspace select default", "go back to the first one"),
		Action: func(_ context.Context, c *cli.Command) error {
			if name := c.Args().First(); name != "" {
				return unknownCommand(c, name)
			}
			return showHelp(c)
		},
		Commands: []*cli.Command{
			{Name: "list", Usage: "list the workspaces; * is the selected one", Flags: variableFlags(), Action: s.does(workspaceList)},
			{Name: "show", Usage: "print the name of the selected one", Action: s.does(workspaceShow)},
			{Name: "new", Usage: "make a workspace and select it", ArgsUsage: "NAME", Flags: variableFlags(), Action: s.does(workspaceNew)},
			{Name: "select", Usage: "select a workspace", ArgsUsage: "NAME", Flags: append(variableFlags(), create), Action: s.does(workspaceSelect)},
			{Name: "delete", Usage: "delete a workspace with its state", ArgsUsage: "NAME", Flags: append(variableFlags(), force, lockTimeoutFlag()), Action: s.does(workspaceDelete)},
		},
	}
}

func workspaceShow(_ context.Context, s *session, c *cli.Command) error {
	if err := positional(c, 0, 0, ""); err != nil {
		return err
	}
	name, diags := s.env.workspace()
	if diags.HasErrors() {
		return failed(diags)
	}
	s.say("%s", name)
	return nil
}

func workspaceList(ctx context.Context, s *session, c *cli.Command) error {
	if err := positional(c, 0, 0, ""); err != nil {
		return err
	}
	p, err := withoutState(s, c)
	if err != nil {
		return err
	}
	names, err := p.workspaces(ctx)
	if err != nil {
		return err
	}
	for _, name := range names {
		mark := " "
		if name == p.workspace {
			mark = "*"
		}
		s.say("%s %s", mark, name)
	}
	return nil
}

func workspaceNew(ctx context.Context, s *session, c *cli.Command) error {
	p, name, err := selecting(s, c)
	if err != nil {
		return err
	}
	return p.begin(ctx, name)
}

// begin makes a workspace and selects it.
func (p *project) begin(ctx context.Context, name string) error {
	all, err := p.openWorkspaces()
	if err != nil {
		return err
	}
	err = backend.ErrWorkspaceExists
	if name != schema.DefaultWorkspace {
		err = all.MakeWorkspace(ctx, name)
	}
	switch {
	case errors.Is(err, backend.ErrWorkspaceExists):
		return failed(problem("The workspace exists", "There is a workspace %q already: run `lockstep workspace select %s`.", name, name))
	case err != nil:
		return failed(problem("Cannot make the workspace", "%s.", capital(err.Error())))
	}
	if err := selectWorkspace(name); err != nil {
		return err
	}
	p.say("Created and switched to workspace %q!\n\nIts state is empty: the next plan adopts what exists under its natural keys.", name)
	return nil
}

func workspaceSelect(ctx context.Context, s *session, c *cli.Command) error {
	p, name, err := selecting(s, c)
	if err != nil {
		return err
	}
	if name != schema.DefaultWorkspace {
		names, err := p.workspaces(ctx)
		if err != nil {
			return err
		}
		switch known := slices.Contains(names, name); {
		case !known && c.Bool("or-create"):
			return p.begin(ctx, name)
		case !known:
			return noWorkspace(name, names)
		}
	}
	if err := selectWorkspace(name); err != nil {
		return err
	}
	s.say("Switched to workspace %q.", name)
	return nil
}

func workspaceDelete(ctx context.Context, s *session, c *cli.Command) error {
	p, name, err := named(s, c)
	if err != nil {
		return err
	}
	switch name {
	case schema.DefaultWorkspace:
		return failed(problem("The workspace cannot be deleted", "The workspace %q is always there.", name))
	case p.workspace:
		return failed(problem("The workspace is selected", "Select another one first, as with `lockstep workspace select default`, and then delete %q.", name))
	}
	p.workspace = name
	if err := p.checkWorkspace(ctx); err != nil {
		return err
	}
	if p.backend, err = s.backend(p.settings, name); err != nil {
		return err
	}
	records, err := p.emptied(ctx, c.Bool("force"))
	if err != nil {
		return err
	}
	all, err := p.openWorkspaces()
	if err != nil {
		return err
	}
	if err := all.RemoveWorkspace(ctx, name); err != nil {
		return failed(problem("Cannot delete the workspace", "%s.", capital(err.Error())))
	}
	s.say("Deleted workspace %q!", name)
	if records > 0 {
		s.say("%s forgotten; the objects stay in the CRM.", view.Count(records, "record was", "records were"))
	}
	return nil
}

// emptied returns how many records a workspace has that is to be deleted. It is
// refused while another run has the lock, and with records unless it is forced.
func (p *project) emptied(ctx context.Context, force bool) (records int, err error) {
	release, err := p.lock(ctx, "workspace delete")
	if err != nil {
		return 0, err
	}
	defer release()
	log, err := p.backend.Load(ctx)
	if err != nil {
		return 0, failed(problem("Cannot read the state", "%s.", capital(err.Error())))
	}
	kept, err := state.Decode(log)
	switch {
	case err != nil && force:
		return 0, nil
	case err != nil:
		return 0, failed(problem("Cannot read the state", "%s. To delete it all the same, say -force.", capital(err.Error())))
	case kept.Records.Len() > 0 && !force:
		return 0, &outcome{code: ExitRefused, diags: problem("The workspace is not empty", "Its state has %s. Destroy them there first; or say -force, and lockstep forgets them: they stay in the CRM.",
			view.Count(kept.Records.Len(), "object", "objects"))}
	}
	return kept.Records.Len(), nil
}

// withoutState loads the folder, whether or not its backend can be used.
func withoutState(s *session, c *cli.Command) (*project, error) {
	s.stages.loading.Store(true)
	defer s.stages.loading.Store(false)
	cfg, err := s.loadFiles()
	if err != nil {
		return nil, err
	}
	return stateless(s, c, cfg, eval.Input{Now: s.env.Now()})
}

// named is the folder, and the workspace that a command line names.
func named(s *session, c *cli.Command) (*project, string, error) {
	if err := positional(c, 1, 1, "one NAME"); err != nil {
		return nil, "", err
	}
	name := c.Args().First()
	if err := schema.CheckWorkspace(name); err != nil {
		return nil, "", usage("%q is no name: %s.", name, err)
	}
	p, err := withoutState(s, c)
	return p, name, err
}

// selecting is named for a workspace that is to be selected, which has no effect
// where the environment names one.
func selecting(s *session, c *cli.Command) (*project, string, error) {
	if name := s.env.getenv(workspaceVariable); name != "" {
		return nil, "", failed(problem("The workspace is set by the environment", "%s names %q, which wins over what is selected: unset it first.", workspaceVariable, name))
	}
	return named(s, c)
}
