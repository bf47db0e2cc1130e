package command

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"lockstep/cmd/internal/pull"
	"lockstep/schema/files"
)

// destination is where pull writes. No file in it is overwritten.
type destination struct {
	// dir is empty for the folder of the project itself.
	dir string
}

// here reports whether the files become part of the project at hand.
func (f destination) here() bool { return f.dir == "" || filepath.Clean(f.dir) == "." }

// path is that of a file as a person would type it.
func (f destination) path(name string) string { return relative(filepath.Join(f.dir, name)) }

// free refuses files that are there already.
func (f destination) free(names []string) error {
	for _, name := range names {
		if _, err := os.Lstat(f.path(name)); !errors.Is(err, fs.ErrNotExist) {
			return f.occupied(name, err)
		}
	}
	return nil
}

func (f destination) occupied(name string, err error) error {
	if err == nil || errors.Is(err, fs.ErrExist) {
		return failed(problem("The file exists already", "%s would be overwritten, and no file was written. Rename it, move it away, or write to another folder with -out=DIR.", f.path(name)))
	}
	return failed(problem("Cannot write the files", "%s: %s.", f.path(name), reason(err)))
}

// create writes the files, all or none. Only their owner can read them: they are
// about people.
func (f destination) create(all []pull.File) error {
	names := make([]string, len(all))
	for i := range all {
		names[i] = all[i].Name
	}
	if err := f.free(names); err != nil {
		return err
	}
	if !f.here() {
		if err := os.MkdirAll(f.dir, 0o700); err != nil {
			return failed(problem("Cannot make the folder", "-out=%s: %s.", f.dir, reason(err)))
		}
	}
	for i := range all {
		if err := f.createOne(&all[i]); err != nil {
			for _, written := range names[:i] {
				_ = os.Remove(f.path(written)) // of this run, and of no use without the rest
			}
			return f.occupied(all[i].Name, err)
		}
	}
	return nil
}

// createOne fails where a file is, or a link.
func (f destination) createOne(file *pull.File) error {
	to, err := os.OpenFile(f.path(file.Name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, files.Private)
	if err != nil {
		return err
	}
	_, err = to.Write(file.Content)
	if err = errors.Join(err, to.Close()); err != nil {
		return errors.Join(err, os.Remove(to.Name()))
	}
	return nil
}
