package files

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFolder(t *testing.T) {
	tests := map[string]struct {
		reason  string
		entries map[string]string
		path    string
		taken   bool
		want    string // in the error; empty: the file is made
	}{
		"New":       {reason: "A file is made, with its folder.", path: "calls/a.wav"},
		"There":     {reason: "One that has the content is left alone.", entries: map[string]string{"p/a.wav": "sound"}, path: "a.wav"},
		"Taken":     {reason: "Nothing is written over.", entries: map[string]string{"p/a.wav": "other"}, path: "a.wav", taken: true, want: "a.wav is there already"},
		"Longer":    {reason: "Not even by what begins alike.", entries: map[string]string{"p/a.wav": "sound, and more"}, path: "a.wav", taken: true, want: "a.wav is there already"},
		"Rest":      {reason: "What an earlier run left unfinished is made anew.", entries: map[string]string{"p/.a.wav.unfinished": "sou"}, path: "a.wav"},
		"Up":        {reason: "No file is made outside.", path: "../a.wav", want: "does not lie in the folder"},
		"Elsewhere": {reason: "Nor by a path from the root.", path: "/a.wav", want: "does not lie in the folder"},
		"Itself":    {reason: "The folder is no file.", path: ".", want: "does not lie in the folder"},
		"Hidden":    {reason: "What begins with a dot may be obeyed by others.", path: ".github/a.wav", want: "begins with a dot"},
		"Link":      {reason: "A link may lead anywhere.", entries: map[string]string{"out/b.wav": "x", "p/a.wav": "-> /out/b.wav"}, path: "a.wav", want: "symbolic link"},
		"Over link": {reason: "So may a folder that is one.", entries: map[string]string{"out/b": "x", "p/calls": "-> /out"}, path: "calls/a.wav", want: "symbolic link"},
		"Inside":    {reason: "Even one that stays within.", entries: map[string]string{"p/other/b": "x", "p/calls": "-> other"}, path: "calls/a.wav", want: "symbolic link"},
		"A folder":  {reason: "A folder is no file.", entries: map[string]string{"p/a.wav/b": "x"}, path: "a.wav", want: "it is a folder"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			root := tree(t, tc.entries)
			dir := filepath.Join(root, "p")
			must(t, os.MkdirAll(dir, 0o755))
			f := Folder{Dir: dir}
			_, err := f.Has(tc.path, []byte("sound"))
			made := f.Make(tc.path, []byte("sound"))
			var taken *TakenError
			if errors.As(made, &taken) != tc.taken {
				t.Errorf("%s Got %v", tc.reason, made)
			}
			if tc.want != "" {
				if err == nil || made == nil || !strings.Contains(made.Error(), tc.want) || err.Error() != made.Error() {
					t.Errorf("%s Has: %v, Make: %v, want %q", tc.reason, err, made, tc.want)
				}
				return
			}
			if err != nil || made != nil {
				t.Fatalf("%s Has: %v, Make: %v", tc.reason, err, made)
			}
			text, err := os.ReadFile(filepath.Join(dir, tc.path))
			if diff := cmp.Diff("sound", string(text)); err != nil || diff != "" {
				t.Errorf("%s (%v) (-want +got):\n%s", tc.reason, err, diff)
			}
			if there, err := f.Has(tc.path, []byte("sound")); !there || err != nil {
				t.Errorf("%s It is not there: %v", tc.reason, err)
			}
			if _, err := os.Lstat(filepath.Join(dir, filepath.Dir(tc.path), "."+filepath.Base(tc.path)+".unfinished")); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%s An unfinished file is left (%v)", tc.reason, err)
			}
		})
	}
}

// TestFolderIsPrivate holds that nobody else can read what is made.
func TestFolderIsPrivate(t *testing.T) {
	dir := tree(t, nil)
	must(t, Folder{Dir: dir}.Make("calls/a.wav", []byte("sound")))
	for name, want := range map[string]fs.FileMode{"calls": 0o700, "calls/a.wav": 0o600} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("the mode of %s is %v (%v), want %v", name, info.Mode().Perm(), err, want)
		}
	}
}
