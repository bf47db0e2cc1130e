// Package openapitest checks HTTP traffic against HighLevel's official OpenAPI
// documents, for tests. The documents are not part of this module. Load reads
// all that lie in the folder that LOCKSTEP_OPENAPI names, or else beside the
// module. Without any it skips the test, unless LOCKSTEP_OPENAPI is set, which
// makes it an error. Go hides why a test was skipped, so .ci/run tells it.
//
// The documents disagree with the API in places. Each such place is declared in
// exceptions.go with its reason; anything else that disagrees is reported.
package openapitest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

const (
	// folderVariable names the folder of the documents.
	folderVariable = "LOCKSTEP_OPENAPI"
	// documents is where they lie otherwise, from the folder that holds the
	// module.
	documents = "shared/reference/ghl/openapi/apps"
	// source is where to get them.
	source = "https://github.com/GoHighLevel/highlevel-api-docs, folder apps"
)

// Validator knows the operations of the documents.
type Validator struct {
	operations []operation
	// apps are the names of the documents.
	apps []string
}

type operation struct {
	app      string // the name of its document
	method   string
	segments []string // {name} takes any value
	fixed    int      // how many segments are not names
	params   openapi3.Parameters
	spec     *openapi3.Operation
}

// Load reads all documents that are present, or skips the test where there are
// none.
func Load(t testing.TB) *Validator {
	t.Helper()
	files, err := find()
	switch {
	case err != nil && os.Getenv(folderVariable) != "":
		t.Fatalf("%s: %v", folderVariable, err)
	case err != nil:
		t.Skipf("nothing is checked against the official OpenAPI documents: %v; they come from %s", err, source)
	}
	v := &Validator{}
	for _, file := range files {
		loader := openapi3.NewLoader()
		loader.IsExternalRefsAllowed = true
		app := strings.TrimSuffix(filepath.Base(file), ".json")
		doc, err := load(loader, file)
		if err != nil {
			t.Fatalf("load the OpenAPI document of %s: %v", app, err)
		}
		v.apps = append(v.apps, app)
		v.add(app, doc)
	}
	return v
}

// load reads a document without the examples of its schemas, which do not all
// have the form that OpenAPI wants of them.
func load(loader *openapi3.Loader, file string) (*openapi3.T, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var document any
	if err := json.Unmarshal(text, &document); err != nil {
		return nil, err
	}
	text, err = json.Marshal(withoutExamples(document, false))
	if err != nil {
		return nil, err
	}
	return loader.LoadFromDataWithPath(text, &url.URL{Path: filepath.ToSlash(file)})
}

// withoutExamples drops the key "examples" everywhere, except where it is the
// name of a property.
func withoutExamples(value any, names bool) any {
	switch value := value.(type) {
	case map[string]any:
		for key, member := range value {
			if key == "examples" && !names {
				delete(value, key)
				continue
			}
			value[key] = withoutExamples(member, key == "properties")
		}
	case []any:
		for i := range value {
			value[i] = withoutExamples(value[i], false)
		}
	}
	return value
}

// find lists the documents, sorted by name.
func find() ([]string, error) {
	folder := os.Getenv(folderVariable)
	if folder == "" {
		root, err := moduleRoot()
		if err != nil {
			return nil, err
		}
		folder = filepath.Join(filepath.Dir(root), filepath.FromSlash(documents))
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("%s has none", folder)
	}
	return files, err
}

// moduleRoot is the folder of go.mod above the test.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("no go.mod above the test")
		}
		dir = parent
	}
}

func (v *Validator) add(app string, doc *openapi3.T) {
	for path, item := range doc.Paths.Map() {
		for method, spec := range item.Operations() {
			op := operation{app: app, method: method, segments: strings.Split(path, "/"), spec: spec}
			op.params = append(append(op.params, item.Parameters...), spec.Parameters...)
			for _, segment := range op.segments {
				if !strings.HasPrefix(segment, "{") {
					op.fixed++
				}
			}
			v.operations = append(v.operations, op)
		}
	}
}

// Operations lists the operations of each document, by its name, as method and
// path in alphabetical order.
func (v *Validator) Operations() map[string][]string {
	out := make(map[string][]string, len(v.apps))
	for _, op := range v.operations {
		out[op.app] = append(out[op.app], op.method+" "+strings.Join(op.segments, "/"))
	}
	for _, operations := range out {
		slices.Sort(operations)
	}
	return out
}

// operation finds what a request calls: of the patterns that fit, the one with
// the most fixed segments.
func (v *Validator) operation(req *http.Request) (operation, bool) {
	var best operation
	for _, op := range v.operations {
		if op.method == req.Method && op.fits(req.URL.Path) && op.fixed > best.fixed {
			best = op
		}
	}
	return best, best.spec != nil
}

func (op operation) fits(path string) bool {
	got := strings.Split(path, "/")
	if len(got) != len(op.segments) {
		return false
	}
	for i, segment := range op.segments {
		if named := strings.HasPrefix(segment, "{"); !named && segment != got[i] || named && got[i] == "" {
			return false
		}
	}
	return true
}
