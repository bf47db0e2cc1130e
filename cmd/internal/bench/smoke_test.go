package bench

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"

	"lockstep/cmd/internal/command"
)

// TestMain lets this binary be lockstep as well.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"lockstep": func() {
		os.Exit(command.Run(context.Background(), command.System()))
	}})
}

// options returns the options of a short run in a folder of its own.
func options(t *testing.T, sizes ...int) Options {
	t.Helper()
	binary, err := exec.LookPath("lockstep")
	if err != nil {
		t.Fatal(err)
	}
	return Options{Binary: binary, Dir: t.TempDir(), Sizes: sizes, Rate: "off", Log: &bytes.Buffer{}}
}

// bounded ends a run that hangs.
func bounded(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// TestRun measures all groups; every process must have its exit code, or Run
// fails. What is held here are the calls, which no slow machine changes.
func TestRun(t *testing.T) {
	report, err := Run(bounded(t), options(t, 60))
	if err != nil {
		t.Fatal(err)
	}
	type traffic struct{ Calls, Writes int }
	most := map[string]traffic{
		nameVersion: {0, 0}, nameFirstPlan: {2, 0}, nameFirstApply: {2, 0}, nameNoOpPlan: {2, 0}, nameChangedRead: {5, 0},
		nameChangePlan: {2, 0}, nameChangeApply: {4, 1}, nameTagPlan: {2, 0}, nameTagSave: {2, 0}, nameTagShow: {0, 0},
		nameTagApply: {4, 1}, nameCreateApply: {12, 7}, nameMappingPlan: {3, 0}, nameDealsPlan: {2, 0},
	}
	most[nameHTTPPlan], most[nameHTTPApply] = traffic{2, 0}, traffic{4, 1}
	most[nameBucketPlan], most[nameBucketApply] = traffic{2, 0}, traffic{4, 1}
	most[nameSealedPlan], most[nameSealedApply] = traffic{2, 0}, traffic{4, 1}
	if inPostgres.installed() {
		most[nameSharedPlan], most[nameSharedApply] = traffic{2, 0}, traffic{4, 1}
	}
	for _, row := range report.Rows {
		limit, known := most[row.Name]
		delete(most, row.Name)
		if !known || row.Calls > limit.Calls || row.Writes > limit.Writes || row.Refused > 0 {
			t.Errorf("%s: %d calls, %d writes and %d refused, want at most %+v", row.Name, row.Calls, row.Writes, row.Refused, limit)
		}
		if row.Wall <= 0 || row.CPU <= 0 || row.Size != 60 {
			t.Errorf("%s: not measured: %+v", row.Name, row)
		}
	}
	if len(most) > 0 {
		t.Errorf("not measured: %v", most)
	}
	if text := Render(report); !strings.Contains(text, "\n### 60 contacts\n") || strings.Contains(text, "NaN") {
		t.Errorf("a bad report:\n%s", text)
	}
}

func TestRunOnly(t *testing.T) {
	o := options(t, 3)
	o.Only = "tag"
	report, err := Run(bounded(t), o)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, row := range report.Rows {
		names = append(names, row.Name)
	}
	if diff := cmp.Diff([]string{nameTagPlan, nameTagSave, nameTagShow, nameTagApply}, names); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestRunRate writes more than a window of the limit holds, so that a client
// that does not obey the headers is refused.
func TestRunRate(t *testing.T) {
	o := options(t, 60)
	o.Rate = "40/1s"
	rates, err := RunRate(bounded(t), o)
	if err != nil {
		t.Fatal(err)
	}
	got := rates[0]
	if got.Writes != 60 || got.Calls < 61 || got.Refused != 0 || got.Allows != 40 || got.achieved() <= 0 {
		t.Errorf("got %+v", got)
	}
}

// TestMeasureFails tells what the program said.
func TestMeasureFails(t *testing.T) {
	p, err := options(t).open(bounded(t), 1)
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.measure(bounded(t), 0, "plan", "-refresh=never")
	if err == nil || !strings.Contains(err.Error(), "exit code 1, want 0") || !strings.Contains(err.Error(), "all or changed") {
		t.Errorf("got %v", err)
	}
	if err := p.close(); err != nil {
		t.Error(err)
	}
	if p.crm.cmd.ProcessState == nil {
		t.Error("the sandbox still runs")
	}
}

func TestPeople(t *testing.T) {
	p, err := options(t).open(bounded(t), 200)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := p.close(); err != nil {
			t.Error(err)
		}
	}()
	rows := func() []string {
		text, err := os.ReadFile(filepath.Join(p.dir, peopleCSV))
		if err != nil {
			t.Fatal(err)
		}
		return strings.Split(strings.TrimSpace(string(text)), "\n")
	}
	before := rows()
	if err := p.change(100); err != nil {
		t.Fatal(err)
	}
	if err := p.create(); err != nil {
		t.Fatal(err)
	}
	after := rows()
	if diff := cmp.Diff([]int{201, 221, 220}, []int{len(before), len(after), p.people()}); diff != "" {
		t.Fatalf("lines before, lines after, people (-want +got):\n%s", diff)
	}
	var changed []int
	for i := range before {
		if before[i] != after[i] {
			changed = append(changed, i)
		}
	}
	if diff := cmp.Diff([]int{1, 101}, changed); diff != "" {
		t.Errorf("lines that changed (-want +got):\n%s", diff)
	}
}

func TestArguments(t *testing.T) {
	cases := map[string]struct {
		reason string
		in     []string
		want   string
	}{
		"BadSize":     {"sizes are numbers", []string{"-sizes=1k"}, `-sizes are numbers of contacts such as 1000,10000, not "1k"`},
		"ZeroSize":    {"no people are no size", []string{"-sizes=0"}, `-sizes are numbers of contacts such as 1000,10000, not "0"`},
		"UnknownOnly": {"a wrong name measures nothing", []string{"-only=nope"}, "-only=nope is not known: it is one of version, first, noop, refresh, change, tag, create, mapping, opportunities, http, http-change, postgres, postgres-change, s3, s3-change, encrypted, encrypted-change"},
		"BadRate":     {"a rate has an interval", []string{"-rate=100", "-binary=none"}, `-rate is a number and a time such as 100/10s, or off, not "100"`},
		"NoBinary":    {"what is not there is not measured", []string{"-binary=no-such-file"}, "stat no-such-file: no such file or directory"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var out, log bytes.Buffer
			err := Main(bounded(t), tc.in, &out, &log)
			if err == nil {
				t.Fatalf("%s: no error, but\n%s", tc.reason, out.String())
			}
			if diff := cmp.Diff(tc.want, err.Error()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// stopper cancels a run once its log names a measurement.
type stopper struct {
	at     string
	cancel context.CancelFunc
}

func (s stopper) Write(text []byte) (int, error) {
	if strings.Contains(string(text), s.at) {
		s.cancel()
	}
	return len(text), nil
}

// TestRunStopped keeps what was measured before.
func TestRunStopped(t *testing.T) {
	ctx, cancel := context.WithCancel(bounded(t))
	o := options(t, 3)
	o.Log = stopper{nameFirstPlan, cancel}
	report, err := Run(ctx, o)
	if err == nil {
		t.Fatal("no error")
	}
	var names []string
	for _, row := range report.Rows {
		names = append(names, row.Name)
	}
	if diff := cmp.Diff([]string{nameVersion, nameFirstPlan, nameFirstApply}, names); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
