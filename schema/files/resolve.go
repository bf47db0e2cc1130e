package files

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// maxLinks is how many links one path may lead over, as on Linux.
const maxLinks = 40

// TrackedLinkError reports that a path leads over a link that git tracks.
type TrackedLinkError struct {
	// Link is the absolute path of the link.
	Link string
}

// Error names the link and the remedy.
func (e *TrackedLinkError) Error() string {
	return fmt.Sprintf("%s is a symbolic link that git tracks, and lockstep writes nothing through such a link: name the file that it points to, or take the link out of git", e.Link)
}

// Resolve returns the absolute path of the file that a path leads to, over all
// links. Neither the file nor the folders before it need to exist. The error is a
// *TrackedLinkError where git tracks one of the links.
func Resolve(path string) (string, error) { return follow(path, untracked) }

// follow is Resolve with how a link is read.
func follow(path string, readlink func(string) (string, error)) (string, error) {
	abs, err := absolute(path)
	if err != nil {
		return "", err
	}
	at, rest := root(abs), names(abs)
	for links := 0; len(rest) > 0; {
		name := rest[0]
		rest = rest[1:]
		if name == ".." {
			at = filepath.Dir(at)
			continue
		}
		next := filepath.Join(at, name)
		to, err := link(next, readlink)
		if err != nil {
			return "", err
		}
		if to == "" {
			at = next
			continue
		}
		if links++; links > maxLinks {
			return "", &fs.PathError{Op: "resolve", Path: path, Err: errors.New("too many symbolic links")}
		}
		if filepath.IsAbs(to) {
			at = root(to)
		}
		rest = slices.Concat(names(to), rest)
	}
	return at, nil
}

// absolute is a path from the root on. Unlike filepath.Abs it leaves "..", which
// goes up from where a link before it leads.
func absolute(path string) (string, error) {
	if filepath.IsAbs(path) {
		return path, nil
	}
	if filepath.VolumeName(path) != "" {
		return filepath.Abs(path)
	}
	dir, err := os.Getwd()
	return dir + string(filepath.Separator) + path, err
}

// root is where an absolute path begins: "/", or `C:\`.
func root(abs string) string { return filepath.VolumeName(abs) + string(filepath.Separator) }

// names are the steps of a path below its root.
func names(path string) []string {
	path = filepath.ToSlash(path[len(filepath.VolumeName(path)):])
	return slices.DeleteFunc(strings.Split(path, "/"), func(name string) bool { return name == "" || name == "." })
}

// link returns where the link at a path points, "" where there is no link.
func link(path string, readlink func(string) (string, error)) (string, error) {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && info.Mode()&fs.ModeSymlink == 0 {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return readlink(path)
}

// untracked is os.Readlink of a link that git does not track.
func untracked(path string) (string, error) {
	tracked, err := isTracked(path)
	if err != nil {
		return "", fmt.Errorf("cannot tell whether git tracks the link %s: %w; name the file that it points to", path, err)
	}
	if tracked {
		return "", &TrackedLinkError{Link: path}
	}
	return os.Readlink(path)
}
