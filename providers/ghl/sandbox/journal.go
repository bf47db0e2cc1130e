package sandbox

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"

	"lockstep/schema/files"
)

// The files of a data directory.
const (
	logFile  = "sandbox.jsonl"
	lockFile = "sandbox.lock"
)

// record is one line of the log. A later line of the same kind and id wins; one
// without a value deletes. Seq keeps ids unique across runs.
type record struct {
	Seq   uint64          `json:"seq"`
	Kind  string          `json:"kind"`
	ID    string          `json:"id"`
	Value json.RawMessage `json:"value,omitempty"`
}

// journal appends the changes of a store to its log. A nil journal keeps
// nothing.
type journal struct {
	dir     string
	lock    *flock.Flock
	file    *os.File
	pending bytes.Buffer
	failed  error
}

// put records the current value of an object; flush writes it.
func (j *journal) put(seq uint64, kind, id string, value any) {
	if j == nil {
		return
	}
	raw, err := json.Marshal(value)
	if err != nil {
		j.failed = errors.Join(j.failed, fmt.Errorf("encode %s %s: %w", kind, id, err))
		return
	}
	j.add(record{Seq: seq, Kind: kind, ID: id, Value: raw})
}

// drop records that an object is gone.
func (j *journal) drop(seq uint64, kind, id string) {
	if j != nil {
		j.add(record{Seq: seq, Kind: kind, ID: id})
	}
}

func (j *journal) add(r record) {
	line, err := json.Marshal(r)
	if err != nil {
		j.failed = errors.Join(j.failed, fmt.Errorf("encode %s %s: %w", r.Kind, r.ID, err))
		return
	}
	j.pending.Write(line)
	j.pending.WriteByte('\n')
}

// flush hands the changes of one request to the operating system in one write:
// they survive the death of the process.
func (st *store) flush() error {
	if st.log == nil {
		return nil
	}
	defer st.log.pending.Reset()
	if st.log.failed != nil {
		return st.log.failed
	}
	if st.log.pending.Len() == 0 {
		return nil
	}
	if _, err := st.log.file.Write(st.log.pending.Bytes()); err != nil {
		return fmt.Errorf("write sandbox log: %w", err)
	}
	return nil
}

func (st *store) close() error {
	if st.log == nil {
		return nil
	}
	return errors.Join(st.flush(), st.log.file.Close(), st.log.lock.Unlock())
}

// open loads the store from a data directory. Every kind is registered before.
func (st *store) open(dir string) error {
	if _, err := files.Resolve(filepath.Join(dir, logFile)); err != nil {
		return fmt.Errorf("use data directory: %w", err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make data directory: %w", err)
	}
	lock, err := files.NewLock(filepath.Join(dir, lockFile))
	if err != nil {
		return fmt.Errorf("lock data directory: %w", err)
	}
	held, err := lock.TryLock()
	if err != nil {
		return fmt.Errorf("lock data directory: %w", err)
	}
	if !held {
		return fmt.Errorf("the folder %s is in use by another run or `lockstep sandbox`, which is to be stopped first, or by another provider block, which needs a folder of its own: sandbox_path", dir)
	}
	st.log = &journal{dir: dir, lock: lock}
	if err := st.load(); err != nil {
		return errors.Join(err, lock.Unlock())
	}
	return nil
}

// load replays the log, rewrites it where much of it is out of date or its end
// is torn, and opens it for more.
func (st *store) load() error {
	path := filepath.Join(st.log.dir, logFile)
	raw, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read sandbox log: %w", err)
	}
	lines, whole, err := st.replay(raw)
	if err != nil {
		return err
	}
	if whole < len(raw) || lines > 2*st.size()+100 {
		return st.rewrite()
	}
	return st.reopen()
}

// rewrite compacts the log and opens the new one.
func (st *store) rewrite() error {
	if err := st.compact(filepath.Join(st.log.dir, logFile)); err != nil {
		return fmt.Errorf("compact sandbox log: %w", err)
	}
	return st.reopen()
}

// reopen opens the log for more, in place of the one that was open.
func (st *store) reopen() error {
	path := filepath.Join(st.log.dir, logFile)
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("open sandbox log: %w", err)
	}
	if st.log.file != nil {
		err = st.log.file.Close()
	}
	st.log.file = file
	return err
}

// replay applies the lines of a log. A last line without an end was never
// answered and is left out.
func (st *store) replay(raw []byte) (lines, whole int, err error) {
	log := st.log
	st.log = nil // what is replayed is written already
	defer func() { st.log = log }()
	for whole < len(raw) {
		end := bytes.IndexByte(raw[whole:], '\n')
		if end < 0 {
			break
		}
		var r record
		if err := json.Unmarshal(raw[whole:whole+end], &r); err != nil {
			return lines, whole, fmt.Errorf("sandbox log, line %d: %w", lines+1, err)
		}
		if err := st.apply(r); err != nil {
			return lines, whole, fmt.Errorf("sandbox log, line %d: %w", lines+1, err)
		}
		st.seq, st.fresh = max(st.seq, r.Seq), false
		whole += end + 1
		lines++
	}
	st.develop()
	return lines, whole, nil
}

// compact replaces the log by one line per object.
func (st *store) compact(path string) error {
	return files.Replace(path, files.Private, func(file io.Writer) error {
		w := bufio.NewWriterSize(file, 1<<20)
		err := st.each(func(kind, id string, value any) error {
			st.log.put(st.seq, kind, id, value)
			_, err := st.log.pending.WriteTo(w)
			return errors.Join(err, st.log.failed)
		})
		return errors.Join(err, w.Flush())
	})
}
