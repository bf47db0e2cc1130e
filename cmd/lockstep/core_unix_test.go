//go:build unix

package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestNoCore ends a process as a fault of the runtime does, in a shell that allows
// core dumps of any size.
func TestNoCore(t *testing.T) {
	dir := t.TempDir()
	token := "pit-an-invented-token"
	lockstep := exec.Command("sh", "-c", "ulimit -c unlimited 2>/dev/null; exec lockstep sandbox -listen 127.0.0.1:0")
	lockstep.Dir, lockstep.Env = dir, append(os.Environ(), hasty, "GHL_TOKEN="+token)
	var output bytes.Buffer
	lockstep.Stderr = &output
	ready, err := lockstep.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := lockstep.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := ready.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(20*time.Second, func() { _ = lockstep.Process.Kill() })
	if err := lockstep.Process.Signal(syscall.SIGQUIT); err != nil {
		t.Fatal(err)
	}
	err = lockstep.Wait()
	status, ok := lockstep.ProcessState.Sys().(syscall.WaitStatus)
	if !ok || !status.Signaled() || status.Signal() != syscall.SIGABRT || status.CoreDump() {
		t.Errorf("ended with %v, want an abort without a core dump", err)
	}
	if found, _ := filepath.Glob(filepath.Join(dir, "*core*")); len(found) > 0 {
		t.Errorf("left %v", found)
	}
	if strings.Contains(output.String(), token) {
		t.Error("the trace has a token")
	}
}
