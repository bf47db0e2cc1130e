// Package openapitest checks HTTP traffic against HighLevel's official OpenAPI
// documents, for tests. The documents are not part of this module: where they
// are not present, Load skips the test.
//
// The documents disagree with the API in places. Each such place is declared in
// exceptions.go with its reason; anything else that disagrees is reported.
package openapitest

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// documents is where the documents lie, from the folder that holds the module.
const documents = "shared/reference/ghl/openapi/apps"

// Validator knows the operations of the documents.
type Validator struct {
	operations []operation
}

type operation struct {
	method   string
	segments []string // {name} takes any value
	fixed    int      // how many segments are not names
	params   openapi3.Parameters
	spec     *openapi3.Operation
}

// Load reads the documents of contacts, locations and users, or skips the test
// where they are not present.
func Load(t testing.TB) *Validator {
	t.Helper()
	folder, err := find()
	if err != nil {
		t.Skipf("the official OpenAPI documents are not here: %v", err)
	}
	v := &Validator{}
	for _, app := range []string{"contacts", "locations", "users"} {
		loader := openapi3.NewLoader()
		loader.IsExternalRefsAllowed = true
		doc, err := loader.LoadFromFile(filepath.Join(folder, app+".json"))
		if err != nil {
			t.Fatalf("load the OpenAPI document of %s: %v", app, err)
		}
		v.add(doc)
	}
	return v
}

// find looks for the documents beside the module's root.
func find() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", fmt.Errorf("no go.mod above the test")
		}
		dir = parent
	}
	folder := filepath.Join(filepath.Dir(dir), filepath.FromSlash(documents))
	_, err = os.Stat(folder)
	return folder, err
}

func (v *Validator) add(doc *openapi3.T) {
	for path, item := range doc.Paths.Map() {
		for method, spec := range item.Operations() {
			op := operation{method: method, segments: strings.Split(path, "/"), spec: spec}
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

// Operations lists the operations of the documents, each as its method and path,
// in alphabetical order.
func (v *Validator) Operations() []string {
	out := make([]string, 0, len(v.operations))
	for _, op := range v.operations {
		out = append(out, op.method+" "+strings.Join(op.segments, "/"))
	}
	slices.Sort(out)
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
