package config

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"lockstep/schema"
	"lockstep/schema/files"
)

// Load reads every *.hcl and *.hcl.json file of a folder, except *.vars.hcl and
// *.test.hcl, as the root module, and the local modules that it calls, and checks them against the
// catalog. The Config is never nil, so that diagnostics can be shown with
// their lines. No file is read outside the project of the folder and the folders
// that are allowed.
func Load(dir string, catalog []*schema.Provider, allowed ...string) (*Config, hcl.Diagnostics) {
	project, err := files.OpenProject(dir, allowed...)
	if err != nil {
		return &Config{Dir: dir}, hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "Folder cannot be read", Detail: err.Error() + "."}}
	}
	cfg := &Config{Files: project, Dir: dir, Catalog: catalog, Sources: map[string]*hcl.File{}, broken: map[string]bool{}, Settings: &Settings{}}
	l := &loader{findings: newFindings(), cfg: cfg, folders: map[string][]*hcl.File{}, rejected: map[Node]bool{}}
	cfg.Root = l.load(nil, nil, ".")
	l.variableFiles()
	cfg.Digest = l.digest()
	l.resolveProviders(cfg.Root)
	cfg.graph = newGraph(cfg.Root)
	cfg.resolveSources(cfg.Root)
	if !l.malformed {
		k := newChecker(l.findings, cfg, l.rejected)
		k.module(cfg.Root)
		k.cycles()
	}
	return cfg, distinct(l.diags)
}

// loader reads the files of the root module and of the modules it calls.
type loader struct {
	*findings
	cfg *Config
	// folders are the parsed files of each module folder.
	folders map[string][]*hcl.File
	// malformed is set when a file could not be parsed, so that what it declares
	// is not known and references cannot be checked.
	malformed bool
	names     []string
	// rejected are the blocks that were seen but could not be understood, so
	// that references to them are not reported as well.
	rejected map[Node]bool
}

// load reads one folder as a module. dir is relative to the root's folder.
func (l *loader) load(parent *Module, call *Call, dir string) *Module {
	m := &Module{
		Parent: parent, Call: call, Dir: dir,
		Variables: map[string]*Variable{}, Locals: map[string]*Local{}, Outputs: map[string]*Output{}, Calls: map[string]*Call{},
	}
	if parent != nil {
		m.Path = append(slices.Clone(parent.Path), call.Name)
	}
	parsed, ok := l.folder(dir)
	if !ok {
		l.noFiles(call, dir)
		return m
	}
	d := &decoder{findings: l.findings, loader: l, module: m}
	for _, f := range parsed {
		if body, ok := f.Body.(*hclsyntax.Body); ok {
			d.file(body)
		}
	}
	byAddress := func(a, b *Resource) int { return a.Address().Compare(b.Address()) }
	slices.SortStableFunc(m.Resources, byAddress)
	slices.SortStableFunc(m.Data, byAddress)
	slices.SortStableFunc(m.Actions, byAddress)
	return m
}

func (l *loader) noFiles(call *Call, dir string) {
	if call != nil {
		l.error("Module has no files", call.Range,
			"The folder %q has no .hcl files. The source of a module is a folder relative to the one of the calling file, such as \"./modules/club\".", dir)
		return
	}
	advice := "Write one there, such as main.hcl, or name the folder that has them with -chdir=DIR."
	if found, err := filepath.Glob(filepath.Join(l.cfg.Dir, "*.tf")); err == nil && len(found) > 0 {
		advice = "Files that end in .tf are not read: " + filepath.Base(found[0]) + " must be renamed to " + strings.TrimSuffix(filepath.Base(found[0]), ".tf") + ".hcl."
	}
	l.diags = append(l.diags, &hcl.Diagnostic{
		Severity: hcl.DiagError,
		Summary:  "No configuration files",
		Detail:   fmt.Sprintf("The folder %s has no .hcl files. %s", l.cfg.Dir, advice),
	})
}

