package eval

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
	"lockstep/schema/config"
	"lockstep/schema/functions"
)

// Spot is a place in the files where one value stands: an expression, or a cell of a
// CSV file. It is comparable.
type Spot struct {
	// At is the range of the expression; zero for a cell.
	At hcl.Range
	// Table is the file of a cell as the configuration names it, relative to the
	// folder of the root module. Line, from 1, is where its row starts.
	Table  string
	Line   int
	Column string
}

// Cell reports whether the spot is a cell of a CSV file.
func (s Spot) Cell() bool { return s.Table != "" }

// File is the file of the spot, relative to the folder of the root module.
func (s Spot) File() string {
	if s.Cell() {
		return s.Table
	}
	return s.At.Filename
}

// String is "main.hcl:3", or "leads.csv:118".
func (s Spot) String() string {
	if s.Cell() {
		return s.Table + ":" + strconv.Itoa(s.Line)
	}
	return place(s.At)
}

// Written is where the value of a field is written.
type Written struct {
	Spot
	// Expr is the expression at the spot; nil for a cell. It is no name that stands
	// for another expression.
	Expr hclsyntax.Expression
	// Reading is how the text of a cell becomes the value.
	Reading Reading
	// Why is set when no spot has the value as it is. It ends a sentence that begins
	// with "because": "lower() makes it".
	Why string
}

// Sources find where values are written. What was found is kept, so they are made
// after all that the files refer to was provided, and are for one goroutine.
type Sources struct {
	e *Evaluator
	// loops are the elements of for expressions by their keys, and twins the tables
	// that two files have alike.
	loops map[loopIn]map[string]element
	twins map[string]bool
}

// loopIn is a for expression in one instance of a module.
type loopIn struct {
	s    *scope
	expr *hclsyntax.ForExpr
}

// NewSources returns what finds where values are written.
func NewSources(e *Evaluator) *Sources {
	return &Sources{e: e, loops: map[loopIn]map[string]element{}, twins: map[string]bool{}}
}

// Written finds where the value of a field of an instance of a resource block is
// written, by the field's path: "city", "custom_fields.tier".
func (f *Sources) Written(a schema.Address, path string) Written {
	f.e.mu.Lock()
	defer f.e.mu.Unlock()
	b := f.block(a)
	if b == nil {
		return Written{Why: "no block declares it"}
	}
	s, item, _ := f.e.root.instance(b, a)
	if s == nil {
		return Written{Why: "it is not declared"}
	}
	steps := []string{}
	attribute, ok := b.Resource.Attributes[path]
	if !ok {
		attribute, ok = b.Resource.Attributes[schema.PathAttribute(path)]
		steps = append(steps, schema.PathKey(path))
	}
	if !ok {
		return Written{Why: "no file gives it a value"}
	}
	found, _ := f.trace(site{s: s, repeat: b.Resource.Repetition, item: &item, expr: attribute.Expr}, steps)
	return found
}

// block is the resource block of an address; nil when there is none.
func (f *Sources) block(a schema.Address) *Block {
	module := schema.ModuleWithoutKeys(a.Module)
	i := slices.IndexFunc(f.e.blocks, func(b *Block) bool {
		r := b.Resource
		return r.Data == a.Data && r.Type == a.Kind && r.Name == a.Name && b.Module == module
	})
	if i < 0 {
		return nil
	}
	return f.e.blocks[i]
}

// site is an expression, and what it is evaluated with.
type site struct {
	s    *scope
	expr hclsyntax.Expression
	// item is the repetition of what repeat says; nil outside of one.
	repeat config.Repetition
	item   *item
	// loop is the name of the value of a for expression; empty outside of one. Then
	// element is that value.
	loop    string
	element *element
}

// element is one element of a collection: a row, or an expression.
type element struct {
	row functions.Row
	at  site
}

// of is another expression with what the site has.
func (t site) of(expr hclsyntax.Expression) site {
	t.expr = expr
	return t
}

// variables are each or count, as far as the site has them.
func (t site) variables() map[string]cty.Value {
	if t.item == nil {
		return nil
	}
	return t.item.variables()
}

// maxTraced is how many names may stand for each other.
const maxTraced = 64

// trace follows names and steps to where a value is written. last is the site where
// it ended.
func (f *Sources) trace(t site, steps []string) (found Written, last site) {
	w := &tracer{sources: f}
	return w.at(t, steps), w.last
}

// tracer follows one value.
type tracer struct {
	sources *Sources
	depth   int
	last    site
}

func no(format string, args ...any) Written { return Written{Why: fmt.Sprintf(format, args...)} }

func (w *tracer) at(t site, steps []string) Written {
	w.last = t
	if w.depth++; w.depth > maxTraced {
		return no("names stand for each other in a circle")
	}
	switch expr := t.expr.(type) {
	case *hclsyntax.ParenthesesExpr:
		return w.at(t.of(expr.Expression), steps)
	case *hclsyntax.TemplateWrapExpr:
		return w.at(t.of(expr.Wrapped), steps)
	case *hclsyntax.ObjectConsKeyExpr:
		return w.at(t.of(expr.Wrapped), steps)
	case *hclsyntax.ScopeTraversalExpr:
		return w.name(t, expr.Traversal, steps)
	case *hclsyntax.RelativeTraversalExpr:
		more, ok := names(expr.Traversal)
		if !ok {
			return no("an expression computes it")
		}
		return w.at(t.of(expr.Source), slices.Concat(more, steps))
	case *hclsyntax.IndexExpr:
		key, ok := w.key(t, expr.Key)
		if !ok {
			return no("an expression computes which one it is")
		}
		return w.at(t.of(expr.Collection), slices.Concat([]string{key}, steps))
	}
	if len(steps) > 0 {
		return w.within(t, steps)
	}
	if found, ok := w.undone(t); ok {
		return found
	}
	return ended(t.expr)
}

