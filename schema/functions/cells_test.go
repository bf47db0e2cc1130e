package functions

import (
	"encoding/csv"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// readAll decodes a text as encoding/csv does.
func readAll(text string) (records [][]string, err error) {
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, byteOrderMark)))
	r.FieldsPerRecord = -1
	for {
		record, err := r.Read()
		if err == io.EOF {
			return records, nil
		}
		if err != nil {
			return nil, err
		}
		records = append(records, record)
	}
}

// agree compares a table with what encoding/csv reads of the same text.
func agree(t *testing.T, text string) {
	t.Helper()
	table := &Table{}
	if err := table.parse(text, "the text"); err != nil {
		return
	}
	records, err := readAll(text)
	if err != nil {
		t.Fatalf("%q is refused by encoding/csv: %v", text, err)
	}
	want := [][]string{}
	for _, record := range records[1:] {
		want = append(want, record[:len(table.Columns)])
	}
	got := make([][]string, table.Len())
	for i := len(got) - 1; i >= 0; i-- { // in no order that a reader would have
		got[i] = append([]string{}, table.Row(i).cells()...)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%q: -want +got:\n%s", text, diff)
	}
}

func TestCells(t *testing.T) {
	cases := map[string]struct{ reason, in string }{
		"Plain":         {"a row is cut at its commas", "a,b\n1,2\n3,4\n"},
		"NoEnd":         {"the last line need not end", "a,b\n1,2\n3,4"},
		"Windows":       {"carriage returns before line ends are none of the cells", "a,b\r\n1,2\r\n\r\n3,4\r\n"},
		"LastReturn":    {"nor is one at the end of the text", "a,b\r\n1,2\r"},
		"Blank":         {"blank lines are no rows", "a,b\n\n1,2\n\n\n3,4\n\n"},
		"Quoted":        {"quotes are not in the cells", "a,b\n\"1\",\"2\"\n3,\"4\"\n\"5\",6\n"},
		"QuotedComma":   {"a comma within quotes ends no cell", "a,b\n\"1,1\",2\n"},
		"QuotedLine":    {"nor does a line end end a row", "a,b\n\"1\n\n1\",2\n3,4\n"},
		"QuotedWindows": {"which is read as encoding/csv reads it", "a,b\r\n\"1\r\n1\",2\r\n3,4\r\n"},
		"Doubled":       {"a doubled quote is one", "a,b\n\"say \"\"hi\"\"\",\"\"\"\"\n\"\",\"\"\"\"\"\"\n"},
		"BlankQuoted":   {"blank lines come before quotes too", "a,b\n\r\n\n\"1\",2\n\n"},
		"Empty":         {"cells may be empty", "a,b\n,\n\"\",\n,\"\"\n"},
		"One":           {"a table may have one column", "a\n1\n\"\"\n\"2\"\n"},
		"Unnamed":       {"columns without a name are left out", "a,b,\n1,2,\n\"3\",4,\"\"\n"},
		"Mark":          {"a byte order mark is no part of the text", byteOrderMark + "a,b\n1,2\n"},
		"InnerReturn":   {"a carriage return within a line stays", "a,b\n1\r1,\r2\n\"3\r3\",4\n"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) { agree(t, tc.in) })
	}
}

func FuzzCells(f *testing.F) {
	for _, seed := range []string{"a,b\n1,2\n", "a,b\r\n\"1\r\n\"\"\",2\r", "a,,\n\n\"\",,\n", "\"a\"\n\r\r\n1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) { agree(t, text) })
}
