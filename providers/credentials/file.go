package credentials

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"

	"lockstep/schema/files"
)

// fileVersion is the newest form of the file that is understood.
const fileVersion = 1

// file is what the store's file says.
type file struct {
	Version  int              `json:"version"`
	Accounts map[string]entry `json:"accounts"`
}

// entry holds a login, or notes that the keyring does.
type entry struct {
	Keyring bool   `json:"keyring,omitempty"`
	Login   *Login `json:"login,omitempty"`
}

func (s *Store) read() (*file, error) {
	f := &file{Version: fileVersion, Accounts: map[string]entry{}}
	info, err := os.Stat(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		return f, nil
	}
	if err != nil {
		return nil, fmt.Errorf("the stored logins cannot be read: %w", err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("%s can be read by others: make it yours alone with chmod 600", s.path)
	}
	text, err := os.ReadFile(s.path)
	if err != nil {
		return nil, fmt.Errorf("the stored logins cannot be read: %w", err)
	}
	// The error of the decoder may quote the file.
	if json.Unmarshal(text, f) != nil {
		return nil, fmt.Errorf("%s is damaged: remove it, and log in again", s.path)
	}
	if f.Version > fileVersion {
		return nil, fmt.Errorf("%s was written by a newer version of lockstep: use that one, or remove the file and log in again", s.path)
	}
	if f.Accounts == nil {
		f.Accounts = map[string]entry{}
	}
	return f, nil
}

// write replaces the file at once: whoever reads sees the old or the new one.
func (s *Store) write(f *file) error {
	text, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	if err := files.ReplaceBytes(s.path, files.Private, append(text, '\n')); err != nil {
		return fmt.Errorf("the logins cannot be written: %w", err)
	}
	return nil
}
