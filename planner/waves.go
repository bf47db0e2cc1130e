package planner

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strconv"

	"lockstep/providers"
	"lockstep/schema"
)

// Grouper says which changes share one API call. Every provider is one.
type Grouper interface {
	Group(changes []providers.Write) []providers.Operation
}

// The steps of a level: what gives way to others, the writes, and those by other
// channels.
const (
	stepFree = iota
	stepWrite
	stepChannel
)

// batch are the changes of one kind in one wave.
type batch struct {
	changes []providers.Write
	// refs has for each the change of the plan that it belongs to.
	refs []int
}

func (b *batch) add(c providers.Write, ref int) {
	b.changes, b.refs = append(double(b.changes), c), append(double(b.refs), ref)
}

// double makes room for as many again when there is none for one more: a slice
// of a hundred thousand would otherwise be copied every time that a quarter
// more is needed.
func double[E any](s []E) []E {
	if len(s) < cap(s) {
		return s
	}
	return slices.Grow(s, max(len(s), 1))
}

// batches are those of one provider, by wave and kind.
type batches map[waveKey]map[string]*batch

func (b batches) add(key waveKey, c providers.Write, ref int) {
	if b[key] == nil {
		b[key] = map[string]*batch{}
	}
	if b[key][c.Kind] == nil {
		b[key][c.Kind] = &batch{}
	}
	b[key][c.Kind].add(c, ref)
}

type waveKey struct {
	// last sorts deletions behind everything else.
	last bool
	// turn orders the writes of one step.
	level, step, turn int
}

// Arrange makes the operations and waves of a plan. groupers has each
// provider of the plan by its reference; after says, for a level of a
// provider, which levels of other providers must be done first.
func (p *Plan) Arrange(groupers map[string]Grouper, after func(provider string, level int) map[string]int) {
	p.sort()
	sortInvocations(p.Invocations)
	byProvider := map[string]batches{}
	for i := range p.Changes {
		c := &p.Changes[i]
		if !c.Writes() {
			continue
		}
		waves := byProvider[c.Provider]
		if waves == nil {
			waves = batches{}
			byProvider[c.Provider] = waves
		}
		split(c, i, waves)
	}
	p.Waves = nil
	for _, name := range slices.Sorted(maps.Keys(byProvider)) {
		p.addWaves(name, byProvider[name], groupers[name])
	}
	p.link(after)
	p.linkNeeds()
	p.number()
}

// apart is the turn of those whose calls come after all others of their level, and
// ahead of those that come before.
const apart, ahead = math.MaxInt, -1

func (p *Plan) addWaves(provider string, waves batches, grouper Grouper) {
	keys := make([]waveKey, 0, len(waves))
	for k := range waves {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b waveKey) int {
		if a.last != b.last {
			if a.last {
				return 1
			}
			return -1
		}
		return cmp.Or(cmp.Compare(a.level, b.level), cmp.Compare(a.step, b.step), cmp.Compare(a.turn, b.turn))
	})
	for _, key := range keys {
		w := Wave{Provider: provider, Level: key.level, Step: key.step, Deletes: key.last}
		if len(p.Waves) > 0 && p.Waves[len(p.Waves)-1].Provider == provider {
			w.After = []int{len(p.Waves) - 1}
		}
		w.Operations = group(waves[key], grouper)
		for i := range w.Operations {
			p.quiet(&w.Operations[i])
		}
		p.Waves = append(p.Waves, w)
	}
}

// group calls the provider's Group kind by kind, and finds for each change of
// an operation the change of the plan that it belongs to.
func group(byKind map[string]*batch, grouper Grouper) []Operation {
	type object struct{ address, id string }
	var operations []Operation
	for _, kind := range slices.Sorted(maps.Keys(byKind)) {
		b := byKind[kind]
		refs := make(map[object]int, len(b.changes))
		for i := range b.changes {
			refs[object{b.changes[i].Address, b.changes[i].ID}] = b.refs[i]
		}
		for _, op := range grouper.Group(b.changes) {
			o := Operation{Operation: op, Refs: make([]int, len(op.Writes))}
			for i := range op.Writes {
				o.Refs[i] = refs[object{op.Writes[i].Address, op.Writes[i].ID}]
			}
			operations = append(operations, o)
		}
	}
	return operations
}

