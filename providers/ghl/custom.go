package ghl

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"lockstep/providers"
	"lockstep/schema"
)

// definition is what the values of a custom field need to be understood: a
// contact carries ids and values only.
type definition struct {
	id, key, dataType string
	// path is the field's path in a contact: "custom_fields.tier".
	path string
	// options are the values that people choose from; nil takes any.
	options []string
}

// definitions are the custom fields of one model, such as contacts.
type definitions struct {
	byID, byKey map[string]*definition
}

// newDefinitions indexes custom fields by model. A field without one is a
// contact's.
func newDefinitions(objects []schema.Object) map[string]*definitions {
	all := map[string]*definitions{}
	for _, model := range models {
		all[model] = &definitions{byID: map[string]*definition{}, byKey: map[string]*definition{}}
	}
	for i := range objects {
		o := &objects[i]
		d := all[cmp.Or(o.Value("model").Text(), modelContact)]
		if def := newDefinition(o.ID, o.Value); d != nil && def.key != "" {
			d.byID[def.id], d.byKey[def.key] = def, def
		}
	}
	return all
}

// newDefinition reads a definition from the attributes of a custom field.
func newDefinition(id string, attribute func(string) schema.Value) *definition {
	d := &definition{id: id, key: attribute("field_key").Text(), dataType: attribute("data_type").Text()}
	d.path = "custom_fields." + d.key
	if !attribute("custom_options").Truth() {
		d.options = attribute("options").Strings()
	}
	return d
}

// values says how a data type spells its values.
type values uint8

const (
	valueText values = iota
	valueNumber
	valueSet
	valueDate
	valueAny
	valueFile
	valueChoice
)

func valuesOf(dataType string) values {
	switch dataType {
	case "NUMERICAL", "FLOAT", "MONETORY":
		return valueNumber
	case "CHECKBOX", "MULTIPLE_OPTIONS":
		return valueSet
	case "SINGLE_OPTIONS", "RADIO":
		return valueChoice
	case "DATE":
		return valueDate
	case "TEXTBOX_LIST":
		return valueAny
	case "FILE_UPLOAD", "SIGNATURE":
		return valueFile
	default:
		return valueText
	}
}

// decodeCustomValues reads [{id, value}] into one field for each known id.
func decodeCustomValues(d *decoder, _ string, raw jsontext.Value, into schema.Fields) schema.Fields {
	if len(raw) <= 2 || d.definitions == nil {
		return into
	}
	start := len(into)
	d.nested(raw, func(row *jsontext.Decoder) error {
		id, value, err := customPair(row)
		if err != nil {
			return err
		}
		def := d.definitions.byID[string(id)]
		if def == nil {
			d.unknownField = true
			return nil
		}
		if v := decodeCustom(d, def, value); !v.IsAbsent() {
			into = append(into, schema.Field{Path: def.path, Value: v})
		}
		return nil
	})
	slices.SortFunc(into[start:], func(a, b schema.Field) int { return strings.Compare(a.Path, b.Path) })
	return slices.CompactFunc(into, func(a, b schema.Field) bool { return a.Path == b.Path && a.Claim == b.Claim })
}

// customPair reads one row. Both slices are only valid until the next row.
func customPair(row *jsontext.Decoder) (id []byte, value jsontext.Value, err error) {
	var idCopy [64]byte
	var valueCopy jsontext.Value
	if _, err := row.ReadToken(); err != nil {
		return nil, nil, err
	}
	for row.PeekKind() == '"' {
		name, err := row.ReadValue()
		if err != nil {
			return nil, nil, err
		}
		switch string(name) {
		case `"id"`:
			raw, err := row.ReadValue()
			if err != nil {
				return nil, nil, err
			}
			id = append(idCopy[:0], trimQuotes(raw)...)
		default:
			// "value", "fieldValue" or, by the type of the field, "fieldValueString".
			raw, err := row.ReadValue()
			if err != nil {
				return nil, nil, err
			}
			if isValue(name) && raw.Kind() != 'n' {
				valueCopy = append(valueCopy[:0], raw...)
			}
		}
	}
	_, err = row.ReadToken()
	return id, valueCopy, err
}

