package reference_test

import (
	"bytes"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"lockstep/cmd/internal/command"
	"lockstep/cmd/internal/reference"
	"lockstep/schema"
	"lockstep/schema/schematest"
)

func catalog() []*schema.Provider {
	var all []*schema.Provider
	for _, p := range command.Providers() {
		all = append(all, p.New(command.Hooks{}).Schema())
	}
	return all
}

// compiled is the schema as an editor reads it.
func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	var b bytes.Buffer
	if err := reference.JSONSchema(&b, catalog()); err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(&b)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("lockstep.schema.json", document); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("lockstep.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// script is a file of the script test about JSON.
func script(t *testing.T, name string) string {
	t.Helper()
	archive := schematest.ReadArchive(t, filepath.Join("..", "..", "lockstep", "testdata", "script", "json_syntax.txtar"))
	if archive.Files[name] == "" {
		t.Fatalf("there is no %s", name)
	}
	return archive.Files[name]
}

func TestJSONSchema(t *testing.T) {
	s := compiled(t)
	cases := map[string]struct {
		reason, in string
		wrong      bool
	}{
		"all":        {"what the program takes is right", script(t, "main.hcl.json"), false},
		"list":       {"a file may be a list", `[{"locals": {"a": 1}}, {"resource": {"ghl_tag": {"a": [{"name": "a"}]}}}]`, false},
		"template":   {"a template gives any type", `{"resource": {"ghl_contact": {"a": {"email": "${var.a}", "tags": "${var.tags}", "dnd": "${true}"}}}}`, false},
		"block":      {"there is no such block", `{"resorce": {}}`, true},
		"kind":       {"there is no such kind", `{"resource": {"ghl_contcat": {}}}`, true},
		"attribute":  {"a tag has no such attribute", `{"resource": {"ghl_tag": {"a": {"nam": "a"}}}}`, true},
		"required":   {"a tag has a name", `{"resource": {"ghl_tag": {"a": {}}}}`, true},
		"computed":   {"an id is not written", `{"resource": {"ghl_contact": {"a": {"id": "1", "email": "a@example.com"}}}}`, true},
		"list of":    {"tags are a list", `{"resource": {"ghl_contact": {"a": {"email": "a@example.com", "tags": "vip"}}}}`, true},
		"one of":     {"an action happens at an event of its own", `{"resource": {"ghl_tag": {"a": {"name": "a", "lifecycle": {"on_exists": "ignore"}}}}}`, true},
		"not a file": {"a file is an object", `5`, true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			in, err := jsonschema.UnmarshalJSON(strings.NewReader(tc.in))
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Validate(in); (err != nil) != tc.wrong {
				t.Errorf("%s: %v", tc.reason, err)
			}
		})
	}
}

// TestPages holds that each kind has a page, and that links lead to pages.
func TestPages(t *testing.T) {
	pages := map[string]string{}
	for _, p := range reference.Pages(catalog()) {
		pages[p.Path] = p.Text
	}
	for _, p := range catalog() {
		for _, k := range p.Kinds {
			if !strings.Contains(pages[path.Join(p.Name, k.Name+".md")], "# "+k.Name+"\n") {
				t.Errorf("%s has no page", k.Name)
			}
		}
	}
	link := regexp.MustCompile(`\]\(([^)#]+\.md)\)`)
	for name, text := range pages {
		for _, found := range link.FindAllStringSubmatch(text, -1) {
			if _, ok := pages[path.Join(path.Dir(name), found[1])]; !ok {
				t.Errorf("%s links to %s, which is not there", name, found[1])
			}
		}
	}
}