// ended is an expression that no name stands for any more.
func ended(expr hclsyntax.Expression) Written {
	switch expr := expr.(type) {
	case *hclsyntax.ConditionalExpr:
		return no("a condition chooses it")
	case *hclsyntax.TemplateExpr:
		if slices.ContainsFunc(expr.Parts, func(p hclsyntax.Expression) bool { _, ok := p.(*hclsyntax.LiteralValueExpr); return !ok }) {
			return no("a template makes it")
		}
	case *hclsyntax.BinaryOpExpr, *hclsyntax.ForExpr, *hclsyntax.SplatExpr, *hclsyntax.TemplateJoinExpr:
		return no("an expression computes it")
	}
	return Written{Spot: Spot{At: expr.Range()}, Expr: expr}
}

// within goes from a collection to one of its elements.
func (w *tracer) within(t site, steps []string) Written {
	if found, ok := w.element(t, steps[0]); ok {
		return w.elementAt(found, steps[1:])
	}
	if call, ok := t.expr.(*hclsyntax.FunctionCallExpr); ok {
		return no("%s() makes it", call.Name)
	}
	return no("an expression computes it")
}

func (w *tracer) elementAt(found element, steps []string) Written {
	if found.row.IsZero() {
		return w.at(found.at, steps)
	}
	if len(steps) != 1 {
		return no("it is a whole row")
	}
	text, ok := found.row.Text(steps[0])
	if !ok {
		return no("it is no column of the table")
	}
	if found.row.Path() == "" {
		return no("its table is not a file as it is")
	}
	if w.sources.twin(found.row.Path()) {
		return no("another file is the same as %s", found.row.Path())
	}
	return Written{Spot: Spot{Table: found.row.Path(), Line: found.row.Line(), Column: steps[0]}, Reading: Reading{Text: text}}
}

// name follows what a name stands for.
func (w *tracer) name(t site, name hcl.Traversal, steps []string) Written {
	more, ok := names(name[1:])
	if !ok {
		return no("an expression computes it")
	}
	steps = slices.Concat(more, steps)
	switch root := name.RootName(); {
	case t.loop != "" && root == t.loop:
		return w.elementAt(*t.element, steps)
	case root == "local" && len(steps) > 0:
		local := t.s.module.Locals[steps[0]]
		if local == nil {
			return no("an expression computes it")
		}
		return w.at(site{s: t.s, expr: local.Expr}, steps[1:])
	case root == "var" && len(steps) > 0:
		return w.variable(t.s, steps)
	case root == "each" && len(steps) > 0 && steps[0] == "value" && t.item != nil:
		return w.each(t, steps[1:])
	case root == "each" || root == "count":
		return no("the key of its instance has it")
	default:
		return no("it comes from %s", strings.Join(slices.Concat([]string{root}, steps), "."))
	}
}

// variable follows a variable to the call that gives it a value.
func (w *tracer) variable(s *scope, steps []string) Written {
	if s.parent == nil {
		return no("the variable %s gives it", steps[0])
	}
	call := s.module.Call
	input := call.Inputs[steps[0]]
	if input == nil {
		return no("it is the default of the variable %s", steps[0])
	}
	repeat := config.Repetition{ForEach: call.ForEach, Count: call.Count}
	items, _ := s.parent.repeat(call.ForEach, call.Count, "module."+call.Name)
	item, ok := findItem(items, s.key)
	if !ok {
		return no("an expression computes it")
	}
	return w.at(site{s: s.parent, expr: input.Expr, repeat: repeat, item: &item}, steps[1:])
}

// twin reports whether another file that was read has the text of a file.
func (f *Sources) twin(path string) bool {
	twin, known := f.twins[path]
	if !known {
		twin = f.e.library.Twin(path)
		f.twins[path] = twin
	}
	return twin
}

// each follows each.value.
func (w *tracer) each(t site, steps []string) Written {
	if !t.item.row.IsZero() {
		return w.elementAt(element{row: t.item.row}, steps)
	}
	if t.repeat.ForEach == nil || t.item.key.Type != schema.StringKey {
		return no("an expression computes it")
	}
	return w.at(site{s: t.s, expr: t.repeat.ForEach}, slices.Concat([]string{t.item.key.Text}, steps))
}

// names are the steps of a traversal as texts.
func names(t hcl.Traversal) ([]string, bool) {
	steps := make([]string, 0, len(t))
	for _, step := range t {
		switch step := step.(type) {
		case hcl.TraverseAttr:
			steps = append(steps, step.Name)
		case hcl.TraverseIndex:
			key, ok := keyOf(step.Key)
			if !ok {
				return nil, false
			}
			steps = append(steps, key)
		default:
			return nil, false
		}
	}
	return steps, true
}

// keyOf is a key as a step: a text, or a whole number.
func keyOf(v cty.Value) (string, bool) {
	v, _ = v.Unmark()
	key, ok := config.InstanceKey(v)
	if !ok {
		return "", false
	}
	return keyText(key), true
}

// key evaluates the key of an element.
func (w *tracer) key(t site, expr hclsyntax.Expression) (string, bool) {
	if name, ok := expr.(*hclsyntax.ObjectConsKeyExpr); ok && !name.ForceNonLiteral && hcl.ExprAsKeyword(expr) != "" {
		return hcl.ExprAsKeyword(expr), true
	}
	if t.loop != "" {
		return "", false
	}
	v, diags := t.s.eval(expr, t.variables())
	if diags.HasErrors() {
		return "", false
	}
	return keyOf(v)
}
