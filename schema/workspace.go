package schema

import (
	"errors"
	"regexp"
)

// DefaultWorkspace is the workspace of a folder whose user selected none.
const DefaultWorkspace = "default"

// workspaceName is what the name of a workspace may be: it becomes the name of a
// folder, a row or a key.
var workspaceName = regexp.MustCompile(`^[A-Za-z0-9_-][A-Za-z0-9._-]{0,89}$`)

// CheckWorkspace refuses what is no name of a workspace. The error does not repeat
// the name, which may have come from anywhere.
func CheckWorkspace(name string) error {
	if !workspaceName.MatchString(name) {
		return errors.New("the name of a workspace has up to 90 letters, digits, -, _ and ., and does not begin with a dot")
	}
	return nil
}
