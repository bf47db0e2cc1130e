package backend

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strconv"
	"sync"

	"lockstep/planner/state"
)

// postgres keeps each line of a log in a row of a PostgreSQL database.
//
// Every step is one statement, which the server carries out wholly or not at all, so
// that no run leaves a transaction open, and connections may come from a pooler. A
// step whose answer is lost is asked for again: what it would write twice is seen by
// the number of the lines, and by who wrote last.
type postgres struct {
	site   postgresSite
	tenant state.Tenant

	mu   sync.Mutex
	link *link
	// at is what this run read or wrote last.
	at position
}

// position is where a log is, and how long.
type position struct {
	// id of the state; 0 when nothing is known of it.
	id int
	// generation tells a log from the one that it took the place of. It is 0 for a
	// log that is not there.
	generation int
	// lines and bytes of the log, with its newlines.
	lines, bytes int
}

func openPostgres(o Options) (state.Backend, error) {
	site, err := newPostgresSite(o)
	if err != nil {
		return nil, err
	}
	p := &postgres{site: site, link: &link{site: site}}
	p.tenant.Leases = p
	return p, nil
}

// Name is the address of the database, and the name of the state there.
func (p *postgres) Name() string { return p.site.label() }

// rest ends the connection of a run that does not hold the lock: reading takes a
// moment, and runs that wait or watch need none meanwhile.
func (p *postgres) rest() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.tenant.Token() == "" {
		p.link.close()
	}
}

// Load reads the rows.
func (p *postgres) Load(ctx context.Context) (io.ReaderAt, error) {
	defer p.rest()
	p.mu.Lock()
	defer p.mu.Unlock()
	var log []byte
	err := again(ctx, func(int) (err error) {
		log, err = p.load(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	return bytes.NewReader(log), nil
}

// errRows is returned for a log that somebody took rows of.
var errRows = errors.New("rows of the state are missing in the table lines: restore a copy of the database, or delete its row in the table states and apply, which finds and adopts what exists")

// load reads the log that is there now. Lines are never changed, so what was read is
// whole if it has as many lines as were counted; else the log has been replaced
// meanwhile.
func (p *postgres) load(ctx context.Context) ([]byte, error) {
	for last := 0; ; {
		at, err := p.find(ctx)
		if err != nil || at.generation == 0 {
			p.at = at
			return nil, err
		}
		log, lines := make([]byte, 0, at.bytes), 0
		_, err = p.link.ask(ctx, selectLines, func(row [][]byte) error {
			log, lines = append(append(log, row[0]...), '\n'), lines+1
			return nil
		}, at.id, at.generation, at.lines)
		switch {
		case err != nil:
			return nil, err
		case lines == at.lines:
			p.at = at
			return log, nil
		case at.generation == last:
			return nil, errRows
		}
		last = at.generation
	}
}

// find looks for the state, of which nothing may be there yet.
func (p *postgres) find(ctx context.Context) (at position, err error) {
	if ok, err := p.link.made(ctx); err != nil || !ok {
		return position{}, err
	}
	_, err = p.link.ask(ctx, selectState, func(row [][]byte) error {
		return numbers(row, &at.id, &at.generation, &at.lines, &at.bytes)
	}, p.site.name, p.site.workspace)
	return at, err
}

// numbers reads a row of whole numbers.
func numbers(row [][]byte, to ...*int) (err error) {
	for i, n := range to {
		if *n, err = strconv.Atoi(string(row[i])); err != nil {
			return err
		}
	}
	return nil
}

// make looks for the state, and makes its row where there is none.
func (p *postgres) make(ctx context.Context) (position, error) {
	if err := p.link.makeTables(ctx); err != nil {
		return position{}, err
	}
	if _, err := p.link.ask(ctx, insertState, nil, p.site.name, p.site.workspace); err != nil {
		return position{}, err
	}
	return p.find(ctx)
}

// Append adds rows.
func (p *postgres) Append(ctx context.Context, lines []byte) error {
	defer p.rest()
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.tenant.Lost():
		return state.ErrLost
	case p.at.generation == 0:
		return errNoLog
	}
	mark, count := rand.Text(), bytes.Count(lines, []byte("\n"))
	err := again(ctx, func(try int) error {
		tag, err := p.link.ask(ctx, appendLines, nil, p.at.id, p.at.generation, p.at.lines, count, len(lines), mark, p.tenant.Token(), bytes.TrimSuffix(lines, []byte("\n")))
		if err != nil || tag.RowsAffected() == int64(count) {
			return err
		}
		return p.refusedWrite(ctx, mark)
	})
	if err == nil {
		p.at.lines, p.at.bytes = p.at.lines+count, p.at.bytes+len(lines)
	}
	return err
}

// errOther is returned to a run without the lock, before it writes over another one.
var errOther = errors.New("another run has written the state since this one read it: run it again")

// refusedWrite returns why a write had no effect; nil when it had one before, under
// the same mark.
func (p *postgres) refusedWrite(ctx context.Context, mark string) error {
	written, token := "", ""
	_, err := p.link.ask(ctx, selectWriter, func(row [][]byte) error {
		written, token = string(row[0]), string(row[1])
		return nil
	}, p.site.name, p.site.workspace)
	switch {
	case err != nil:
		return err
	case written == mark:
		return nil
	}
	if err := p.tenant.Holds(state.Lease{Token: token}); err != nil {
		return err
	}
	return errOther
}

// chunk is about how many bytes of lines travel in one statement.
const chunk = 4 << 20

// Replace writes the rows of another log beside the old ones, where no reader sees them,
// and then lets them count in one step.
func (p *postgres) Replace(ctx context.Context, log []byte) error {
	defer p.rest()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.tenant.Lost() {
		return state.ErrLost
	}
	next := position{lines: bytes.Count(log, []byte("\n")), bytes: len(log)}
	err := again(ctx, func(int) (err error) {
		next.id, next.generation, err = p.generation(ctx)
		return err
	})
	if err != nil {
		return err
	}
	if err := p.stage(ctx, next, log); err != nil {
		return err
	}
	err = again(ctx, func(int) error {
		took := false
		_, err := p.link.ask(ctx, takeOver, func([][]byte) error { took = true; return nil },
			next.id, next.generation, next.lines, next.bytes, p.tenant.Token())
		if err != nil || took {
			return err
		}
		return p.refusedWrite(ctx, strconv.Itoa(next.generation))
	})
	if err == nil {
		p.at = next
	}
	return err
}

// generation begins another log of the state.
func (p *postgres) generation(ctx context.Context) (id, generation int, err error) {
	at, err := p.make(ctx)
	if err != nil {
		return 0, 0, err
	}
	_, err = p.link.ask(ctx, nextGeneration, func(row [][]byte) error { return numbers(row, &generation) })
	return at.id, generation, err
}

// stage writes the lines of a log that is not in its place yet.
func (p *postgres) stage(ctx context.Context, next position, log []byte) error {
	for before := 0; len(log) > 0; {
		n := len(log)
		if n > chunk {
			n = chunk + bytes.IndexByte(log[chunk:], '\n') + 1
		}
		lines := bytes.TrimSuffix(log[:n], []byte("\n"))
		err := again(ctx, func(int) error {
			_, err := p.link.ask(ctx, stageLines, nil, next.id, next.generation, before, lines)
			return err
		})
		if err != nil {
			return fmt.Errorf("after %d of %d lines: %w", before, next.lines, err)
		}
		before, log = before+bytes.Count(log[:n], []byte("\n")), log[n:]
	}
	return nil
}
