package command

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestMain lets the test binary stand in for the program, so that tests can
// run several processes.
func TestMain(m *testing.M) {
	if os.Getenv("LOCKSTEP_TEST_PROCESS") != "" {
		os.Exit(Run(context.Background(), System()))
	}
	os.Exit(m.Run())
}

// TestProcessesShareLogin has two processes refresh one login at once, and a
// third one a day later.
func TestProcessesShareLogin(t *testing.T) {
	m, dir := newMarket(t), folder(t, liveTag)
	if got := m.login(m.environ(), dir, strings.NewReader(""), allow(t)); got.code != ExitOK {
		t.Fatalf("exit %d:\n%s%s", got.code, got.stdout, got.stderr)
	}
	secrets := m.secrets(t)
	plan := func() {
		cmd := exec.Command(os.Args[0], "-chdir="+dir, "plan", "-detailed-exitcode")
		cmd.Env = append(os.Environ(), m.environ("LOCKSTEP_TEST_PROCESS=1", "GHL_TOKEN=")...)
		out, err := cmd.CombinedOutput()
		if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() != ExitChanges {
			t.Errorf("plan ends with %v:\n%s", err, out)
		}
		wantNoSecret(t, string(out), secrets...)
	}
	for _, processes := range []int{2, 1} {
		m.pass(25 * time.Hour)
		outdate(t, m.logins)
		var group sync.WaitGroup
		for range processes {
			group.Go(plan)
		}
		group.Wait()
		secrets = append(secrets, m.secrets(t)...)
	}
	if n := m.calls("/oauth/token"); n != 3 {
		t.Errorf("the token endpoint was asked %d times, want 3: the login and a refresh each day", n)
	}
}
