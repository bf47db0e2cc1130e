package sandbox

import (
	"bytes"
	"crypto/sha256"
	"maps"
	"math/rand/v2"
	"slices"
)

// injector carries out a fault plan. The server's lock guards it.
type injector struct {
	store  *store
	plan   Faults
	kinds  []*faultKind
	random *rand.Rand // of the request that is being answered

	held     bool
	requests uint64
	faults   int
	inARow   map[[sha256.Size]byte]int // failures since a request got through
	counts   map[string]int
	moved    moved
}

func newInjector(st *store, plan Faults) *injector {
	in := &injector{
		store: st, plan: plan, inARow: map[[sha256.Size]byte]int{}, counts: map[string]int{}, moved: newMoved(),
	}
	for _, p := range st.pictures {
		p.keep()
	}
	for i := range faultKinds {
		if slices.Contains(plan.Kinds, faultKinds[i].name) {
			in.kinds = append(in.kinds, &faultKinds[i])
		}
	}
	return in
}

// FaultCounts returns how many faults there were so far, by kind. Kinds that did
// not happen are left out.
func (s *Server) FaultCounts() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.faults == nil {
		return map[string]int{}
	}
	return maps.Clone(s.faults.counts)
}

// HoldFaults makes nothing go wrong until it is called with false. Requests
// meanwhile do not count for the fault plan.
func (s *Server) HoldFaults(hold bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.faults != nil {
		s.faults.held = hold
	}
}

// faulty lets the fault plan, if there is one, have its way with a call.
func (s *Server) faulty(next handler) handler {
	return func(c *call) *answer {
		in := s.faults
		if in == nil || in.held {
			return next(c)
		}
		c.moved = in.moved
		in.requests++
		in.random = rand.New(rand.NewPCG(in.plan.Seed, in.requests))
		kind := in.choose(c)
		if kind == nil {
			return next(c)
		}
		in.faults++
		in.counts[kind.name]++
		c.fault = kind.name
		return kind.serve(in, c, next)
	}
}

// choose picks the fault of a call, or nil. Each request has a random
// sequence of its own, so a fault that a bound prevents changes no other.
func (in *injector) choose(c *call) *faultKind {
	hit := in.random.Float64() < in.plan.Rate
	fitting := make([]*faultKind, 0, len(in.kinds))
	for _, kind := range in.kinds {
		if kind.fits == nil || kind.fits(in, c) {
			fitting = append(fitting, kind)
		}
	}
	key := c.key()
	if !hit || len(fitting) == 0 || !in.open(c) {
		delete(in.inARow, key)
		return nil
	}
	kind := fitting[in.random.IntN(len(fitting))]
	if !kind.fails {
		delete(in.inARow, key)
		return kind
	}
	if in.inARow[key] >= in.plan.InARow {
		delete(in.inARow, key)
		return nil
	}
	in.inARow[key]++
	return kind
}

// open reports whether the plan has a fault left for such a call.
func (in *injector) open(c *call) bool {
	switch {
	case in.requests <= uint64(in.plan.After):
		return false
	case in.plan.Max > 0 && in.faults >= in.plan.Max:
		return false
	case in.plan.On == "reads":
		return reads(c)
	case in.plan.On == "writes":
		return !reads(c)
	}
	return true
}

// key is equal for equal requests.
func (c *call) key() [sha256.Size]byte {
	return sha256.Sum256(bytes.Join([][]byte{
		[]byte(c.method), []byte(c.path), []byte(c.query.Encode()), c.rawBody}, []byte{0}))
}
