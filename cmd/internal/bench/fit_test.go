package bench

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestExponent(t *testing.T) {
	type in struct{ sizes, costs []float64 }
	cases := map[string]struct {
		reason string
		in     in
		want   float64
	}{
		"Linear":    {"ten times as many cost ten times as much", in{[]float64{1e3, 1e4, 1e5}, []float64{0.1, 1, 10}}, 1},
		"Quadratic": {"ten times as many cost a hundred times as much", in{[]float64{1e3, 1e4}, []float64{0.1, 10}}, 2},
		"Constant":  {"size does not matter", in{[]float64{1e3, 1e4, 1e5}, []float64{3, 3, 3}}, 0},
		"Fitted":    {"the line goes between points that are on none", in{[]float64{1, 10, 100}, []float64{1, 1, 100}}, 1},
		"OneSize":   {"nothing grows", in{[]float64{1e3}, []float64{3}}, math.NaN()},
		"SameSizes": {"nothing grows either", in{[]float64{1e3, 1e3}, []float64{3, 4}}, math.NaN()},
		"None":      {"nothing was measured", in{}, math.NaN()},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := exponent(tc.in.sizes, tc.in.costs)
			if diff := cmp.Diff(tc.want, got, cmpopts.EquateNaNs(), cmpopts.EquateApprox(0, 1e-9)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestMedian(t *testing.T) {
	sample := func(wall, cpu time.Duration, peak int64, calls int) Sample {
		return Sample{Wall: wall, CPU: cpu, Peak: peak, Traffic: Traffic{Calls: calls}}
	}
	cases := map[string]struct {
		reason string
		in     []Sample
		want   Sample
	}{
		"One":   {"it is its own median", []Sample{sample(1, 2, 3, 4)}, sample(1, 2, 3, 4)},
		"Two":   {"the mean of both", []Sample{sample(1, 20, 300, 4), sample(3, 10, 100, 4)}, sample(2, 15, 200, 4)},
		"Three": {"each quantity by itself, and outliers do not count", []Sample{sample(1, 30, 7, 2), sample(99, 20, 8, 2), sample(2, 10, 9, 50)}, sample(2, 20, 8, 2)},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, median(tc.in)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
