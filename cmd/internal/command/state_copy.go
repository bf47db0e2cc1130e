package command

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"regexp"
	"strings"

	"github.com/urfave/cli/v3"

	"lockstep/cmd/internal/view"
	"lockstep/planner/state"
	"lockstep/planner/state/encryption"
	"lockstep/schema/eval"
)

// copyCommands move whole states between files and backends.
func copyCommands(s *session) []*cli.Command {
	force := &cli.BoolFlag{Name: "force", Usage: "write over a newer state, or one of another lineage"}
	return []*cli.Command{
		{Name: "pull", Usage: "print the whole state as it is kept", Flags: variableFlags(), Action: s.does(statePull),
			Metadata: examples("lockstep state pull > copy.jsonl", "keep a copy of a state that is shared")},
		{Name: "push", Usage: "put a FILE that was pulled in the place of the state; - is stdin", ArgsUsage: "FILE", Flags: append(variableFlags(), force), Action: s.does(statePush)},
		{Name: "migrate", Usage: "copy the state of another backend to the one that the files name", Action: s.does(stateMigrate),
			Flags: append(variableFlags(), force, &cli.StringFlag{Name: "from", Value: eval.BackendLocal, Usage: "the `BACKEND` to copy from, and what its block says"}),
			Metadata: examples("lockstep state migrate", "from lockstep.state.jsonl to the backend in the files",
				"lockstep state migrate -from='postgres name=club'", "from another one; its secrets come from the environment")},
	}
}

func forceUnlockCommand(s *session) *cli.Command {
	return &cli.Command{
		Name: "force-unlock", Usage: "end the lock of a run that has ended", ArgsUsage: "LOCK_ID", Flags: variableFlags(), Action: s.does(forceUnlock),
		Metadata: examples("lockstep force-unlock LOCK_ID", "the id stands in the error of the run that was kept out"),
	}
}

func forceUnlock(ctx context.Context, s *session, c *cli.Command) error {
	if err := positional(c, 1, 1, "one LOCK_ID"); err != nil {
		return err
	}
	p, err := s.loadState(ctx, c)
	if err != nil {
		return err
	}
	if err := p.backend.Unlock(ctx, c.Args().First()); err != nil {
		return failed(problem("Cannot unlock the state", "%s.", capital(err.Error())))
	}
	s.say("Unlocked the state %s. A run that still goes on with that lock writes nothing more.", p.kept())
	return nil
}

func statePull(ctx context.Context, s *session, c *cli.Command) error {
	if err := positional(c, 0, 0, ""); err != nil {
		return err
	}
	p, err := s.loadState(ctx, c)
	if err != nil {
		return err
	}
	log, err := p.backend.Load(ctx)
	if err != nil {
		return failed(problem("Cannot read the state", "%s.", capital(err.Error())))
	}
	n, err := io.Copy(s.exact, io.NewSectionReader(log, 0, math.MaxInt64))
	if err == nil && n == 0 {
		s.note("There is no state in %s yet, so nothing was printed.", p.kept())
	}
	return err
}

func statePush(ctx context.Context, s *session, c *cli.Command) error {
	if err := positional(c, 1, 1, "one FILE"); err != nil {
		return err
	}
	text, err := readPushed(s, c.Args().First())
	if err != nil {
		return failed(problem("Cannot read the file", "%s.", capital(err.Error())))
	}
	if encryption.Encrypted(text) {
		return failed(problem("The state was not written", "%s is encrypted. Push a copy in clear, which `lockstep state pull` prints for who has the key; or put the file back where it was copied from.", pushedName(c.Args().First())))
	}
	p, err := s.load(c)
	if err != nil {
		return err
	}
	return p.push(ctx, bytes.NewReader(text), c.Bool("force"), pushed{
		by: "state push", name: pushedName(c.Args().First()), remedy: "Push a copy that `lockstep state pull` wrote.",
	})
}

// loadState loads the folder for work on the state of a workspace that is there.
func (s *session) loadState(ctx context.Context, c *cli.Command) (*project, error) {
	p, err := s.load(c)
	if err != nil {
		return nil, err
	}
	return p, p.checkWorkspace(ctx)
}

// pushedName is what people call a file that is read, or the standard input.
func pushedName(file string) string {
	if file == "-" {
		return "The standard input"
	}
	return file
}

func readPushed(s *session, name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(s.env.Stdin)
	}
	return os.ReadFile(name)
}

// pushed is a log that is to take the place of a state.
type pushed struct {
	// by is the command, and name what people call the log.
	by, name string
	// remedy is what to do when the log is no state.
	remedy string
}