// folder parses the files of a folder once, in the order of their names. ok is
// false when it has none.
func (l *loader) folder(dir string) (parsed []*hcl.File, ok bool) {
	if parsed, ok := l.folders[dir]; ok {
		return parsed, true
	}
	entries, err := l.entries(dir)
	if err != nil && !os.IsNotExist(err) {
		l.diags = append(l.diags, &hcl.Diagnostic{
			Severity: hcl.DiagError, Summary: "Folder cannot be read", Detail: err.Error() + ".",
		})
	}
	l.foreign(dir, entries)
	for _, entry := range entries {
		name := entry.Name()
		if entry.IsDir() || !ofModule(name) {
			continue
		}
		shown := schema.CanonicalText(filepath.ToSlash(filepath.Join(dir, name)))
		if f := l.parse(shown); f != nil {
			parsed = append(parsed, f)
			l.names = append(l.names, shown)
		}
	}
	if len(parsed) > 0 {
		l.folders[dir] = parsed
	}
	return parsed, len(parsed) > 0
}

// varsEnding is how the names of files with values of variables end.
const varsEnding = ".vars.hcl"

// ofModule reports whether a file of this name is part of the module that its folder
// is. Values of variables and tests are not.
func ofModule(name string) bool {
	name = withoutJSON(name)
	return strings.HasSuffix(name, ".hcl") && !IsVariables(name) && !isTest(name) && !strings.HasPrefix(name, ".")
}

// IsVariables reports whether a file of this name has values of variables.
func IsVariables(name string) bool { return strings.HasSuffix(withoutJSON(name), varsEnding) }

// foreign warns of files with Terraform's endings beside files that are read.
func (l *loader) foreign(dir string, entries []os.DirEntry) {
	var names []string
	read := false
	for _, entry := range entries {
		name := entry.Name()
		read = read || ofModule(name)
		if !entry.IsDir() && (strings.HasSuffix(name, ".tf") || strings.HasSuffix(name, ".tf.json")) {
			names = append(names, filepath.ToSlash(filepath.Join(dir, name)))
		}
	}
	if read && len(names) > 0 {
		l.add(hcl.Diagnostics{{Severity: hcl.DiagWarning, Summary: "Files that are not read", Detail: fmt.Sprintf(
			"Files that end in .tf are not read, and here are %s. To use one, rename it so that it ends in .hcl, or in .hcl.json if it is JSON; else move it elsewhere.", strings.Join(names, ", "))}})
	}
}

// entries are the files of a folder, by their names.
func (l *loader) entries(dir string) ([]os.DirEntry, error) {
	at, err := l.cfg.Files.Locate(filepath.FromSlash(dir))
	if err != nil {
		return nil, err
	}
	return os.ReadDir(at)
}

func (l *loader) parse(name string) *hcl.File {
	src, err := l.cfg.Files.ReadText(filepath.FromSlash(name))
	if err != nil {
		l.diags = append(l.diags, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "File cannot be read", Detail: err.Error() + "."})
		return nil
	}
	f, diags := Parse([]byte(src), name)
	l.add(diags)
	l.malformed = l.malformed || diags.HasErrors()
	l.cfg.keep(name, f, diags)
	return f
}

// keep makes the lines of a file known to diagnostics.
func (c *Config) keep(name string, f *hcl.File, diags hcl.Diagnostics) {
	c.Sources[name] = f
	if diags.HasErrors() {
		c.broken[name] = true
	}
}

// variableFiles makes the lines of variable files known to diagnostics.
// Whoever assigns variables reports what is wrong with them.
func (l *loader) variableFiles() {
	entries, err := os.ReadDir(l.cfg.Dir)
	if err != nil {
		return
	}
	for _, entry := range entries {
		shown := entry.Name()
		if entry.IsDir() || !IsVariables(shown) {
			continue
		}
		src, err := l.cfg.Files.ReadText(shown)
		if err != nil {
			continue
		}
		f, diags := Parse([]byte(src), shown)
		l.cfg.keep(shown, f, diags)
	}
}

// digest covers the files of all modules, whatever order they were read in.
func (l *loader) digest() string {
	names := slices.Clone(l.names)
	slices.Sort(names)
	sum := sha256.New()
	for _, name := range slices.Compact(names) {
		src := l.cfg.Sources[name].Bytes
		// The lengths keep two files from being taken for one.
		_, _ = fmt.Fprintf(sum, "%d %s %d\n", len(name), name, len(src))
		_, _ = sum.Write(src)
	}
	return hex.EncodeToString(sum.Sum(nil))
}
