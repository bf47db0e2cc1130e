package state

import (
	"encoding/json"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// content is all of a log.
func content(t *testing.T, log io.ReaderAt) string {
	t.Helper()
	text, err := io.ReadAll(io.NewSectionReader(log, 0, math.MaxInt64))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestLocal(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "er")
	path := filepath.Join(dir, "lockstep.state.jsonl")
	b := Local(path)
	if log, err := b.Load(t.Context()); err != nil || content(t, log) != "" {
		t.Fatalf("a log that is not there is empty, got %v, %v", log, err)
	}
	if err := b.Append(t.Context(), []byte("x\n")); err == nil {
		t.Error("nothing can be added to a log that is not there")
	}
	s := open(t, b, Options{Personal: "plain"})
	write(t, s, Batch{Put: []*Record{record(t, s, "a", "1")}})
	before, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if before.Mode().Perm() != 0o600 {
		t.Errorf("the log has mode %v", before.Mode().Perm())
	}
	reader, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	write(t, s, Batch{Put: []*Record{record(t, s, "b", "2")}})
	if after, err := os.Stat(path); err != nil || !os.SameFile(before, after) {
		t.Errorf("a batch is added to the same file (%v)", err)
	}
	if err := s.Compact(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	after, err := os.Stat(path)
	if err != nil || os.SameFile(before, after) || after.Mode().Perm() != 0o600 {
		t.Errorf("compacting puts a new file of mode 0600 in the place of the old one (%v)", err)
	}
	if names, err := os.ReadDir(dir); err != nil || len(names) != 1 {
		t.Errorf("temporary files are left: %v, %v", names, err)
	}
	if again := open(t, b, Options{}); again.Snapshot().Records.Len() != 2 {
		t.Errorf("two records wanted, got %d", again.Snapshot().Records.Len())
	}
}

func TestLocalReplaceFails(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "state")
	if err := os.MkdirAll(filepath.Join(path, "inside"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := Local(path).Replace(t.Context(), []byte("x")); err == nil {
		t.Fatal("a folder cannot be replaced by a log")
	}
	if names, err := os.ReadDir(dir); err != nil || len(names) != 1 {
		t.Errorf("temporary files are left: %v, %v", names, err)
	}
}

func TestLocalLock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "state")
	s := open(t, Local(path), Options{})
	start := time.Now().Add(-time.Second)
	release, err := s.Backend().Lock(t.Context(), "ann@laptop, apply, process 7")
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path + ".lock")
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the lock's file has mode %v (%v)", info.Mode().Perm(), err)
	}
	_, err = Local(path).Lock(t.Context(), "bob")
	var locked *LockedError
	if !errors.As(err, &locked) {
		t.Fatalf("a *LockedError wanted, got %v", err)
	}
	if locked.Holder != "ann@laptop, apply, process 7" || locked.Since.Before(start) || locked.Path != path+".lock" || !strings.Contains(err.Error(), "ann@laptop") {
		t.Errorf("the error does not say who holds the lock since when: %+v", locked)
	}
	if err := release(); err != nil {
		t.Fatal(err)
	}
	release, err = Local(path).Lock(t.Context(), "bob")
	if err != nil {
		t.Fatalf("a released lock can be taken: %v", err)
	}
	_, err = s.Backend().Lock(t.Context(), "ann")
	if !errors.As(err, &locked) || locked.Holder != "bob" {
		t.Errorf("the lock is bob's now, got %v", err)
	}
	if err := release(); err != nil {
		t.Fatal(err)
	}
}

// TestLease holds what becomes of a lock that its run did not release.
func TestLease(t *testing.T) {
	host := here()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	held := func(host string, pid int, expires time.Duration) string {
		data, err := json.Marshal(Lease{Token: "t", Holder: "ann", Host: host, PID: pid, Since: now.Add(-time.Hour), Expires: now.Add(expires)})
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	cases := map[string]struct {
		reason, file string
		taken        bool
	}{
		"Elsewhere": {"a run on another host may still be alive", held("elsewhere", 1, time.Second), false},
		"Expired":   {"an expired lease is taken over, wherever it was", held("elsewhere", 1, -time.Second), true},
		"Here":      {"a process of this host that lives keeps its lease", held(host, os.Getpid(), time.Second), false},
		"Dead":      {"a process of this host that ended holds no lock", held(host, 1<<30, time.Minute), true},
		"Cut":       {"half a lease holds no lock", held(host, os.Getpid(), time.Second)[:30], true},
		"Empty":     {"a released lease is free", "", true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "state")
			if err := os.WriteFile(path+".lock", []byte(tc.file), 0o600); err != nil {
				t.Fatal(err)
			}
			l := newLocal(path, func() time.Time { return now })
			release, err := l.Lock(t.Context(), "bob")
			if (err == nil) != tc.taken {
				t.Fatalf("%s: got %v", tc.reason, err)
			}
			if err != nil {
				return
			}
			if err := release(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// TestLocalLockReadOnly locks no state that cannot be written: what is done after
// that could not be recorded. A folder in its place fails as a read-only file
// does, for whatever user.
func TestLocalLockReadOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.jsonl")
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := Local(path).Lock(t.Context(), "me"); err == nil {
		t.Error("Lock(...) of what cannot be written gave no error")
	}
	if _, err := os.Stat(path + ".lock"); err == nil {
		t.Error("the lock was left behind")
	}
}

// TestLeaseLost holds that a run whose lease was taken over writes no more.
func TestLeaseLost(t *testing.T) {
	l := newLocal(filepath.Join(t.TempDir(), "state"), time.Now)
	if err := l.Replace(t.Context(), []byte("x\n")); err != nil {
		t.Fatal(err)
	}
	l.tenant.lost.Store(true)
	if err := l.Append(t.Context(), []byte("y\n")); !errors.Is(err, ErrLost) {
		t.Errorf("appended after the lease was lost: %v", err)
	}
	if err := l.Replace(t.Context(), []byte("y\n")); !errors.Is(err, ErrLost) {
		t.Errorf("replaced after the lease was lost: %v", err)
	}
}