// push writes a log under the lock, and says so.
func (p *project) push(ctx context.Context, log io.ReaderAt, force bool, of pushed) error {
	release, err := p.lock(ctx, of.by)
	if err != nil {
		return err
	}
	defer release()
	done, err := state.Push(ctx, p.backend, log, force)
	var none *state.NoStateError
	if errors.As(err, &none) {
		return failed(problem("The state was not written", "%s is no lockstep state that can be used: %s. %s", of.name, none, of.remedy))
	}
	if err != nil {
		return failed(problem("The state was not written", "%s.", capital(err.Error())))
	}
	replaced := ""
	if done.Replaced > 0 {
		replaced = fmt.Sprintf(", in the place of %s", view.Count(done.Replaced, "record", "records"))
	}
	p.say("Wrote %s to %s%s.", view.Count(done.Records, "record", "records"), p.kept(), replaced)
	return nil
}

func stateMigrate(ctx context.Context, s *session, c *cli.Command) error {
	if err := positional(c, 0, 0, ""); err != nil {
		return err
	}
	p, err := s.load(c)
	if err != nil {
		return err
	}
	from, err := s.source(c.String("from"), p.workspace)
	if err != nil {
		return err
	}
	if sameState(from.Name(), p.backend.Name()) {
		return failed(problem("There is nothing to migrate", "The files name the state %s, from which to copy. Write the backend block that the state is to have, and say with -from which one it had.", from.Name()))
	}
	// Nothing is written to what is copied while it is.
	release, err := (&project{session: s, backend: from, settings: eval.Settings{Backend: "from"}, workspaceFound: true}).lock(ctx, "state migrate")
	if err != nil {
		return err
	}
	defer release()
	log, err := from.Load(ctx)
	if err != nil {
		return failed(problem("Cannot read the state", "%s: %s.", from.Name(), err))
	}
	if err := p.push(ctx, log, c.Bool("force"), pushed{by: "state migrate", name: from.Name(), remedy: "Say with -from where the state is kept now."}); err != nil {
		return err
	}
	s.say("%s is as it was: remove it once all runs use the new one.", from.Name())
	return nil
}

// sameState reports whether two names are of one state, be it one file by two paths.
func sameState(one, other string) bool {
	if one == other {
		return true
	}
	a, err := os.Stat(one)
	if err != nil {
		return false
	}
	b, err := os.Stat(other)
	return err == nil && os.SameFile(a, b)
}

// source is the backend that -from names: its type, then NAME=VALUE as in its
// block.
func (s *session) source(text, workspace string) (state.Backend, error) {
	kind, arguments, err := parseFrom(text)
	if err != nil {
		return nil, err
	}
	settings := eval.Settings{Backend: kind, StatePath: eval.DefaultStatePath, BackendArguments: arguments}
	if why := eval.CheckBackend(settings.Backend, settings.BackendArguments); why != "" {
		return nil, usage("%s", why)
	}
	if path := settings.BackendArguments["path"]; path != "" {
		settings.StatePath = path
	}
	return s.backend(settings, workspace)
}

// argumentStart is where an argument of -from begins.
var argumentStart = regexp.MustCompile(`(?:^|\s)([a-z][a-z0-9_]*)=`)

// parseFrom reads what -from names. A value goes on until the next NAME=, so a path
// may have spaces; quotes around it are as in a block.
func parseFrom(text string) (kind string, arguments map[string]string, err error) {
	kind, rest, _ := strings.Cut(strings.TrimSpace(text), " ")
	if kind == "" {
		return "", nil, usage("-from names a backend, such as local or 'postgres name=club'.")
	}
	rest, arguments = strings.TrimSpace(rest), map[string]string{}
	starts := argumentStart.FindAllStringSubmatchIndex(rest, -1)
	if rest != "" && (starts == nil || starts[0][0] != 0) {
		return "", nil, usage("-from takes NAME=VALUE after the name of the backend, not %q.", rest)
	}
	for i, at := range starts {
		end := len(rest)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		arguments[rest[at[2]:at[3]]] = unquoted(strings.TrimSpace(rest[at[1]:end]))
	}
	return kind, arguments, nil
}

// unquoted is a value without the quotes around it.
func unquoted(value string) string {
	for _, quote := range []string{`"`, "'"} {
		if inner, ok := strings.CutPrefix(value, quote); ok && strings.HasSuffix(inner, quote) {
			return strings.TrimSuffix(inner, quote)
		}
	}
	return value
}
