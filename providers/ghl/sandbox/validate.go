package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// jsonType is the type a property must have.
type jsonType int

const (
	anything jsonType = iota
	text
	flag
	number
	texts   // an array of strings
	list    // an array, of objects when the rule has each
	group   // an object
	instant // a string that is an ISO 8601 date
	email   // a string that is an e-mail address, or empty
)

// rule is what one property of a query or a body must be.
type rule struct {
	kind  jsonType
	need  bool     // must be there and not be empty
	there bool     // must be there, and may be empty
	null  bool     // may be null
	one   []string // the closed set of strings it may be
	each  shape    // the shape of a group, or of each element of a list
}

// shape declares every property a query or a body may have. Any other is
// refused, as the API does.
type shape map[string]rule

// extend returns a shape with further or changed properties.
func (sh shape) extend(more shape) shape {
	out := make(shape, len(sh)+len(more))
	for name, r := range sh {
		out[name] = r
	}
	for name, r := range more {
		out[name] = r
	}
	return out
}

var emailForm = regexp.MustCompile(`^[^@\s,;<>"]+@[^@\s,;<>"]+\.[^@\s,;<>".]+$`)

// decode reads the body of a call. A body that is not an object is a 400.
func (c *call) decode() *answer {
	if len(bytes.TrimSpace(c.rawBody)) == 0 {
		c.body = object{}
		return nil
	}
	if c.route.list {
		if err := json.Unmarshal(c.rawBody, &c.rows); err != nil || len(c.rows) == 0 {
			return badRequest("Unexpected token in JSON")
		}
		return nil
	}
	if c.route.form && strings.HasPrefix(c.header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		return c.decodeForm()
	}
	if err := json.Unmarshal(c.rawBody, &c.body); err != nil || c.body == nil {
		return badRequest("Unexpected token in JSON")
	}
	return nil
}

func (c *call) decodeForm() *answer {
	form, err := url.ParseQuery(string(c.rawBody))
	if err != nil {
		return badRequest("Unexpected token in form")
	}
	c.body = make(object, len(form))
	for name, values := range form {
		c.body[name] = values[0]
	}
	return nil
}

// problems checks query and body against the shapes of the route.
func (c *call) problems() []string {
	query := make(object, len(c.query))
	names := make([]string, 0, len(c.query))
	for name, values := range c.query {
		query[name] = queryValue(c.route.query[name], values[0])
		names = append(names, name)
	}
	slices.Sort(names)
	out := c.route.query.check("", names, query)
	if c.route.list {
		for i, row := range c.rows {
			out = append(out, c.route.body.check(fmt.Sprintf("%d.", i), slices.Sorted(maps.Keys(row)), row)...)
		}
		return out
	}
	return append(out, c.route.body.check("", keysInOrder(c.rawBody), c.body)...)
}

// queryValue reads a query's string as the type that its rule asks for, and
// leaves it a string where it cannot be.
func queryValue(r rule, v string) any {
	switch r.kind {
	case number:
		if n, err := strconv.ParseFloat(v, 64); err == nil {
			return n
		}
	case flag:
		if b, err := strconv.ParseBool(v); err == nil {
			return b
		}
	}
	return v
}

// keysInOrder lists the properties of an object as they were written, which is
// the order of the API's messages.
func keysInOrder(raw []byte) []string {
	dec := json.NewDecoder(bytes.NewReader(raw))
	if _, err := dec.Token(); err != nil {
		return nil
	}
	var keys []string
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return keys
		}
		var skipped json.RawMessage
		if err := dec.Decode(&skipped); err != nil {
			return keys
		}
		keys = append(keys, fmt.Sprint(name))
	}
	return keys
}

// check lists what is wrong with the values: unknown properties first, then by
// property. The prefix is the path to a nested object, with its dot.
func (sh shape) check(prefix string, order []string, values object) []string {
	var out []string
	for _, name := range order {
		if _, known := sh[name]; !known {
			out = append(out, prefix+"property "+name+" should not exist")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(sh)) {
		value, given := values[name]
		out = append(out, sh[name].check(prefix+name, value, given)...)
	}
	return out
}

func (r rule) check(name string, value any, given bool) []string {
	if value == nil {
		return r.absent(name, given)
	}
	switch r.kind {
	case text, email, instant:
		return r.checkText(name, value)
	case flag:
		if _, isFlag := value.(bool); !isFlag {
			return []string{name + " must be a boolean value"}
		}
	case number:
		if _, isNumber := value.(float64); !isNumber {
			return []string{name + " must be a number conforming to the specified constraints"}
		}
	case texts, list:
		return r.checkList(name, value)
	case group:
		fields, isObject := value.(object)
		if !isObject {
			return []string{name + " must be an object"}
		}
		if r.each != nil {
			return r.each.check(name+".", slices.Sorted(maps.Keys(fields)), fields)
		}
	}
	return nil
}

// absent judges a property that is missing or null.
func (r rule) absent(name string, given bool) []string {
	if r.there && !given {
		return []string{name + " must be a string"}
	}
	if !r.need {
		if given && !r.null && r.kind != anything {
			return []string{name + " should not be null"}
		}
		return nil
	}
	if r.null && given {
		return nil
	}
	empty := name + " should not be empty"
	switch r.kind {
	case text:
		return []string{name + " must be a string", empty}
	case flag:
		return []string{name + " must be a boolean value", empty}
	case texts, list:
		return []string{name + " must be an array", empty}
	}
	return []string{empty}
}

func (r rule) checkText(name string, value any) []string {
	s, isText := value.(string)
	if !isText {
		return []string{name + " must be a string"}
	}
	if s == "" {
		if r.need || r.kind == instant && !r.null {
			return []string{name + " should not be empty"}
		}
		return nil
	}
	if r.kind == email && !emailForm.MatchString(s) {
		return []string{name + " must be an email"}
	}
	if _, isDate := parseInstant(s); r.kind == instant && !isDate {
		return []string{name + " must be a valid ISO 8601 date string"}
	}
	if r.one != nil && !slices.Contains(r.one, s) {
		return []string{name + " must be one of the following values: " + strings.Join(r.one, ", ")}
	}
	return nil
}

func (r rule) checkList(name string, value any) []string {
	elements, isList := value.([]any)
	if !isList {
		return []string{name + " must be an array"}
	}
	if r.need && len(elements) == 0 {
		return []string{name + " should not be empty"}
	}
	var out []string
	for i, element := range elements {
		if _, isText := element.(string); r.kind == texts && !isText {
			return []string{"each value in " + name + " must be a string"}
		}
		if r.each == nil {
			continue
		}
		fields, isObject := element.(object)
		if !isObject {
			return append(out, "each value in "+name+" must be an object")
		}
		out = append(out, r.each.check(fmt.Sprintf("%s.%d.", name, i), slices.Sorted(maps.Keys(fields)), fields)...)
	}
	return out
}

// instants are the forms of a date and time the API takes; those without an
// offset are UTC.
var instants = []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02T15:04", "2006-01-02"}

func parseInstant(s string) (time.Time, bool) {
	for _, form := range instants {
		if t, err := time.Parse(form, s); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}
