package bench

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Report is all that was measured.
type Report struct {
	Machine string
	Binary  int64 // size of the program in bytes
	Floor   int64 // the least peak memory in bytes that can be told of a process
	Rows    []Row // by size, in the order of the measurements
}

// find looks for a measurement; size 0 is the smallest that was measured.
func (r *Report) find(name string, size int) (Row, bool) {
	i := slices.IndexFunc(r.Rows, func(row Row) bool { return row.Name == name && (size == 0 || row.Size == size) })
	if i < 0 {
		return Row{}, false
	}
	return r.Rows[i], true
}

// growth is the exponent of the CPU time of a measurement over the number of
// contacts: 1 is linear. It is not a number when only one size was measured.
func (r *Report) growth(name string) float64 {
	var sizes, costs []float64
	for _, row := range r.Rows {
		if row.Name == name {
			sizes, costs = append(sizes, float64(row.Size)), append(costs, row.CPU.Seconds())
		}
	}
	return exponent(sizes, costs)
}

// Render writes a report in Markdown: a table for each size, one for growth and
// one for the budgets.
func Render(r *Report) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Measured on %s. Binary: %s.\n", r.Machine, megabytes(r.Binary))
	size := -1
	for _, row := range r.Rows {
		if row.Size != size {
			size = row.Size
			fmt.Fprintf(&b, "\n### %s contacts\n\n| work | wall | CPU | peak memory | calls | of them writes |\n|---|--:|--:|--:|--:|--:|\n", count(size))
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", row.Name,
			seconds(row.Wall), seconds(row.CPU), r.memory(row.Peak), count(row.Calls), count(row.Writes))
	}
	r.renderGrowth(&b)
	b.WriteString("\n### Budgets\n\n| budget | at most | measured | |\n|---|--:|--:|---|\n")
	for _, v := range verdicts(r) {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", v.name, v.most, v.got, met(v.met))
	}
	return b.String()
}

func (r *Report) renderGrowth(b *strings.Builder) {
	var names []string
	for _, row := range r.Rows {
		if !slices.Contains(names, row.Name) && row.Name != nameVersion && !math.IsNaN(r.growth(row.Name)) {
			names = append(names, row.Name)
		}
	}
	if len(names) == 0 {
		return
	}
	fmt.Fprintf(b, "\n### Growth from %s to %s contacts\n\n| work | exponent of CPU |\n|---|--:|\n",
		count(r.Rows[0].Size), count(r.Rows[len(r.Rows)-1].Size))
	for _, name := range names {
		fmt.Fprintf(b, "| %s | %s |\n", name, showExponent(r.growth(name)))
	}
}

// memory does not claim more than is known.
func (r *Report) memory(peak int64) string {
	switch {
	case peak == 0:
		return "unknown"
	case peak <= r.Floor:
		return "< " + megabytes(r.Floor)
	default:
		return megabytes(peak)
	}
}

func met(ok bool) string {
	if ok {
		return "met"
	}
	return "**missed**"
}

// seconds shows a time: 12 ms, 1.24 s, 81.3 s.
func seconds(d time.Duration) string {
	switch s := d.Seconds(); {
	case s < 0.1:
		return decimals(s*1000, 0) + " ms"
	case s < 10:
		return decimals(s, 2) + " s"
	default:
		return decimals(s, 1) + " s"
	}
}

// megabytes shows bytes in units of 1,000,000.
func megabytes(bytes int64) string { return decimals(float64(bytes)/1e6, 0) + " MB" }

func decimals(v float64, n int) string { return strconv.FormatFloat(v, 'f', n, 64) }

// count shows a number with its thousands apart: 100,000.
func count(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
