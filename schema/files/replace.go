package files

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Private is the mode of files that only their owner can read.
const Private fs.FileMode = 0o600

// Replace puts what write writes in the place of the file that a path leads to,
// with a mode. Whoever reads sees the old file or the new one, and what is
// written is on disk when Replace returns. On an error the old file is left.
func Replace(path string, mode fs.FileMode, write func(io.Writer) error) (err error) {
	target, err := replaceable(path)
	if err != nil {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(target), filepath.Base(target)+".new-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(temp.Name()))
		}
	}()
	err = write(temp)
	if mode != Private { // the mode that CreateTemp gives
		err = errors.Join(err, temp.Chmod(mode))
	}
	if err = errors.Join(err, temp.Sync(), temp.Close()); err != nil {
		return err
	}
	if err = os.Rename(temp.Name(), target); err != nil {
		return err
	}
	if dir, openErr := os.Open(filepath.Dir(target)); openErr == nil {
		// Not every file system can sync a folder, and the rename is done.
		_ = dir.Sync()
		_ = dir.Close()
	}
	return nil
}

// ReplaceBytes is Replace with what is in memory.
func ReplaceBytes(path string, mode fs.FileMode, data []byte) error {
	return Replace(path, mode, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// Replaceable reports why Replace would fail at a path; nil when it would not.
func Replaceable(path string) error {
	target, err := replaceable(path)
	if err != nil {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(target), filepath.Base(target)+".new-*")
	if err != nil {
		return err
	}
	return errors.Join(temp.Close(), os.Remove(temp.Name()))
}

// replaceable returns the file that a path leads to. It refuses what is no
// regular file: a file must not take the place of a folder or a device.
func replaceable(path string) (string, error) {
	target, err := Resolve(path)
	if err != nil {
		return "", err
	}
	info, err := os.Lstat(target)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return target, nil
	case err != nil:
		return "", err
	}
	return target, regular("replace", path, info)
}
