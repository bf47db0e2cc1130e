package files

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
)

// MaxText is the most that one file may hold, in bytes: a table of more than a
// million people.
const MaxText = 256 << 20

// gitFolder keeps the history, and often the token that a CI system clones with.
const gitFolder = ".git"

// Project is what the files of a configuration may read: the repository that they
// lie in, and the folders that the caller allows. Its methods may be called
// concurrently.
type Project struct {
	// Dir is what relative paths are relative to, as it was given.
	Dir string
	// roots are absolute and lead over no link. The first one is the repository.
	roots []string
	read  atomic.Int64
}

// OutsideError reports a path that leads out of the project.
type OutsideError struct {
	// Path is as it was asked for, Root the folder of the project.
	Path, Root string
	// Git is set for the folder that git keeps its own data in.
	Git bool
}

// Error names the path and the remedy.
func (e *OutsideError) Error() string {
	if e.Git {
		return fmt.Sprintf("%s lies in the folder .git, which no file of a project may read: it may hold a token", e.Path)
	}
	return fmt.Sprintf("%s leads out of the project, whose files name nothing outside %s. Put it there, or allow its folder with -allow-read=DIR or LOCKSTEP_ALLOW_READ", e.Path, e.Root)
}

// OpenProject finds the project of a folder: the nearest folder at or above it that
// has .git, or else the folder itself. The files may also read the allowed folders,
// which need not exist.
func OpenProject(dir string, allowed ...string) (*Project, error) {
	at, err := follow(dir, os.Readlink)
	if err != nil {
		return nil, err
	}
	p := &Project{Dir: dir, roots: []string{repository(at)}}
	for _, folder := range allowed {
		root, err := follow(folder, os.Readlink)
		if err != nil {
			return nil, err
		}
		p.roots = append(p.roots, root)
	}
	return p, nil
}

// repository is the nearest folder with .git, or else the folder itself.
func repository(dir string) string {
	for top := dir; ; top = filepath.Dir(top) {
		if exists(filepath.Join(top, gitFolder)) {
			return top
		}
		if top == filepath.Dir(top) {
			return dir
		}
	}
}

// Locate returns the absolute path, over all links, of the file or folder that a
// path of the project leads to; it need not exist. The error is an *OutsideError
// when it lies outside.
func (p *Project) Locate(path string) (string, error) {
	_, name, err := p.find(path)
	return name, err
}

// Absolute returns the absolute path that a path of the project is short for. It
// reads nothing.
func (p *Project) Absolute(path string) (string, error) {
	if !filepath.IsAbs(path) {
		path = filepath.Join(p.Dir, path)
	}
	return filepath.Abs(path)
}

// Own reports whether a path leads to a file of the repository, rather than to one
// in a folder that only the caller allowed.
func (p *Project) Own(path string) bool {
	root, _, err := p.find(path)
	return err == nil && root == p.roots[0]
}

// Inside returns a path of the project without steps back, "a/../b", when it names a
// file within the project, else an *OutsideError. Unlike Locate it lets a link in the
// project lead anywhere: whether it may be followed is for others to say.
func (p *Project) Inside(path string) (string, error) {
	path = filepath.Clean(path)
	git := slices.ContainsFunc(names(path), func(step string) bool { return strings.EqualFold(step, gitFolder) })
	if filepath.IsLocal(path) && !git {
		return path, nil
	}
	_, err := p.Locate(path)
	return path, err
}

// find returns the root that holds what a path leads to, and where that is.
func (p *Project) find(path string) (root, name string, err error) {
	given := path
	if !filepath.IsAbs(path) {
		given = filepath.Join(p.Dir, path)
	}
	name, err = follow(Spelled(given), os.Readlink)
	if err != nil {
		return "", "", err
	}
	for _, root := range p.roots {
		rel, err := filepath.Rel(root, name)
		if err != nil || !filepath.IsLocal(rel) {
			continue
		}
		if slices.ContainsFunc(names(rel), func(step string) bool { return strings.EqualFold(step, gitFolder) }) {
			return "", "", &OutsideError{Path: path, Root: root, Git: true}
		}
		return root, name, nil
	}
	return "", "", &OutsideError{Path: path, Root: p.roots[0]}
}

// ReadText returns the whole text of a file of the project. It takes the memory of
// the text once, where os.ReadFile and a conversion take it twice. What is no
// regular file, or larger than MaxText, is refused.
func (p *Project) ReadText(path string) (string, error) {
	root, name, err := p.find(path)
	if err != nil {
		return "", err
	}
	// A device or a pipe may keep whoever opens it waiting.
	info, err := os.Lstat(name)
	if err == nil {
		err = readable(path, info)
	}
	if err != nil {
		return "", err
	}
	text, err := readIn(root, name, path)
	p.read.Add(int64(len(text)))
	return text, err
}

// BytesRead is how many bytes of text were read so far.
func (p *Project) BytesRead() int64 { return p.read.Load() }

// readIn reads a file that cannot leave its root in the meantime.
func readIn(root, name, path string) (text string, err error) {
	rel, err := filepath.Rel(root, name)
	if err != nil {
		return "", err
	}
	within, err := os.OpenRoot(root)
	if err != nil {
		return "", err
	}
	defer func() { _ = within.Close() }()
	f, err := within.Open(rel)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }()
	var b strings.Builder
	if info, err := f.Stat(); err == nil {
		if err := readable(path, info); err != nil {
			return "", err
		}
		b.Grow(int(info.Size()))
	}
	n, err := io.Copy(&b, io.LimitReader(f, MaxText+1))
	if err == nil && n > MaxText {
		err = tooLarge(path)
	}
	if err != nil {
		return "", err
	}
	return b.String(), nil
}

func readable(path string, info fs.FileInfo) error {
	if err := regular("read", path, info); err != nil {
		return err
	}
	if info.Size() > MaxText {
		return tooLarge(path)
	}
	return nil
}

func tooLarge(path string) error {
	return &fs.PathError{Op: "read", Path: path, Err: fmt.Errorf("it is larger than %d MiB", MaxText>>20)}
}

// IsFile reports whether a path leads to a regular file of the project.
func (p *Project) IsFile(path string) (bool, error) {
	name, err := p.Locate(path)
	if err != nil {
		return false, err
	}
	info, err := os.Lstat(name)
	return err == nil && info.Mode().IsRegular(), nil
}
