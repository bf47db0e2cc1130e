package ghl

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// paging is how a list goes on after its first page. Its parameters travel in
// the query string of a GET and in the body of any other method.
type paging struct {
	// limit is the parameter that takes the size of a page, which is the
	// kind's Page. A page with fewer rows is the last.
	limit string
	// skip is the parameter that takes how many rows were read before, such as
	// "skip" or "offset". With after, it is used for a row that has no cursor.
	skip string
	// begin is set when skip is sent with the first page as well.
	begin bool
	// after are the parameters that take where the page before ended.
	after []cursor
	// total is the path of the number of all rows in the answer: "total" when
	// it is not given. An answer may lack it.
	total string
	// more is the path of the flag in the answer that is false on the last
	// page, and true on all others, however short; empty when there is none.
	more string
	// window is how the list is bounded in time; nil lists all times.
	window *window
}

// cursor is a parameter that takes where the page before ended.
type cursor struct {
	// parameter of the next request.
	parameter string
	// path of the value in the last row or in the answer. Its segments are
	// properties and places of arrays, as in "sort.0".
	path string
	// answered cursors stand in the answer, beside its rows. An answer without
	// one is the last page.
	answered bool
	// overlap is set when the value, an integer, may be that of further rows as
	// well: the next page begins one before it, and repeats rows.
	overlap bool
}

// keyset is a cursor that stands in the last row.
func keyset(path, parameter string) cursor { return cursor{parameter: parameter, path: path} }

// nextCursor is a cursor that stands in the answer, beside the rows.
func nextCursor(path, parameter string) cursor {
	return cursor{parameter: parameter, path: path, answered: true}
}

// overlapping is a keyset of integers that several rows may have alike.
func overlapping(path, parameter string) cursor {
	return cursor{parameter: parameter, path: path, overlap: true}
}

// before is a value of the cursor as a request has it.
func (c *cursor) before(value json.RawMessage) json.RawMessage {
	n, err := strconv.ParseInt(string(value), 10, 64)
	if !c.overlap || err != nil {
		return value
	}
	return json.RawMessage(strconv.FormatInt(n-1, 10))
}

// paged reports whether a list comes in more answers than one.
func (p *paging) paged() bool { return p.limit != "" }

// totalPath is the path of the number of all rows.
func (p *paging) totalPath() string {
	if p.total == "" {
		return "total"
	}
	return p.total
}

// beside are the properties of an answer that paging looks at.
func (p *paging) beside() []string {
	out := []string{segment(p.totalPath())}
	if p.more != "" {
		out = append(out, segment(p.more))
	}
	for _, c := range p.after {
		if c.answered {
			out = append(out, segment(c.path))
		}
	}
	return out
}

// segment is the first segment of a path.
func segment(path string) string {
	first, _, _ := strings.Cut(path, ".")
	return first
}

// position is where a page ended.
type position struct {
	// read is how many rows were read so far.
	read int
	// values are those of the cursors, as JSON; nil when skip is to be used.
	values []json.RawMessage
}

// follow is where an answer ended, and whether another page may follow. seen has
// what has been read in all, size is how many rows a full page has.
func (p *paging) follow(a *answer, seen *census, size int) (position, bool, error) {
	at, told := position{read: seen.read}, seen.read
	if slices.ContainsFunc(p.after, func(c cursor) bool { return c.overlap }) {
		told -= seen.again
	}
	more := ""
	if p.more != "" {
		more = string(valueAt(a.beside, p.more))
	}
	switch {
	case !p.paged(), len(a.rows) == 0, more == "false":
		return at, false, nil
	case more == "true":
	case len(a.rows) < size, a.total >= 0 && told >= a.total && !seen.doubtful():
		return at, false, nil
	}
	for _, c := range p.after {
		var value json.RawMessage
		if c.answered {
			value = valueAt(a.beside, c.path)
		} else {
			value = valueIn(a.last, c.path)
		}
		switch {
		case len(value) > 0:
			at.values = append(at.values, value)
		case c.answered:
			return at, false, nil
		case p.skip == "":
			return at, false, fmt.Errorf("the last row of a full page has no %s, so the rest of the list cannot be asked for", c.path)
		default:
			at.values = nil
			return at, true, nil
		}
	}
	return at, true, nil
}

// first asks for the first page of so many rows.
func (p *paging) first(r *request, size int) {
	if p.paged() {
		r.setParameter(p.limit, json.RawMessage(strconv.Itoa(size)))
		if p.begin {
			r.setParameter(p.skip, json.RawMessage("0"))
		}
	}
}

// following is the request for the page after a position.
func (p *paging) following(r request, at position) request {
	r.body, r.query = maps.Clone(r.body), maps.Clone(r.query)
	if len(at.values) == 0 {
		r.setParameter(p.skip, json.RawMessage(strconv.Itoa(at.read)))
		return r
	}
	for i, c := range p.after {
		r.setParameter(c.parameter, c.before(at.values[i]))
	}
	return r
}

// same reports whether two positions ask for the same page.
func (p position) same(other position) bool {
	return p.read == other.read && slices.EqualFunc(p.values, other.values, func(a, b json.RawMessage) bool { return bytes.Equal(a, b) })
}

// guess finds where a page ended without decoding it, so that the next one can
// be asked for at once; false when it does not see it. What it finds may be
// wrong, as a property of that name may stand deeper in a row: follow tells.
func (p *paging) guess(body []byte, read int) (position, bool) {
	if !p.paged() || read >= p.guessTotal(body) {
		return position{}, false
	}
	at := position{read: read}
	for _, c := range p.after {
		value := lastValue(body, c.path)
		if c.answered || value == nil {
			return position{}, false
		}
		at.values = append(at.values, value)
	}
	return at, p.skip != "" || len(at.values) > 0
}

// guessTotal finds the total of an answer without decoding; 0 when it has none.
func (p *paging) guessTotal(body []byte) int {
	path := p.totalPath()
	n, err := strconv.Atoi(string(lastValue(body, path[strings.LastIndex(path, ".")+1:])))
	if err != nil {
		return 0
	}
	return n
}

// lastValue is the value of the last property of a name in a text; nil when
// there is none. Within a JSON string the quotes would be escaped.
func lastValue(body []byte, name string) json.RawMessage {
	quoted := []byte(`"` + name + `":`)
	at := bytes.LastIndex(body, quoted)
	if at < 0 {
		return nil
	}
	var value json.RawMessage
	if err := json.NewDecoder(bytes.NewReader(body[at+len(quoted):])).Decode(&value); err != nil || string(value) == "null" {
		return nil
	}
	return value
}

// valueAt is the value at a path below the properties of an answer.
func valueAt(beside map[string]json.RawMessage, path string) json.RawMessage {
	first, rest, deeper := strings.Cut(path, ".")
	if !deeper {
		return something(beside[first])
	}
	return valueIn(beside[first], rest)
}

// valueIn is the value at a path within a JSON value; nil when there is none.
func valueIn(value json.RawMessage, path string) json.RawMessage {
	for _, name := range strings.Split(path, ".") {
		var properties map[string]json.RawMessage
		var elements []json.RawMessage
		if n, err := strconv.Atoi(name); err == nil && json.Unmarshal(value, &elements) == nil && n < len(elements) {
			value = elements[n]
		} else if json.Unmarshal(value, &properties) == nil {
			value = properties[name]
		} else {
			return nil
		}
	}
	return something(value)
}

// something is a value that is neither null nor an empty text.
func something(value json.RawMessage) json.RawMessage {
	if s := string(value); s == "null" || s == `""` {
		return nil
	}
	return value
}
