package bench

import (
	"math"
	"time"
)

// budget is the most that a piece of work may cost on two cores.
type budget struct {
	name  string
	row   string // the measurement
	size  int    // contacts; 0 is the smallest size that was measured
	most  float64
	of    func(Sample) float64
	shown func(float64) string
}

// The quantities that budgets are about.
func calls(s Sample) float64      { return float64(s.Calls) }
func writes(s Sample) float64     { return float64(s.Writes) }
func cpuTime(s Sample) float64    { return s.CPU.Seconds() }
func wallTime(s Sample) float64   { return s.Wall.Seconds() }
func peakMemory(s Sample) float64 { return float64(s.Peak) }

func showCount(v float64) string    { return count(int(v)) }
func showTime(v float64) string     { return seconds(time.Duration(v * float64(time.Second))) }
func showMemory(v float64) string   { return megabytes(int64(v)) }
func showExponent(v float64) string { return decimals(v, 2) }

const (
	mostExponent = 1.05
	mostBinary   = 48e6
)

// budgets are what is promised for single measurements.
func budgets() []budget {
	return []budget{
		{"no-op plan, 10,000 contacts: calls", nameNoOpPlan, 10_000, 30, calls, showCount},
		{"no-op plan, 10,000 contacts: CPU", nameNoOpPlan, 10_000, 0.8, cpuTime, showTime},
		{"no-op plan, 10,000 contacts: memory", nameNoOpPlan, 10_000, 150e6, peakMemory, showMemory},
		{"no-op plan, 100,000 contacts: calls", nameNoOpPlan, 100_000, 250, calls, showCount},
		{"no-op plan, 100,000 contacts: CPU", nameNoOpPlan, 100_000, 1.5, cpuTime, showTime},
		{"no-op plan, 100,000 contacts: memory", nameNoOpPlan, 100_000, 200e6, peakMemory, showMemory},
		{"the same, `-refresh=changed`: calls", nameChangedRead, 100_000, 5, calls, showCount},
		{"the same, `-refresh=changed`: CPU", nameChangedRead, 100_000, 0.4, cpuTime, showTime},
		{"no-op plan, 1,000,000 contacts: calls", nameNoOpPlan, 1_000_000, 2050, calls, showCount},
		{"no-op plan, 1,000,000 contacts: CPU", nameNoOpPlan, 1_000_000, 15, cpuTime, showTime},
		{"no-op plan, 1,000,000 contacts: memory", nameNoOpPlan, 1_000_000, 1.2e9, peakMemory, showMemory},
		{"one mapping, 100,000 people: CPU", nameMappingPlan, 100_000, 2, cpuTime, showTime},
		{"one mapping, 100,000 people: memory", nameMappingPlan, 100_000, 400e6, peakMemory, showMemory},
		{"no-op plan, 10,000 opportunities: calls", nameDealsPlan, 10_000, 110, calls, showCount},
		{"no-op plan, 10,000 opportunities: CPU", nameDealsPlan, 10_000, 0.8, cpuTime, showTime},
		{"one tag on 10,000 contacts: calls to plan", nameTagPlan, 10_000, 25, calls, showCount},
		{"one tag on 10,000 contacts: calls to write", nameTagApply, 10_000, 25, writes, showCount},
		{"`version`: wall", nameVersion, 0, 0.020, wallTime, showTime},
	}
}

// planning are the measurements whose growth has a budget.
func planning() []string {
	return []string{nameFirstPlan, nameNoOpPlan, nameChangePlan, nameTagPlan}
}

// verdict is a budget beside what was measured.
type verdict struct {
	name, most, got string
	met             bool
}

// verdicts holds a report against the budgets. What was not measured is left out.
func verdicts(r *Report) []verdict {
	var all []verdict
	add := func(name string, most, got float64, shown func(float64) string) {
		all = append(all, verdict{name, shown(most), shown(got), got <= most})
	}
	for _, b := range budgets() {
		if row, ok := r.find(b.row, b.size); ok {
			add(b.name, b.most, b.of(row.Sample), b.shown)
		}
	}
	for _, name := range planning() {
		if got := r.growth(name); !math.IsNaN(got) {
			add("growth of CPU, "+name+": exponent", mostExponent, got, showExponent)
		}
	}
	add("size of the binary", mostBinary, float64(r.Binary), showMemory)
	return all
}
