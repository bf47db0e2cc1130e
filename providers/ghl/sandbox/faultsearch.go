package sandbox

import (
	"encoding/json"
	"time"
)

// How far back a stale answer reaches: so many changes, none older than this.
const (
	stalest      = 16
	staleReach   = 30 * time.Second
	keptOutdated = 4 * stalest
)

// outdated is what a change replaced in a picture.
type outdated[T any] struct {
	at    time.Time
	id    string
	item  T
	known bool // the item was there before
}

// remember keeps what a change is about to replace.
func (p *picture[T]) remember(ch change[T]) {
	old, known := p.items[ch.id]
	if len(p.past) >= 2*keptOutdated {
		p.past = append(p.past[:0], p.past[len(p.past)-keptOutdated:]...)
	}
	p.past = append(p.past, outdated[T]{at: ch.due, id: ch.id, item: old, known: known})
}

// recent counts the latest changes that a stale answer may lack.
func (p *picture[T]) recent(now time.Time) int {
	n := 0
	for n < stalest && n < len(p.past) && now.Sub(p.past[len(p.past)-1-n].at) <= staleReach {
		n++
	}
	return n
}

// rewind takes up to n of the latest changes back, and gives what makes them
// again.
func (p *picture[T]) rewind(now time.Time, n int) (again func()) {
	n = min(n, p.recent(now))
	undone := p.past[len(p.past)-n:]
	redo := make([]outdated[T], 0, n)
	for i := n - 1; i >= 0; i-- {
		redo = append(redo, p.swap(undone[i]))
	}
	return func() {
		for i := n - 1; i >= 0; i-- {
			p.swap(redo[i])
		}
	}
}

// swap puts an outdated item into the picture and gives the one it replaced.
func (p *picture[T]) swap(to outdated[T]) outdated[T] {
	p.gen++
	from := to
	from.item, from.known = p.items[to.id]
	if to.known {
		p.items[to.id] = to.item
	} else {
		delete(p.items, to.id)
	}
	return from
}

// changedLately reports whether a stale answer could differ from a fresh one.
func changedLately(in *injector, c *call) bool {
	if !searches(c) {
		return false
	}
	recent := 0
	for _, p := range in.store.pictures {
		p.settle(c.now)
		recent += p.recent(c.now)
	}
	return recent > 0
}

// stale answers a search without the latest changes.
func stale(in *injector, c *call, next handler) *answer {
	n := 1 + in.random.IntN(stalest)
	for _, p := range in.store.pictures {
		defer p.rewind(c.now, n)()
	}
	return next(c)
}

// moved is what shifted pages leave behind for the pages after them. A page
// that is asked for again must answer the same, so nothing is taken out.
type moved struct {
	held map[string]string // by the cursor of a page, the id of a row that it must show first
	back map[string]bool   // searches paged by number whose later pages begin one row earlier
}

func newMoved() moved { return moved{held: map[string]string{}, back: map[string]bool{}} }

// laterPage fits a call for a page after the first.
func laterPage(_ *injector, c *call) bool {
	var body struct {
		SearchAfter []any   `json:"searchAfter"`
		Page, Skip  float64 // of contacts, of tasks
	}
	if !searches(c) || json.Unmarshal(c.rawBody, &body) != nil {
		return false
	}
	return len(body.SearchAfter) > 0 || body.Page > 1 || body.Skip > 0
}

// shifted answers a page while the rows of its listing move.
func shifted(in *injector, c *call, next handler) *answer {
	c.shift = shiftRepeat
	if in.random.IntN(2) == 0 {
		c.shift = shiftHold
	}
	return next(c)
}

// shift is how the rows of one page move.
type shift int

const (
	shiftNone   shift = iota
	shiftRepeat       // the last row of the page before comes again
	shiftHold         // the first row comes on the next page instead
)

// listing names a search regardless of the page that is asked for.
func (c *call) listing() string {
	same := make(object, len(c.body))
	for name, v := range c.body {
		if name != "searchAfter" && name != "page" && name != "skip" {
			same[name] = v
		}
	}
	raw, err := json.Marshal(same)
	if err != nil { // what was decoded from JSON encodes again
		return c.path
	}
	return c.path + string(raw)
}

// begin returns where a page paged by number begins when rows were put in ahead
// of it: once one was, all later pages are shifted.
func (c *call) begin(start int) int {
	if c.moved.back == nil || start == 0 {
		return start
	}
	if c.shift != shiftNone {
		c.moved.back[c.listing()] = true
	}
	if c.moved.back[c.listing()] {
		return start - 1
	}
	return start
}

// pageAfter cuts a page of a search by cursor. Without faults it is the rows
// from start on.
func pageAfter(c *call, rows []orderRow, start, limit int) []orderRow {
	end := min(start+limit, len(rows))
	if c.moved.held == nil || start == 0 {
		return rows[start:end]
	}
	listing := c.listing()
	if late := held(c, listing, rows[:start]); late != nil {
		return append(late, rows[start:min(start+limit-1, len(rows))]...)
	}
	switch {
	case c.shift == shiftHold && end+1 < len(rows):
		c.moved.held[listing+rows[end].contact.ID] = rows[start].contact.ID
		return rows[start+1 : end+1]
	case c.shift != shiftNone && limit > 1 && start < len(rows):
		return rows[start-1 : min(start-1+limit, len(rows))]
	}
	return rows[start:end]
}

// held returns the row that an earlier page held back for the one after these
// rows; nil when there is none, or when it was changed or deleted meanwhile.
func held(c *call, listing string, before []orderRow) []orderRow {
	id, holds := c.moved.held[listing+before[len(before)-1].contact.ID]
	if !holds {
		return nil
	}
	for _, row := range before {
		if row.contact.ID == id {
			return []orderRow{row}
		}
	}
	return nil
}
