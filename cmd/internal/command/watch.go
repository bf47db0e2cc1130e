package command

import (
	"fmt"
	"runtime"
	"runtime/metrics"
	"time"

	"github.com/hashicorp/hcl/v2"
)

const (
	// look is how often an evaluation is looked at.
	look = 20 * time.Millisecond
	// someMemory is how much memory evaluation may take, in bytes, beside perByte for
	// each byte of its files and twice what other work has taken.
	someMemory = 448 << 20
	perByte    = 16
	// loadMemory is how much memory reading the files may take: how long they are is
	// not known yet.
	loadMemory = 768 << 20
	// someTime is how long one part of the files may take, beside perMiB for each MiB
	// in use.
	someTime = 30 * time.Second
	perMiB   = 50 * time.Millisecond
)

// watch finds evaluations that would fill the memory of the machine or never end.
// The limits of package bounds tell most of them sooner, and better.
type watch struct {
	stages *stages
	// heap is how much memory is in use, in bytes; collect frees what is garbage.
	heap    func() int64
	collect func()
	// idle is how much memory was in use when nothing was evaluated.
	idle int64
	// other is how much memory was taken while nothing was evaluated: by the files as
	// they were read, by the state, by what an API answered.
	other int64
	// last is how much was in use at the last look, and alive what the last collection
	// left.
	last, alive int64
	// part is what is evaluated, since when.
	part  part
	since time.Time
}

func newWatch(s *stages) *watch {
	return &watch{stages: s, heap: heapInUse, collect: runtime.GC}
}

// heapInUse is how much memory objects take, garbage included.
func heapInUse() int64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return int64(sample[0].Value.Uint64())
}

// run looks until done is closed, and sends what it finds once.
func (w *watch) run(done <-chan struct{}, found chan<- hcl.Diagnostics) {
	ticker := time.NewTicker(look)
	defer ticker.Stop()
	for {
		select {
		case <-done:
			return
		case now := <-ticker.C:
			if diags := w.check(now); diags != nil {
				found <- diags
				return
			}
		}
	}
}

// check looks once.
func (w *watch) check(now time.Time) hcl.Diagnostics {
	in, before := w.heap(), w.part
	w.part = w.stages.part()
	if w.part.task == nil && before.task == nil {
		w.other = min(w.other+max(in-w.last, 0), in)
	}
	w.last = in
	if !w.stages.evaluating() {
		w.idle, w.alive, w.since = in, 0, time.Time{}
		return nil
	}
	if w.part != before || w.since.IsZero() {
		w.since = now
	}
	if took, most := now.Sub(w.since), someTime+perMiB*time.Duration(in>>20); took > most {
		return w.excess(fmt.Sprintf("takes more than %s", most.Round(time.Second)))
	}
	base, most := w.memory()
	if in-base <= most || in <= w.alive+most/4 {
		return nil
	}
	w.collect()
	if w.alive = w.heap(); w.alive-base <= most {
		return nil
	}
	return w.excess(fmt.Sprintf("takes more than %d MiB of memory", most>>20))
}

// memory is how much the part may take, beside what was in use before.
func (w *watch) memory() (before, most int64) {
	if !w.part.loaded {
		return w.idle, loadMemory
	}
	return w.other, someMemory + perByte*w.part.read + 2*w.other
}

// excess is the error that ends the command.
func (w *watch) excess(what string) hcl.Diagnostics {
	diags := problem("Evaluation takes too much", "Evaluating %s %s, and was given up. Nothing was changed.\n\n"+
		"A value that repeats another one, or loops within loops, grow fast: make it of fewer parts, look rows up in a map by their key, or read them from a CSV file.",
		w.part.name(), what)
	if w.part.task != nil {
		diags[0].Subject = &w.part.task.At
	}
	return diags
}
