package bench

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

const (
	processTime = 20 * time.Minute // bounds one measured process
	startTime   = 2 * time.Minute  // bounds the sandbox until it is ready
	stopTime    = 10 * time.Second // the sandbox may take to stop
)

// Sample is one measured process.
type Sample struct {
	Wall, CPU time.Duration // CPU is user and system time
	Peak      int64         // most resident memory in bytes; 0 where it is not known
	Traffic
}

// environment returns the environment of a child: ours without settings of
// lockstep.
func (o Options) environment(more ...string) []string {
	env := slices.DeleteFunc(os.Environ(), func(pair string) bool {
		return strings.HasPrefix(pair, "GHL_") || strings.HasPrefix(pair, "LOCKSTEP_")
	})
	return append(append(append(env, "NO_COLOR=1"), o.Env...), more...)
}

// measure runs the program in the folder of the project and wants its exit code.
func (p *project) measure(ctx context.Context, wantExit int, args ...string) (Sample, error) {
	ctx, cancel := context.WithTimeout(ctx, processTime)
	defer cancel()
	// A file takes the output without our help, as a shell's redirection does.
	output, err := os.Create(filepath.Join(p.dir, "stdout"))
	if err != nil {
		return Sample{}, err
	}
	defer output.Close()
	var told bytes.Buffer
	cmd := exec.CommandContext(ctx, p.opts.Binary, args...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = p.dir, p.env, output, &told
	p.proxy.take()
	start := time.Now()
	err = cmd.Run()
	s := Sample{Wall: time.Since(start), Traffic: p.proxy.take()}
	if cmd.ProcessState == nil {
		return s, fmt.Errorf("run lockstep: %w", err)
	}
	if code := cmd.ProcessState.ExitCode(); code != wantExit {
		return s, fmt.Errorf("lockstep %s: exit code %d, want %d\n%s", strings.Join(args, " "), code, wantExit, tail(told.Bytes()))
	}
	s.CPU = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	s.Peak = peak(cmd.ProcessState.SysUsage())
	return s, nil
}

// tail is the end of what a process told.
func tail(told []byte) string {
	return string(told[max(0, len(told)-2000):])
}

// crm is a running sandbox.
type crm struct {
	base            *url.URL
	location, token string
	cmd             *exec.Cmd
	cancel          context.CancelFunc
}

// startCRM starts the sandbox and waits until it listens.
func (o Options) startCRM(ctx context.Context, contacts int) (*crm, error) {
	ctx, cancel := context.WithCancel(ctx)
	cmd := exec.CommandContext(ctx, o.Binary, "sandbox", "-listen=127.0.0.1:0", fmt.Sprintf("-contacts=%d", contacts), fmt.Sprintf("-opportunities=%d", opportunities(contacts)),
		"-rate="+o.Rate, "-daily=1000000000")
	cmd.Env, cmd.WaitDelay = o.environment(), stopTime
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGINT) }
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		cancel()
		return nil, fmt.Errorf("start the sandbox: %w", err)
	}
	c := &crm{cmd: cmd, cancel: cancel}
	late := time.AfterFunc(startTime, cancel)
	defer late.Stop()
	if err := c.read(bufio.NewScanner(out)); err != nil {
		return nil, errors.Join(err, c.stop())
	}
	return c, nil
}

// read takes the three variables that the sandbox prints when it is ready.
func (c *crm) read(lines *bufio.Scanner) error {
	for lines.Scan() {
		name, value, _ := strings.Cut(strings.TrimPrefix(lines.Text(), "export "), "=")
		switch name {
		case "GHL_BASE_URL":
			base, err := url.Parse(value)
			if err != nil {
				return fmt.Errorf("the sandbox printed a bad address: %w", err)
			}
			c.base = base
		case "GHL_LOCATION_ID":
			c.location = value
		case "GHL_TOKEN":
			c.token = value
		}
		if c.base != nil && c.location != "" && c.token != "" {
			return nil
		}
	}
	return errors.New("the sandbox ended before it was ready")
}

// stop ends the sandbox: by an interrupt, and by a kill when that takes long.
func (c *crm) stop() error {
	c.cancel()
	err := c.cmd.Wait()
	var ended *exec.ExitError
	if errors.Is(err, context.Canceled) || errors.As(err, &ended) {
		return nil // it was told to
	}
	return err
}
