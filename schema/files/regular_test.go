package files

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestOpenRegular(t *testing.T) {
	root := tree(t, map[string]string{"file": "x", "folder/a": "x", "link": "-> file"})
	for name, tc := range map[string]struct {
		reason, path string
		opened       bool
	}{
		"File":    {reason: "a file is opened", path: "file", opened: true},
		"Folder":  {reason: "a folder is no file", path: "folder"},
		"Link":    {reason: "links are followed before, once", path: "link"},
		"Missing": {reason: "nothing is made", path: "none"},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := OpenRegular(filepath.Join(root, tc.path), os.O_RDWR)
			if err == nil {
				must(t, f.Close())
			}
			if (err == nil) != tc.opened {
				t.Errorf("%s: %v", tc.reason, err)
			}
		})
	}
	if _, err := OpenRegular(os.DevNull, os.O_RDONLY); err == nil {
		t.Error("a device may have no end")
	}
}

func TestInside(t *testing.T) {
	root := tree(t, map[string]string{"repo/.git/HEAD": "x", "repo/club/main.hcl": "x", "repo/club/own": "-> /vol", "vol/s": "x"})
	for name, tc := range map[string]struct {
		reason, path, allowed, want string
	}{
		"Plain":    {reason: "A file of the folder.", path: "s.jsonl", want: "s.jsonl"},
		"Deep":     {reason: "A file below it, which need not exist.", path: "a/./b/s.jsonl", want: filepath.Join("a", "b", "s.jsonl")},
		"Above":    {reason: "The repository is the project.", path: "../s.jsonl", want: filepath.Join("..", "s.jsonl")},
		"Absolute": {reason: "An absolute path within.", path: root + "/repo/s.jsonl", want: root + "/repo/s.jsonl"},
		"Link":     {reason: "A link of the project leads where it leads.", path: "own/s", want: filepath.Join("own", "s")},
		"Back":     {reason: "A step back is taken before the link is followed.", path: "own/../s", want: "s"},
		"Out":      {reason: "Beside the repository is outside.", path: "../../vol/s"},
		"OutBack":  {reason: "However it goes there.", path: "own/../../../vol/s"},
		"OutRoot":  {reason: "An absolute path elsewhere is outside.", path: root + "/vol/s"},
		"Git":      {reason: "What git keeps is no place for others.", path: "../.Git/s"},
		"GitHere":  {reason: "Nor is that of a folder below.", path: "sub/.git/s"},
		"Allowed":  {reason: "The caller may allow a folder.", path: "../../vol/s", allowed: root + "/vol", want: filepath.Join("..", "..", "vol", "s")},
	} {
		t.Run(name, func(t *testing.T) {
			var allowed []string
			if tc.allowed != "" {
				allowed = append(allowed, tc.allowed)
			}
			p, err := OpenProject(filepath.Join(root, "repo", "club"), allowed...)
			must(t, err)
			got, err := p.Inside(tc.path)
			var outside *OutsideError
			if errors.As(err, &outside) != (tc.want == "") || err == nil && got != tc.want {
				t.Errorf("%s\nInside(%q) = %q, %v", tc.reason, tc.path, got, err)
			}
		})
	}
}
