package schema_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/schema"
)

func TestCanonicalText(t *testing.T) {
	cases := map[string]struct{ reason, in, want string }{
		"Plain":      {"nothing to do", "a\nb\n", "a\nb\n"},
		"Windows":    {"both ends of lines mean the same", "a\r\nb\r\n", "a\nb\n"},
		"Mixed":      {"an editor may have added lines", "a\nb\r\nc", "a\nb\nc"},
		"Mark":       {"some editors on Windows write one", "\ufeffa\n", "a\n"},
		"InnerMark":  {"within a text it is a character", "a\ufeffb", "a\ufeffb"},
		"LoneReturn": {"a carriage return alone ends no line", "a\rb\r", "a\rb\r"},
		"Twice":      {"only the one before the line's end goes", "a\r\r\nb", "a\r\nb"},
		"Decomposed": {"macOS writes names so", "gro\u0308\u00dfe", "gr\u00f6\u00dfe"},
		"Composed":   {"already in the one spelling", "gr\u00f6\u00dfe", "gr\u00f6\u00dfe"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, schema.CanonicalText(tc.in)); diff != "" {
				t.Errorf("CanonicalText(%q): %s: -want, +got:\n%s", tc.in, tc.reason, diff)
			}
		})
	}
}

func TestNormalText(t *testing.T) {
	cases := map[string]struct{ reason, in, want string }{
		"plain":    {"most texts stay as they are", "Ann", "Ann"},
		"space":    {"spaces may be meant", " Ann ", " Ann "},
		"accents":  {"letters are composed", "e\u0301", "é"},
		"no width": {"what takes no room is not compared", "\ufeffA\u200bn\u2060n", "Ann"},
		"windows":  {"lines end in one way", "a\r\nb\rc", "a\nb\nc"},
		"joiner":   {"a joiner shapes letters", "👩\u200d🚒", "👩\u200d🚒"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, schema.NormalText(tc.in)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
