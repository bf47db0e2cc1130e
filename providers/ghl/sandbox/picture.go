package sandbox

import "time"

// picture is what a search sees of a kind of object: the objects as they were
// some time ago. Objects are never changed in place, so a picture may hold an
// old one while a read by id gives the new.
type picture[T any] struct {
	lag     time.Duration
	items   map[string]T
	pending []change[T]
	gen     uint64 // grows whenever the picture changes

	keeps bool          // past is kept, for stale answers
	past  []outdated[T] // what the latest changes replaced, oldest first
}

type change[T any] struct {
	due  time.Time
	id   string
	item T
	gone bool
}

func newPicture[T any](lag time.Duration) *picture[T] {
	return &picture[T]{lag: lag, items: map[string]T{}}
}

// see records a change made at the given time; it shows once the lag is over.
func (p *picture[T]) see(at time.Time, id string, item T, gone bool) {
	ch := change[T]{due: at.Add(p.lag), id: id, item: item, gone: gone}
	if p.lag == 0 {
		p.show(ch)
		return
	}
	p.pending = append(p.pending, ch)
}

func (p *picture[T]) show(ch change[T]) {
	p.gen++
	if p.keeps {
		p.remember(ch)
	}
	if ch.gone {
		delete(p.items, ch.id)
		return
	}
	p.items[ch.id] = ch.item
}

// settle shows the changes that are due.
func (p *picture[T]) settle(now time.Time) {
	for len(p.pending) > 0 && !p.pending[0].due.After(now) {
		p.show(p.pending[0])
		p.pending = p.pending[1:]
	}
}

// touch notes that what a search answers depends on something that has changed.
func (p *picture[T]) touch() { p.gen++ }

// keep makes the picture remember what changes replaced, for stale answers.
func (p *picture[T]) keep() { p.keeps = true }

// develop shows every change: what is loaded or seeded has no lag.
func (p *picture[T]) develop() {
	for _, ch := range p.pending {
		p.show(ch)
	}
	p.pending = nil
}
