package command

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner/state/backend"
	"lockstep/schema"
	"lockstep/schema/files"
)

const (
	// workspaceVariable names the workspace and wins over what was selected.
	workspaceVariable = "LOCKSTEP_WORKSPACE"
	// workspaceFile has the name of the workspace that was selected in this folder.
	workspaceFile = ".lockstep/workspace"
	// maxSelected is longer than any name.
	maxSelected = 200
)

// workspace is the name of the workspace that the environment names, or else of the
// one that was selected.
func (e *Env) workspace() (string, hcl.Diagnostics) {
	name, from := e.getenv(workspaceVariable), workspaceVariable
	if name == "" {
		from = workspaceFile
		text, err := readSelected()
		if err != nil {
			return "", problem("Cannot read which workspace is selected", "%s: %s.", workspaceFile, reason(err))
		}
		name = text
	}
	if err := schema.CheckWorkspace(name); err != nil {
		return "", problem("Invalid name of a workspace", "What %s has is no name: %s.", from, err)
	}
	return name, nil
}

func readSelected() (name string, err error) {
	file, err := files.OpenRegular(workspaceFile, os.O_RDONLY)
	if errors.Is(err, fs.ErrNotExist) {
		return schema.DefaultWorkspace, nil
	}
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	text, err := io.ReadAll(io.LimitReader(file, maxSelected))
	return string(text), err
}

// selectWorkspace selects a workspace in this folder.
func selectWorkspace(name string) error {
	err := os.MkdirAll(filepath.Dir(workspaceFile), 0o700)
	if err == nil {
		err = files.ReplaceBytes(workspaceFile, files.Private, []byte(name))
	}
	if err != nil {
		return failed(problem("Cannot select the workspace", "%s: %s.", workspaceFile, reason(err)))
	}
	return nil
}

// checkWorkspace refuses a workspace that was never made: a mistyped name would begin an
// empty state, from which all objects are adopted again.
func (p *project) checkWorkspace(ctx context.Context) error {
	if p.workspaceFound || p.workspace == schema.DefaultWorkspace {
		return nil
	}
	names, err := p.workspaces(ctx)
	if err != nil {
		return err
	}
	if !slices.Contains(names, p.workspace) {
		return noWorkspace(p.workspace, names)
	}
	p.workspaceFound = true
	return nil
}

// workspaces are the names of all, sorted.
func (p *project) workspaces(ctx context.Context) ([]string, error) {
	all, err := p.openWorkspaces()
	if err != nil {
		return nil, err
	}
	names, err := all.ListWorkspaces(ctx)
	if err != nil {
		return nil, failed(problem("Cannot list the workspaces", "%s.", capital(err.Error())))
	}
	return slices.Sorted(slices.Values(append(names, schema.DefaultWorkspace))), nil
}

// openWorkspaces opens where the workspaces are kept.
func (p *project) openWorkspaces() (backend.Workspaces, error) {
	all, err := backend.OpenWorkspaces(p.env.backendOptions(p.settings, schema.DefaultWorkspace))
	if err != nil {
		return nil, unusable(p.settings, err)
	}
	return all, nil
}

func noWorkspace(name string, names []string) error {
	return failed(problem("There is no such workspace", "There is no workspace %q. Make it with `lockstep workspace new %s`, or select another one.%s", name, name, schema.DidYouMean(name, names)))
}
