package schema

import (
	"strconv"
	"strings"
)

// Thousands writes a whole number for people, in groups of three digits: 1,500. What
// programs read, such as the summary line of a plan, has plain digits.
func Thousands(n int) string {
	digits := strconv.Itoa(n)
	sign := ""
	if digits[0] == '-' {
		sign, digits = "-", digits[1:]
	}
	var groups []string
	for len(digits) > 3 {
		groups = append([]string{digits[len(digits)-3:]}, groups...)
		digits = digits[:len(digits)-3]
	}
	return sign + strings.Join(append([]string{digits}, groups...), ",")
}
