package config_test

import (
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"lockstep/schema/config"
)

func TestParse(t *testing.T) {
	type told struct {
		Summary string
		Line    int
	}
	cases := map[string]struct {
		reason string
		src    string
		want   []told
	}{
		"windows":     {reason: "line ends and the mark of Windows are no mistakes", src: "\ufeffa = 1\r\nb = 2\r\n"},
		"latin":       {reason: "the line that is not UTF-8 is named, once", src: "a = 1\nb = \"Jos\xe9\"\n", want: []told{{"Not UTF-8", 2}}},
		"utf-16":      {reason: "a file of another encoding is one mistake", src: wide("\ufeffa = 1\nb = 2\n"), want: []told{{"Not UTF-8", 1}}},
		"utf-16 bare": {reason: "without a mark the zero bytes tell it", src: wide("a = 1\n"), want: []told{{"Not UTF-8", 1}}},
		"quote":       {reason: "a quote that is missing is one mistake", src: "a = \"x\nb = \"y\"\n}\n", want: []told{{"Missing quote", 1}}},
		"no quote":    {reason: "so is a text without quotes", src: "a = ann@example.com\n", want: []told{{"Invalid character", 1}}},
		"curly":       {reason: "so is a text in quotes of a word processor", src: "a = “x”\n", want: []told{{"Typographic quotes", 1}}},
		"brace":       {reason: "so is a brace that is missing", src: "b {\n  a = 1\n", want: []told{{"Unclosed configuration block", 1}}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f, diags := config.Parse([]byte(tc.src), "main.hcl")
			var got []told
			for _, d := range diags {
				got = append(got, told{d.Summary, d.Subject.Start.Line})
			}
			if diff := cmp.Diff(tc.want, got); diff != "" || f == nil {
				t.Errorf("%s: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// wide is a text in UTF-16, little endian.
func wide(text string) string {
	var b []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		b = append(b, byte(unit), byte(unit>>8))
	}
	return string(b)
}
