package command

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"

	"github.com/urfave/cli/v3"

	"lockstep/planner/state/encryption"
)

// outputFile declares a flag that names a file to write, which is refused where
// lockstep would lose what it reads.
func outputFile(name, usage string) *cli.StringFlag {
	return &cli.StringFlag{Name: name, Usage: usage, Action: func(_ context.Context, _ *cli.Command, path string) error {
		return keepsFiles(name, path)
	}}
}

// keepsFiles refuses a path, which a flag names, of a file that declares objects or
// has a state.
func keepsFiles(flag, path string) error {
	for _, ending := range []string{".hcl", ".hcl.json"} {
		if strings.HasSuffix(strings.ToLower(path), ending) {
			return usage("-%s=%s: the files of a project end in %s. Name another one, which nothing else is kept in.", flag, path, ending)
		}
	}
	if !hasState(path) {
		return nil
	}
	return failed(problem("A state is in the way", "-%s=%s would write over a state, and what it records would be lost. Name another file.", flag, path))
}

// hasState reports whether a path leads to a regular file that begins as a state does.
func hasState(path string) bool {
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return false
	}
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	begin := make([]byte, 64)
	n, err := io.ReadFull(file, begin)
	if shut := file.Close(); shut != nil || err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return false
	}
	return encryption.IsState(begin[:n])
}

// refuseEmpty refuses flags of a command that are given with an empty value: a
// variable of a script that has no value must not turn off what the flag asks for.
func refuseEmpty(c *cli.Command) {
	for _, f := range c.Flags {
		switch f := f.(type) {
		case *cli.StringFlag:
			if f.Validator == nil {
				f.Validator = notEmpty
			}
		case *cli.StringSliceFlag:
			f.Validator = func(all []string) error {
				for _, value := range all {
					if err := notEmpty(value); err != nil {
						return err
					}
				}
				return nil
			}
		}
	}
}

func notEmpty(value string) error {
	if value == "" {
		return errors.New("it is empty; leave the flag out if that is meant")
	}
	return nil
}
