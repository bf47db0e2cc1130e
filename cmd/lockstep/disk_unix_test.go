//go:build unix

package main

import (
	"bytes"
	"math/rand/v2"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"lockstep/providers/ghl/sandbox"
)

// limitVariable is how large a file may become, in bytes, for a lockstep that
// runs out of disk.
const limitVariable = "LOCKSTEP_TEST_FILE_SIZE"

// small is lockstep on a disk that is nearly full.
func small() {
	limit, err := strconv.ParseUint(os.Getenv(limitVariable), 10, 64)
	if err != nil {
		panic(err)
	}
	signal.Ignore(syscall.SIGXFSZ) // so that writing fails instead
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: limit, Max: limit}); err != nil {
		panic(err)
	}
	main()
}

// TestDiskFull lets the disk run full while the state is written. That is an
// error that says so, and with room on the disk apply goes on.
func TestDiskFull(t *testing.T) {
	for _, limit := range []int{100, 2000, 6000, 9000, 14000} {
		t.Run(strconv.Itoa(limit), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(uint64(limit), 3))
			c := newClub(random, 20)
			s := newSite(t, sandbox.Options{Seed: clubSeed(t, c), SearchLag: time.Minute}, time.Millisecond)
			before := look(t, s.crm)
			c.write(t, s.dir)
			var output bytes.Buffer
			full := s.command(t, &output, "lockstep-small", "apply", "-auto-approve")
			full.Env = append(full.Env, limitVariable+"="+strconv.Itoa(limit))
			if code := exitCode(t, full.Run()); code == 0 || !strings.Contains(output.String(), "file too large") {
				t.Errorf("apply on a full disk exits %d and does not say why:\n%s", code, output.String())
			}
			if strings.Contains(output.String(), "The state has all that was done") {
				t.Errorf("apply on a full disk claims too much:\n%s", output.String())
			}
			if code, text := s.run(t, "apply", "-auto-approve"); code != 0 {
				t.Fatalf("the next apply exits %d:\n%s", code, text)
			}
			s.clock.forward(2 * time.Minute)
			s.checkDone(t, before, c, c.over(&before.Club))
		})
	}
}
