package eval

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema/config"
	"lockstep/schema/files"
)

// EnvPrefix starts the names of environment variables that give values to
// variables.
const EnvPrefix = "LOCKSTEP_VAR_"

// From is the kind of source that a value for a variable has.
type From uint8

// The kinds of sources.
const (
	FromFlag From = iota
	FromEnvironment
	// FromFile is a file that loads by itself, or a saved plan.
	FromFile
	// FromGivenFile is a file that the command line names.
	FromGivenFile
)

// Assignment gives a value to a variable.
type Assignment struct {
	Name string
	// Raw is the text from a flag or the environment; Value is set instead
	// for a value from a file.
	Raw   string
	Value cty.Value
	From  From
	// Source names the source to people: "-var", "LOCKSTEP_VAR_x" or
	// "lockstep.vars.hcl:3".
	Source string
	// Range is the place in a file; nil for other sources.
	Range *hcl.Range
}

// Given is one value or file of the command line.
type Given struct {
	// Text is "name=value", or the path of a file.
	Text string
	// File is set when Text is a path.
	File bool
}

// LoadVars collects values for variables. Later ones win: the environment
// ("NAME=value" lines), lockstep.vars.hcl, the *.auto.vars.hcl files by name,
// then what was given on the command line, in its order. A file of the command line
// may lie anywhere.
func LoadVars(project *files.Project, given []Given, environ []string) ([]Assignment, hcl.Diagnostics) {
	found := environmentVars(environ)
	var diags hcl.Diagnostics
	automatic, err := automaticFiles(project.Dir)
	if err != nil {
		diags = append(diags, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Folder cannot be read", Detail: err.Error()})
	}
	for _, shown := range automatic {
		src, err := project.ReadText(shown)
		more, fileDiags := varsFile([]byte(src), err, shown, FromFile)
		found, diags = append(found, more...), append(diags, fileDiags...)
	}
	diags = append(diags, foreignFiles(project.Dir, given)...)
	for _, g := range given {
		more, givenDiags := g.load(project.Dir)
		found, diags = append(found, more...), append(diags, givenDiags...)
	}
	return found, diags
}

// automaticFiles are the files that give values by themselves, later ones winning.
func automaticFiles(dir string) ([]string, error) {
	var found []string
	for _, ending := range []string{"", ".json"} {
		if first := "lockstep.vars.hcl" + ending; exists(filepath.Join(dir, first)) {
			found = append(found, first)
		}
	}
	entries, err := os.ReadDir(dir)
	for _, entry := range entries { // sorted by name
		if name := entry.Name(); strings.HasSuffix(strings.TrimSuffix(name, ".json"), ".auto.vars.hcl") {
			found = append(found, name)
		}
	}
	return found, err
}

// foreignFiles warns of files with values that Terraform would read by itself.
func foreignFiles(dir string, given []Given) hcl.Diagnostics {
	found, err := filepath.Glob(filepath.Join(dir, "*.auto.tfvars"))
	if first := filepath.Join(dir, "terraform.tfvars"); err == nil && exists(first) {
		found = append(found, first)
	}
	var names []string
	for _, path := range found {
		name := filepath.Base(path)
		if !slices.ContainsFunc(given, func(g Given) bool { return g.File && filepath.Base(g.Text) == name }) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return hcl.Diagnostics{{Severity: hcl.DiagWarning, Summary: "Files of values that are not read", Detail: fmt.Sprintf(
		"Values are read from lockstep.vars.hcl and from files that end in .auto.vars.hcl, not from %s. Rename it, or name it with -var-file.", strings.Join(names, ", "))}}
}

func (g Given) load(dir string) ([]Assignment, hcl.Diagnostics) {
	if g.File {
		path := g.Text
		if !filepath.IsAbs(path) {
			path = filepath.Join(dir, path)
		}
		src, err := os.ReadFile(path)
		return varsFile(src, err, g.Text, FromGivenFile)
	}
	name, raw, ok := strings.Cut(g.Text, "=")
	if name = cty.NormalizeString(strings.TrimSpace(name)); !ok || !hclsyntax.ValidIdentifier(name) {
		return nil, hcl.Diagnostics{{
			Severity: hcl.DiagError, Summary: "Invalid -var",
			Detail: fmt.Sprintf("A variable is given as -var='name=value', and %q does not start with a name and an equals sign.", name),
		}}
	}
	return []Assignment{{Name: name, Raw: raw, From: FromFlag, Source: "-var"}}, nil
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

func environmentVars(environ []string) []Assignment {
	var found []Assignment
	for _, line := range environ {
		name, raw, ok := strings.Cut(line, "=")
		if ok && strings.HasPrefix(name, EnvPrefix) && len(name) > len(EnvPrefix) {
			found = append(found, Assignment{Name: cty.NormalizeString(strings.TrimPrefix(name, EnvPrefix)), Raw: raw, From: FromEnvironment, Source: name})
		}
	}
	slices.SortStableFunc(found, func(a, b Assignment) int { return strings.Compare(a.Name, b.Name) })
	return found
}

// varsFile takes in one file of name = value lines, or why it was not read. shown is
// its name in messages.
func varsFile(src []byte, err error, shown string, from From) ([]Assignment, hcl.Diagnostics) {
	if err != nil {
		detail := fmt.Sprintf("%s: %s.", shown, errorCause(err))
		if from == FromGivenFile {
			detail += " Paths of -var-file are relative to the folder of the configuration."
		}
		return nil, hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "Variable file cannot be read", Detail: detail}}
	}
	f, diags := config.Parse(src, filepath.ToSlash(shown))
	body, ok := f.Body.(*hclsyntax.Body)
	if !ok {
		return nil, diags
	}
	for _, b := range body.Blocks {
		diags = append(diags, errorAt(b.TypeRange, "Block in a variable file",
			"A variable file has only lines of the form name = value. A %s block belongs into a file whose name does not end in .vars.hcl.", b.Type)...)
	}
	var found []Assignment
	for _, a := range body.Attributes {
		value, more := a.Expr.Value(nil)
		if more.HasErrors() {
			diags = append(diags, errorAt(a.Expr.Range(), "Not a constant", "A variable file has constants only: no references and no functions.")...)
			continue
		}
		at := a.SrcRange
		found = append(found, Assignment{
			Name: a.Name, Value: value, From: from, Range: &at, Source: fmt.Sprintf("%s:%d", at.Filename, at.Start.Line),
		})
	}
	slices.SortFunc(found, func(a, b Assignment) int { return a.Range.Start.Byte - b.Range.Start.Byte })
	return found, diags
}

func errorCause(err error) string {
	if os.IsNotExist(err) {
		return "there is no such file"
	}
	if path, ok := err.(*os.PathError); ok {
		return path.Err.Error()
	}
	return err.Error()
}
