package state

import (
	"bytes"
	"encoding/json"
	"io"
	"strconv"

	"lockstep/schema"
)

// recordScanner reads the lines of records, which keep none of the lines.
type recordScanner struct {
	lineScanner
	known  textRoom
	source *source
	// block is the address of the block of the last record, by its text.
	block   string
	address *schema.Address
	// common are the flags of the last record that has some.
	common *Flags
	// records are those that are read next.
	records []Record
	// kept are the texts that the last record had under some names: nearly all
	// records have the same.
	kept map[string]string
}

func newRecordScanner(log io.ReaderAt) *recordScanner {
	return &recordScanner{source: &source{log: log}, kept: map[string]string{}}
}

// scan reads a record's line, which begins at an offset of the log. ok is false
// for any other line.
func (s *recordScanner) scan(text []byte, at int64) (r *Record, ok bool) {
	s.lineScanner = lineScanner{rest: text, room: &s.known}
	if !s.skip(`{"object":`) {
		return nil, false
	}
	r = s.next()
	err := s.objectAddress(r)
	if s.skip(`,"target":`) {
		r.Target = s.same("target")
	}
	if s.skip(`,"provider":`) {
		r.Provider = s.same("provider")
	}
	for _, m := range []struct {
		name string
		into *string
	}{{`,"id":`, &r.ID}, {`,"parent":`, &r.Parent}, {`,"version":`, &r.Version}} {
		if s.skip(m.name) {
			*m.into = s.text()
		}
	}
	if s.skip(`,"written":`) {
		r.Written = s.number()
	}
	if s.skip(`,"sum":`) {
		r.Sum = digestOf(s.raw())
	}
	if s.skip(`,"flags":`) {
		r.flags = s.sharedFlags()
	}
	if s.skip(`,"base":`) {
		begin := at + int64(len(text)-len(s.rest))
		base := s.last()
		r.base = piece{of: s.source, at: begin, n: int32(len(base)), secret: bytes.Contains(base, []byte(secretMark))}
	}
	wrong := err != nil || s.failed || string(s.rest) != "}" || r.ID == "" || r.Provider == "" || err == nil && r.block.Mapping() != (r.Target != "")
	return r, !wrong
}

// same reads a text that nearly all records have alike, of which one copy is kept.
func (s *recordScanner) same(name string) string {
	text := s.raw()
	if last, ok := s.kept[name]; ok && last == string(text) {
		return last
	}
	s.kept[name] = string(text)
	return s.kept[name]
}

// objectAddress reads the address of an object.
func (s *recordScanner) objectAddress(r *Record) error {
	block, key, ok := s.keyed()
	if !ok {
		a, err := schema.ParseAddress(s.text())
		r.Place(a)
		return err
	}
	if s.block == "" || s.block != string(block) {
		a, err := schema.ParseAddress(string(block))
		if err != nil {
			return err
		}
		s.block, s.address = string(block), &a
	}
	r.block, r.key = s.address, schema.Key{Type: schema.StringKey, Text: s.room.keep(key)}
	return nil
}

// next returns a record that is not read yet; many share one allocation.
func (s *recordScanner) next() *Record {
	if len(s.records) == 0 {
		s.records = make([]Record, recordRoom)
	}
	r := &s.records[0]
	s.records = s.records[1:]
	return r
}

// recordRoom is for how many records room is made at a time.
const recordRoom = 256

// sharedFlags reads flags, which nearly all records have alike.
func (s *recordScanner) sharedFlags() *Flags {
	var f Flags
	s.flags(&f)
	if s.common == nil || *s.common != f {
		s.common = &f
	}
	return s.common
}

// keyed reads an address that ends in a plain text as its key, as most do. ok is
// false, and nothing is read, when it is any other address.
func (s *recordScanner) keyed() (block, key []byte, ok bool) {
	block, rest, ok := bytes.Cut(s.rest, []byte(`[\"`))
	if !ok || len(block) == 0 || block[0] != '"' || !isPlain(block[1:]) {
		return nil, nil, false
	}
	key, rest, ok = bytes.Cut(rest, []byte(`\"]"`))
	if !ok || !isPlain(key) {
		return nil, nil, false
	}
	s.rest = rest
	return block[1:], key, true
}

// lineScanner reads the line of a record, or its base, in the order in which this
// program writes its members, because a state has a line for every object. It gives
// up at anything else: the caller then reads the text with care.
type lineScanner struct {
	rest   []byte
	failed bool
	// room takes what is kept; nil copies each text by itself.
	room *textRoom
}

// isPlain reports whether a text stands for itself in JSON and in an address.
func isPlain(s []byte) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case c < ' ' || c >= 0x7f, c == '"', c == '\\', c == '$', c == '%', c == '[':
			return false
		}
	}
	return true
}

