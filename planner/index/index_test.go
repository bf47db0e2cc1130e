package index

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestIndex adds numbers by few hashes, so that they collide, and finds what a map
// of lists finds.
func TestIndex(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hashes := rapid.SliceOf(rapid.OneOf(rapid.Uint32Range(0, 5), rapid.SampledFrom([]uint32{1 << 31, 1<<32 - 1, 8, 16}))).Draw(t, "hashes")
		var x Index
		if rapid.Bool().Draw(t, "room") {
			x.Grow(rapid.IntRange(0, 40).Draw(t, "expected"))
		}
		want := map[uint32][]int{}
		for number, hash := range hashes {
			x.Add(hash, number)
			want[hash] = append(want[hash], number)
		}
		for _, hash := range append(hashes, 77) {
			if diff := cmp.Diff(want[hash], slices.Collect(x.Find(hash))); diff != "" {
				t.Fatalf("hash %d: -want +got:\n%s", hash, diff)
			}
		}
	})
}

func TestIndexEnds(t *testing.T) {
	var x Index
	if got := slices.Collect(x.Find(0)); got != nil {
		t.Errorf("an empty index has %v", got)
	}
	x.Add(0, 0)
	for got := range x.Find(0) {
		if got != 0 {
			t.Errorf("got %d, want 0", got)
		}
		break // as who has found what it looks for does
	}
	x.Grow(1000)
	if diff := cmp.Diff([]int{0}, slices.Collect(x.Find(0))); diff != "" {
		t.Errorf("after growing: -want +got:\n%s", diff)
	}
}

func BenchmarkFind(b *testing.B) {
	const n = 100_000
	var x Index
	x.Grow(n)
	for i := range n {
		x.Add(uint32(i)*2654435761, i)
	}
	b.ReportMetric(float64(8*len(x.slots))/n, "B/thing")
	for i := 0; b.Loop(); i++ {
		for got := range x.Find(uint32(i%n) * 2654435761) {
			if got == i%n {
				break
			}
		}
	}
}
