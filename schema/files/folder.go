package files

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Folder is where files are made for what is read from elsewhere. A file that is
// there already is never written over, and nothing is made through a link, under a
// name that begins with a dot, or outside of the folder.
type Folder struct {
	// Dir is the folder, as it was given.
	Dir string
}

// TakenError reports a file that has other content than is to be kept in it.
type TakenError struct {
	// Path is as it was asked for.
	Path string
}

// Error names the file and the remedy.
func (e *TakenError) Error() string {
	return fmt.Sprintf("%s is there already and has other content, and lockstep writes over no file: remove it, or give another name", e.Path)
}

// Has reports whether a file has exactly this content. The error is a *TakenError
// when it has other content, and tells why it could not be made otherwise. A file
// that is not there and can be made is no error.
func (f Folder) Has(path string, content []byte) (bool, error) {
	root, name, err := f.open(path)
	if err != nil {
		return false, err
	}
	defer func() { _ = root.Close() }()
	return has(root, name, path, content)
}

// Make makes a file, readable by its owner only, and the folders that it lies in.
// Whoever looks sees nothing or all of it. A file that has the content already is
// left alone.
func (f Folder) Make(path string, content []byte) error {
	root, name, err := f.open(path)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	if there, err := has(root, name, path, content); there || err != nil {
		return err
	}
	if err := root.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	unfinished := filepath.Join(filepath.Dir(name), "."+filepath.Base(name)+".unfinished")
	if err := root.Remove(unfinished); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := write(root, unfinished, content); err != nil {
		return errors.Join(err, root.Remove(unfinished))
	}
	return root.Rename(unfinished, name)
}

// write writes a new file to disk.
func write(root *os.Root, name string, content []byte) error {
	file, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, Private)
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	return errors.Join(err, file.Sync(), file.Close())
}

// has reports whether a file of a folder has some content.
func has(root *os.Root, name, path string, content []byte) (bool, error) {
	info, err := root.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, err
	case !info.Mode().IsRegular():
		return false, regular("make", path, info)
	case info.Size() != int64(len(content)):
		return false, &TakenError{Path: path}
	}
	file, err := root.Open(name)
	if err != nil {
		return false, err
	}
	defer func() { _ = file.Close() }()
	there, err := io.ReadAll(io.LimitReader(file, int64(len(content))+1))
	if err == nil && !bytes.Equal(there, content) {
		err = &TakenError{Path: path}
	}
	return err == nil, err
}

// open opens the folder and returns the name of a file in it.
func (f Folder) open(path string) (*os.Root, string, error) {
	name, err := f.name(path)
	if err != nil {
		return nil, "", err
	}
	root, err := os.OpenRoot(f.Dir)
	if err != nil {
		return nil, "", err
	}
	if err := unlinked(root, name); err != nil {
		return nil, "", errors.Join(err, root.Close())
	}
	return root, name, nil
}

// name is a path within the folder.
func (f Folder) name(path string) (string, error) {
	name := filepath.Clean(path)
	if filepath.IsAbs(name) {
		dir, err := filepath.Abs(f.Dir)
		if err != nil {
			return "", err
		}
		if name, err = filepath.Rel(dir, name); err != nil {
			return "", err
		}
	}
	if !filepath.IsLocal(name) || name == "." {
		return "", fmt.Errorf("%s does not lie in the folder of the project, and lockstep makes no file elsewhere: give a name within it", path)
	}
	for _, step := range names(name) {
		if strings.HasPrefix(step, ".") {
			return "", fmt.Errorf("%s has a name that begins with a dot, and lockstep makes no such file: give another name", path)
		}
	}
	return name, nil
}

// unlinked refuses a path over a link, which may lead to what others obey.
func unlinked(root *os.Root, name string) error {
	at := ""
	for _, step := range names(name) {
		at = filepath.Join(at, step)
		info, err := root.Lstat(at)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		if info.Mode()&fs.ModeSymlink != 0 {
			return fmt.Errorf("%s is a symbolic link, and lockstep makes no file through one: name a folder in the project", at)
		}
	}
	return nil
}
