package sandbox

import (
	"encoding/json"
	"slices"
	"strings"
)

// passes is a compiled filter.
type passes func(*contact) bool

// fieldKind is how a field is filtered and sorted.
type fieldKind int

const (
	unknownField fieldKind = iota
	textField
	dateField
	listField
	flagField
)

// fieldKinds are the fields a search can filter by, besides custom fields.
var fieldKinds = map[string]fieldKind{
	"email": textField, "phone": textField, "firstName": textField, "lastName": textField,
	"source": textField, "type": textField, "assignedTo": textField, "country": textField,
	"city": textField, "state": textField, "postalCode": textField, "companyName": textField,
	"businessId": textField, "address1": textField, "website": textField, "timezone": textField,
	"dateAdded": dateField, "dateUpdated": dateField, "dateOfBirth": dateField,
	"tags": listField, "followers": listField, "dnd": flagField,
}

// filters compiles the filters of a search; all of them must hold.
func (s *contactSearch) filters(v any) (passes, *answer) {
	list, _ := v.([]any)
	return s.group("AND", list)
}

func (s *contactSearch) group(how string, list []any) (passes, *answer) {
	if how == "OR" {
		list = oneOf(list)
	}
	all := make([]passes, 0, len(list))
	for _, element := range list {
		f, isObject := element.(object)
		if !isObject {
			return nil, badRequest("Invalid filter")
		}
		one, refusal := s.filter(f)
		if refusal != nil {
			return nil, refusal
		}
		all = append(all, one)
	}
	holds := func(c *contact) func(passes) bool { return func(p passes) bool { return p(c) } }
	if how == "OR" {
		return func(c *contact) bool { return slices.ContainsFunc(all, holds(c)) }, nil
	}
	return func(c *contact) bool {
		for _, p := range all {
			if !p(c) {
				return false
			}
		}
		return true
	}, nil
}

func (s *contactSearch) filter(f object) (passes, *answer) {
	if how, grouped := f["group"].(string); grouped {
		list, isList := f["filters"].([]any)
		if how = strings.ToUpper(how); !isList || how != "AND" && how != "OR" {
			return nil, badRequest("Invalid group")
		}
		return s.group(how, list)
	}
	field, _ := f["field"].(string)
	values, known := s.reader(field)
	if !known {
		return nil, badRequest("Invalid field " + field)
	}
	operator, _ := f["operator"].(string)
	name, negated := strings.CutPrefix(operator, "not_")
	if name == "eq" && fieldKinds[field] == textField {
		return textEquals(field, f["value"], negated), nil
	}
	holds, problem := test(name, f["value"])
	if problem != "" || name == "range" && negated {
		if problem == "" {
			problem = "Invalid operator " + operator
		}
		return nil, badRequest(problem)
	}
	return func(c *contact) bool { return holds(values(c)) != negated }, nil
}

// oneOf joins the leaves of an OR that compare one text field with a value: a
// look-up of hundreds of e-mails then costs as much as a look-up of one.
func oneOf(list []any) []any {
	joined := map[string]object{}
	out := make([]any, 0, len(list))
	for _, element := range list {
		leaf, _ := element.(object)
		field, _ := leaf["field"].(string)
		_, single := leaf["value"].(string)
		if !single || leaf["operator"] != "eq" || fieldKinds[field] != textField {
			out = append(out, element)
			continue
		}
		if joined[field] == nil {
			joined[field] = object{"field": field, "operator": "eq", "value": []any{}}
			out = append(out, joined[field])
		}
		joined[field]["value"] = append(joined[field]["value"].([]any), leaf["value"])
	}
	return out
}

// textEquals is the filter of look-ups by e-mail or phone. A client may send
// hundreds in one search, so it takes no memory per contact.
func textEquals(field string, value any, negated bool) passes {
	list, isList := value.([]any)
	if !isList {
		list = []any{value}
	}
	wanted := make(map[string]bool, len(list))
	for _, v := range list {
		if s, isText := v.(string); isText {
			wanted[strings.ToLower(s)] = true
		}
	}
	return func(c *contact) bool {
		v := *c.text(field)
		return (v != "" && wanted[strings.ToLower(v)]) != negated
	}
}