func isValue(name []byte) bool {
	name = trimQuotes(name)
	return string(name) == "value" || string(name) == "field_value" || bytes.HasPrefix(name, []byte("fieldValue"))
}

func trimQuotes(raw []byte) []byte {
	if len(raw) < 2 || raw[0] != '"' {
		return nil
	}
	return raw[1 : len(raw)-1]
}

// decodeCustom reads a value by the data type of its field.
func decodeCustom(d *decoder, def *definition, raw jsontext.Value) schema.Value {
	if len(raw) == 0 || raw.Kind() == 'n' {
		return schema.Value{}
	}
	switch valuesOf(def.dataType) {
	case valueNumber:
		if v := decodeNumber(d, raw); !v.IsAbsent() {
			return v
		}
		return decodeText(d, raw)
	case valueSet:
		if raw.Kind() == '"' {
			return spellSet([]string{d.text(raw)}, liveMember)
		}
		return spellSet(d.texts(raw), liveMember)
	case valueDate:
		return decodeTime(d, raw, time.DateOnly)
	case valueAny, valueFile:
		return decodeAny(d, raw)
	}
	if raw.Kind() == '[' || raw.Kind() == '{' {
		return decodeAny(d, raw)
	}
	if valuesOf(def.dataType) == valueChoice {
		return name.decode(d, raw)
	}
	return text.decode(d, raw)
}

// normalCustomValue spells a desired value by the data type of its field, when
// the account knows the field already. A value that does not fit stays: the
// same plan may change the field, and KeyCheck knows of that.
func normalCustomValue(s *speller, path string, v schema.Value) (schema.Value, error) {
	if !s.account.configured() || !v.IsKnown() {
		return v, nil
	}
	defs, err := s.account.defined(s.ctx, s.attribute.model())
	if err != nil {
		return v, err
	}
	def := defs.byKey[schema.PathKey(path)]
	if def == nil {
		return v, nil
	}
	if spelt, err := spellCustom(def, path, v); err == nil {
		return spelt, nil
	}
	return v, nil
}

// spellCustom spells a desired value by a data type. "" stays "": it clears.
func spellCustom(def *definition, path string, v schema.Value) (schema.Value, error) {
	if v.Type() == schema.String && v.Text() == "" {
		return v, nil
	}
	scalar := v.Type() == schema.String || v.Type() == schema.Number || v.Type() == schema.Bool
	switch valuesOf(def.dataType) {
	case valueNumber:
		n, err := schema.CanonicalNumber(v.Text())
		if !scalar || err != nil {
			return v, customError(path, v, def, "a number")
		}
		return spellNumber(path, n)
	case valueSet:
		if scalar {
			return spellSet([]string{v.Text()}, spellName), nil
		}
		if v.Type() != schema.List {
			return v, customError(path, v, def, "a list of texts")
		}
		if set := spellSet(v.Strings(), spellName); !set.IsAbsent() {
			return set, nil
		}
		return schema.StringValue(""), nil
	case valueDate:
		return normalTime(path, v, time.DateOnly, "Write it as YYYY-MM-DD.")
	case valueFile:
		return v, &providers.FieldError{Path: path, Problem: fmt.Sprintf("fields of type %s cannot be written by the API", def.dataType),
			Advice: "Remove the field from the file."}
	case valueAny:
		return v, nil
	}
	if !scalar {
		return v, customError(path, v, def, "a text")
	}
	if valuesOf(def.dataType) == valueChoice {
		return schema.StringValue(spellName(v.Written())), nil
	}
	return schema.WrittenValue(schema.NormalText(v.Written()), v.Written()), nil
}

