package state

import (
	"encoding/json"
	"strconv"
	"strings"

	"lockstep/schema"
)

// lineScanner reads the line of a record in the order in which this program
// writes its members, because a state has a line for every object. It gives up
// at anything else: the caller then reads the line with care.
type lineScanner struct {
	rest   string
	failed bool
}

// scanRecord reads a record's line; the record keeps parts of the text. ok is
// false for any other line.
func scanRecord(text string) (r *Record, ok bool) {
	s := &lineScanner{rest: text}
	if !s.skip(`{"object":`) {
		return nil, false
	}
	address, err := s.address()
	r = &Record{Address: address}
	for _, m := range []struct {
		name string
		into *string
	}{{`,"target":`, &r.Target}, {`,"provider":`, &r.Provider}, {`,"id":`, &r.ID}, {`,"parent":`, &r.Parent}, {`,"version":`, &r.Version}} {
		if s.skip(m.name) {
			*m.into = s.text()
		}
	}
	if s.skip(`,"written":`) {
		r.Written = s.number()
	}
	if s.skip(`,"sum":`) {
		r.Sum = s.text()
	}
	if s.skip(`,"flags":`) {
		s.flags(&r.Flags)
	}
	if s.skip(`,"base":`) {
		r.base = s.last()
	}
	wrong := err != nil || s.failed || s.rest != "}" || r.ID == "" || r.Provider == "" || address.Mapping() != (r.Target != "")
	return r, !wrong
}

// address reads the address of an object.
func (s *lineScanner) address() (schema.Address, error) {
	block, key, ok := s.keyed()
	if !ok {
		return schema.ParseAddress(s.text())
	}
	a, err := schema.ParseAddress(block)
	a.Key = schema.Key{Type: schema.StringKey, Text: key}
	return a, err
}

// keyed reads an address that ends in a plain text as its key, as most do: both
// are parts of the log, and nothing is copied. ok is false, and nothing is read,
// when it is any other address.
func (s *lineScanner) keyed() (block, key string, ok bool) {
	block, rest, ok := strings.Cut(s.rest, `[\"`)
	if !ok || block == "" || block[0] != '"' || !isPlain(block[1:]) {
		return "", "", false
	}
	key, rest, ok = strings.Cut(rest, `\"]"`)
	if !ok || !isPlain(key) {
		return "", "", false
	}
	s.rest = rest
	return block[1:], key, true
}

// isPlain reports whether a text stands for itself in JSON and in an address.
func isPlain(s string) bool {
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
	if s.failed || !strings.HasPrefix(s.rest, text) {
		return false
	}
	s.rest = s.rest[len(text):]
	return true
}

// text reads a JSON string in which nothing but quotes and backslashes is
// escaped.
func (s *lineScanner) text() string {
	if !s.skip(`"`) {
		s.failed = true
		return ""
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
			return string(append(plain, text...))
		case c == '\\' && i+1 < len(s.rest) && (s.rest[i+1] == '"' || s.rest[i+1] == '\\'):
			plain = append(append(plain, s.rest[:i]...), s.rest[i+1])
			s.rest = s.rest[i+2:]
			i = -1
		case c < ' ' || c == '\\' || c >= 0x80:
			s.failed = true
			return ""
		}
	}
	s.failed = true
	return ""
}

func (s *lineScanner) number() int64 {
	end := 0
	for end < len(s.rest) && s.rest[end] >= '0' && s.rest[end] <= '9' {
		end++
	}
	n, err := strconv.ParseInt(s.rest[:end], 10, 64)
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
		into.Match = s.text()
		s.failed = s.failed || !s.skip("}")
		return
	}
	end := strings.IndexByte(s.rest, '}') + 1
	if end == 0 || json.Unmarshal([]byte(s.rest[:end]), into) != nil {
		s.failed = true
		return
	}
	s.rest = s.rest[end:]
}

// last is the object that ends the line. What is in it is read when it is
// needed, which for most objects it never is.
func (s *lineScanner) last() string {
	end := len(s.rest) - 1
	if end < 2 || s.rest[0] != '{' || s.rest[end-1] != '}' {
		s.failed = true
		return ""
	}
	base := s.rest[:end]
	s.rest = s.rest[end:]
	return base
}

// scanBase reads a base of hashes, texts and lists of texts, sorted as this
// program writes it. ok is false for any other base.
func scanBase(base string) (fields []BaseField, ok bool) {
	s := &lineScanner{rest: base}
	if !s.skip("{") {
		return nil, false
	}
	last := ""
	fields = make([]BaseField, 0, strings.Count(base, `,"`)+1)
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
		f.Hash = s.text()
		s.failed = s.failed || !s.skip("}")
	case s.skip("["):
		f.Value = schema.ListValue(s.texts()...)
	default:
		f.Value = schema.StringValue(s.text())
	}
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
