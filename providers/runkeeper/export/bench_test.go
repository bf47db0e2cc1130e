package export

import "testing"

// BenchmarkOpen reads an account of fifteen years, 5,000 activities with
// their tracks.
func BenchmarkOpen(b *testing.B) {
	files, _ := generations["v2 metric"].generate(5000, true)
	name := zipped(b, "ada.zip", files)
	b.Run("tables", func(b *testing.B) {
		for b.Loop() {
			if e, err := Open(Anywhere, NewBudget(), name); err != nil || len(e.Activities) != 5000 {
				b.Fatal(err)
			}
		}
	})
	b.Run("zones", func(b *testing.B) {
		for b.Loop() {
			locateAll(b, name)
		}
	})
}

func locateAll(t testing.TB, name string) {
	t.Helper()
	e, err := Open(Anywhere, NewBudget(), name)
	if err != nil {
		t.Fatal(err)
	}
	all := make([]int, len(e.Activities))
	for i := range all {
		all[i] = i
	}
	if err := e.Locate(t.Context(), all...); err != nil {
		t.Fatal(err)
	}
	if len(all) != 5000 || e.Activities[4999].Zone == nil {
		t.Fatalf("%d activities, the oldest at %v", len(all), e.Activities[4999].Zone)
	}
}
