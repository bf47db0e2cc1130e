package main

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// mapped is the room whose package comment names each of its files.
const mapped = "planner"

var fileName = regexp.MustCompile(`[\w/]+\.go\b`)

// checkMaps holds package comments that name files to the files that are there.
func checkMaps(all []*source) []string {
	files := map[string]bool{}
	for _, s := range all {
		files[s.name] = true
	}
	var problems []string
	for _, s := range all {
		if s.test() || s.file.Doc == nil {
			continue
		}
		named := fileName.FindAllString(s.file.Doc.Text(), -1)
		for _, name := range named {
			if !files[name] && !files[path.Join(s.dir(), name)] {
				problems = append(problems, s.problem(s.file.Doc, "%s is named and is not there", name))
			}
		}
		if s.dir() == mapped {
			problems = append(problems, unnamed(s, named, all)...)
		}
	}
	return problems
}

// unnamed tells of the files that a package comment does not name.
func unnamed(doc *source, named []string, all []*source) []string {
	var problems []string
	for _, s := range all {
		if s != doc && !s.test() && s.dir() == doc.dir() && !slices.Contains(named, path.Base(s.name)) {
			problems = append(problems, fmt.Sprintf("%s: the package comment of %s does not name it", s.name, doc.name))
		}
	}
	return problems
}

func TestMapIsWhole(t *testing.T) {
	cases := map[string]struct {
		reason, room string
		want         []string
	}{
		"Mapped":   {"a newcomer finds each file", mapped, []string{mapped + "/new.go: the package comment of " + mapped + "/doc.go does not name it"}},
		"Unmapped": {"other rooms name what they like", "providers", nil},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var all []*source
			for file, text := range map[string]string{"doc.go": packageDoc, "new.go": "package x", "new_test.go": "package x"} {
				s, err := parse(path.Join(tc.room, file), []byte(text))
				if err != nil {
					t.Fatal(err)
				}
				all = append(all, s)
			}
			if diff := cmp.Diff(tc.want, checkMaps(all)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