// spellNumber rounds a number to what a JSON number holds in the API, 64 bits
// of floating point: a third written with 40 digits would differ for ever. A
// number whose whole digits would change is refused; it is a name, not a
// measure.
func spellNumber(path, n string) (schema.Value, error) {
	const exact = 15 // so many digits survive in any case
	if len(n) <= exact {
		return schema.NumberValue(n), nil
	}
	f, err := strconv.ParseFloat(n, 64)
	if err != nil {
		return schema.Value{}, fmt.Errorf("%s: %w", path, err)
	}
	rounded, err := schema.CanonicalNumber(strconv.FormatFloat(f, 'g', -1, 64))
	if err != nil {
		return schema.Value{}, fmt.Errorf("%s: %w", path, err)
	}
	if math.Abs(f) >= 1<<53 && rounded != n {
		return schema.NumberValue(n), &providers.FieldError{Path: path, Problem: fmt.Sprintf("%s has more digits than a number field keeps; it would become %s", n, rounded),
			Advice: "Shorten it, or keep it in a custom field of the type TEXT."}
	}
	return schema.NumberValue(rounded), nil
}

func customError(path string, v schema.Value, def *definition, want string) error {
	return &providers.FieldError{Path: path, Problem: fmt.Sprintf("%s is not %s", v, want),
		Advice: fmt.Sprintf("The custom field %s has the data type %s.", def.key, def.dataType)}
}

// encodeCustomFields makes the rows of a request from the custom_fields.*
// fields of a change. A key that the server does not know is an error: the
// API would drop it in silence.
func encodeCustomFields(ctx context.Context, a *account, of *attribute, fields schema.Fields) (any, error) {
	defs, err := a.defined(ctx, of.model())
	if err != nil {
		return nil, err
	}
	rows := make([]any, 0, len(fields))
	for _, f := range fields {
		key := schema.PathKey(f.Path)
		def := defs.byKey[key]
		if def == nil {
			if defs, err = a.refreshDefinitions(ctx, of.model()); err != nil {
				return nil, err
			}
			def = defs.byKey[key]
		}
		if def == nil {
			return nil, &providers.FieldError{Path: f.Path, Problem: fmt.Sprintf("the location has no custom field with the key %q", key),
				Advice: "Correct the key, or declare the field as a ghl_custom_field."}
		}
		v := f.Value
		if !v.IsAbsent() {
			if v, err = spellCustom(def, f.Path, v); err != nil {
				return nil, err
			}
		}
		rows = append(rows, map[string]any{"id": def.id, "field_value": customToWire(def, v)})
	}
	return rows, nil
}

// customToWire makes the JSON of a value; an empty one clears.
func customToWire(def *definition, v schema.Value) any {
	empty := v.IsAbsent() || v.Type() == schema.String && v.Text() == ""
	switch {
	case empty && valuesOf(def.dataType) == valueSet:
		return []string{}
	case empty:
		return ""
	case v.Type() == schema.Number:
		return json.Number(v.Text())
	default:
		return v.ToJSON()
	}
}

// customFieldFilters turns the custom_fields argument of a data source into
// search filters, which name fields by id.
func (a *account) customFieldFilters(ctx context.Context, q providers.Query, leaf func(string, string, any)) error {
	wanted := map[string]schema.Value{}
	if m := q.Where.Value("custom_fields"); m.Type() == schema.Map {
		for i, key := range m.Keys() {
			wanted[key] = m.Items()[i]
		}
	}
	for _, f := range q.Where.Of("custom_fields") {
		if key := schema.PathKey(f.Path); key != "" {
			wanted[key] = f.Value
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	defs, err := a.defined(ctx, modelContact)
	if err != nil {
		return err
	}
	keys := make([]string, 0, len(wanted))
	for key := range wanted {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys {
		def := defs.byKey[bareKey(key)]
		if def == nil {
			return &providers.FieldError{Path: "custom_fields." + key, Problem: fmt.Sprintf("the location has no custom field with the key %q", key),
				Advice: "Correct the key; data ghl_custom_fields lists those that exist."}
		}
		leaf("customFields."+def.id, "eq", wanted[key].Text())
	}
	return nil
}
