package backend

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"lockstep/planner/state"
	"lockstep/schema"
)

// workspacesFolder has a folder for each workspace, beside the state of the default
// one, as Terraform's terraform.tfstate.d does.
const workspacesFolder = "lockstep.state.d"

// local is the state in a file.
type local struct {
	state.Backend
	// path of the state of the workspace "default".
	path string
}

func openLocal(o Options) state.Backend {
	l := local{path: o.Path}
	path := o.Path
	if !o.inDefault() {
		path = l.pathOf(o.Workspace)
	}
	l.Backend = state.Local(path)
	return l
}

// pathOf is the file of the state of a workspace other than "default".
func (l local) pathOf(workspace string) string {
	return filepath.Join(l.folder(), workspace, filepath.Base(l.path))
}

func (l local) folder() string { return filepath.Join(filepath.Dir(l.path), workspacesFolder) }

// ListWorkspaces lists the folders.
func (l local) ListWorkspaces(context.Context) (names []string, err error) {
	entries, err := os.ReadDir(l.folder())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	for _, entry := range entries {
		if entry.IsDir() && schema.CheckWorkspace(entry.Name()) == nil {
			names = append(names, entry.Name())
		}
	}
	return names, err
}

// MakeWorkspace makes a folder.
func (l local) MakeWorkspace(_ context.Context, name string) error {
	if err := os.MkdirAll(l.folder(), 0o700); err != nil {
		return err
	}
	err := os.Mkdir(filepath.Join(l.folder(), name), 0o700)
	if errors.Is(err, fs.ErrExist) {
		return ErrWorkspaceExists
	}
	return err
}

// RemoveWorkspace removes the state and its folder, which has nothing else.
func (l local) RemoveWorkspace(_ context.Context, name string) error {
	path := l.pathOf(name)
	for _, file := range []string{path, path + ".lock", filepath.Dir(path)} {
		if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("cannot remove the workspace: %w", err)
		}
	}
	return nil
}
