package files

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// tree makes a folder from what its names hold: text, or "-> " and where a link
// points. ROOT stands for the folder.
func tree(t *testing.T, entries map[string]string) string {
	t.Helper()
	// The temporary folder may itself lie behind a link.
	root, err := filepath.EvalSymlinks(t.TempDir())
	must(t, err)
	for name, text := range entries {
		path := filepath.Join(root, filepath.FromSlash(name))
		must(t, os.MkdirAll(filepath.Dir(path), 0o755))
		if len(text) > 3 && text[:3] == "-> " {
			to := text[3:]
			if to[0] == '/' {
				to = root + to
			}
			must(t, os.Symlink(filepath.FromSlash(to), path))
			continue
		}
		must(t, os.WriteFile(path, []byte(text), 0o640))
	}
	return root
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestSpelled(t *testing.T) {
	const composed, decomposed = "gr\u00f6\u00dfe", "gro\u0308\u00dfe"
	tests := map[string]struct {
		reason, file, path, want string
	}{
		"Plain":   {reason: "A name without accents has one spelling.", file: "a", path: "a", want: "a"},
		"Same":    {reason: "The disk spells it as the files do.", file: composed, path: composed, want: composed},
		"MacOS":   {reason: "A name from macOS is found.", file: decomposed, path: composed, want: decomposed},
		"Folder":  {reason: "So is a file in such a folder.", file: decomposed + "/" + composed, path: composed + "/" + composed, want: decomposed + "/" + composed},
		"Missing": {reason: "What is not there keeps its name.", file: "a", path: "b/" + composed, want: "b/" + composed},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			root := tree(t, map[string]string{tt.file: "x"})
			got := Spelled(filepath.Join(root, filepath.FromSlash(tt.path)))
			if want := filepath.Join(root, filepath.FromSlash(tt.want)); got != want {
				t.Errorf("Spelled(%q): %s Got %q, want %q", tt.path, tt.reason, got, want)
			}
		})
	}
}

func TestResolve(t *testing.T) {
	tests := map[string]struct {
		reason     string
		entries    map[string]string
		path, want string
	}{
		"Plain":    {reason: "A file is where it is.", entries: map[string]string{"a": "x"}, path: "a", want: "a"},
		"Missing":  {reason: "Neither file nor folder need to exist.", path: "no/such", want: "no/such"},
		"Absolute": {reason: "A link may point anywhere.", entries: map[string]string{"vol/s": "x", "a": "-> /vol/s"}, path: "a", want: "vol/s"},
		"Relative": {reason: "A relative link begins at its own folder.", entries: map[string]string{"d/a": "-> ../vol/s"}, path: "d/a", want: "vol/s"},
		"Dangling": {reason: "What is not there yet is made where the link points.", entries: map[string]string{"a": "-> vol/s"}, path: "a", want: "vol/s"},
		"Chain":    {reason: "Links lead to links.", entries: map[string]string{"a": "-> b", "b": "-> c", "c": "x"}, path: "a", want: "c"},
		"Folder":   {reason: "A folder may be a link.", entries: map[string]string{"vol/d/s": "x", "d": "-> vol/d"}, path: "d/s", want: "vol/d/s"},
		"Up":       {reason: "Two dots go up from where the link led.", entries: map[string]string{"vol/d/s": "x", "d": "-> vol/d"}, path: "d/../t", want: "vol/t"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			root := tree(t, tc.entries)
			// Joined as text: filepath.Join would take out the dots.
			got, err := Resolve(root + "/" + tc.path)
			if want := filepath.Join(root, filepath.FromSlash(tc.want)); err != nil || got != want {
				t.Errorf("%s\nResolve(%q) = %q, %v, want %q", tc.reason, tc.path, got, err, want)
			}
		})
	}
	loop := tree(t, map[string]string{"a": "-> b", "b": "-> a"})
	if got, err := Resolve(filepath.Join(loop, "a")); err == nil {
		t.Errorf("Resolve of a loop = %q, want an error", got)
	}
}

