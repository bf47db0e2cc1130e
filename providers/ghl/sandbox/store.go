package sandbox

import (
	"crypto/sha256"
	"fmt"
	"time"
)

// store keeps the records of a location: it gives them ids, writes what changes
// to the log and replays the log. The caller holds the server's lock.
type store struct {
	locationID string        // the id of the location, from which other ids follow
	lag        time.Duration // of the searches
	logged     []records     // in the order of a compacted log
	pictures   []lagging     // what the searches see

	reserved map[string]string // by kind, the id the next object must get
	seq      uint64            // ids given so far
	fresh    bool              // nothing was loaded
	log      *journal
}

// records is a kind as the log knows it.
type records interface {
	name() string
	size() int
	replay(r record) error
	visit(do func(id string, value any) error) error
}

// lagging is a picture as the store and the faults know it.
type lagging interface {
	settle(now time.Time)
	develop()
	keep()
	recent(now time.Time) int
	rewind(now time.Time, n int) (again func())
}

func newStore(opts Options) *store {
	return &store{locationID: opts.Location, lag: opts.SearchLag, reserved: map[string]string{}, fresh: true}
}

// letters of an id.
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

// newID returns the next id: 20 letters and digits that follow from how many were
// given before, so that equal requests give equal ids and no id comes twice.
func (st *store) newID(kind string) string {
	if id, given := st.reserved[kind]; given {
		delete(st.reserved, kind)
		return id
	}
	st.seq++
	sum := sha256.Sum256(fmt.Appendf(nil, "%s/%s/%d", st.locationID, kind, st.seq))
	id := make([]byte, 20)
	for i := range id {
		id[i] = letters[int(sum[i])%len(letters)]
	}
	// The last six letters spell the number itself, so no two ids are equal.
	for i, n := len(id)-1, st.seq; i >= len(id)-6; i-- {
		id[i] = letters[n%uint64(len(letters))]
		n /= uint64(len(letters))
	}
	return string(id)
}

// put records the current value of an object; flush writes it.
func (st *store) put(kind, id string, value any) { st.log.put(st.seq, kind, id, value) }

// drop records that an object is gone.
func (st *store) drop(kind, id string) { st.log.drop(st.seq, kind, id) }

// apply replays one record of the log.
func (st *store) apply(r record) error {
	for _, k := range st.logged {
		if k.name() == r.Kind {
			return k.replay(r)
		}
	}
	return fmt.Errorf("unknown kind %q", r.Kind)
}

// size counts the objects that a compacted log has.
func (st *store) size() int {
	n := 0
	for _, k := range st.logged {
		n += k.size()
	}
	return n
}

// each visits every object, in an order that replay can follow.
func (st *store) each(do func(kind, id string, value any) error) error {
	for _, k := range st.logged {
		if err := k.visit(func(id string, value any) error { return do(k.name(), id, value) }); err != nil {
			return err
		}
	}
	return nil
}

// develop shows every change to the searches: what is loaded or seeded has no
// lag.
func (st *store) develop() {
	for _, p := range st.pictures {
		p.develop()
	}
}

// millis is the API's resolution of time.
func millis(t time.Time) int64 { return t.UnixMilli() }

// stamp writes a time as the API does: UTC with milliseconds.
func stamp(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.000Z") }
