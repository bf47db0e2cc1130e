// Package catalogue lists the operations of HighLevel that lockstep is to reach:
// 124 in eight categories, by the method and path of their calls. Some name the
// same call, as finding a contact and searching contacts do.
package catalogue

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"strings"
)

//go:embed operations.csv
var table string

// Operation is one operation of the catalogue.
type Operation struct {
	Category, Name string
	// Method and Path of its call, as "GET" and "/contacts/{contactId}".
	Method, Path string
}

// Is reports whether the operation is a call with this method and path, which may
// have placeholders of other names, or a word in the place of one that stands for no id.
func (o Operation) Is(method, path string) bool {
	want, got := strings.Split(o.Path, "/"), strings.Split(path, "/")
	if o.Method != method || len(want) != len(got) {
		return false
	}
	for i, segment := range want {
		if open := strings.HasPrefix(segment, "{"); open && !takes(segment, got[i]) || !open && got[i] != segment {
			return false
		}
	}
	return true
}

// takes reports whether a placeholder may stand for a segment of a path. An id has a
// digit or a capital letter, which sets it apart from the words that name other calls.
func takes(placeholder, segment string) bool {
	name := strings.ToLower(strings.Trim(placeholder, "{}"))
	word := strings.Trim(segment, "abcdefghijklmnopqrstuvwxyz-") == ""
	return segment != "" && !(word && strings.HasSuffix(name, "id"))
}

// Of returns the operations of a list that are a call with this method and path: of
// those that could be, the ones with the fewest placeholders.
func Of(all []Operation, method, path string) []Operation {
	var out []Operation
	for _, o := range all {
		if !o.Is(method, path) {
			continue
		}
		if len(out) > 0 && o.placeholders() < out[0].placeholders() {
			out = nil
		}
		if len(out) == 0 || o.placeholders() == out[0].placeholders() {
			out = append(out, o)
		}
	}
	return out
}

func (o Operation) placeholders() int { return strings.Count(o.Path, "{") }

// Operations returns the catalogue in its order.
func Operations() ([]Operation, error) {
	rows, err := csv.NewReader(strings.NewReader(table)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read the catalogue of operations: %w", err)
	}
	out := make([]Operation, 0, len(rows))
	for _, row := range rows[1:] {
		out = append(out, Operation{row[0], row[1], row[2], row[3]})
	}
	return out, nil
}
