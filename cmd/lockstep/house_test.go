package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/cmd/internal/command"
)

// The rules of the house: which room may use which, and how code is written.
const (
	module       = "lockstep/"
	contract     = "providers"
	conformance  = "providers/providertest"
	transportDir = "providers/transport"
)

// source is one Go file of the house.
type source struct {
	name  string // slash path from the top
	lines int
	set   *token.FileSet
	file  *ast.File
}

func (s *source) dir() string         { return path.Dir(s.name) }
func (s *source) test() bool          { return strings.HasSuffix(s.name, "_test.go") }
func (s *source) main() bool          { return s.file.Name.Name == "main" }
func (s *source) line(n ast.Node) int { return s.set.Position(n.Pos()).Line }

func (s *source) problem(n ast.Node, format string, a ...any) string {
	return fmt.Sprintf("%s:%d: ", s.name, s.line(n)) + fmt.Sprintf(format, a...)
}

func parse(name string, text []byte) (*source, error) {
	s := &source{name: name, lines: strings.Count(string(text), "\n"), set: token.NewFileSet()}
	var err error
	s.file, err = parser.ParseFile(s.set, name, text, parser.ParseComments)
	return s, err
}

// top is the house, seen from this package.
func top() fs.FS { return os.DirFS(filepath.Join("..", "..")) }

// house reads every Go file of the module.
func house(t *testing.T) []*source {
	t.Helper()
	var all []*source
	err := fs.WalkDir(top(), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "testdata" || name != "." && entry.Name()[0] == '.'):
			return fs.SkipDir
		case entry.IsDir() || path.Ext(name) != ".go":
			return nil
		}
		text, err := fs.ReadFile(top(), name)
		if err != nil {
			return err
		}
		s, err := parse(name, text)
		all = append(all, s)
		return err
	})
	if err != nil || len(all) < 50 {
		t.Fatalf("read %d Go files of the house: %v", len(all), err)
	}
	return all
}

// mayImport reports whether a file of one folder may import another folder.
func mayImport(from, to string, test bool) bool {
	within := func(dir string) bool { return to == dir || strings.HasPrefix(to, dir+"/") }
	room, rest, _ := strings.Cut(from, "/")
	switch room {
	case "schema":
		return rest != "" && within("schema") || test && to == "schema"
	case "planner":
		return within("planner") || to == contract || within("schema")
	case "providers":
		name, _, _ := strings.Cut(rest, "/")
		own := name != "" && within("providers/"+name)
		return own || to == "schema" || to == "schema/files" || rest != "" && (to == contract || to == transportDir) || test && to == conformance
	case "cmd":
		return true
	default:
		return false
	}
}

// farImports are packages of others that a room must not use.
var farImports = map[string][]string{
	"schema":  {"net/http", "os/exec"},
	"planner": {"net/http", "os/exec"},
}

// mayReach reports whether a folder talks to servers in a room that does not:
// where the state is kept, it is read and written there.
func mayReach(dir string) bool {
	return dir == "planner/state/backend" || strings.HasPrefix(dir, "planner/state/backend/")
}

func checkImports(s *source) []string {
	var problems []string
	for _, spec := range s.file.Imports {
		to := strings.Trim(spec.Path.Value, `"`)
		room, _, _ := strings.Cut(s.dir(), "/")
		if ours, ok := strings.CutPrefix(to, module); ok && !mayImport(s.dir(), ours, s.test()) {
			problems = append(problems, s.problem(spec, "%s must not import %s", s.dir(), ours))
		} else if !s.test() && slices.Contains(farImports[room], to) && !mayReach(s.dir()) {
			problems = append(problems, s.problem(spec, "%s must not import %s", room, to))
		}
	}
	return problems
}

// checkCalls finds what ends the process or runs before main.
func checkCalls(s *source) []string {
	if s.test() {
		return nil
	}
	var problems []string
	ast.Inspect(s.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Recv == nil && n.Name.Name == "init" {
				problems = append(problems, s.problem(n, "no init functions"))
			}
		case *ast.CallExpr:
			if name := types.ExprString(n.Fun); ends(name) && !s.main() {
				problems = append(problems, s.problem(n, "%s outside main", name))
			}
		}
		return true
	})
	return problems
}

func ends(call string) bool {
	return call == "panic" || call == "os.Exit" || strings.HasPrefix(call, "log.Fatal") || strings.HasPrefix(call, "log.Panic")
}

// checkDocs wants a doc comment on every exported name.
func checkDocs(s *source) []string {
	if s.test() || s.main() {
		return nil
	}
	var problems []string
	want := func(n ast.Node, name string, docs ...*ast.CommentGroup) {
		written := slices.ContainsFunc(docs, func(d *ast.CommentGroup) bool { return d != nil })
		if ast.IsExported(name) && !written {
			problems = append(problems, s.problem(n, "%s has no doc comment", name))
		}
	}
	for _, decl := range s.file.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil || ast.IsExported(receiver(d)) {
				want(d, d.Name.Name, d.Doc)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					want(spec, spec.Name.Name, d.Doc, spec.Doc)
				case *ast.ValueSpec:
					for _, name := range spec.Names {
						want(spec, name.Name, d.Doc, spec.Doc, spec.Comment)
					}
				}
			}
		}
	}
	return problems
}

