package main

import (
	"bytes"
	"context"
	"flag"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/rogpeppe/go-internal/testscript"
)

// terraformReader reads what scripts leave behind as programs for Terraform do.
type terraformReader struct {
	t             *testing.T
	states, plans atomic.Int32
}

// leave reads every state and every saved plan in the folder of a script that is
// through, and a plan of each folder with a state. What a script broke is not shown.
func (r *terraformReader) leave(env *testscript.Env, c *crm) {
	_ = filepath.WalkDir(env.WorkDir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return nil // a script may take rights away, or leave a pipe
		}
		dir := filepath.Dir(path)
		switch head := beginning(path); {
		case entry.Name() == "lockstep.state.jsonl":
			r.state(env, c, dir)
			if run(env, c, dir, "plan", "-out=read.plan") != nil {
				r.plan(env, c, dir, "read.plan")
			}
		case bytes.HasPrefix(head, []byte(`{"lockstep_plan"`)):
			r.plan(env, c, dir, entry.Name())
		}
		return nil
	})
}

func beginning(path string) []byte {
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer f.Close()
	head := make([]byte, 64)
	n, _ := f.Read(head)
	return head[:n]
}

func (r *terraformReader) state(env *testscript.Env, c *crm, dir string) {
	out := run(env, c, dir, "show", "-json")
	if out == nil {
		return
	}
	var read tfjson.State
	if err := read.UnmarshalJSON(out); err != nil {
		r.t.Errorf("%s: terraform-json does not read the state: %v\n%.300s", filepath.Base(env.WorkDir), err, out)
		return
	}
	r.states.Add(1)
}

func (r *terraformReader) plan(env *testscript.Env, c *crm, dir, name string) {
	out := run(env, c, dir, "show", "-json", name)
	if out == nil {
		return
	}
	var read tfjson.Plan
	if err := read.UnmarshalJSON(out); err != nil {
		r.t.Errorf("%s: terraform-json does not read the plan %s: %v\n%.300s", filepath.Base(env.WorkDir), name, err, out)
		return
	}
	for _, change := range read.ResourceChanges {
		if change.Change.Actions.Update() && (change.Change.Before == nil || change.Change.After == nil) {
			r.t.Errorf("%s: the change of %s has not both sides", filepath.Base(env.WorkDir), change.Address)
		}
	}
	if read.PlannedValues == nil || read.PriorState == nil || read.Config == nil || read.Config.RootModule == nil {
		r.t.Errorf("%s: the plan lacks planned values, the prior state or the configuration", filepath.Base(env.WorkDir))
	}
	r.plans.Add(1)
}

// patience is how long a command may take: a script may leave a server behind that
// refuses everything.
const patience = 5 * time.Second

// run runs lockstep in a folder of a script, and returns what it printed; nil when it
// failed.
func run(env *testscript.Env, c *crm, dir string, args ...string) []byte {
	vars := append(append([]string{}, env.Vars...), c.environ...)
	binary := ""
	for _, v := range vars {
		if path, ok := strings.CutPrefix(v, "PATH="); ok {
			binary = filepath.Join(filepath.SplitList(path)[0], "lockstep")
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary, args...)
	cmd.Dir, cmd.Env = dir, vars
	out, err := cmd.Output()
	if err != nil {
		return nil
	}
	return out
}

// read fails when all scripts left nothing to read. A few may.
func (r *terraformReader) read() {
	chosen := flag.Lookup("test.run").Value.String()
	if !strings.Contains(chosen, "/") && (r.states.Load() == 0 || r.plans.Load() == 0) {
		r.t.Errorf("terraform-json read %d states and %d plans", r.states.Load(), r.plans.Load())
	}
	r.t.Logf("terraform-json read %d states and %d plans", r.states.Load(), r.plans.Load())
}
