package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// readmeLines is how long the first page of the project may be.
const readmeLines = 220

func TestReadmeIsOnePage(t *testing.T) {
	text, err := fs.ReadFile(top(), "README.md")
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(text), "\n"); n > readmeLines {
		t.Errorf("README.md has %d lines; %d at most, the rest belongs into the README of the room it is about", n, readmeLines)
	}
}

// TestReadmeLinks follows the links within the project, to the heading.
func TestReadmeLinks(t *testing.T) {
	var n int
	for name, text := range readmes(t) {
		for _, target := range links(text) {
			n++
			if problem := follow(name, target); problem != "" {
				t.Errorf("%s: the link %s %s", name, target, problem)
			}
		}
	}
	if n == 0 {
		t.Error("no README has a link")
	}
}

func TestFollow(t *testing.T) {
	for reason, tc := range map[string]struct {
		target string
		broken bool
	}{
		"a file":                     {"cmd/README.md", false},
		"a heading of it":            {"cmd/README.md#foreign-pull-requests", false},
		"a heading of the page":      {"#in-ci", false},
		"a file that is not":         {"cmd/NONE.md", true},
		"a heading that is not":      {"cmd/README.md#none", true},
		"a page outside is not ours": {"https://example.com/none", false},
	} {
		t.Run(reason, func(t *testing.T) {
			if problem := follow("README.md", tc.target); (problem != "") != tc.broken {
				t.Errorf("%s: %q", tc.target, problem)
			}
		})
	}
}

// readmes returns the text of each README by its path.
func readmes(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := fs.WalkDir(top(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && name != "." && name != ".github" && strings.HasPrefix(d.Name(), ".") {
			return fs.SkipDir
		}
		if d.Name() != "README.md" {
			return nil
		}
		text, err := fs.ReadFile(top(), name)
		found[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// links returns where the links of a Markdown text lead.
func links(text string) []string {
	var targets []string
	for _, m := range regexp.MustCompile(`\]\(([^()\s]+)\)`).FindAllStringSubmatch(text, -1) {
		targets = append(targets, m[1])
	}
	return targets
}

// follow returns what is wrong with a link that stands in the README at name.
func follow(name, target string) string {
	if strings.Contains(target, "://") {
		return ""
	}
	file, heading, _ := strings.Cut(target, "#")
	file = filepath.Join("..", "..", filepath.Dir(name), file)
	if strings.HasPrefix(target, "#") {
		file = filepath.Join("..", "..", name)
	}
	if _, err := os.Stat(file); err != nil {
		return "leads nowhere"
	}
	if heading == "" {
		return ""
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return "names a heading of what cannot be read"
	}
	for _, line := range strings.Split(string(text), "\n") {
		if strings.HasPrefix(line, "#") && anchor(line) == heading {
			return ""
		}
	}
	return "names a heading that is not there"
}

// anchor returns the name that a heading has in links: lower case, without
// punctuation, with hyphens for spaces.
func anchor(heading string) string {
	heading = strings.ToLower(strings.TrimLeft(heading, "# "))
	heading = regexp.MustCompile(`[^\p{L}\p{N}_ -]`).ReplaceAllString(heading, "")
	return strings.ReplaceAll(heading, " ", "-")
}