// says is how a comment does not begin: what tells true from false "reports
// whether", an error "reports that", and a field "is true when".
var says = regexp.MustCompile(`^// \w+ says (that|whether)\b`)

// checkWords holds comments to Go's idiom.
func checkWords(s *source) []string {
	var problems []string
	for _, c := range s.file.Comments {
		if first := c.List[0]; says.MatchString(first.Text) {
			problems = append(problems, s.problem(first, "%q: write \"reports whether\" or \"is true when\"", first.Text))
		}
	}
	return problems
}

// receiver is the name of a method's type, without star and type parameters.
func receiver(f *ast.FuncDecl) string {
	name, _, _ := strings.Cut(types.ExprString(f.Recv.List[0].Type), "[")
	return strings.TrimPrefix(name, "*")
}

// checkPackages wants exactly one package comment in every package.
func checkPackages(all []*source) []string {
	comments := map[string]int{}
	for _, s := range all {
		if s.test() {
			continue
		}
		comments[s.dir()] += 0
		if s.file.Doc != nil {
			comments[s.dir()]++
		}
	}
	var problems []string
	for _, dir := range slices.Sorted(maps.Keys(comments)) {
		if n := comments[dir]; n != 1 {
			problems = append(problems, fmt.Sprintf("%s: %d package comments, want one", dir, n))
		}
	}
	return problems
}

// each turns a rule for one file into a rule for all.
func each(rule func(*source) []string) func([]*source) []string {
	return func(all []*source) (problems []string) {
		for _, s := range all {
			problems = append(problems, rule(s)...)
		}
		return problems
	}
}

// rules returns what is checked on the whole house, and bites in TestRulesBite.
func rules(exceptions map[string]string) map[string]func([]*source) []string {
	return map[string]func([]*source) []string{
		"imports":  each(checkImports),
		"size":     each(checkSize),
		"types":    checkExceptions(tooLarge, exceptions),
		"calls":    each(checkCalls),
		"docs":     each(checkDocs),
		"packages": checkPackages,
		"words":    each(checkWords),
		"maps":     checkMaps,
	}
}

func TestHouse(t *testing.T) {
	all := house(t)
	for name, rule := range rules(exceptions) {
		t.Run(name, func(t *testing.T) {
			for _, problem := range rule(all) {
				t.Error(problem)
			}
		})
	}
}

func TestTopLevel(t *testing.T) {
	allowed := []string{"README.md", "cmd", "examples", "go.mod", "go.sum", "planner", "providers", "schema"}
	for _, name := range topLevel(t) {
		if !strings.HasPrefix(name, ".") && !slices.Contains(allowed, name) {
			t.Errorf("%s stands at the top level, where only these do: %s", name, strings.Join(allowed, ", "))
		}
	}
}

// topLevel lists what git keeps; without git, what is there.
func topLevel(t *testing.T) []string {
	t.Helper()
	names, err := fs.Glob(top(), "*")
	if err != nil || len(names) == 0 {
		t.Fatalf("cannot list the top level: %v", err)
	}
	out, err := exec.Command("git", "-C", filepath.Join("..", ".."), "ls-files").Output()
	if err != nil {
		return names
	}
	return slices.DeleteFunc(names, func(name string) bool {
		return !strings.Contains("\n"+string(out), "\n"+name+"\n") && !strings.Contains("\n"+string(out), "\n"+name+"/")
	})
}

// TestProvidersAreListed finds folders whose New makes a provider, and wants
// each in the command line's list and held to the conformance suite.
func TestProvidersAreListed(t *testing.T) {
	made, held := map[string]bool{}, map[string]bool{}
	for _, s := range house(t) {
		name, ok := strings.CutPrefix(s.dir(), "providers/")
		if !ok || strings.Contains(name, "/") {
			continue
		}
		made[name] = made[name] || makesProvider(s)
		for _, spec := range s.file.Imports {
			held[name] = held[name] || s.test() && strings.Trim(spec.Path.Value, `"`) == module+conformance
		}
	}
	maps.DeleteFunc(made, func(_ string, makes bool) bool { return !makes })
	var listed []string
	for _, p := range command.Providers() {
		listed = append(listed, p.Name)
	}
	slices.Sort(listed)
	if diff := cmp.Diff(slices.Sorted(maps.Keys(made)), listed); diff != "" {
		t.Errorf("folders below providers and command.Providers() (-folders +listed):\n%s", diff)
	}
	for _, name := range listed {
		if !held[name] {
			t.Errorf("no test of providers/%s runs the conformance suite of %s", name, conformance)
		}
	}
}

func makesProvider(s *source) bool {
	return slices.ContainsFunc(s.file.Decls, func(decl ast.Decl) bool {
		f, ok := decl.(*ast.FuncDecl)
		if !ok || s.test() || f.Recv != nil || f.Name.Name != "New" || f.Type.Results == nil {
			return false
		}
		result, ok := f.Type.Results.List[0].Type.(*ast.SelectorExpr)
		return ok && result.Sel.Name == "Provider"
	})
}
