package schematest

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

// Archive is a test case in one file: what it shows, the files of a folder, and
// the file "want", the text that is wanted of them.
type Archive struct {
	// Comment says what the archive shows.
	Comment string
	// Files are the texts by name, without "want".
	Files map[string]string

	path string
	want string
}

// ReadArchive reads an archive.
func ReadArchive(t testing.TB, path string) *Archive {
	t.Helper()
	parsed, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	a := &Archive{Comment: string(parsed.Comment), Files: map[string]string{}, path: path}
	for _, f := range parsed.Files {
		if f.Name == wantFile {
			a.want = string(f.Data)
			continue
		}
		a.Files[f.Name] = string(f.Data)
	}
	return a
}

const wantFile = "want"

// Compare compares a text with the wanted one.
func (a *Archive) Compare(t testing.TB, got string) {
	t.Helper()
	if diff := cmp.Diff(a.want, got); diff != "" {
		t.Errorf("%s-want, +got:\n%s", a.Comment, diff)
	}
}

// Rewrite makes a text the wanted one.
func (a *Archive) Rewrite(t testing.TB, want string) {
	t.Helper()
	parsed, err := txtar.ParseFile(a.path)
	if err != nil {
		t.Fatal(err)
	}
	files := parsed.Files[:0:0]
	for _, f := range parsed.Files {
		if f.Name != wantFile {
			files = append(files, f)
		}
	}
	parsed.Files = append(files, txtar.File{Name: wantFile, Data: []byte(want)})
	if err := os.WriteFile(a.path, txtar.Format(parsed), 0o600); err != nil {
		t.Fatal(err)
	}
}
