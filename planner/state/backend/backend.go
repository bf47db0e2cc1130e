// Package backend keeps states where a team shares them: on a server of
// Terraform's HTTP protocol, in a PostgreSQL database, or in a bucket of an
// S3-compatible store.
//
// What the files say names a place; what opens it (passwords, the addresses that
// they are for) comes from the environment. A password goes to no address that
// only the files say, because a stranger may have written them.
package backend

import (
	"context"
	"errors"
	"time"

	"lockstep/planner/state"
	"lockstep/schema"
)

// Options of a backend.
type Options struct {
	// Type is "local", "http", "postgres" or "s3".
	Type string
	// Path is the file of a local one.
	Path string
	// Arguments of the backend block by name.
	Arguments map[string]string
	// Workspace whose state it is; empty is "default".
	Workspace string
	// Getenv reads the environment.
	Getenv func(string) string
	// UserAgent names this program to servers.
	UserAgent string
}

// Open returns the backend of a workspace, without a look at what it keeps. The error
// says what to set or correct.
func Open(o Options) (state.Backend, error) {
	kept, err := open(o)
	if _, many := kept.(Workspaces); err == nil && !many && !o.inDefault() {
		return nil, errOne(o.Type)
	}
	return kept, err
}

// inDefault reports whether the workspace is the one that every backend has.
func (o Options) inDefault() bool { return o.Workspace == "" || o.Workspace == schema.DefaultWorkspace }

func open(o Options) (state.Backend, error) {
	switch o.Type {
	case "http":
		return openHTTP(o)
	case "postgres":
		return openPostgres(o)
	case "s3":
		return openS3(o)
	default:
		return openLocal(o), nil
	}
}

// errNoLog is returned for lines that have no log to be added to.
var errNoLog = errors.New("there is no log to append to")

const (
	// tries is how often something is tried whose server cannot be reached.
	tries = 6
	// firstPause is how long it waits after the first try, and doubles from there:
	// 6 s in all.
	firstPause = 200 * time.Millisecond
)

// awayError is an error that another try may mend: the server, or the way to it,
// is down. What was asked may have been done.
type awayError struct{ error }

// Unwrap returns the cause.
func (e awayError) Unwrap() error { return e.error }

// again repeats f while the server is away. The first try is number 0.
func again(ctx context.Context, f func(try int) error) error {
	pause := firstPause
	for try := 0; ; try++ {
		err := f(try)
		var away awayError
		if !errors.As(err, &away) || try+1 == tries {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pause):
		}
		pause *= 2
	}
}
