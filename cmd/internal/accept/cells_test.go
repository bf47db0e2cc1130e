package accept

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWithCells(t *testing.T) {
	bern := map[cell]string{{3, "city"}: "Bern"}
	cases := map[string]struct {
		reason, table string
		texts         map[cell]string
		want          string
	}{
		"Plain":      {"only the cell changes", "id,city\n1,Chur\n2,Zug\n", bern, "id,city\n1,Chur\n2,Bern\n"},
		"Quoted":     {"quotes stay where they were", "id,city\n1,\"Chur\"\n2,\"Zug\"\n", bern, "id,city\n1,\"Chur\"\n2,\"Bern\"\n"},
		"Comma":      {"what needs quotes gets them", "id,city\n1,Chur\n", map[cell]string{{2, "city"}: `a,"b"`}, "id,city\n1,\"a,\"\"b\"\"\"\n"},
		"Windows":    {"the ends of lines stay", "id,city\r\n1,Chur\r\n2,Zug\r\n", bern, "id,city\r\n1,Chur\r\n2,Bern\r\n"},
		"NoEnd":      {"a last line without an end stays so", "id,city\n1,Chur\n2,Zug", bern, "id,city\n1,Chur\n2,Bern"},
		"Mark":       {"the byte order mark is no part of the first column", "\ufeffcity,id\n1,2\n3,4\n", bern, "\ufeffcity,id\n1,2\nBern,4\n"},
		"Blank":      {"empty lines count as lines and are no rows", "id,city\n\n1,Chur\n", bern, "id,city\n\n1,Bern\n"},
		"LongCell":   {"a row begins on the line of its first cell", "id,city\n\"a\nb\",Chur\n2,Zug\n", map[cell]string{{4, "city"}: "Bern"}, "id,city\n\"a\nb\",Chur\n2,Bern\n"},
		"Lines":      {"a text of several lines ends them as the file does", "id,city\r\n1,Chur\r\n", map[cell]string{{2, "city"}: "a\nb"}, "id,city\r\n1,\"a\r\nb\"\r\n"},
		"OnlyColumn": {"a row of one empty cell would be an empty line", "city\nChur\n", map[cell]string{{2, "city"}: ""}, "city\n\"\"\n"},
		"Accents":    {"a column is found in either spelling, and others keep theirs", "Ort\u0308,id\nZoe\u0308,2\n", map[cell]string{{2, "id"}: "3"}, "Ort\u0308,id\nZoe\u0308,3\n"},
		"Unnamed":    {"columns without a name stay", "id,city,,\n1,Chur,,\n2,Zug,,\n", bern, "id,city,,\n1,Chur,,\n2,Bern,,\n"},
		"Nothing":    {"a cell that is not there changes nothing", "id,city\n1,Chur\n", bern, "id,city\n1,Chur\n"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := file{old: tc.table}
			got := withCells(tc.table, tc.texts, f.newline())
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
			if read := sameBut(tc.table, got, tc.texts); read != (name != "Nothing") {
				t.Errorf("%s: read back as it should be: %t", tc.reason, read)
			}
		})
	}
}
