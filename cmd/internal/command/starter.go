package command

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"lockstep/schema/files"
)

// starter is the file that `init -from-scratch` writes.
const starter = `# A location, emulated on this machine. For a real one, remove sandbox and the
# state, and set GHL_TOKEN and GHL_LOCATION_ID in the environment.
provider "ghl" {
  sandbox = true
}

resource "ghl_tag" "newsletter" {
  name = "newsletter"
}

resource "ghl_contact" "ann" {
  first_name = "Ann"
  last_name  = "Example"
  email      = "ann@example.com"
  tags       = [ghl_tag.newsletter.name]
}
`

// ignored are the lines of .gitignore that keep people and secrets out of git, each
// group under what it is.
const ignored = `# What lockstep keeps: the emulated location, the state with its lock, saved plans.
# With LOCKSTEP_STATE_KEY set the state may be committed: then remove its lines.
.lockstep/
*.state.jsonl
*.state.jsonl.*
*.plan

# Values of variables, which may be secret.
*.vars.hcl
*.vars.hcl.json
`

// writeStarter writes the first files, unless there is one already.
func writeStarter(s *session) error {
	found, err := filepath.Glob("*.hcl")
	if inJSON, _ := filepath.Glob("*.hcl.json"); err == nil {
		found = append(found, inJSON...)
	}
	if err != nil || len(found) > 0 {
		return failed(problem("The folder is not empty", "-from-scratch writes main.hcl into a folder without *.hcl files, and this one has %s.", found[0]))
	}
	if err := files.ReplaceBytes("main.hcl", 0o644, []byte(starter)); err != nil {
		return failed(problem("Cannot write a file", "main.hcl: %s.", reason(err)))
	}
	s.say("- wrote main.hcl")
	return writeIgnored(s)
}

// writeIgnored writes .gitignore. What is there already belongs to somebody, who is
// told what it lacks.
func writeIgnored(s *session) error {
	const name = ".gitignore"
	info, err := os.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		if err := files.ReplaceBytes(name, 0o644, []byte(ignored)); err != nil {
			return failed(problem("Cannot write a file", "%s: %s.", name, reason(err)))
		}
		s.say("- wrote %s, which keeps the state and secrets out of git", name)
		return nil
	}
	var text []byte
	// A link is not followed: it may lead to a file of another folder.
	if err == nil && info.Mode().IsRegular() {
		text, err = os.ReadFile(name)
	}
	if err != nil {
		return failed(problem("Cannot read a file", "%s: %s.", name, reason(err)))
	}
	if missing := lacks(string(text)); len(missing) > 0 {
		s.say("- %s is there already. Add these lines, which keep the state and secrets out of git:\n\n    %s\n", name, strings.Join(missing, "\n    "))
	}
	return nil
}

// lacks are the patterns that a .gitignore does not have.
func lacks(text string) []string {
	var has, missing []string
	for line := range strings.Lines(text) {
		has = append(has, strings.TrimSpace(line))
	}
	for line := range strings.Lines(ignored) {
		pattern := strings.TrimSpace(line)
		if pattern != "" && !strings.HasPrefix(pattern, "#") && !slices.Contains(has, pattern) {
			missing = append(missing, pattern)
		}
	}
	return missing
}
