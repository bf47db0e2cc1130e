package files

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// OpenRegular opens a file that is neither a link nor a folder, a device or a pipe,
// which may keep whoever opens it waiting.
func OpenRegular(path string, flag int) (*os.File, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	if err := regular("open", path, info); err != nil {
		return nil, err
	}
	// It may have become another one in the meantime.
	f, err := os.OpenFile(path, flag|NoFollow|noWait, Private)
	if err != nil {
		return nil, err
	}
	if info, err = f.Stat(); err == nil {
		err = regular("open", path, info)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// regular refuses what is no file, in words.
func regular(op, path string, info fs.FileInfo) error {
	switch {
	case info.IsDir():
		return &fs.PathError{Op: op, Path: path, Err: errors.New("it is a folder")}
	case !info.Mode().IsRegular():
		return &fs.PathError{Op: op, Path: path, Err: fmt.Errorf("it is no regular file (%s)", info.Mode().Type())}
	default:
		return nil
	}
}
