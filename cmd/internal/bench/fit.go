package bench

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// median takes the median of each measured quantity by itself; of an even
// number, the mean of the two in the middle. Samples are not empty.
func median(samples []Sample) Sample {
	return Sample{
		Wall: middle(samples, func(s Sample) time.Duration { return s.Wall }),
		CPU:  middle(samples, func(s Sample) time.Duration { return s.CPU }),
		Peak: middle(samples, func(s Sample) int64 { return s.Peak }),
		Traffic: Traffic{
			Calls:   middle(samples, func(s Sample) int { return s.Calls }),
			Writes:  middle(samples, func(s Sample) int { return s.Writes }),
			Refused: middle(samples, func(s Sample) int { return s.Refused }),
		},
	}
}

func middle[N interface {
	cmp.Ordered
	~int | ~int64
}](samples []Sample, of func(Sample) N) N {
	values := make([]N, len(samples))
	for i, s := range samples {
		values[i] = of(s)
	}
	slices.Sort(values)
	half := len(values) / 2
	if len(values)%2 == 1 {
		return values[half]
	}
	return (values[half-1] + values[half]) / 2
}

// exponent fits cost = c * size^exponent by least squares of the logarithms.
// It is not a number with fewer than two different sizes.
func exponent(sizes, costs []float64) float64 {
	n := float64(len(sizes))
	var sumX, sumY, sumXX, sumXY float64
	for i := range sizes {
		x, y := math.Log(sizes[i]), math.Log(costs[i])
		sumX, sumY, sumXX, sumXY = sumX+x, sumY+y, sumXX+x*x, sumXY+x*y
	}
	spread := n*sumXX - sumX*sumX
	if n < 2 || spread <= 1e-9 {
		return math.NaN()
	}
	return (n*sumXY - sumX*sumY) / spread
}
