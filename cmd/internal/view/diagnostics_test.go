package view_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"

	"lockstep/cmd/internal/view"
)

// A place far out in a line is named, and not the beginning of the line shown instead.
func TestDiagnosticsFarOut(t *testing.T) {
	line := strings.Repeat("ann ", 1_000)
	at := hcl.Pos{Line: 1, Column: 3_001, Byte: 3_000}
	diags := hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "Wrong", Detail: "No.", Subject: &hcl.Range{Filename: "x.hcl.json", Start: at, End: at}}}
	var out strings.Builder
	if err := view.Diagnostics(&out, diags, map[string]*hcl.File{"x.hcl.json": {Bytes: []byte(line)}}, view.Options{}); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); !strings.Contains(got, "at x.hcl.json line 1, column 3001") || strings.Contains(got, "ann") {
		t.Errorf("Diagnostics(...) = %s", got)
	}
}
