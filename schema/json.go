package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// CanonicalNumber spells a decimal number in one way only, so that 12, "12.0"
// and 1.2e1 compare equal: plain digits without needless zeros.
func CanonicalNumber(s string) (string, error) {
	s = strings.TrimSpace(s)
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return strconv.FormatInt(n, 10), nil
	}
	if isPlainDecimal(s) {
		// Kilometres and prices need no big numbers to lose their last zeros.
		return trimZeros(s), nil
	}
	if len(s) > 64 {
		return "", fmt.Errorf("%.20q… is too long for a number", s)
	}
	f, _, err := big.ParseFloat(s, 10, 512, big.ToNearestEven)
	if err != nil || f.IsInf() {
		return "", fmt.Errorf("%q is not a number", s)
	}
	if exp := f.MantExp(nil); exp > 1024 || exp < -1024 {
		return "", fmt.Errorf("%q is out of range for a number", s)
	}
	text := f.Text('f', -1)
	if strings.Contains(text, ".") {
		text = trimZeros(text)
	}
	if text == "-0" {
		text = "0"
	}
	return text, nil
}

// trimZeros takes the needless zeros of a decimal fraction away.
func trimZeros(s string) string {
	s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	if s == "-0" {
		return "0"
	}
	return s
}

// isPlainDecimal reports whether a text is digits, a point and digits, without
// needless zeros in front.
func isPlainDecimal(s string) bool {
	whole, fraction, ok := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	if !ok || whole == "" || fraction == "" || len(s) > 60 || len(whole) > 1 && whole[0] == '0' {
		return false
	}
	return isDigits(whole) && isDigits(fraction)
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// errUnknownJSON is the error of encoding a value that is not known yet.
var errUnknownJSON = errors.New("an unknown value has no JSON form")

// MarshalJSON writes the plain JSON form, for people and saved plans: texts are
// as they are written. Absent is null, and an unknown value is an error.
func (v Value) MarshalJSON() ([]byte, error) {
	if !v.IsKnown() {
		return nil, errUnknownJSON
	}
	return v.appendJSON(nil, true), nil
}

// AppendJSON appends the plain JSON form, or the words "(known after apply)"
// where a value is unknown. Texts are as they are compared.
func (v Value) AppendJSON(b []byte) []byte { return v.appendJSON(b, false) }

func (v Value) appendJSON(b []byte, written bool) []byte {
	switch v.Type() {
	case Absent:
		return append(b, "null"...)
	case String:
		if written {
			return AppendJSONString(b, v.Written())
		}
		return AppendJSONString(b, v.text)
	case Unknown:
		return append(b, "(known after apply)"...)
	case List:
		b = append(b, '[')
		for i, item := range v.is.items {
			if i > 0 {
				b = append(b, ',')
			}
			b = item.appendJSON(b, written)
		}
		return append(b, ']')
	case Map:
		b = append(b, '{')
		for i, key := range v.is.keys {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(AppendJSONString(b, key), ':')
			b = v.is.items[i].appendJSON(b, written)
		}
		return append(b, '}')
	default:
		return append(b, v.text...)
	}
}

// AppendJSONString appends a text as JSON. It leaves <, > and & as they are.
func AppendJSONString(b []byte, s string) []byte {
	plain := true
	for i := 0; i < len(s) && plain; i++ {
		plain = s[i] >= ' ' && s[i] < utf8.RuneSelf && s[i] != '"' && s[i] != '\\'
	}
	if plain {
		return append(append(append(b, '"'), s...), '"')
	}
	quoted, err := jsontext.AppendQuote(b, s)
	if err != nil {
		// Bytes that are not UTF-8 are replaced, as encoding/json does.
		quoted, _ = jsontext.AppendQuote(b, strings.ToValidUTF8(s, "\uFFFD"))
	}
	return quoted
}

// UnmarshalJSON reads the plain JSON form.
func (v *Value) UnmarshalJSON(data []byte) error {
	d := jsontext.NewDecoder(bytes.NewBuffer(data))
	got, err := DecodeValue(d)
	if err != nil {
		return err
	}
	if _, err := d.ReadToken(); !errors.Is(err, io.EOF) {
		return errors.New("more than one JSON value")
	}
	*v = got
	return nil
}

// DecodeValue reads the next value of a stream of JSON.
func DecodeValue(d *jsontext.Decoder) (Value, error) {
	t, err := d.ReadToken()
	if err != nil {
		return Value{}, err
	}
	switch t.Kind() {
	case 'n':
		return Value{}, nil
	case 't', 'f':
		return BoolValue(t.Bool()), nil
	case '"':
		return StringValue(t.String()), nil
	case '0':
		text, err := CanonicalNumber(t.String())
		return NumberValue(text), err
	case '[':
		return decodeList(d)
	default:
		return decodeMap(d)
	}
}

func decodeList(d *jsontext.Decoder) (Value, error) {
	items := []Value{}
	for d.PeekKind() != ']' {
		item, err := DecodeValue(d)
		if err != nil {
			return Value{}, err
		}
		items = append(items, item)
	}
	_, err := d.ReadToken()
	return ListValue(items...), err
}

func decodeMap(d *jsontext.Decoder) (Value, error) {
	entries := map[string]Value{}
	for d.PeekKind() != '}' {
		name, err := d.ReadToken()
		if err != nil {
			return Value{}, err
		}
		key := name.String()
		if entries[key], err = DecodeValue(d); err != nil {
			return Value{}, err
		}
	}
	_, err := d.ReadToken()
	return MapValue(entries), err
}

// ToJSON makes what encoding/json encodes, with json.Number for numbers and
// texts as they are written. An Unknown becomes nil.
func (v Value) ToJSON() any {
	switch v.Type() {
	case String:
		return v.Written()
	case Number:
		return json.Number(v.text)
	case Bool:
		return v.Truth()
	case List:
		items := make([]any, len(v.is.items))
		for i, item := range v.is.items {
			items[i] = item.ToJSON()
		}
		return items
	case Map:
		entries := make(map[string]any, len(v.is.keys))
		for i, key := range v.is.keys {
			entries[key] = v.is.items[i].ToJSON()
		}
		return entries
	default:
		return nil
	}
}
