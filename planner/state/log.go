package state

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"lockstep/schema"
)

// FormatVersion is the version of the log that this program writes.
const FormatVersion = 2

// header is the first line of a log.
type header struct {
	Format   int    `json:"lockstep_state"`
	Lineage  string `json:"lineage"`
	Salt     string `json:"salt"`
	Personal string `json:"personal_data"`
	// Key names how the key is stretched; empty for a log without a key.
	Key string `json:"key,omitempty"`
	// Check is a digest that only the right key gives, once it is stretched.
	Check  string `json:"check,omitempty"`
	Serial int    `json:"serial"`
	// Lines is how many lines were written together with this one; fewer tell that
	// the log was cut off between two lines. It is nil in a log that was not
	// compacted yet.
	Lines *int `json:"lines,omitempty"`
	// CutOff is true when the log was cut off once, and no apply has completed
	// since: some of what it recorded may still be missing.
	CutOff bool `json:"cut_off,omitempty"`
}

// Intent records that a create is about to be sent. It is open until a record
// or a tombstone of the same address follows.
type Intent struct {
	Address  schema.Address
	Provider string
	Parent   string
	// At is when, in Unix seconds.
	At int64
}

// Output is an output's value as last applied. Sensitive ones are not kept.
type Output struct {
	Value     json.RawMessage `json:"value,omitempty"`
	Sensitive bool            `json:"sensitive,omitempty"`
}

// Mark is when a kind was last seen in step, and how many live objects it
// had then. Its name is made of the account and the kind.
type Mark struct {
	// At is the newest remote version seen.
	At    string `json:"at"`
	Total int    `json:"total"`
	// Seen is when At was first seen, by the clock of the machine that ran then,
	// as RFC 3339.
	Seen string `json:"seen,omitempty"`
	// Settled is true when a later run saw nothing newer, so long after Seen that
	// lists showed everything up to At.
	Settled bool `json:"settled,omitempty"`
}

// line is any line of the log but the header: exactly one of its parts is set.
type line struct {
	recordLine
	Gone    string            `json:"gone,omitempty"`
	Intent  *intentLine       `json:"intent,omitempty"`
	Due     *runLine          `json:"due,omitempty"`
	Ran     *runLine          `json:"ran,omitempty"`
	Lingers *lingeringLine    `json:"lingers,omitempty"`
	Outputs map[string]Output `json:"outputs,omitempty"`
	Marks   map[string]Mark   `json:"refreshed,omitempty"`
	// Accounts of the providers, by provider reference.
	Accounts map[string]string `json:"accounts,omitempty"`
	Serial   int               `json:"serial,omitempty"`
}

type intentLine struct {
	Address  string `json:"object"`
	Provider string `json:"provider"`
	Parent   string `json:"parent,omitempty"`
	At       int64  `json:"at"`
}

// Snapshot is a log read into memory.
type Snapshot struct {
	head header
	// Records by their sealed address.
	Records *Records
	// Intents that no record answers, by sealed address.
	Intents map[schema.Address]Intent
	// Due are the actions that are still to run, or may have run.
	Due map[Run]Due
	// Lingering are the objects that were deleted and may still be listed, and until
	// when, in Unix seconds.
	Lingering map[Remote]Lingering
	// Outputs as last applied.
	Outputs map[string]Output
	// Marks of the last refresh by kind.
	Marks map[string]Mark
	// Accounts that the objects lie in, by the reference of the provider.
	Accounts map[string]string
	// Serial grows with every change of the log.
	Serial int
	// Cut is the number of the line that is not whole, or missing, in a log that
	// was cut off; else 0.
	Cut int
	// lines after the header; closed is true when the last one ends a batch.
	lines  int
	closed bool
	// batch is what the lines emptied since a batch last ended.
	batch emptied
}

// Incomplete reports whether the log was cut off, so that it may lack an object that
// was made.
func (s *Snapshot) Incomplete() bool { return s.Cut > 0 || s.head.CutOff }

// Lineage names this log among all others; empty before the first write.
func (s *Snapshot) Lineage() string { return s.head.Lineage }

// Record is the record under a sealed address, nil when there is none.
func (s *Snapshot) Record(a schema.Address) *Record { return s.Records.Get(a) }

