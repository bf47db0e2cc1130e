package complete_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/cmd/internal/complete"
)

func TestParseLine(t *testing.T) {
	cases := map[string]struct {
		reason, line string
		want         []string
	}{
		"new word":  {"a space begins an empty word", "lockstep plan ", []string{"plan", ""}},
		"in a word": {"the last word is being typed", "lockstep plan -ou", []string{"plan", "-ou"}},
		"equals":    {"a flag with its value is one word", "lockstep plan -out=a", []string{"plan", "-out=a"}},
		"nothing":   {"there is always a word to complete", "lockstep", []string{""}},
		"escaped":   {"a backslash takes the meaning of the next character", `lockstep state show a\[\"b\ c\"`, []string{"state", "show", `a["b c"`}},
		"single":    {"an open quotation mark is no end", `lockstep state show 'a["b`, []string{"state", "show", `a["b`}},
		"double":    {"a backslash works within double quotation marks", `lockstep state show "a[\"b c`, []string{"state", "show", `a["b c`}},
		"mixed":     {"quoted parts belong to one word", `lockstep x 'a'b"c" `, []string{"x", "abc", ""}},
		"trailing":  {"a backslash at the end waits for what comes", `lockstep x a\`, []string{"x", "a"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, complete.ParseLine(tc.line).Words); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestLineWrite(t *testing.T) {
	const address = `ghl_contact.a["ann@example.com"]`
	cases := map[string]struct {
		reason, line, replaced, value, want string
	}{
		"plain":      {"a whole word has a space behind it", "lockstep pl", "pl", "plan", "plan \n"},
		"flag":       {"a flag that takes a value has none", "lockstep plan -o", "-o", "-out=", "-out=\n"},
		"folder":     {"a folder has none", "lockstep plan -out=", "", "-out=dir/", "dir/\n"},
		"value":      {"only what bash takes for the word is written", "lockstep plan -refresh=ch", "ch", "-refresh=changed", "changed \n"},
		"escaped":    {"what bash would interpret is escaped", "lockstep state show gh", "gh", address, `ghl_contact.a\[\"ann@example.com\"\] ` + "\n"},
		"after at":   {"an @ ends a word of bash", `lockstep state show ghl_contact.a\[\"ann@ex`, "@ex", address, `@example.com\"\] ` + "\n"},
		"in quotes":  {"bash itself closes a quotation mark", `lockstep state show 'ghl`, "ghl", address, address + "\n"},
		"in doubles": {"double quotation marks need escapes", `lockstep state show "ghl`, "ghl", address, `ghl_contact.a[\"ann@example.com\"]` + "\n"},
		"other":      {"what does not begin as the line does is left out", "lockstep plan -refresh=ch", "ch", "-out=", ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var b strings.Builder
			if err := complete.ParseLine(tc.line).Write(&b, []complete.Candidate{{Value: tc.value}}, tc.replaced); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, b.String()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
