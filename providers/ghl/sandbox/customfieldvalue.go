package sandbox

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// fieldValue is the value of a custom field, as JSON.
type fieldValue struct {
	ID    string          `json:"id"`
	Value json.RawMessage `json:"value"`
}

// fieldValues are the values of the custom fields of an object.
type fieldValues []fieldValue

// setValues writes custom field values over those of an object of a model. Fields
// that are not named stay; names that no field has are dropped without a word.
func (fs *fields) setValues(model string, of *fieldValues, inputs []any) []string {
	var problems []string
	for _, in := range inputs {
		input := in.(object)
		name, _ := input["id"].(string)
		if name == "" {
			name, _ = input["key"].(string)
		}
		f, known := fs.lookUp(name)
		if !known || f.DataType == "FILE_UPLOAD" || f.Model != model {
			continue
		}
		v, given := input["field_value"]
		if !given {
			v = input["value"]
		}
		stored, valid := f.coerce(v)
		if !valid {
			problems = append(problems, "customFields."+f.ID+" must be a number")
			continue
		}
		of.set(f.ID, stored)
	}
	return problems
}

// coerce gives a value the type of its field; nil clears.
func (f *field) coerce(v any) (json.RawMessage, bool) {
	if list, isList := v.([]any); v == nil || v == "" || isList && len(list) == 0 {
		return nil, true
	}
	switch f.DataType {
	case "NUMERICAL", "MONETORY", "FLOAT":
		if s, isText := v.(string); isText {
			n, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
			if err != nil {
				return nil, false
			}
			v = n
		}
		if _, isNumber := v.(float64); !isNumber {
			return nil, false
		}
	case "CHECKBOX", "MULTIPLE_OPTIONS":
		if s, isText := v.(string); isText {
			v = []string{s}
		}
	}
	out, err := json.Marshal(v)
	return out, err == nil
}

// set replaces the value of one field; nil removes it.
func (vs *fieldValues) set(id string, v json.RawMessage) {
	i := slices.IndexFunc(*vs, func(f fieldValue) bool { return f.ID == id })
	switch {
	case v == nil && i >= 0:
		*vs = slices.Delete(*vs, i, i+1)
	case v == nil:
	case i >= 0:
		(*vs)[i].Value = v
	default:
		*vs = append(*vs, fieldValue{ID: id, Value: v})
	}
}

// defined are the values whose fields are still defined.
func (fs *fields) defined(values fieldValues) fieldValues {
	out := make(fieldValues, 0, len(values))
	for _, v := range values {
		if _, defined := fs.byID[v.ID]; defined {
			out = append(out, v)
		}
	}
	return out
}