// Sorted are the records in the order of their addresses.
func (s *Snapshot) Sorted() []*Record {
	all := make([]*Record, 0, s.Records.Len())
	for _, r := range s.Records.All() {
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b *Record) int { return a.Address().Compare(b.Address()) })
	return all
}

// FormatMark is what a log begins with.
const FormatMark = `{"lockstep_state":`

// errNotState is returned for a log that does not begin like a state.
var errNotState = errors.New("it is not the first line of a lockstep state, so this is another file, or its first line is damaged")

// errOlder is returned for a log of an earlier version.
var errOlder = errors.New("it was written by an earlier lockstep, which left keys of modules and of some kinds in clear. Move it away and apply: what exists is found and adopted again. For objects that lockstep made and that are to be deleted with their blocks, write lifecycle { on_destroy = \"delete\" }")

// errNewer is returned for a log that a newer lockstep wrote.
var errNewer = errors.New("it was written by a newer lockstep: upgrade, or restore an older copy")

// Decode reads a log. An unfinished last line is left out and reported in Cut,
// as is a log that ends before all that was written together; anything else
// that is not a line of a log is an error.
//
// Of the bases of records, it only notes where they lie in the log: what is read
// from there must stay as it is. Errors of the log itself are returned as they are.
func Decode(log io.ReaderAt) (*Snapshot, error) {
	s := &Snapshot{Records: NewRecords(0), Intents: map[schema.Address]Intent{}, Due: map[Run]Due{}, Lingering: map[Remote]Lingering{}, Outputs: map[string]Output{}, Marks: map[string]Mark{}, Accounts: map[string]string{}}
	from, records := newLines(log), newRecordScanner(log)
	for n := 1; ; n++ {
		text, whole, err := from.read()
		switch {
		case errors.Is(err, io.EOF):
			if s.endsEarly() {
				s.Cut = n
				s.batch.undo(s)
			}
			return s, nil
		case err == nil && !whole && s.head.Format == 0:
			// A log is begun in one piece, so this is not half a header.
			err = errNotState
		case err == nil && !whole:
			s.Cut = n
			s.batch.undo(s)
			return s, nil
		case err == nil:
			err = s.add(text, from.at, records)
		}
		if err != nil {
			return nil, fmt.Errorf("line %d of the state: %w", n, err)
		}
	}
}

// maxRoom is for how many records room is made before they are read.
const maxRoom = 1 << 20

// endsEarly reports whether a log lacks whole lines at its end: it was written
// with more, or its last batch has no end.
func (s *Snapshot) endsEarly() bool {
	if s.head.Lines == nil {
		return false
	}
	return s.lines < *s.head.Lines || s.lines > *s.head.Lines && !s.closed
}

// add takes a line, which begins at an offset of the log.
func (s *Snapshot) add(text []byte, at int64, records *recordScanner) error {
	if len(bytes.TrimSpace(text)) == 0 {
		return nil
	}
	if s.head.Format == 0 {
		return s.addHeader(text)
	}
	s.lines++
	s.closed = false
	if r, ok := records.scan(text, at); ok {
		s.batch.passed(r)
		s.put(r)
		return nil
	}
	var l line
	if err := json.Unmarshal(text, &l); err != nil {
		return fmt.Errorf("it is not JSON as lockstep writes it (%w); restore a copy of the file, or delete it: live objects are then adopted again", err)
	}
	if err := s.take(&l); err != nil {
		return err
	}
	s.Serial = max(s.Serial, l.Serial)
	return nil
}

// take takes in what one line tells.
func (s *Snapshot) take(l *line) error {
	switch {
	case l.Address != "":
		r, err := l.record()
		if err != nil {
			return err
		}
		s.batch.passed(r)
		s.put(r)
	case l.Gone != "":
		a, err := schema.ParseAddress(l.Gone)
		if err != nil {
			return err
		}
		s.batch.note(s, a)
		s.drop(a)
	case l.Intent != nil:
		a, err := schema.ParseAddress(l.Intent.Address)
		if err != nil {
			return err
		}
		s.Intents[a] = Intent{Address: a, Provider: l.Intent.Provider, Parent: l.Intent.Parent, At: l.Intent.At}
	case l.Due != nil || l.Ran != nil:
		if err := s.run(l); err != nil {
			return err
		}
	case l.Lingers != nil:
		s.linger(Lingering{Remote{l.Lingers.Provider, l.Lingers.Kind, l.Lingers.ID}, l.Lingers.Until, l.Lingers.Unsure})
	case l.Outputs != nil:
		s.Outputs = l.Outputs
	case l.Marks != nil:
		s.Marks = l.Marks
	case l.Accounts != nil:
		s.Accounts = l.Accounts
	case l.Serial != 0:
		s.closed, s.batch = true, emptied{}
	default:
		return fmt.Errorf("it is of no kind that this lockstep knows; %w", errNewer)
	}
	return nil
}

