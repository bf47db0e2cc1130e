package ghl

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"lockstep/schema"
)

// form is one way of spelling values: in files, and in the API's JSON.
type form struct {
	// decode reads a JSON value that is not null. What cannot be read, and
	// what is empty, is Absent.
	decode func(*decoder, jsontext.Value) schema.Value
	// decodeKeys reads a JSON value into fields, one for each key, for maps
	// that are owned by their keys. It is used in place of decode.
	decodeKeys func(d *decoder, attribute string, raw jsontext.Value, into schema.Fields) schema.Fields
	// encode makes what encoding/json writes; nil means the plain JSON form.
	encode func(schema.Value) any
	// encodeKeys makes the rows of a request from the fields of a map that is
	// owned by its keys, one row for each field in their order. It is used in
	// place of encode.
	encodeKeys func(context.Context, *account, *attribute, schema.Fields) (any, error)
	// encodeBy makes what is sent with what the account knows. It is used in place
	// of encode for values that are not empty.
	encodeBy func(context.Context, *account, schema.Value) (any, error)
	// defined marks values that are read by the definitions of custom fields.
	defined bool
	// normalize spells a desired value as decode does. Its error is a
	// *providers.FieldError. nil keeps the value.
	normalize func(*speller, string, schema.Value) (schema.Value, error)
	// example is a value as HCL writes it, of a form that not every value has.
	example string
	// key spells the keys of a map that is owned by its keys; nil keeps them.
	key func(string) string
}

// The forms.
var (
	text      = form{decode: textBy(schema.NormalText), normalize: normalWritten(schema.NormalText)}
	name      = form{decode: textBy(spellName), normalize: normalText(spellName)}
	email     = form{decode: textBy(spellEmail), normalize: normalEmail, example: `"Ann@Example.com"`}
	phone     = form{decode: textBy(spellPhone), normalize: normalPhone, example: `"+1 202 555 0101"`}
	upper     = form{decode: textBy(spellUpper), normalize: normalText(spellUpper), example: `"at"`}
	lower     = form{decode: textBy(spellLower), normalize: normalText(spellLower)}
	richText  = form{decode: textBy(plainText), normalize: normalWritten(plainText)}
	fieldKey  = form{decode: textBy(bareKey), normalize: normalFieldKey, example: `"favourite_race"`}
	date      = form{decode: decodeDate, normalize: normalDate, example: `"1988-01-28"`}
	instant   = form{decode: decodeInstant, normalize: normalInstant, example: `"2027-01-15T09:00:00+01:00"`}
	clock     = form{decode: decodeClock}
	boolean   = form{decode: decodeBool}
	number    = form{decode: decodeNumber}
	names     = form{decode: decodeNames, normalize: normalNames}
	textSet   = form{decode: setBy(liveMember), normalize: normalSet(spellName)}
	lowerSet  = form{decode: setBy(liveLower), normalize: normalSet(spellLower), example: `["VIP", "runner"]`}
	anything  = form{decode: decodeAny}
	textBoxes = form{decode: decodeAny, encode: encodeTextBoxes, example: `[{ label = "Size", prefill_value = "M" }]`}

	dndChannels  = form{decodeKeys: decodeDND, encode: encodeDND, normalize: normalDND, example: `{ sms = "active" }`, key: spellLower}
	customValues = form{decodeKeys: decodeCustomValues, encodeKeys: encodeCustomFields, defined: true, normalize: normalCustomValue, example: `{ favourite_race = "10 km" }`, key: bareKey}
)

// decodeText reads a string; numbers and booleans as their text.
func decodeText(d *decoder, raw jsontext.Value) schema.Value {
	if len(raw) == 0 {
		return schema.Value{}
	}
	switch raw[0] {
	case '"':
		if s := d.text(raw); s != "" {
			return schema.StringValue(s)
		}
	case 't', 'f', '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		return schema.StringValue(string(raw))
	}
	return schema.Value{}
}

// textBy reads a string and spells it.
func textBy(spell func(string) string) func(*decoder, jsontext.Value) schema.Value {
	return func(d *decoder, raw jsontext.Value) schema.Value {
		v := decodeText(d, raw)
		if v.IsAbsent() {
			return v
		}
		s := spell(v.Text())
		if s == "" {
			return schema.Value{}
		}
		return schema.StringValue(s)
	}
}

func decodeBool(_ *decoder, raw jsontext.Value) schema.Value {
	switch string(raw) {
	case "true", `"true"`:
		return schema.BoolValue(true)
	case "false", `"false"`:
		return schema.BoolValue(false)
	}
	return schema.Value{}
}

func decodeNumber(d *decoder, raw jsontext.Value) schema.Value {
	v := decodeText(d, raw)
	if v.IsAbsent() {
		return v
	}
	n, err := schema.CanonicalNumber(v.Text())
	if err != nil {
		return schema.Value{}
	}
	return schema.NumberValue(n)
}

// decodeDate reads a day, which the API gives as an ISO date and time in one
// place and as milliseconds since 1970 in another.
func decodeDate(d *decoder, raw jsontext.Value) schema.Value {
	return decodeTime(d, raw, time.DateOnly)
}

func decodeInstant(d *decoder, raw jsontext.Value) schema.Value {
	return decodeTime(d, raw, instantLayout)
}

// instantLayout is the one spelling of an instant: UTC, milliseconds.
const instantLayout = "2006-01-02T15:04:05.000Z"