// quiet takes the name of an operation away that would tell sensitive members
// of a set.
func (p *Plan) quiet(o *Operation) {
	for _, ref := range o.Refs {
		c := &p.Changes[ref]
		if o.Channel != "" && slices.ContainsFunc(c.Fields, func(f FieldChange) bool {
			a := c.Kind.Attribute(schema.PathAttribute(f.Path))
			return a != nil && a.Channel == o.Channel && (f.Sensitive || a.Sensitive)
		}) {
			o.Name = "write sensitive " + o.Channel
			return
		}
	}
}

// link makes a wave wait for the waves of other providers that it needs.
func (p *Plan) link(after func(provider string, level int) map[string]int) {
	if after == nil {
		return
	}
	for i := range p.Waves {
		w := &p.Waves[i]
		if w.Deletes {
			continue
		}
		needs := after(w.Provider, w.Level)
		for j := range p.Waves {
			level, ok := needs[p.Waves[j].Provider]
			if ok && !p.Waves[j].Deletes && p.Waves[j].Provider != w.Provider && p.Waves[j].Level <= level {
				w.After = append(w.After, j)
			}
		}
		slices.Sort(w.After)
		w.After = slices.Compact(w.After)
	}
}

// linkNeeds makes a wave wait for the waves of other providers by which its
// mappings come to their objects.
func (p *Plan) linkNeeds() {
	needed := map[schema.Address][]int{}
	for i := range p.Changes {
		for _, a := range p.Changes[i].Authors() {
			for _, need := range a.Needs() {
				needed[need] = nil
			}
		}
	}
	if len(needed) == 0 {
		return
	}
	for i := range p.Waves {
		for _, a := range p.authorsOf(&p.Waves[i]) {
			if waves, ok := needed[a.Address]; ok {
				needed[a.Address] = append(waves, i)
			}
		}
	}
	for i := range p.Waves {
		w := &p.Waves[i]
		for _, a := range p.authorsOf(w) {
			for _, need := range a.Needs() {
				// A level waits for lower ones only, so that no two wait for each other.
				w.After = append(w.After, slices.DeleteFunc(slices.Clone(needed[need]), func(j int) bool { return p.Waves[j].Level >= w.Level })...)
			}
		}
		slices.Sort(w.After)
		w.After = slices.Compact(w.After)
	}
}

// authorsOf are those whose objects a wave writes.
func (p *Plan) authorsOf(w *Wave) []*Author {
	var authors []*Author
	for i := range w.Operations {
		for _, ref := range w.Operations[i].Refs {
			for _, a := range p.Changes[ref].Authors() {
				authors = append(authors, a)
			}
		}
	}
	return authors
}

func (p *Plan) number() {
	n := 0
	for i := range p.Waves {
		for j := range p.Waves[i].Operations {
			n++
			p.Waves[i].Operations[j].ID = strconv.Itoa(n)
		}
	}
}

// Price works out the cost from the waves and what each account says of its
// limits.
func (p *Plan) Price(usage func(provider string) (providers.Usage, bool)) {
	calls := map[string]int{}
	p.Cost = Cost{DailyRemaining: -1, ParentReads: p.Cost.ParentReads}
	for _, w := range p.Waves {
		for _, op := range w.Operations {
			calls[w.Provider] += 1 + op.Reads
			p.Cost.Calls += 1 + op.Reads
			if op.Bulk {
				p.Cost.Bulk++
			}
		}
	}
	for i := range p.Invocations {
		calls[p.Invocations[i].Provider]++
		p.Cost.Calls++
	}
	for _, name := range slices.Sorted(maps.Keys(calls)) {
		u, ok := usage(name)
		if !ok {
			continue
		}
		if u.Max > 0 {
			// The first window's calls go out at once.
			windows := float64(max(0, calls[name]-u.Max)) / float64(u.Max)
			p.Cost.Seconds = max(p.Cost.Seconds, math.Round(windows*u.IntervalSeconds*10)/10)
		}
		if u.DailyLimit > 0 && (p.Cost.DailyLimit == 0 || u.DailyRemaining < p.Cost.DailyRemaining) {
			p.Cost.DailyLimit, p.Cost.DailyRemaining = u.DailyLimit, u.DailyRemaining
		}
	}
}
