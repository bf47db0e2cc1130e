package export

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"
)

// The most that is read. An export of fifteen years is far below.
const (
	maxTable   = 64 << 20
	maxTrack   = 64 << 20
	maxEntries = 200_000
)

// entry is one file of an archive.
type entry struct {
	name     string // slash path
	size     int64
	modified time.Time
	open     func() (io.ReadCloser, error)
}

// archive is an open ZIP, folder or single file.
type archive struct {
	path    string // as it was given
	zipped  bool   // the times of its entries are those of its making
	at      string // where that leads
	entries []entry
	close   func() error
	// run bounds what is unpacked.
	run *Budget
}

// openArchive opens what a path names, which lies at another one.
func openArchive(name, at string, run *Budget) (*archive, error) {
	info, err := os.Stat(at)
	if err == nil {
		run.open(info.Size())
	}
	a, err := openAs(name, at, info, err)
	if err != nil {
		return nil, err
	}
	a.run = run
	return a, nil
}

func openAs(name, at string, info fs.FileInfo, err error) (*archive, error) {
	switch {
	case errors.Is(err, fs.ErrNotExist) && strings.HasPrefix(name, "~"):
		return nil, &Error{Path: name, Problem: "there is no such file or folder: only a shell reads ~ as the home folder",
			Advice: `Write the whole path, or one that begins in the folder of the project, such as "exports/ada.zip".`}
	case errors.Is(err, fs.ErrNotExist):
		return nil, &Error{Path: name, Problem: "there is no such file or folder", Advice: adviceWhole}
	case err != nil:
		return nil, &Error{Path: name, Problem: "cannot be read", Err: err}
	case info.IsDir():
		return openFolder(name, at)
	case !info.Mode().IsRegular():
		return nil, &Error{Path: name, Problem: "is neither a file nor a folder", Advice: adviceWhole}
	case strings.EqualFold(filepath.Ext(name), ".csv"):
		return openTable(name, at)
	default:
		return openZIP(name, at)
	}
}

func openZIP(name, at string) (*archive, error) {
	r, err := zip.OpenReader(at)
	if errors.Is(err, zip.ErrFormat) {
		return nil, noZIP(name)
	}
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, &Error{Path: name, Problem: "cannot be read", Err: err}
	}
	a := &archive{path: name, at: at, zipped: true, close: r.Close}
	if err := a.list(r.File); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return a, nil
}

// noZIP is the error for a file without the list of contents that ends a ZIP.
func noZIP(name string) *Error {
	begin := make([]byte, len(signature))
	f, err := os.Open(name)
	if err == nil {
		_, err = io.ReadFull(f, begin)
		err = errors.Join(err, f.Close())
	}
	if err == nil && string(begin) == signature {
		return &Error{Path: name, Problem: "is a ZIP file without its end: it was not downloaded or copied to its end", Advice: "Download it again."}
	}
	return &Error{Path: name, Problem: "is not a ZIP file", Advice: adviceWhole}
}

// signature begins a ZIP that is not empty (PKWARE APPNOTE, 4.3.7).
const signature = "PK\x03\x04"

// list notes the files of a ZIP. Nothing is unpacked, so a path that climbs
// out would do no harm; but no export has one.
func (a *archive) list(files []*zip.File) error {
	if len(files) > maxEntries {
		return &Error{Path: a.path, Problem: fmt.Sprintf("holds %d files, which is more than any export", len(files)), Advice: adviceWhole}
	}
	for _, f := range files {
		// Old Windows tools write backslashes.
		name := strings.ReplaceAll(f.Name, `\`, "/")
		if strings.HasSuffix(name, "/") && filepath.IsLocal(name) {
			continue
		}
		if !filepath.IsLocal(name) {
			return &Error{Path: a.path, Problem: fmt.Sprintf("holds the file %s, whose path leads out of the ZIP", quote(f.Name)), Advice: adviceWhole}
		}
		if !f.Mode().IsRegular() {
			continue
		}
		// A size too large for the sign is as good as the largest one.
		size := int64(min(f.UncompressedSize64, 1<<62))
		a.entries = append(a.entries, entry{name: name, size: size, modified: f.Modified, open: f.Open})
	}
	return nil
}

func openFolder(name, at string) (*archive, error) {
	root, err := os.OpenRoot(at)
	if err != nil {
		return nil, &Error{Path: name, Problem: "cannot be read", Err: err}
	}
	a := &archive{path: name, at: at, close: root.Close}
	err = fs.WalkDir(root.FS(), ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && p != "." && strings.HasPrefix(d.Name(), "."):
			return fs.SkipDir
		case !d.Type().IsRegular():
			return nil
		case len(a.entries) >= maxEntries:
			return fmt.Errorf("it holds more than %d files", maxEntries)
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		a.entries = append(a.entries, entry{name: p, size: info.Size(), modified: info.ModTime(),
			open: func() (io.ReadCloser, error) { return root.Open(p) }})
		return nil
	})
	if err != nil {
		return nil, errors.Join(&Error{Path: name, Problem: "cannot be read", Err: err}, root.Close())
	}
	return a, nil
}

// openTable opens one file without its tracks.
func openTable(name, at string) (*archive, error) {
	info, err := os.Stat(at)
	if err != nil {
		return nil, &Error{Path: name, Problem: "cannot be read", Err: err}
	}
	e := entry{name: filepath.Base(name), size: info.Size(), modified: info.ModTime(), open: func() (io.ReadCloser, error) { return os.Open(at) }}
	return &archive{path: filepath.Dir(name), at: filepath.Dir(at), entries: []entry{e}, close: func() error { return nil }}, nil
}

// junk reports whether an operating system has left the file behind.
func (e *entry) junk() bool {
	return strings.HasPrefix(path.Base(e.name), ".") || strings.HasPrefix(e.name, "__MACOSX/")
}

// read is the content of a file, which may be limit bytes long.
func (a *archive) read(e *entry, limit int64) ([]byte, error) {
	large := &Error{Path: a.path, File: e.name, Problem: fmt.Sprintf("unpacks to more than %d MiB, which no export does", limit>>20), Advice: adviceWhole}
	if e.size > limit {
		return nil, large
	}
	if err := a.run.take(a, e.name, 0); err != nil {
		return nil, err
	}
	r, err := e.open()
	if err != nil {
		return nil, &Error{Path: a.path, File: e.name, Problem: "cannot be read", Err: err}
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	switch {
	case err != nil:
		return nil, &Error{Path: a.path, File: e.name, Problem: "cannot be read", Err: err, Advice: "The file may not have been downloaded to its end."}
	case int64(len(data)) > limit:
		return nil, large
	}
	return data, a.run.take(a, e.name, len(data))
}
