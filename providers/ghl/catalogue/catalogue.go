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
// have placeholders of other names, or a word in the place of one.
func (o Operation) Is(method, path string) bool {
	want, got := strings.Split(o.Path, "/"), strings.Split(path, "/")
	if o.Method != method || len(want) != len(got) {
		return false
	}
	for i, segment := range want {
		if open := strings.HasPrefix(segment, "{"); open && got[i] == "" || !open && got[i] != segment {
			return false
		}
	}
	return true
}

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