// reader returns the values a contact has in a field: none when it is unset. A
// value is a lower-cased string, a number or a bool.
func (s *contactSearch) reader(field string) (func(*contact) []any, bool) {
	if id, custom := strings.CutPrefix(field, "customFields."); custom {
		_, defined := s.fields.byID[id]
		return func(c *contact) []any { return c.customValues(id) }, defined
	}
	switch fieldKinds[field] {
	case textField:
		return func(c *contact) []any {
			if v := *c.text(field); v != "" {
				return []any{strings.ToLower(v)}
			}
			return nil
		}, true
	case dateField:
		return func(c *contact) []any {
			if ms, _ := c.date(field); ms != nil {
				return []any{float64(*ms)}
			}
			return nil
		}, true
	case listField:
		return func(c *contact) []any {
			list := c.Tags
			if field == "followers" {
				list = c.Followers
			}
			return lowered(list)
		}, true
	case flagField:
		return func(c *contact) []any { return []any{c.DND != nil && *c.DND} }, true
	}
	return nil, false
}

func lowered(list []string) []any {
	out := make([]any, 0, len(list))
	for _, s := range list {
		out = append(out, strings.ToLower(s))
	}
	return out
}

// customValues are the values of a custom field as a filter sees them.
func (c *contact) customValues(id string) []any {
	for _, f := range c.CustomFields {
		if f.ID != id {
			continue
		}
		var v any
		if err := json.Unmarshal(f.Value, &v); err != nil {
			return nil
		}
		list, isList := v.([]any)
		if !isList {
			list = []any{v}
		}
		for i := range list {
			list[i] = folded(list[i])
		}
		return list
	}
	return nil
}

// folded makes two spellings of one value equal.
func folded(v any) any {
	if s, isText := v.(string); isText {
		return strings.ToLower(s)
	}
	return v
}

// test compiles an operator without its "not_".
func test(operator string, value any) (holds func([]any) bool, problem string) {
	switch operator {
	case "exists":
		return func(values []any) bool { return len(values) > 0 }, ""
	case "eq":
		wanted, isList := value.([]any)
		if !isList {
			wanted = []any{value}
		}
		return equals(wanted), ""
	case "contains":
		needle, isText := value.(string)
		if !isText || len(needle) > maxNeedle {
			return nil, "Invalid value for operator contains"
		}
		return contains(strings.ToLower(needle)), ""
	case "range":
		bounds, isObject := value.(object)
		if !isObject {
			return nil, "Invalid value for operator range"
		}
		return within(bounds)
	}
	return nil, "Invalid operator " + operator
}

func equals(wanted []any) func([]any) bool {
	return func(values []any) bool {
		return slices.ContainsFunc(values, func(v any) bool {
			return slices.ContainsFunc(wanted, func(w any) bool { return same(v, w) })
		})
	}
}

// same compares a contact's value with a filter's, where a date may be written
// as text.
func same(v, wanted any) bool {
	if n, isNumber := v.(float64); isNumber {
		w, valid := measure(wanted)
		return valid && n == w
	}
	switch wanted.(type) {
	case string, bool, float64:
		return v == folded(wanted)
	}
	return false
}

func contains(needle string) func([]any) bool {
	return func(values []any) bool {
		return slices.ContainsFunc(values, func(v any) bool {
			s, isText := v.(string)
			return isText && strings.Contains(s, needle)
		})
	}
}

// within compiles the bounds gt, gte, lt and lte.
func within(bounds object) (func([]any) bool, string) {
	limits := make(map[string]float64, len(bounds))
	for name, v := range bounds {
		n, valid := measure(v)
		if !valid || !slices.Contains([]string{"gt", "gte", "lt", "lte"}, name) {
			return nil, "Invalid value for operator range"
		}
		limits[name] = n
	}
	inside := func(n float64) bool {
		for name, limit := range limits {
			if name == "gt" && n <= limit || name == "gte" && n < limit ||
				name == "lt" && n >= limit || name == "lte" && n > limit {
				return false
			}
		}
		return true
	}
	return func(values []any) bool {
		return slices.ContainsFunc(values, func(v any) bool {
			n, valid := measure(v)
			return valid && inside(n)
		})
	}, ""
}

// measure reads a number, or a date as milliseconds.
func measure(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case string:
		if t, isDate := parseInstant(strings.ToUpper(v)); isDate {
			return float64(millis(t)), true
		}
	}
	return 0, false
}
