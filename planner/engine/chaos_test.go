package engine_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"lockstep/planner/engine"
	"lockstep/providers"
	"lockstep/schema"
)

// chaos lets calls fail, answers get lost, the disk fill up and lists lag, by
// a seed.
type chaos struct {
	w    *world
	dice *rand.Rand
	// before are the objects as they were before the last apply.
	before map[string]schema.Object
}

func (c *chaos) stir() {
	w := c.w
	w.server.mu.Lock()
	defer w.server.mu.Unlock()
	w.server.judge = func(providers.Operation, providers.Write) verdict {
		if c.dice.IntN(4) > 0 {
			return obey
		}
		return verdict(1 + c.dice.IntN(3))
	}
	w.log.Take(-1)
	if c.dice.IntN(2) == 0 {
		w.log.Take(c.dice.IntN(30))
	}
	w.server.lagging = map[string]*schema.Object{}
	now := map[string]schema.Object{}
	for _, id := range slices.Sorted(maps.Keys(w.server.objects)) {
		now[id] = w.server.object(id)
		old, was := c.before[id]
		switch {
		case c.dice.IntN(3) > 0:
		case was:
			w.server.lagging[id] = &old
		default:
			w.server.lagging[id] = nil
		}
	}
	c.before = now
}

// TestChaos applies again and again under faults until nothing is left to do.
// In the end the live objects are the desired ones, and none exists twice.
func TestChaos(t *testing.T) {
	t.Parallel()
	for seed := range uint64(40) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			w := newWorld(t, everything)
			c := &chaos{w: w, dice: rand.New(rand.NewPCG(seed, 1))}
			w.untilDone(c)
			w.finish(everythingLive)
			w.file("main.hcl", everythingElse)
			w.untilDone(c)
			w.finish(everythingElseLive)
			w.nothingAdopted()
		})
	}
}

func (w *world) untilDone(c *chaos) {
	w.t.Helper()
	for range 100 {
		c.stir()
		_, err := w.apply(engine.ApplyOptions{})
		if err == nil {
			break
		}
	}
	w.server.lagging = map[string]*schema.Object{}
}
