package bench

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestRender(t *testing.T) {
	row := func(name string, size int, cpu time.Duration, peak int64, calls, writes int) Row {
		return Row{Name: name, Size: size, Sample: Sample{Wall: 2 * cpu, CPU: cpu, Peak: peak, Traffic: Traffic{Calls: calls, Writes: writes}}}
	}
	report := &Report{Machine: "a machine", Binary: 41e6, Floor: 20e6, Rows: []Row{
		row(nameVersion, 1000, 9*time.Millisecond, 20e6, 0, 0),
		row(nameNoOpPlan, 1000, 200*time.Millisecond, 30e6, 2, 0),
		row(nameVersion, 10_000, 90*time.Millisecond, 0, 0, 0),
		row(nameNoOpPlan, 10_000, 2*time.Second, 150e6, 20, 0),
		row(nameTagApply, 10_000, 12*time.Second, 151e6, 1046, 26),
	}}
	want := `Measured on a machine. Binary: 41 MB.

### 1,000 contacts

| work | wall | CPU | peak memory | calls | of them writes |
|---|--:|--:|--:|--:|--:|
| ¬version¬ | 18 ms | 9 ms | < 20 MB | 0 | 0 |
| no-op plan | 0.40 s | 0.20 s | 30 MB | 2 | 0 |

### 10,000 contacts

| work | wall | CPU | peak memory | calls | of them writes |
|---|--:|--:|--:|--:|--:|
| ¬version¬ | 0.18 s | 90 ms | unknown | 0 | 0 |
| no-op plan | 4.00 s | 2.00 s | 150 MB | 20 | 0 |
| apply, one tag on all | 24.0 s | 12.0 s | 151 MB | 1,046 | 26 |

### Growth from 1,000 to 10,000 contacts

| work | exponent of CPU |
|---|--:|
| no-op plan | 1.00 |

### Budgets

| budget | at most | measured | |
|---|--:|--:|---|
| no-op plan, 10,000 contacts: calls | 30 | 20 | met |
| no-op plan, 10,000 contacts: CPU | 0.80 s | 2.00 s | **missed** |
| no-op plan, 10,000 contacts: memory | 150 MB | 150 MB | met |
| one tag on 10,000 contacts: calls to write | 25 | 26 | **missed** |
| ¬version¬: wall | 20 ms | 18 ms | met |
| growth of CPU, no-op plan: exponent | 1.05 | 1.00 | met |
| size of the binary | 48 MB | 41 MB | met |
`
	if diff := cmp.Diff(strings.ReplaceAll(want, "¬", "`"), Render(report)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestRenderRate(t *testing.T) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	rate := func(calls, refused int, took time.Duration) Rate {
		return Rate{Size: 2000, Limit: "100/10s", Allows: 10, Sample: Sample{Wall: took + time.Second, CPU: time.Second,
			Traffic: Traffic{Calls: calls, Writes: 2000, Refused: refused, First: start, Last: start.Add(took)}}}
	}
	cases := map[string]struct {
		reason string
		in     Rate
		want   string
	}{
		"Full":    {"all of the limit is used", rate(2005, 0, 200500*time.Millisecond), "201.5 s | 1.00 s | 10.00 | 100.0 % | 0 | met |"},
		"Slow":    {"a tenth of the limit is lost", rate(2005, 0, 222778*time.Millisecond), "223.8 s | 1.00 s | 9.00 | 90.0 % | 0 | **missed** |"},
		"Refused": {"speed does not excuse a refusal", rate(2005, 1, 200500*time.Millisecond), "201.5 s | 1.00 s | 10.00 | 100.0 % | 1 | **missed** |"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			lines := strings.Split(strings.TrimSpace(RenderRate("a machine", []Rate{tc.in})), "\n")
			want := "| 100/10s | 2,000 | 2,005 | " + tc.want
			if diff := cmp.Diff(want, lines[len(lines)-1]); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestNumbers(t *testing.T) {
	cases := map[string]struct {
		reason    string
		got, want string
	}{
		"Zero":      {"no separator", count(0), "0"},
		"Hundreds":  {"no separator yet", count(999), "999"},
		"Thousands": {"one separator", count(1000), "1,000"},
		"Millions":  {"two separators", count(1234567), "1,234,567"},
		"Millis":    {"short times are in milliseconds", seconds(12345 * time.Microsecond), "12 ms"},
		"Seconds":   {"two decimals", seconds(1234 * time.Millisecond), "1.23 s"},
		"Tens":      {"one decimal", seconds(81320 * time.Millisecond), "81.3 s"},
		"Megabytes": {"a megabyte is a million bytes", megabytes(26_600_000), "27 MB"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, tc.got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestCPUModel(t *testing.T) {
	cases := map[string]struct {
		reason   string
		in, want string
	}{
		"Named":   {"the first processor names them all", "processor\t: 0\nmodel name\t: Good CPU 3000\nmodel name\t: Other\n", "Good CPU 3000"},
		"Unnamed": {"some processors have no such line", "processor\t: 0\nFeatures\t: fp\n", ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "cpuinfo")
			if err := os.WriteFile(file, []byte(tc.in), 0o644); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, cpuModel(file)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
