package files

import (
	"errors"
	"path/filepath"
	"testing"
)

func TestProject(t *testing.T) {
	root := tree(t, map[string]string{
		"repo/.git/config": "token", "repo/shared/a.csv": "a", "repo/club/main.hcl": "m",
		"repo/club/out": "-> /vol/s", "repo/club/in": "-> /repo/shared/a.csv", "repo/club/dots": "-> ../../vol/s",
		"repo/club/loop": "-> loop", "repo/club/gone": "-> /vol/none", "repo2/x": "x", "vol/s": "secret",
	})
	tests := map[string]struct {
		reason  string
		path    string
		allowed string
		want    string
		outside bool
	}{
		"Beside":    {reason: "A file of the folder is read.", path: "main.hcl", want: "m"},
		"Above":     {reason: "The whole repository is the project.", path: "../shared/a.csv", want: "a"},
		"Absolute":  {reason: "An absolute path within is the same file.", path: root + "/repo/shared/a.csv", want: "a"},
		"Link":      {reason: "A link within the project is followed, also an absolute one.", path: "in", want: "a"},
		"Outside":   {reason: "What lies above the repository is not read.", path: "../../vol/s", outside: true},
		"Neighbour": {reason: "A folder whose name begins alike is another one.", path: "../../repo2/x", outside: true},
		"Leaving":   {reason: "A link that leaves is refused.", path: "out", outside: true},
		"Dots":      {reason: "So is one that climbs out.", path: "dots", outside: true},
		"Dangling":  {reason: "A link does not tell what is there outside.", path: "gone", outside: true},
		"Git":       {reason: "What git keeps may hold a token.", path: "../.git/config", outside: true},
		"GitCase":   {reason: "On many file systems it has other names.", path: "../.Git/config", outside: true},
		"GitSub":    {reason: "So does one of a submodule.", path: "sub/.git/config", outside: true},
		"Allowed":   {reason: "The caller may allow a folder.", path: "out", allowed: root + "/vol", want: "secret"},
		"Folder":    {reason: "A folder is no file.", path: "../shared"},
		"Loop":      {reason: "Links in a circle end.", path: "loop"},
		"Missing":   {reason: "What is not there is an error of its own.", path: "none"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			var allowed []string
			if tc.allowed != "" {
				allowed = append(allowed, tc.allowed)
			}
			p, err := OpenProject(filepath.Join(root, "repo", "club"), allowed...)
			must(t, err)
			got, err := p.ReadText(tc.path)
			var outside *OutsideError
			if errors.As(err, &outside) != tc.outside || got != tc.want || (err == nil) != (tc.want != "") {
				t.Errorf("%s\nReadText(%q) = %q, %v", tc.reason, tc.path, got, err)
			}
			if own := p.Own(tc.path); own && tc.outside || own && tc.allowed != "" {
				t.Errorf("%s\nOwn(%q)", tc.reason, tc.path)
			}
		})
	}
}

// TestProjectAlone has no repository around it.
func TestProjectAlone(t *testing.T) {
	root := tree(t, map[string]string{"club/a": "a", "b": "b"})
	p, err := OpenProject(filepath.Join(root, "club"))
	must(t, err)
	if got, err := p.ReadText("a"); got != "a" {
		t.Errorf("ReadText = %q, %v", got, err)
	}
	if _, err := p.ReadText("../b"); err == nil {
		t.Error("without a repository the folder is the project, and what is above was read")
	}
}
