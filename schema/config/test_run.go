package config

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// testBlock is a block of a test file.
type testBlock struct{ block }

// run reads a run block.
func (d *testDecoder) run(b testBlock) {
	b.only([]string{"command", "expect_failures"}, []string{"variables", "assert", "plan_options", "module", "override_data"})
	r := &TestRun{
		Name: b.Labels[0], Apply: b.applies(), Range: b.DefRange(),
		Variables: map[string]*hclsyntax.Attribute{}, Asserts: b.conditions("assert"), Expected: b.expectFailures(),
	}
	if !hclsyntax.ValidIdentifier(r.Name) {
		d.error("Invalid name", b.LabelRanges[0], "%q is not a name. A name starts with a letter and has letters, digits, _ and - only.", r.Name)
		return
	}
	for _, other := range d.test.Runs {
		if other.Name == r.Name {
			d.duplicate("run", "run."+r.Name, other.Range, r.Range)
			return
		}
	}
	if inner, ok := b.single("variables"); ok {
		testBlock{inner}.variables(r.Variables)
	}
	if inner, ok := b.single("plan_options"); ok {
		testBlock{inner}.planOptions(r)
	}
	if inner, ok := b.single("module"); ok {
		r.Module = testBlock{inner}.testedModule()
	}
	for _, inner := range b.blocks("override_data") {
		r.Overrides = testBlock{inner}.override(r.Overrides)
	}
	d.test.Runs = append(d.test.Runs, r)
}

// applies reads the command, which is a word without quotes.
func (b testBlock) applies() bool {
	expr := b.optional("command")
	switch word := hcl.ExprAsKeyword(expr); {
	case expr == nil || word == "apply":
	case word == "plan":
		return false
	default:
		b.error("Invalid command", expr.Range(), "command is plan or apply, without quotes.")
	}
	return true
}

// expectFailures reads which rules must fail.
func (b testBlock) expectFailures() []hcl.Traversal {
	return b.traversals("expect_failures", "expect_failures is a list of what has a rule that must fail, such as [var.email, check.shirts, output.total, ghl_contact.ann].")
}

// planOptions reads what a run is about.
func (b testBlock) planOptions(r *TestRun) {
	b.only([]string{"mode", "refresh", "target", "replace"}, nil)
	if mode := b.text("mode"); mode != "" && mode != "normal" {
		b.error("Invalid mode", b.Body.Attributes["mode"].Expr.Range(), "mode is \"normal\": what moved is reported by `lockstep drift`, and written by no plan.")
	}
	if !b.flag("refresh", true) {
		b.error("Invalid refresh", b.Body.Attributes["refresh"].Expr.Range(), "Each plan reads what is live.")
	}
	r.Targets, r.Replace = b.addresses("target"), b.addresses("replace")
}

// addresses reads a list of addresses.
func (b testBlock) addresses(name string) []string {
	form := name + " is a list of addresses, such as [ghl_contact.ann, module.club]."
	var all []string
	for _, t := range b.traversals(name, form) {
		a, ok := traversalAddress(t)
		switch {
		case !ok:
			b.error("Invalid "+name, t.SourceRange(), "%s", form)
		case a.Kind == "":
			all = append(all, a.Module)
		default:
			all = append(all, a.String())
		}
	}
	return all
}

// testedModule reads which folder a run is about.
func (b testBlock) testedModule() string {
	b.only([]string{"source"}, nil)
	source := b.text("source")
	at := b.Body.Attributes["source"]
	switch {
	case at == nil:
		b.error("Missing required argument", b.DefRange(), "A module block needs the argument \"source\".")
	case !slices.ContainsFunc([]string{"./", "../"}, func(start string) bool { return strings.HasPrefix(source, start) }):
		b.error("Module source is not local", at.Expr.Range(), "The source of a module is a folder that starts with ./ or ../, relative to the folder of the configuration.")
	default:
		return source
	}
	return ""
}
