package backendtest

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// Postgres is a PostgreSQL server of its own, on a free port of this machine, with
// nothing in it.
type Postgres struct {
	folder string
	port   int
	server *exec.Cmd
	output bytes.Buffer
}

// startTime is how long a server may take to begin, and to end.
const startTime = 30 * time.Second

// PostgresPrograms is the folder of PostgreSQL's programs; empty where it is not
// installed.
func PostgresPrograms() string {
	// Debian keeps them where no shell looks.
	folders, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	slices.Sort(folders)
	slices.Reverse(folders)
	for _, folder := range append(folders, filepath.SplitList(os.Getenv("PATH"))...) {
		if _, err := os.Stat(filepath.Join(folder, "initdb")); err == nil {
			return folder
		}
	}
	return ""
}

// NewPostgres starts a server that ends with the test, which is skipped where
// PostgreSQL is not installed.
func NewPostgres(t *testing.T) *Postgres {
	t.Helper()
	programs := PostgresPrograms()
	if programs == "" {
		t.Skip("PostgreSQL is not installed: nothing is tested against it")
	}
	server, err := StartPostgres(t.Context(), programs)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Stop)
	return server
}

// StartPostgres starts a server with the programs of a folder. PostgreSQL refuses to
// run as root, who starts it as the user "postgres".
func StartPostgres(ctx context.Context, programs string) (p *Postgres, err error) {
	p = &Postgres{}
	if p.folder, err = os.MkdirTemp("", "lockstep-postgres"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = os.RemoveAll(p.folder)
		}
	}()
	as, err := p.owner()
	if err != nil {
		return nil, err
	}
	data := filepath.Join(p.folder, "data")
	begin := exec.CommandContext(ctx, filepath.Join(programs, "initdb"), "-D", data, "-U", "lockstep", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
	begin.Dir, begin.SysProcAttr = p.folder, as
	if said, err := begin.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, said)
	}
	if p.port, err = freePort(); err != nil {
		return nil, err
	}
	p.server = exec.Command(filepath.Join(programs, "postgres"), "-D", data, "-h", "127.0.0.1", "-p", strconv.Itoa(p.port), "-k", p.folder, "-F")
	p.server.Dir, p.server.SysProcAttr, p.server.Stdout, p.server.Stderr = p.folder, as, &p.output, &p.output
	if err := p.server.Start(); err != nil {
		return nil, err
	}
	if err := p.wait(ctx); err != nil {
		p.Stop()
		return nil, fmt.Errorf("%w: %s", err, p.output.Bytes())
	}
	return p, nil
}

// wait waits until the server takes connections.
func (p *Postgres) wait(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	for {
		err := p.Run(ctx, "select 1")
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Address is a connection string for the server.
func (p *Postgres) Address() string { return p.addressAt(p.port) }

func (p *Postgres) addressAt(port int) string {
	return fmt.Sprintf("postgres://lockstep@127.0.0.1:%d/postgres", port)
}

// Stop ends the server at once, with all connections, and removes what it kept.
func (p *Postgres) Stop() {
	_ = p.server.Process.Signal(syscall.SIGINT)
	kill := time.AfterFunc(startTime, func() { _ = p.server.Process.Kill() })
	_ = p.server.Wait()
	kill.Stop()
	_ = os.RemoveAll(p.folder)
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	port := l.Addr().(*net.TCPAddr).Port
	return port, l.Close()
}
