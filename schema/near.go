package schema

import (
	"slices"

	"github.com/agext/levenshtein"
)

// Near returns the candidate that is spelled most like name, for "did you
// mean" advice. It is empty when none comes close.
func Near(name string, candidates []string) string {
	limit := max(2, len(name)/3)
	if len(name) <= 3 {
		limit = 1
	}
	best, bestDistance := "", min(limit+1, len(name))
	for _, c := range candidates {
		d := distance(name, c)
		if d < bestDistance || d == bestDistance && best != "" && c < best {
			best, bestDistance = c, d
		}
	}
	return best
}

// distance counts letters that changed places as one mistake.
func distance(a, b string) int {
	d := levenshtein.Distance(a, b, nil)
	if d == 2 && len(a) == len(b) && letters(a) == letters(b) {
		return 1
	}
	return d
}

func letters(s string) string {
	sorted := []byte(s)
	slices.Sort(sorted)
	return string(sorted)
}

// DidYouMean is " Did you mean "x"?", with a leading space, or nothing.
func DidYouMean(name string, candidates []string) string {
	near := Near(name, candidates)
	if near == "" {
		return ""
	}
	return ` Did you mean "` + near + `"?`
}