// skip passes over a text if it comes next.
func (s *lineScanner) skip(text string) bool {
	if s.failed || len(s.rest) < len(text) || string(s.rest[:len(text)]) != text {
		return false
	}
	s.rest = s.rest[len(text):]
	return true
}

// text reads a JSON string as raw does, and keeps it.
func (s *lineScanner) text() string {
	if s.room == nil {
		return string(s.raw())
	}
	return s.room.keep(s.raw())
}

// raw reads a JSON string in which nothing but quotes and backslashes is escaped.
// It is a part of the line unless something is.
func (s *lineScanner) raw() []byte {
	if !s.skip(`"`) {
		s.failed = true
		return nil
	}
	var plain []byte
	for i := 0; i < len(s.rest); i++ {
		switch c := s.rest[i]; {
		case c == '"':
			text := s.rest[:i]
			s.rest = s.rest[i+1:]
			if plain == nil {
				return text
			}
			return append(plain, text...)
		case c == '\\' && i+1 < len(s.rest) && (s.rest[i+1] == '"' || s.rest[i+1] == '\\'):
			plain = append(append(plain, s.rest[:i]...), s.rest[i+1])
			s.rest = s.rest[i+2:]
			i = -1
		case c < ' ' || c == '\\' || c >= 0x80:
			s.failed = true
			return nil
		}
	}
	s.failed = true
	return nil
}

func (s *lineScanner) number() int64 {
	end := 0
	for end < len(s.rest) && s.rest[end] >= '0' && s.rest[end] <= '9' {
		end++
	}
	n, err := strconv.ParseInt(string(s.rest[:end]), 10, 64)
	s.failed = s.failed || err != nil || end > 1 && s.rest[0] == '0'
	s.rest = s.rest[end:]
	return n
}

// flags reads an object without texts that could hold a brace.
func (s *lineScanner) flags(into *Flags) {
	switch {
	case s.skip(`{"adopted":true}`):
		into.Adopted = true
		return
	case s.skip(`{"match":`):
		into.Match = digestOf(s.raw())
		s.failed = s.failed || !s.skip("}")
		return
	}
	end := bytes.IndexByte(s.rest, '}') + 1
	if end == 0 || json.Unmarshal(s.rest[:end], into) != nil {
		s.failed = true
		return
	}
	s.rest = s.rest[end:]
}

// last is the object that ends the line. What is in it is read when it is
// needed, which for most objects it never is.
func (s *lineScanner) last() []byte {
	end := len(s.rest) - 1
	if end < 2 || s.rest[0] != '{' || s.rest[end-1] != '}' {
		s.failed = true
		return nil
	}
	base := s.rest[:end]
	s.rest = s.rest[end:]
	return base
}

// scanBase reads a base of hashes, texts and lists of texts, sorted as this
// program writes it. ok is false for any other base.
func scanBase(base []byte) (fields []BaseField, ok bool) {
	s := &lineScanner{rest: base}
	if !s.skip("{") {
		return nil, false
	}
	last := ""
	fields = make([]BaseField, 0, bytes.Count(base, []byte(`,"`))+1)
	for !s.skip("}") {
		if len(fields) > 0 && !s.skip(",") {
			return nil, false
		}
		name := s.text()
		if !s.skip(":") || len(fields) > 0 && name <= last {
			return nil, false
		}
		var f BaseField
		f.Path, f.Claim = splitClaim(name)
		s.value(&f)
		fields, last = append(fields, f), name
	}
	return fields, !s.failed && len(s.rest) == 0
}

// value reads the value of a field.
func (s *lineScanner) value(f *BaseField) {
	switch {
	case s.skip(`{"` + sealedKey + `":`):
		s.hidden(f)
	case s.skip(`{"` + secretKey + `":`):
		f.Sensitive = true
		s.hidden(f)
	case s.skip("["):
		f.Value = schema.ListValue(s.texts()...)
	default:
		f.Value = schema.StringValue(s.text())
	}
}

// hidden reads the hashes of a field up to the brace that closes them.
func (s *lineScanner) hidden(f *BaseField) {
	if s.skip("[") {
		f.Hashes = []string{}
		for _, hash := range s.texts() {
			f.Hashes = append(f.Hashes, hash.Text())
		}
	} else {
		f.Hash = s.text()
	}
	s.failed = s.failed || !s.skip("}")
}

// texts reads a list up to its closing bracket.
func (s *lineScanner) texts() []schema.Value {
	var items []schema.Value
	for !s.failed && !s.skip("]") {
		if len(items) > 0 && !s.skip(",") {
			s.failed = true
			break
		}
		items = append(items, schema.StringValue(s.text()))
	}
	return items
}
