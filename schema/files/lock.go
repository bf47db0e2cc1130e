package files

import (
	"errors"
	"io/fs"
	"os"

	"github.com/gofrs/flock"
)

// NewLock returns the advisory lock of a path, which is not taken yet. Its file
// has mode 0600 and is never opened through a link: what the link points to would
// be made, or written over.
func NewLock(path string) (*flock.Flock, error) {
	info, err := os.Lstat(path)
	switch {
	case err != nil: // it is made when it is taken
	case info.Mode()&fs.ModeSymlink != 0:
		return nil, &fs.PathError{Op: "lock", Path: path, Err: errors.New("it is a symbolic link, which a lock must not be: remove it")}
	default:
		if err := regular("lock", path, info); err != nil {
			return nil, err
		}
	}
	return flock.New(path, flock.SetPermissions(Private), flock.SetFlag(os.O_CREATE|os.O_RDWR|NoFollow)), nil
}
