package backend

import (
	"context"
	"errors"
	"fmt"
)

// Workspaces is implemented by backends that keep a state for each workspace beside
// the one of the workspace "default". Options.Workspace says which one a backend
// opens.
type Workspaces interface {
	// ListWorkspaces returns the names in any order, without "default".
	ListWorkspaces(ctx context.Context) ([]string, error)
	// MakeWorkspace begins an empty one, or returns ErrWorkspaceExists.
	MakeWorkspace(ctx context.Context, name string) error
	// RemoveWorkspace removes one with its state. That it has no objects, and that no
	// run is at work in it, is for the caller to see to.
	RemoveWorkspace(ctx context.Context, name string) error
}

// ErrWorkspaceExists is returned for a workspace that is made twice.
var ErrWorkspaceExists = errors.New("there is a workspace of this name already")

// OpenWorkspaces returns where the workspaces of a backend are.
func OpenWorkspaces(o Options) (Workspaces, error) {
	kept, err := open(o)
	if err != nil {
		return nil, err
	}
	all, ok := kept.(Workspaces)
	if !ok {
		return nil, errOne(o.Type)
	}
	return all, nil
}

func errOne(kind string) error {
	return fmt.Errorf("the backend %q keeps one state, so it has the workspace \"default\" only: give each folder an address of its own", kind)
}
