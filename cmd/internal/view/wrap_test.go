package view

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWrap(t *testing.T) {
	cases := map[string]struct {
		reason, in, want string
		width            int
		indent           string
	}{
		"Words":    {reason: "between words", in: "the quick brown fox jumps", width: 10, want: "the quick\nbrown fox\njumps"},
		"Never":    {reason: "a pipe has no width", in: "the quick brown fox jumps", want: "the quick brown fox jumps"},
		"Fits":     {reason: "a line that just fits", in: "the quick\nbrown fox\n", width: 9, want: "the quick\nbrown fox\n"},
		"Quoted":   {reason: "lines of a file stay whole", in: "at\n  first_name = \"a long one\"\n\tand this", width: 8, want: "at\n  first_name = \"a long one\"\n\tand this"},
		"Address":  {reason: "so does an address", in: `see ghl_contact.leads["ann von b"] in it`, width: 12, want: "see\nghl_contact.leads[\"ann von b\"]\nin it"},
		"Command":  {reason: "so does a command", in: "give `lockstep apply -full` a try", width: 12, want: "give\n`lockstep apply -full`\na try"},
		"OneQuote": {reason: "a quote without end quotes nothing", in: "a ` b c d e f", width: 5, want: "a ` b\nc d e\nf"},
		"Indent":   {reason: "lines that are begun hang", in: "Safety: ten words and more", width: 12, indent: "        ", want: "Safety: ten\n        words\n        and\n        more"},
		"Wide":     {reason: "wide characters take two columns", in: "連絡先 連絡先 連絡先", width: 13, want: "連絡先 連絡先\n連絡先"},
		"Spaces":   {reason: "spaces between columns stay where nothing is broken", in: "a   b\na   b c d", width: 6, want: "a   b\na   b\nc d"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, wrap(tc.in, tc.width, tc.indent)); diff != "" {
				t.Errorf("%s: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestPagesWrap holds that paragraphs of a plan and of a diagnostic fit a narrow
// terminal, and that a source line and the rows of fields stay as they are.
func TestPagesWrap(t *testing.T) {
	plan := render(t, mixed(), Options{Width: 60})
	diags, files := refused()
	diags[0].Detail = strings.Repeat("The phone is wrong. ", 10)
	var b bytes.Buffer
	if err := Diagnostics(&b, diags, files, Options{Width: 60}); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(plan + b.String()) {
		if rest := strings.TrimLeft(line, " "); len(rest) < len(line) && !strings.HasPrefix(line, "        ") || strings.HasPrefix(line, "Plan: ") {
			continue
		}
		if n := columns(strings.TrimSuffix(line, "\n")); n > 60 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	for _, want := range []string{"Safety: 11 of 20 contacts would be deleted. If that is\n        meant, give", "Cost: 162 calls (20 bulk, 142 single), about 16 s, 0.1 % of\nthe day's 200,000."} {
		if !strings.Contains(plan, want) {
			t.Errorf("there is no %q in\n%s", want, plan)
		}
	}
}