func (s *Snapshot) addHeader(text []byte) error {
	if err := json.Unmarshal(text, &s.head); err != nil || s.head.Format <= 0 {
		return errNotState
	}
	if s.head.Format < FormatVersion {
		return errOlder
	}
	if s.head.Format > FormatVersion || s.head.Key != "" && s.head.Key != argon2id {
		return fmt.Errorf("the format is version %d %s and this lockstep knows %d; %w", s.head.Format, s.head.Key, FormatVersion, errNewer)
	}
	s.Serial = s.head.Serial
	if s.head.Lines != nil && *s.head.Lines > 0 {
		s.Records = NewRecords(min(*s.head.Lines, maxRoom))
	}
	return nil
}

func (s *Snapshot) put(r *Record) {
	s.Records.Put(r.Address(), r)
	delete(s.Intents, r.Address())
	s.returns(r)
}

func (s *Snapshot) drop(a schema.Address) {
	s.Records.Drop(a)
	delete(s.Intents, a)
}

// Rename gives what is known by the reference of a provider to another one, which is
// for the same account. The log has it so once it is written anew.
func (s *Snapshot) Rename(from, to string) {
	for _, r := range s.Records.All() {
		if r.Provider == from {
			r.Provider = to
		}
	}
	for a, i := range s.Intents {
		if i.Provider == from {
			i.Provider = to
			s.Intents[a] = i
		}
	}
	for remote, l := range s.Lingering {
		if remote.Provider == from {
			delete(s.Lingering, remote)
			l.Provider = to
			s.linger(l)
		}
	}
}

// size is about how long the log is, in bytes.
func (s *Snapshot) size() int {
	n := 1024
	for _, r := range s.Records.All() {
		n += r.size()
	}
	return n
}

// encode writes the whole log, sorted, without tombstones.
func (s *Snapshot) encode() ([]byte, error) {
	var buf bytes.Buffer
	buf.Grow(s.size())
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	lines := s.Records.Len() + len(s.Intents) + len(s.Due) + len(s.Lingering) + min(len(s.Outputs), 1) + min(len(s.Marks), 1) + min(len(s.Accounts), 1)
	s.head.Serial, s.head.Lines = s.Serial, &lines
	if err := enc.Encode(s.head); err != nil {
		return nil, err
	}
	if len(s.Outputs) > 0 {
		if err := enc.Encode(map[string]any{"outputs": s.Outputs}); err != nil {
			return nil, err
		}
	}
	if len(s.Accounts) > 0 {
		if err := enc.Encode(map[string]any{"accounts": s.Accounts}); err != nil {
			return nil, err
		}
	}
	if len(s.Marks) > 0 {
		if err := enc.Encode(map[string]any{"refreshed": s.Marks}); err != nil {
			return nil, err
		}
	}
	for _, r := range s.Sorted() {
		text, err := r.appendLine(buf.AvailableBuffer())
		if err != nil {
			return nil, err
		}
		buf.Write(text)
	}
	for _, a := range slices.SortedFunc(maps.Keys(s.Intents), schema.Address.Compare) {
		i := s.Intents[a]
		if err := enc.Encode(map[string]any{"intent": intentLine{a.String(), i.Provider, i.Parent, i.At}}); err != nil {
			return nil, err
		}
	}
	for _, d := range s.SortedDue() {
		if err := enc.Encode(map[string]any{"due": newRunLine(d)}); err != nil {
			return nil, err
		}
	}
	for _, l := range s.SortedLingering() {
		if err := enc.Encode(map[string]any{"lingers": newLingeringLine(l)}); err != nil {
			return nil, err
		}
	}
	return buf.Bytes(), nil
}
