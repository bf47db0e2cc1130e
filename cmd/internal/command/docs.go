package command

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v3"

	"lockstep/cmd/internal/reference"
	"lockstep/schema/files"
)

// The formats of docs.
const (
	docsMarkdown = "markdown"
	docsSchema   = "json-schema"
)

func docsCommand(s *session) *cli.Command {
	return &cli.Command{
		Name: "docs", Usage: "write the reference of all kinds, or a JSON Schema for editors",
		Description: "Markdown is written into a folder, a file for each kind. The JSON Schema is for files that end in .hcl.json, and goes to stdout unless -out names a file. Reads no files and no account.",
		Flags: []cli.Flag{
			choice("format", "`FORMAT` is markdown or json-schema", docsMarkdown, docsSchema),
			&cli.StringFlag{Name: "out", Usage: "the folder of the Markdown files, or the file of the schema, as `PATH`"},
		},
		Metadata: examples(
			"lockstep docs -out=reference", "a file for each kind, for people",
			"lockstep docs -format=json-schema -out=lockstep.schema.json", "by which an editor completes *.hcl.json"),
		Action: s.does(docs),
	}
}

func docs(_ context.Context, s *session, c *cli.Command) error {
	if err := positional(c, 0, 0, ""); err != nil {
		return err
	}
	out := c.String("out")
	if c.String("format") == docsSchema {
		return writeSchema(s, out)
	}
	if out == "" {
		return usage("The reference is many files: name a folder for them with -out=DIR. `lockstep explain KIND` tells of one kind.")
	}
	if info, err := os.Stat(out); err == nil && !info.IsDir() {
		return usage("-out=%s is a file: name a folder for the pages.", out)
	}
	pages := reference.Pages(s.catalog())
	for _, page := range pages {
		at := filepath.Join(out, filepath.FromSlash(page.Path))
		if old, err := os.ReadFile(at); err == nil && !strings.HasPrefix(string(old), reference.Mark) {
			return failed(problem("A file is in the way", "%s is no page that docs made. Name a folder of its own with -out=DIR; nothing was written.", at))
		}
	}
	for _, page := range pages {
		at := filepath.Join(out, filepath.FromSlash(page.Path))
		err := os.MkdirAll(filepath.Dir(at), 0o755)
		if err == nil {
			err = files.ReplaceBytes(at, 0o644, []byte(page.Text))
		}
		if err != nil {
			return failed(problem("Cannot write the reference", "%s: %s.", at, reason(err)))
		}
	}
	s.say("Wrote %d files, beginning with %s.", len(pages), filepath.ToSlash(filepath.Join(out, pages[0].Path)))
	return nil
}

func writeSchema(s *session, out string) error {
	if err := keepsFiles("out", out); err != nil {
		return err
	}
	var b bytes.Buffer
	if err := reference.JSONSchema(&b, s.catalog()); err != nil {
		return failed(problem("Cannot write the schema", "%s.", err))
	}
	if out == "" {
		_, err := s.exact.Write(b.Bytes())
		return err
	}
	if err := files.ReplaceBytes(out, 0o644, b.Bytes()); err != nil {
		return failed(problem("Cannot write the schema", "%s: %s.", out, reason(err)))
	}
	return nil
}