func decodeTime(d *decoder, raw jsontext.Value, layout string) schema.Value {
	if len(raw) > 0 && raw[0] == '{' {
		return decodeParts(raw, layout)
	}
	v := decodeText(d, raw)
	if v.IsAbsent() {
		return v
	}
	if raw[0] != '"' {
		ms, err := strconv.ParseFloat(v.Text(), 64)
		if err != nil {
			return schema.Value{}
		}
		return schema.StringValue(time.UnixMilli(int64(ms)).UTC().Format(layout))
	}
	s := v.Text()
	if layout == instantLayout && isInstant(s) {
		return v
	}
	t, ok := parseTime(s)
	if !ok {
		// An unreadable date is shown as the server wrote it.
		return v
	}
	return schema.StringValue(t.UTC().Format(layout))
}

// decodeParts reads an instant that comes as seconds and nanoseconds.
func decodeParts(raw jsontext.Value, layout string) schema.Value {
	var parts struct {
		Seconds     *int64 `json:"seconds"`
		Nanoseconds int64  `json:"nanoseconds"`
	}
	if err := json.Unmarshal(raw, &parts); err != nil || parts.Seconds == nil {
		return schema.Value{}
	}
	return schema.StringValue(time.Unix(*parts.Seconds, parts.Nanoseconds).UTC().Format(layout))
}

// decodeClock reads a time by the clock on the wall, and its offset from UTC
// when there is one.
func decodeClock(d *decoder, raw jsontext.Value) schema.Value {
	v := decodeText(d, raw)
	if t, err := time.Parse(time.RFC3339, v.Text()); err == nil {
		return schema.StringValue(t.Format(time.RFC3339))
	}
	if t, ok := parseTime(v.Text()); ok {
		return schema.StringValue(t.Format("2006-01-02T15:04:05"))
	}
	return v
}

// isInstant reports whether a text already has the layout of an instant.
func isInstant(s string) bool {
	return len(s) == len(instantLayout) && s[4] == '-' && s[7] == '-' && s[10] == 'T' && s[13] == ':' && s[16] == ':' && s[19] == '.' && s[23] == 'Z'
}

// timeLayouts are the spellings of times that are read.
var timeLayouts = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04", time.DateOnly,
	"01/02/2006", "2006/01/02",
}

func parseTime(s string) (time.Time, bool) {
	s = strings.TrimSpace(s)
	if len(s) == len(time.DateOnly) && s[4] == '-' {
		// The common spelling, without the errors of all the others.
		t, err := time.Parse(time.DateOnly, s)
		return t, err == nil
	}
	for _, layout := range timeLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// decodeNames reads an array of names, whose order counts.
func decodeNames(d *decoder, raw jsontext.Value) schema.Value {
	items := d.texts(raw)
	for i := range items {
		items[i] = spellName(items[i])
	}
	items = slices.DeleteFunc(items, func(s string) bool { return s == "" })
	if len(items) == 0 {
		return schema.Value{}
	}
	return schema.StringsValue(items)
}

// setBy reads an array of strings as a set.
func setBy(spell func(string) string) func(*decoder, jsontext.Value) schema.Value {
	return func(d *decoder, raw jsontext.Value) schema.Value {
		items := d.texts(raw)
		return spellSet(items, spell)
	}
}

// spellSet spells each member and drops empty ones; an empty set is Absent.
func spellSet(items []string, spell func(string) string) schema.Value {
	out := items[:0]
	for _, item := range items {
		if s := spell(item); s != "" {
			out = append(out, s)
		}
	}
	if len(out) == 0 {
		return schema.Value{}
	}
	return schema.SetOf(out)
}

// itemsOf reads an array of strings, or of objects that hold the string under
// a property, and spells each.
func itemsOf(property string, spell func(string) string) form {
	return form{decode: func(d *decoder, raw jsontext.Value) schema.Value {
		if len(raw) <= 2 {
			return schema.Value{}
		}
		items := d.texts(raw)
		if raw[1] == '{' {
			var rows []map[string]any
			if err := json.Unmarshal(raw, &rows); err != nil {
				return schema.Value{}
			}
			for _, row := range rows {
				s, _ := row[property].(string)
				items = append(items, s)
			}
		}
		for i := range items {
			items[i] = spell(items[i])
		}
		items = slices.DeleteFunc(items, func(s string) bool { return s == "" })
		if len(items) == 0 {
			return schema.Value{}
		}
		return schema.StringsValue(items)
	}}
}

// decodeAny reads any JSON; null members and empty containers are dropped.
func decodeAny(_ *decoder, raw jsontext.Value) schema.Value {
	var v schema.Value
	if err := v.UnmarshalJSON(raw); err != nil {
		return schema.Value{}
	}
	if v.Type() == schema.String && v.Text() == "" {
		return schema.Value{}
	}
	if (v.Type() == schema.List || v.Type() == schema.Map) && len(v.Items()) == 0 {
		return schema.Value{}
	}
	return v
}

// encodeTextBoxes renames the properties of text boxes.
func encodeTextBoxes(v schema.Value) any {
	boxes := make([]any, 0, len(v.Items()))
	for _, box := range v.Items() {
		boxes = append(boxes, map[string]any{
			"label":        box.Entry("label").Text(),
			"prefillValue": box.Entry("prefill_value").Text(),
		})
	}
	return boxes
}

func isDigits(s string) bool {
	return strings.Trim(s, "0123456789") == ""
}
