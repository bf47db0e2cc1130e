package bench

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// buildTime bounds the build of the binary.
const buildTime = 10 * time.Minute

// Options say what is measured.
type Options struct {
	Binary string   // the program
	Dir    string   // an existing folder for all files of the run
	Sizes  []int    // numbers of contacts
	Rate   string   // "off", or the limit of requests such as 100/10s
	Only   string   // the name of the one group to measure; empty is all
	Env    []string // further variables of the processes, NAME=VALUE
	Log    io.Writer
}

// Main is the command: it parses arguments, measures, and prints tables to
// stdout and what it is doing to stderr.
func Main(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	sizes := flags.String("sizes", "", "numbers of contacts (default 1000,10000,100000; with a rate 2000)")
	rate := flags.String("rate", "off", "with a limit such as 100/10s, measure how much of it an apply of single writes uses")
	only := flags.String("only", "", "measure one group only: "+strings.Join(groupNames(), ", "))
	binary := flags.String("binary", "", "measure this binary instead of building one")
	keep := flags.Bool("keep", false, "keep the folder of the run, and say where it is")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return nil
	} else if err != nil {
		return err
	}
	opts := Options{Binary: *binary, Rate: *rate, Only: *only, Log: stderr}
	var err error
	if opts.Sizes, err = parseSizes(*sizes, *rate); err != nil {
		return err
	}
	if *only != "" && !slices.Contains(groupNames(), *only) {
		return fmt.Errorf("-only=%s is not known: it is one of %s", *only, strings.Join(groupNames(), ", "))
	}
	if opts.Dir, err = os.MkdirTemp("", "lockstep-bench-"); err != nil {
		return err
	}
	if *keep {
		fmt.Fprintln(stderr, "The files are kept in", opts.Dir)
	} else {
		defer os.RemoveAll(opts.Dir)
	}
	if opts.Binary == "" {
		if opts.Binary, err = build(ctx, opts.Dir); err != nil {
			return err
		}
	}
	return opts.print(ctx, stdout)
}

// print measures and writes the tables.
func (o Options) print(ctx context.Context, w io.Writer) error {
	if o.Rate != "off" {
		rates, err := RunRate(ctx, o)
		if err != nil {
			return err
		}
		_, err = io.WriteString(w, RenderRate(machine(), rates))
		return err
	}
	report, err := Run(ctx, o)
	if len(report.Rows) == 0 {
		return err
	}
	_, written := io.WriteString(w, Render(report))
	return errors.Join(err, written)
}

// parseSizes reads "1000,10000" into rising numbers.
func parseSizes(text, rate string) ([]int, error) {
	if text == "" && rate != "off" {
		return []int{2000}, nil
	}
	if text == "" {
		return []int{1000, 10_000, 100_000}, nil
	}
	var sizes []int
	for part := range strings.SplitSeq(text, ",") {
		n, err := strconv.Atoi(part)
		if err != nil || n < 1 {
			return nil, fmt.Errorf("-sizes are numbers of contacts such as 1000,10000, not %q", text)
		}
		sizes = append(sizes, n)
	}
	slices.Sort(sizes)
	return slices.Compact(sizes), nil
}

// build compiles the program as a user does.
func build(ctx context.Context, dir string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, buildTime)
	defer cancel()
	binary := filepath.Join(dir, "lockstep")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", binary, "lockstep/cmd/lockstep").CombinedOutput(); err != nil {
		return "", fmt.Errorf("build lockstep: %w\n%s", err, out)
	}
	return binary, nil
}
