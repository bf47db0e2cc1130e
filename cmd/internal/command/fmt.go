package command

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/rogpeppe/go-internal/diff"
	"github.com/urfave/cli/v3"

	"lockstep/schema/config"
	"lockstep/schema/files"
)

func fmtCommand(s *session) *cli.Command {
	return &cli.Command{
		Name: "fmt", Usage: "lay out files in the usual way", ArgsUsage: "[FILE]...",
		Description: "Without a FILE, the files of the folder; a FILE may be a folder, and - is stdin.",
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "check", Usage: "write nothing; exit 1 when a file is not laid out so"},
			&cli.BoolFlag{Name: "diff", Usage: "show what changes"},
			&cli.BoolFlag{Name: "recursive", Usage: "go into subfolders"},
		},
		Metadata: examples("lockstep fmt -check -recursive", "in CI: exit 1 and name the files that are not laid out so"),
		Action: func(_ context.Context, c *cli.Command) error {
			f := &formatter{printer: s.printer, allowed: s.allowed, check: c.Bool("check"), diff: c.Bool("diff"), recursive: c.Bool("recursive")}
			return f.run(c.Args().Slice())
		},
	}
}

// formatter is one run of fmt.
type formatter struct {
	*printer
	// allowed are folders outside the project that links in it may lead to.
	allowed                []string
	check, diff, recursive bool
	changed                bool
	diags                  hcl.Diagnostics
}

func (f *formatter) run(paths []string) error {
	f.files = map[string]*hcl.File{}
	if len(paths) == 0 {
		paths = []string{"."}
	}
	for _, path := range paths {
		if path == "-" {
			f.stdin()
			continue
		}
		f.path(path)
	}
	if err := f.warn(f.diags); err != nil {
		return err
	}
	if f.check && f.changed {
		return exit(ExitError)
	}
	return nil
}

func (f *formatter) stdin() {
	src, err := io.ReadAll(f.env.Stdin)
	if err != nil {
		f.diags = append(f.diags, problem("Cannot read stdin", "%s.", err)...)
		return
	}
	out, ok := f.format("<stdin>", src)
	if ok && !f.check {
		_, _ = f.exact.Write(out)
	}
}

// path formats a file, or the files of a folder.
func (f *formatter) path(path string) {
	info, err := os.Stat(path)
	if err != nil {
		f.diags = append(f.diags, problem("Cannot read a file", "%s: %s.", path, reason(err))...)
		return
	}
	dir := path
	if !info.IsDir() {
		dir = filepath.Dir(path)
	}
	project, err := files.OpenProject(dir, f.allowed...)
	if err != nil {
		f.diags = append(f.diags, problem("Cannot read a folder", "%s: %s.", dir, reason(err))...)
		return
	}
	if strings.HasSuffix(path, ".json") {
		f.diags = append(f.diags, problem("Cannot lay out JSON", "%s: fmt lays out files that end in .hcl; leave JSON to whatever writes it.", path)...)
		return
	}
	if !info.IsDir() {
		f.file(project, path)
		return
	}
	err = filepath.WalkDir(path, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != path && (!f.recursive || strings.HasPrefix(d.Name(), ".")):
			return fs.SkipDir
		case !d.IsDir() && strings.HasSuffix(name, ".hcl"):
			f.file(project, name)
		}
		return nil
	})
	if err != nil {
		f.diags = append(f.diags, problem("Cannot read a folder", "%s: %s.", path, reason(err))...)
	}
}

// file lays a file of the project out. A link that leaves it is refused, because
// what it points to would be written.
func (f *formatter) file(project *files.Project, name string) {
	text, err := read(project, name)
	if err != nil {
		f.diags = append(f.diags, problem("Cannot read a file", "%s: %s.", name, reason(err))...)
		return
	}
	src := []byte(text)
	out, ok := f.format(name, src)
	if !ok || bytes.Equal(src, out) {
		return
	}
	fmt.Fprintln(f.env.Stdout, filepath.ToSlash(name))
	if f.diff {
		_, _ = f.env.Stdout.Write(diff.Diff("old/"+filepath.ToSlash(name), src, "new/"+filepath.ToSlash(name), out))
	}
	if f.check {
		return
	}
	if err := layOut(name, out); err != nil {
		f.diags = append(f.diags, problem("Cannot write a file", "%s: %s.", name, reason(err))...)
	}
}

// read returns the text of a file by its name in the working folder.
func read(project *files.Project, name string) (string, error) {
	abs, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	return project.ReadText(abs)
}

// format lays a file out. A file that is not HCL is left as it is.
func (f *formatter) format(name string, src []byte) ([]byte, bool) {
	file, diags := config.Parse(src, name)
	f.files[name] = file
	f.diags = append(f.diags, diags...)
	if diags.HasErrors() {
		return nil, false
	}
	out := hclwrite.Format(src)
	f.changed = f.changed || !bytes.Equal(src, out)
	return out, true
}

// layOut writes a file anew with the mode that it has.
func layOut(name string, text []byte) error {
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	return files.ReplaceBytes(name, info.Mode().Perm(), text)
}
