package ghl

import (
	"fmt"
	"path/filepath"
	"sync"

	"lockstep/providers/ghl/sandbox"
)

// Sandboxes are the emulated locations of one run, by their folders: the provider
// blocks of a location and of its agency work on one. Make one with NewSandboxes.
type Sandboxes struct {
	mu   sync.Mutex
	open map[string]*sharedSandbox
}

// sharedSandbox is an emulated location that is in use.
type sharedSandbox struct {
	*sandbox.Server
	seed string
	used map[owner]bool
}

// NewSandboxes makes an empty set of emulated locations.
func NewSandboxes() *Sandboxes { return &Sandboxes{open: map[string]*sharedSandbox{}} }

// take opens a sandbox for a location or an agency, or shares the one that the other
// of the two opened. seed names the file that it begins with. What it returns as
// second must be called in the end.
func (s *Sandboxes) take(level owner, seed string, o sandbox.Options) (*sandbox.Server, func() error, error) {
	if s == nil {
		server, err := sandbox.Open(o)
		if err != nil {
			return nil, nil, err
		}
		return server, server.Close, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	dir := filepath.Clean(o.DataDir)
	shared := s.open[dir]
	if shared == nil || shared.used[level] {
		// Two locations want two folders, which the lock of the folder tells.
		server, err := sandbox.Open(o)
		if err != nil {
			return nil, nil, err
		}
		shared = &sharedSandbox{Server: server, seed: seed, used: map[owner]bool{}}
		s.open[dir] = shared
	}
	if seed != "" && seed != shared.seed {
		return nil, nil, fmt.Errorf("the provider block that opens %s first has no sandbox_seed = %q: write it there as well", o.DataDir, seed)
	}
	shared.used[level] = true
	return shared.Server, func() error { return s.leave(dir, level) }, nil
}

// leave closes a sandbox that is not used any more.
func (s *Sandboxes) leave(dir string, level owner) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	shared := s.open[dir]
	if shared == nil {
		return nil
	}
	delete(shared.used, level)
	if len(shared.used) > 0 {
		return nil
	}
	delete(s.open, dir)
	return shared.Close()
}