// TestResolveTracked tracks links with git itself.
func TestResolveTracked(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	tests := map[string]struct {
		reason  string
		entries map[string]string
		version string
		add     []string
		path    string
		refused bool
	}{
		"Tracked":   {reason: "A link that git tracks is refused.", entries: map[string]string{"a": "-> /vol/s"}, add: []string{"a"}, path: "a", refused: true},
		"Untracked": {reason: "A link of one's own is followed.", entries: map[string]string{"a": "-> /vol/s", "b": "x"}, add: []string{"b"}, path: "a"},
		"Empty":     {reason: "A work tree without an index tracks nothing.", entries: map[string]string{"a": "-> /vol/s"}, path: "a"},
		"Folder":    {reason: "So is a link on the way.", entries: map[string]string{"sub/d": "-> /vol"}, add: []string{"sub/d"}, path: "sub/d/s", refused: true},
		"Behind":    {reason: "So is one that an own link leads to.", entries: map[string]string{"own": "-> a", "a": "-> /vol/s"}, add: []string{"a"}, path: "own", refused: true},
		"File":      {reason: "A tracked file is no link.", entries: map[string]string{"a": "x"}, add: []string{"a"}, path: "a"},
		"Packed":    {reason: "An index may leave out what names have in common.", version: "4", entries: map[string]string{"dir/aa": "x", "dir/ab": "-> /vol/s"}, add: []string{"."}, path: "dir/ab", refused: true},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			root := tree(t, tc.entries)
			git(t, root, "init", "-q")
			if tc.version != "" {
				git(t, root, "config", "index.version", tc.version)
			}
			if tc.add != nil {
				git(t, root, append([]string{"add"}, tc.add...)...)
			}
			_, err := Resolve(filepath.Join(root, tc.path))
			var tracked *TrackedLinkError
			if errors.As(err, &tracked) != tc.refused || err != nil && !tc.refused {
				t.Errorf("%s\nResolve(%q): %v, refused wanted: %t", tc.reason, tc.path, err, tc.refused)
			}
		})
	}
}

// TestResolveWorktree tracks a link in a linked work tree, whose .git is a file.
func TestResolveWorktree(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	root := tree(t, map[string]string{"main/a": "-> /vol/s"})
	git(t, root+"/main", "init", "-q")
	git(t, root+"/main", "add", "a")
	git(t, root+"/main", "-c", "user.name=Ann", "-c", "user.email=ann@example.com", "commit", "-qm", "x")
	git(t, root+"/main", "worktree", "add", "-q", "../other")
	var tracked *TrackedLinkError
	if _, err := Resolve(root + "/other/a"); !errors.As(err, &tracked) {
		t.Errorf("Resolve in a linked work tree: %v, want a *TrackedLinkError", err)
	}
}

func git(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

func TestReplace(t *testing.T) {
	root := tree(t, map[string]string{"vol/s": "old", "a": "-> /vol/s"})
	must(t, ReplaceBytes(filepath.Join(root, "a"), Private, []byte("new")))
	if info, err := os.Lstat(filepath.Join(root, "a")); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is gone (%v)", err)
	}
	text, err := os.ReadFile(filepath.Join(root, "vol", "s"))
	info, _ := os.Stat(filepath.Join(root, "vol", "s"))
	if err != nil || string(text) != "new" || info.Mode().Perm() != 0o600 {
		t.Errorf("the target is %q, %v (%v)", text, info.Mode(), err)
	}
	must(t, ReplaceBytes(filepath.Join(root, "vol", "s"), 0o644, []byte("new")))
	if info, err := os.Stat(filepath.Join(root, "vol", "s")); err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("the mode is %v (%v), want 0644", info.Mode(), err)
	}
	for _, path := range []string{"vol", "none/s"} {
		before := below(t, root)
		if ReplaceBytes(filepath.Join(root, path), Private, nil) == nil || Replaceable(filepath.Join(root, path)) == nil {
			t.Errorf("%s was replaced", path)
		}
		if after := below(t, root); len(after) != len(before) {
			t.Errorf("files are left: %v", after)
		}
	}
	if err := Replaceable(os.DevNull); err == nil {
		t.Error("a device must not be replaced")
	}
}

func below(t *testing.T, root string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(root, "*", "*"))
	must(t, err)
	return found
}
