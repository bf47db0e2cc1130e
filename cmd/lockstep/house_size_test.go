package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"maps"
	"slices"
)

// What fits on a screen or a few, and what a reader keeps in mind.
const (
	longestFunc = 60 // lines
	longestTest = 60 // lines, of a function in a test file
	longestFile = 400
	mostMethods = 30 // of one type, over all files of its package
	mostFields  = 15 // of one struct
)

// exceptions are the types and test functions that may be larger, by folder
// and name, with the reason. An exception that nothing needs is a problem too.
//
// An empty line stands between any two, so that changes of neighbours merge.
var exceptions = map[string]string{
	"schema.Attribute": "its fields are the words of the language in which kinds are declared, each optional; a declaration names three to six",

	"schema.Kind": "its fields are the words of the language in which kinds are declared, most of them optional",
}

// checkSize holds functions and files to what fits on a screen or a few.
func checkSize(s *source) []string {
	var problems []string
	if s.lines > longestFile {
		problems = append(problems, s.problem(s.file, "%d lines, at most %d", s.lines, longestFile))
	}
	if s.test() {
		return problems
	}
	for f := range functions(s) {
		if n := s.length(f); n > longestFunc {
			problems = append(problems, s.problem(f, "%s has %d lines, at most %d", f.Name.Name, n, longestFunc))
		}
	}
	return problems
}

// functions yields the functions and methods that a file declares.
func functions(s *source) func(yield func(*ast.FuncDecl) bool) {
	return func(yield func(*ast.FuncDecl) bool) {
		for _, decl := range s.file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && !yield(f) {
				return
			}
		}
	}
}

// length returns how many lines a function takes, its braces included.
func (s *source) length(f *ast.FuncDecl) int {
	return s.set.Position(f.End()).Line - s.line(f) + 1
}

// excess is a type or a test function that is too large.
type excess struct{ name, problem string }

// checkExceptions returns the problems of what is too large and no exception,
// and of exceptions that are not, or no longer, too large.
func checkExceptions(find func([]*source) []excess, allowed map[string]string) func([]*source) []string {
	return func(all []*source) []string {
		var problems []string
		stale := maps.Clone(allowed)
		for _, e := range find(all) {
			delete(stale, e.name)
			if allowed[e.name] == "" {
				problems = append(problems, e.problem)
			}
		}
		for _, name := range slices.Sorted(maps.Keys(stale)) {
			problems = append(problems, fmt.Sprintf("%s is within the limits: remove its exception", name))
		}
		return problems
	}
}

// tooLarge finds types with too many methods or fields, and long test
// functions.
func tooLarge(all []*source) []excess {
	found := slices.Concat(tooManyMethods(all), tooManyFields(all))
	for _, s := range all {
		for f := range functions(s) {
			if n := s.length(f); s.test() && n > longestTest {
				found = append(found, s.excess(f, f.Name.Name, "%d lines, at most %d", n, longestTest))
			}
		}
	}
	return found
}

func (s *source) excess(n ast.Node, name, format string, a ...any) excess {
	return excess{s.dir() + "." + name, s.problem(n, "%s has "+format, append([]any{name}, a...)...)}
}

// tooManyMethods counts the methods of each type over its package, and names
// the file of the first one that is too many.
func tooManyMethods(all []*source) []excess {
	count, last := map[string]int{}, map[string]excess{}
	for _, s := range all {
		for f := range functions(s) {
			if f.Recv == nil {
				continue
			}
			key := s.dir() + "." + receiver(f)
			if count[key]++; count[key] > mostMethods {
				last[key] = s.excess(f, receiver(f), "%d methods, at most %d", count[key], mostMethods)
			}
		}
	}
	return slices.SortedFunc(maps.Values(last), func(a, b excess) int { return cmp.Compare(a.name, b.name) })
}

// tooManyFields counts the fields of each struct. An embedded type is one, and
// so is each name of a group. A struct without a name goes by its line.
func tooManyFields(all []*source) []excess {
	var found []excess
	for _, s := range all {
		names := map[*ast.StructType]string{}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if spec, ok := n.(*ast.TypeSpec); ok {
				if t, ok := spec.Type.(*ast.StructType); ok {
					names[t] = spec.Name.Name
				}
			}
			t, ok := n.(*ast.StructType)
			if !ok {
				return true
			}
			name := cmp.Or(names[t], fmt.Sprintf("struct of line %d", s.line(t)))
			if n := fields(t); n > mostFields {
				found = append(found, s.excess(t, name, "%d fields, at most %d", n, mostFields))
			}
			return true
		})
	}
	return found
}

func fields(t *ast.StructType) int {
	n := 0
	for _, field := range t.Fields.List {
		n += max(1, len(field.Names))
	}
	return n
}
