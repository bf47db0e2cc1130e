package export

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

const clockForm = "2006-01-02 15:04:05"

var clockLike = regexp.MustCompile(`^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$`)

// parseClock reads the clock on the wall.
func parseClock(text string) (time.Time, error) {
	t, err := time.Parse(clockForm, text)
	if err != nil && clockLike.MatchString(text) {
		return time.Time{}, fmt.Errorf("the date %s is in no calendar: there is no such day or time of day", quote(text))
	}
	if err != nil || len(text) != len(clockForm) {
		return time.Time{}, fmt.Errorf("the date %s is not written as Runkeeper writes it, 2023-12-31 06:55:59", quote(text))
	}
	return t, nil
}

// parseDuration reads M:SS, MM:SS, MMM:SS or H:MM:SS.
func parseDuration(text string) (time.Duration, error) {
	seconds, parts := 0, 0
	for part := range strings.SplitSeq(text, ":") {
		parts++
		n, err := strconv.ParseUint(part, 10, 20)
		if err != nil || parts > 3 || parts > 1 && (n > 59 || len(part) != 2) {
			parts = 0
			break
		}
		seconds = seconds*60 + int(n)
	}
	if parts < 2 {
		return 0, fmt.Errorf("%s is not a duration such as 44:44 or 1:05:12", quote(text))
	}
	return time.Duration(seconds) * time.Second, nil
}

// parseNumber reads a decimal number.
func parseNumber(text string) (float64, error) {
	if strings.Trim(text, "0123456789.+-eE") == "" {
		if f, err := strconv.ParseFloat(text, 64); err == nil && math.Abs(f) <= 1e12 {
			return f, nil
		}
	}
	return 0, fmt.Errorf("%s is not a number such as 4.21", quote(text))
}

// parseAmount reads a number that may be missing and scales it.
func parseAmount(text string, scale float64) (Amount, error) {
	if text == "" {
		return Amount{}, nil
	}
	f, err := parseNumber(text)
	return Amount{Value: Round(f*scale, 6), Known: err == nil}, err
}

// quote renders a text of a file for a message, cut when it is long.
func quote(text string) string {
	if r := []rune(text); len(r) > 40 {
		text = string(r[:40]) + "…"
	}
	return strconv.Quote(text)
}
