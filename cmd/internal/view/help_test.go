package view_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/cmd/internal/view"
)

func TestHelp(t *testing.T) {
	h := view.Help{
		Usage: "lockstep plan [options]", Summary: "Show what apply would do.",
		Description: strings.Repeat("word ", 20) + "end.\n\nA second paragraph.",
		Options: []view.Entry{
			{Name: "-out=FILE", Text: "save the plan to a FILE for apply, which is a text that does not fit beside the name"},
			{Name: "-a-name-that-is-wide=VALUE", Text: "stands above its text"},
		},
		Examples: []view.Entry{{Name: "lockstep plan", Text: "show it"}},
	}
	want := `Usage: lockstep plan [options]

  Show what apply would do.

  word word word word word word word word word word word word word word word
  word word word word word end.

  A second paragraph.

Options:
  -out=FILE  save the plan to a FILE for apply, which is a text that does not
             fit beside the name
  -a-name-that-is-wide=VALUE
             stands above its text

Examples:

  lockstep plan
      show it
`
	if diff := cmp.Diff(want, h.String()); diff != "" {
		t.Errorf("help (-want +got):\n%s", diff)
	}
}

func TestWrap(t *testing.T) {
	long := strings.Repeat("x", 90)
	cases := map[string]struct {
		reason, in, want string
	}{
		"short":    {"a short text stays on its line", "a b", "  a b"},
		"empty":    {"an empty line gets no spaces", "a\n\nb", "  a\n\n  b"},
		"word":     {"a word that is too wide is not cut: it may be an address", "a " + long, "  a\n  " + long},
		"indented": {"a line of code stays whole", "a\n  " + long + " b", "  a\n    " + long + " b"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, view.Wrap(tc.in, 2)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
