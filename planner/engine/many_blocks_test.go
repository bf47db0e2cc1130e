package engine_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"lockstep/planner/engine"
)

// TestManyBlocks plans 1,500 blocks without for_each. What of a kind is compared was
// once found anew for each block, in half a minute.
func TestManyBlocks(t *testing.T) {
	var files strings.Builder
	files.WriteString("variable \"v\" { default = \"Ann\" }\n")
	for i := range 1500 {
		fmt.Fprintf(&files, "resource \"crm_contact\" \"c%d\" {\n  email      = \"c%d@example.com\"\n  first_name = var.v\n}\n", i, i)
	}
	w := newWorld(t, files.String())
	begun := time.Now()
	_, p := w.plan(engine.PlanOptions{})
	equal(t, "changes", 1500, len(p.Changes))
	if took := time.Since(begun); took > 12*time.Second {
		t.Errorf("planning took %s", took)
	}
}
