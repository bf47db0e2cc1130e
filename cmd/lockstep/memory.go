package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// comfort is how much memory may be used before the collector works harder,
// in bytes. A plan over 100,000 contacts stays below it, and one with a mapping of
// as many people ends there.
const comfort = 360 << 20

// tuneCollector trades memory that a plan may use for the time of collecting
// it. Whoever sets GOGC or GOMEMLIMIT decides instead.
func tuneCollector() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	// The last collection of a plan over 100,000 contacts then comes before all
	// of it is in memory.
	debug.SetGCPercent(350)
	debug.SetMemoryLimit(comfort)
	afterCollection(comfort)
}

// afterCollection raises the limit, each time that the collector has run, to
// where what is alive does not make it run all the time.
func afterCollection(limit int64) {
	runtime.SetFinalizer(&struct{ sentinel [64]byte }{}, func(any) {
		sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(sample)
		if live := int64(sample[0].Value.Uint64()); limit < live*6/5 {
			limit = live * 27 / 20
			debug.SetMemoryLimit(limit)
		}
		afterCollection(limit)
	})
}
