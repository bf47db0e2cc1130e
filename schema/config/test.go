package config

import (
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"lockstep/schema"
)

// testEnding is how the names of test files end. They are no part of the module.
const testEnding = ".test.hcl"

// testFolders are where test files lie: beside the files, and in a folder of their
// own (Terraform: Tests, "test files").
var testFolders = []string{".", "tests"}

// TestFile is a file of tests, whose runs work on one emulated account and one state.
type TestFile struct {
	// Name is the path, relative to the folder of the root module.
	Name string
	// Variables are the values for all runs.
	Variables map[string]*hclsyntax.Attribute
	// Providers are the provider blocks, whose arguments win over those of the module.
	Providers []*ProviderBlock
	// Overrides are for all runs.
	Overrides []*Override
	Runs      []*TestRun
}

// TestRun is a run block: a plan or an apply, and what must hold then.
type TestRun struct {
	Name string
	// Apply is set unless the command is plan.
	Apply     bool
	Variables map[string]*hclsyntax.Attribute
	Asserts   []*Condition
	// Expected are the things whose own rules must fail.
	Expected []hcl.Traversal
	// Targets and Replace are addresses as the command line takes them.
	Targets, Replace []string
	// Module is the folder that the run is about, relative to the root module's; ""
	// is the root module.
	Module    string
	Overrides []*Override
	Range     hcl.Range
}

// Override gives a data block values that are not read from an account.
type Override struct {
	Target schema.Address
	// Values is an object of attributes.
	Values hclsyntax.Expression
	Range  hcl.Range
}

// Tests reads the test files of a folder in the order of their names, and checks
// what can be checked without the modules that runs are about. Their lines become
// known to diagnostics.
func (c *Config) Tests() ([]*TestFile, hcl.Diagnostics) {
	f := newFindings()
	var tests []*TestFile
	for _, dir := range testFolders {
		entries, err := os.ReadDir(filepath.Join(c.Dir, dir))
		if err != nil && !os.IsNotExist(err) {
			f.add(hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "Folder cannot be read", Detail: err.Error() + "."}})
		}
		for _, entry := range entries {
			if name := entry.Name(); !entry.IsDir() && isTest(name) {
				tests = append(tests, c.test(f, path.Join(dir, name)))
			}
		}
	}
	return slices.DeleteFunc(tests, func(t *TestFile) bool { return t == nil }), f.diags
}

// isTest reports whether a file has tests.
func isTest(name string) bool {
	return strings.HasSuffix(withoutJSON(name), testEnding) && !strings.HasPrefix(name, ".")
}

// test reads one test file; nil when it is not HCL.
func (c *Config) test(f *findings, name string) *TestFile {
	src, err := c.Files.ReadText(filepath.FromSlash(name))
	if err != nil {
		f.add(hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "File cannot be read", Detail: err.Error() + "."}})
		return nil
	}
	file, diags := Parse([]byte(src), name)
	c.keep(name, file, diags)
	f.add(diags)
	body, ok := file.Body.(*hclsyntax.Body)
	if diags.HasErrors() || !ok {
		return nil
	}
	d := &testDecoder{findings: f, cfg: c, test: &TestFile{Name: name, Variables: map[string]*hclsyntax.Attribute{}}}
	d.file(body)
	return d.test
}

// testDecoder turns the blocks of a test file into a TestFile.
type testDecoder struct {
	*findings
	cfg  *Config
	test *TestFile
}

// testBlocks are the types of blocks of a test file.
var testBlocks = []string{"run", "variables", "provider", "override_data"}

func (d *testDecoder) file(body *hclsyntax.Body) {
	for _, a := range sortedAttributes(body.Attributes) {
		d.error("Argument outside a block", a.NameRange, "%q stands outside any block. Values of variables go into a variables block.", a.Name)
	}
	module := &Module{}
	providers := &decoder{findings: d.findings, loader: &loader{cfg: d.cfg}, module: module}
	for _, inner := range body.Blocks {
		b := testBlock{block{d.findings, inner}}
		switch {
		case inner.Type == "run" && d.labelled(b.block, "run \"NAME\""):
			d.run(b)
		case inner.Type == "variables" && d.labelled(b.block, "variables"):
			b.variables(d.test.Variables)
		case inner.Type == "provider" && d.labelled(b.block, "provider \"NAME\""):
			providers.provider(b.block)
		case inner.Type == "override_data" && d.labelled(b.block, "override_data"):
			d.test.Overrides = b.override(d.test.Overrides)
		case !slices.Contains(testBlocks, inner.Type):
			d.error("Unsupported block type", inner.TypeRange, "A test file has no %q blocks.%s", inner.Type, insteadInTest(inner.Type))
		}
	}
	d.test.Providers = module.Providers
}

// insteadInTest says what to write instead of a block that Terraform's tests have and
// ours have not.
func insteadInTest(name string) string {
	if strings.HasPrefix(name, "mock_") || strings.HasPrefix(name, "override_") {
		return " Tests run against an emulated account, in which objects get the ids and attributes that the real one gives them: write them into the file that sandbox_seed of a provider block names. override_data gives a data block values."
	}
	return instead(name, testBlocks)
}

// labelled checks the labels of a block of a test file.
func (d *testDecoder) labelled(b block, form string) bool {
	want := strings.Count(form, " ")
	if len(b.Labels) == want {
		return true
	}
	d.error("Wrong number of labels", b.DefRange(), "%s block is written: %s { … }.", article(b.Type), form)
	return false
}

// variables takes in the values of a variables block.
func (b testBlock) variables(into map[string]*hclsyntax.Attribute) {
	for _, inner := range b.Body.Blocks {
		b.error("Unsupported block type", inner.TypeRange, "A variables block has lines of the form name = value only.")
	}
	for _, a := range sortedAttributes(b.Body.Attributes) {
		if first, ok := into[a.Name]; ok {
			b.duplicate("value", a.Name, first.NameRange, a.NameRange)
			continue
		}
		into[a.Name] = a
	}
}

// override reads an override_data block.
func (b testBlock) override(all []*Override) []*Override {
	b.only([]string{"target", "values"}, nil)
	target, values := b.required("target"), b.required("values")
	if target == nil || values == nil {
		return all
	}
	a, ok := b.address(target, false)
	if !ok {
		return all
	}
	if !a.Data {
		b.error("Invalid target", target.Range(), "target is the address of a data block, such as data.ghl_contacts.members.")
		return all
	}
	return append(all, &Override{Target: a, Values: values, Range: b.DefRange()})
}
