package ghl

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"lockstep/providers"
	"lockstep/schema"
)

// weekdays are the days by their numbers on the wire, of which 7 is Sunday as well.
var weekdays = []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}

// openHours are the times of each day of the week, as in
// { monday = ["09:00-12:00"] }.
var openHours = form{decode: decodeOpenHours, encode: encodeOpenHours, normalize: normalOpenHours, example: `{ monday = ["09:00-12:00", "13:00-17:00"] }`}

// dayHours are the times of one date, and calendarDay is the date itself, which the
// API has as midnight UTC whatever the time zone.
var (
	dayHours    = form{decode: decodeHours, encode: func(v schema.Value) any { return wireSpans(v.Strings()) }, normalize: normalDayHours}
	calendarDay = form{decode: decodeDate, normalize: normalDate, encode: func(v schema.Value) any { return v.Text() + "T00:00:00.000Z" }}
)

// wireHours is a time of a day as the API has it. The end of the day is 23:60.
type wireHours struct {
	OpenHour    int `json:"openHour"`
	OpenMinute  int `json:"openMinute"`
	CloseHour   int `json:"closeHour"`
	CloseMinute int `json:"closeMinute"`
}

// span is a time of a day in minutes since midnight.
type span struct{ open, close int }

func (s span) String() string {
	return fmt.Sprintf("%02d:%02d-%02d:%02d", s.open/60, s.open%60, s.close/60, s.close%60)
}

func (h wireHours) span() span {
	return span{h.OpenHour*60 + h.OpenMinute, h.CloseHour*60 + h.CloseMinute}
}

func (s span) wire() wireHours {
	h := wireHours{s.open / 60, s.open % 60, s.close / 60, s.close % 60}
	if s.close == midnight {
		h.CloseHour, h.CloseMinute = 23, 60
	}
	return h
}

// Why a text is no time of a day.
var (
	errNoSpan       = errors.New("is not a time of a day")
	errNoClock      = errors.New("is later than a clock shows")
	errNoTime       = errors.New("ends when it begins")
	errOverMidnight = errors.New("crosses midnight")
)

// midnight is the end of a day.
const midnight = 24 * 60

// decodeHours reads the times of one date.
func decodeHours(_ *decoder, raw jsontext.Value) schema.Value {
	var hours []wireHours
	if err := json.Unmarshal(raw, &hours); err != nil {
		return schema.Value{}
	}
	spans := make([]span, len(hours))
	for i, h := range hours {
		spans[i] = h.span()
	}
	return spansValue(spans)
}

func normalDayHours(_ *speller, path string, v schema.Value) (schema.Value, error) {
	if v.Type() != schema.List || !v.IsKnown() {
		return v, nil
	}
	return normalHours(path, "on that date", v)
}

// decodeOpenHours reads the entries of the days. There may be several days in an
// entry and several entries of a day, and an object in place of the array when
// there are none.
func decodeOpenHours(_ *decoder, raw jsontext.Value) schema.Value {
	var entries []struct {
		Days  []int       `json:"daysOfTheWeek"`
		Hours []wireHours `json:"hours"`
	}
	if err := json.Unmarshal(raw, &entries); err != nil {
		return schema.Value{}
	}
	byDay := map[string][]span{}
	for _, entry := range entries {
		for _, day := range entry.Days {
			if day < 0 || day > len(weekdays) {
				continue
			}
			name := weekdays[day%len(weekdays)]
			for _, h := range entry.Hours {
				byDay[name] = append(byDay[name], h.span())
			}
		}
	}
	days := map[string]schema.Value{}
	for name, spans := range byDay {
		days[name] = spansValue(spans)
	}
	if len(days) == 0 {
		return schema.Value{}
	}
	return schema.MapValue(days)
}

// encodeOpenHours makes one entry for each day: the API refuses an entry of
// several.
func encodeOpenHours(v schema.Value) any {
	entries := []any{}
	for number, day := range weekdays {
		if hours := v.Entry(day).Strings(); len(hours) > 0 {
			entries = append(entries, map[string]any{"daysOfTheWeek": []int{number}, "hours": wireSpans(hours)})
		}
	}
	return entries
}

// wireSpans are spelt times as the API has them.
func wireSpans(hours []string) []wireHours {
	out := make([]wireHours, 0, len(hours))
	for _, text := range hours {
		if s, err := parseSpan(text); err == nil {
			out = append(out, s.wire())
		}
	}
	return out
}

// spansValue is the one spelling of the times of a day.
func spansValue(spans []span) schema.Value {
	slices.SortFunc(spans, func(a, b span) int { return a.open - b.open })
	texts := make([]string, len(spans))
	for i, s := range spans {
		texts[i] = s.String()
	}
	return schema.StringsValue(texts)
}

// normalOpenHours spells the times of each day, and drops the days without any.
func normalOpenHours(_ *speller, path string, v schema.Value) (schema.Value, error) {
	if v.Type() != schema.Map || !v.IsKnown() {
		return v, nil
	}
	days := map[string]schema.Value{}
	for i, key := range v.Keys() {
		day := spellLower(key)
		if !slices.Contains(weekdays, day) {
			return v, &providers.FieldError{Path: path, Problem: fmt.Sprintf("%q is not a day of the week", key),
				Advice: "The days are " + strings.Join(weekdays, ", ") + "." + schema.DidYouMean(day, weekdays)}
		}
		if _, twice := days[day]; twice {
			return v, &providers.FieldError{Path: path, Problem: fmt.Sprintf("%s is written twice, in two spellings", day), Advice: "Keep one of the two."}
		}
		hours, err := normalHours(path, "on "+day, v.Items()[i])
		if err != nil {
			return v, err
		}
		if len(hours.Items()) > 0 {
			days[day] = hours
		}
	}
	return schema.MapValue(days), nil
}

// normalHours spells the times of one day, which must not overlap. when tells
// people the day.
func normalHours(path, when string, v schema.Value) (schema.Value, error) {
	spans := make([]span, 0, len(v.Items()))
	for _, text := range v.Strings() {
		s, err := parseSpan(text)
		if err != nil {
			return v, &providers.FieldError{Path: path, Problem: fmt.Sprintf("%q, %s, %s", text, when, err),
				Advice: `Write each time as "09:00-17:00". Hours over midnight are two: "22:00-24:00" on one day and "00:00-02:00" on the next.`}
		}
		spans = append(spans, s)
	}
	slices.SortFunc(spans, func(a, b span) int { return a.open - b.open })
	for i := 1; i < len(spans); i++ {
		if spans[i].open < spans[i-1].close {
			return v, &providers.FieldError{Path: path, Problem: fmt.Sprintf("%s and %s overlap %s", spans[i-1], spans[i], when), Advice: "Write them as one time."}
		}
	}
	return spansValue(spans), nil
}

var spanForm = regexp.MustCompile(`^\s*(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})\s*$`)

// parseSpan reads a time such as "09:00-17:00". Its error is the end of a sentence
// that begins with the text.
func parseSpan(text string) (span, error) {
	m := spanForm.FindStringSubmatch(text)
	if m == nil {
		return span{}, errNoSpan
	}
	var numbers [4]int
	for i := range numbers {
		// The form has digits only.
		numbers[i], _ = strconv.Atoi(m[i+1])
	}
	s := span{numbers[0]*60 + numbers[1], numbers[2]*60 + numbers[3]}
	switch {
	case numbers[1] > 59, numbers[3] > 59, s.open >= midnight, s.close > midnight:
		return span{}, errNoClock
	case s.close == s.open:
		return span{}, errNoTime
	case s.close < s.open:
		return span{}, errOverMidnight
	}
	return s, nil
}
