package ghl

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"lockstep/providers"
	"lockstep/schema"
)

// The forms of a calendar's attributes.
var (
	meetingPlaces    = form{decode: decodePlaces, encode: encodePlaces, normalize: normalPlaces, example: `[{ kind = "physical", location = "1 Main Street" }]`}
	availabilityType = form{decode: decodeAvailabilityType, encode: encodeAvailabilityType}
	lookBusy         = form{decode: decodeLookBusy, encode: encodeLookBusy, normalize: normalPercent}
	recurrence       = form{decodeKeys: decodeRecurrence, encode: encodeRecurrence, normalize: normalRecurrence, example: `{ freq = "WEEKLY", count = 4 }`}
)

// meetingKinds are the kinds of places that the API knows.
var meetingKinds = []string{"custom", "zoom_conference", "google_conference", "inbound_call", "outbound_call", "physical", "booker", "ms_teams_conference"}

// decodePlaces reads places without the ids and positions that the server gives
// them.
func decodePlaces(_ *decoder, raw jsontext.Value) schema.Value {
	var places []struct {
		Kind     string `json:"kind"`
		Location string `json:"location"`
	}
	if err := json.Unmarshal(raw, &places); err != nil || len(places) == 0 {
		return schema.Value{}
	}
	out := make([]schema.Value, len(places))
	for i, p := range places {
		out[i] = placeValue(p.Kind, p.Location)
	}
	return schema.ListValue(out...)
}

func placeValue(kind, location string) schema.Value {
	entries := map[string]schema.Value{"kind": schema.StringValue(kind)}
	if location = spellName(location); location != "" {
		entries["location"] = schema.StringValue(location)
	}
	return schema.MapValue(entries)
}

// encodePlaces keeps an empty list, which clears.
func encodePlaces(v schema.Value) any {
	places := []any{}
	for _, p := range v.Items() {
		places = append(places, p.ToJSON())
	}
	return places
}

func normalPlaces(_ *speller, path string, v schema.Value) (schema.Value, error) {
	if v.Type() != schema.List || !v.IsKnown() {
		return v, nil
	}
	out := make([]schema.Value, len(v.Items()))
	for i, p := range v.Items() {
		if err := onlyKeys(path, "a location", p, "kind", "location"); err != nil {
			return v, err
		}
		if kind := p.Entry("kind").Text(); !slices.Contains(meetingKinds, kind) {
			return v, notOneOf(path, "kind", kind, meetingKinds)
		}
		out[i] = placeValue(p.Entry("kind").Text(), p.Entry("location").Text())
	}
	return schema.ListValue(out...), nil
}

// onlyKeys refuses a map with a key that it may not have.
func onlyKeys(path, what string, v schema.Value, may ...string) error {
	for _, key := range v.Keys() {
		if !slices.Contains(may, key) {
			return &providers.FieldError{Path: path, Problem: fmt.Sprintf("%s has no %q", what, key),
				Advice: "It takes " + strings.Join(may, ", ") + "." + schema.DidYouMean(key, may)}
		}
	}
	return nil
}

// notOneOf refuses a value of a closed set.
func notOneOf(path, key, got string, of []string) error {
	problem := fmt.Sprintf("%q is no %s", got, key)
	if got == "" {
		problem = "there is no " + key
	}
	return &providers.FieldError{Path: path, Problem: problem, Advice: "It is one of " + strings.Join(of, ", ") + "." + schema.DidYouMean(got, of)}
}

// availabilityTypes are what counts, by their numbers on the wire.
var availabilityTypes = []string{"open_hours", "dates"}

func decodeAvailabilityType(_ *decoder, raw jsontext.Value) schema.Value {
	for number, name := range availabilityTypes {
		if string(raw) == fmt.Sprint(number) {
			return schema.StringValue(name)
		}
	}
	return schema.Value{}
}

func encodeAvailabilityType(v schema.Value) any { return slices.Index(availabilityTypes, v.Text()) }

// decodeLookBusy reads {"enabled": true, "LookBusyPercentage": 20}.
func decodeLookBusy(_ *decoder, raw jsontext.Value) schema.Value {
	var c struct {
		Enabled bool        `json:"enabled"`
		Percent json.Number `json:"LookBusyPercentage"`
	}
	if err := json.Unmarshal(raw, &c); err != nil || !c.Enabled {
		return schema.Value{}
	}
	n, err := schema.CanonicalNumber(c.Percent.String())
	if err != nil || n == "0" {
		return schema.Value{}
	}
	return schema.NumberValue(n)
}

func encodeLookBusy(v schema.Value) any {
	return map[string]any{"enabled": v.Text() != "0", "LookBusyPercentage": json.Number(v.Text())}
}

func normalPercent(_ *speller, path string, v schema.Value) (schema.Value, error) {
	if v.Type() != schema.Number {
		return v, nil
	}
	if f, err := json.Number(v.Text()).Float64(); err != nil || f < 0 || f > 100 {
		return v, &providers.FieldError{Path: path, Problem: v.Text() + " is not a percentage", Advice: "Write a number from 0 to 100."}
	}
	return v, nil
}

// recurrenceKeys are the settings of a series, by their names on the wire.
var recurrenceKeys = map[string]string{"freq": "freq", "count": "count", "booking_option": "bookingOption", "overlap_status": "bookingOverlapDefaultStatus"}

// recurrenceWords are the values of the settings that are words.
var recurrenceWords = map[string][]string{
	"freq": {"DAILY", "WEEKLY", "MONTHLY"}, "booking_option": {"skip", "continue", "book_next"}, "overlap_status": {"confirmed", "new"},
}

// decodeRecurrence reads a field of each setting of a series.
func decodeRecurrence(d *decoder, attribute string, raw jsontext.Value, into schema.Fields) schema.Fields {
	var settings map[string]jsontext.Value
	if err := json.Unmarshal(raw, &settings); err != nil {
		return into
	}
	for _, key := range slices.Sorted(maps.Keys(recurrenceKeys)) {
		v := decodeText(d, settings[recurrenceKeys[key]])
		if key == "count" {
			v = decodeNumber(d, settings[recurrenceKeys[key]])
		}
		if !v.IsAbsent() {
			into = append(into, schema.Field{Path: attribute + "." + key, Value: v})
		}
	}
	return into
}

func encodeRecurrence(v schema.Value) any {
	out := map[string]any{}
	for i, key := range v.Keys() {
		out[recurrenceKeys[key]] = v.Items()[i].ToJSON()
	}
	return out
}

// normalRecurrence checks a setting of a series.
func normalRecurrence(s *speller, path string, v schema.Value) (schema.Value, error) {
	key := schema.PathKey(path)
	if recurrenceKeys[key] == "" {
		keys := slices.Sorted(maps.Keys(recurrenceKeys))
		return v, &providers.FieldError{Path: path, Problem: fmt.Sprintf("a series has no %q", key),
			Advice: "It takes " + strings.Join(keys, ", ") + "." + schema.DidYouMean(key, keys)}
	}
	if on := s.fields.Value("recurring"); on.Type() == schema.Bool && !on.Truth() {
		return v, &providers.FieldError{Path: path, Problem: "the calendar is not recurring", Advice: "Write recurring = true, or leave recurrence out."}
	}
	if of := recurrenceWords[key]; of != nil {
		if !slices.Contains(of, v.Text()) {
			return v, notOneOf(path, key, v.Text(), of)
		}
		return v, nil
	}
	n, err := schema.CanonicalNumber(v.Text())
	if f, _ := json.Number(n).Float64(); err != nil || f < 1 || f > 24 {
		return v, &providers.FieldError{Path: path, Problem: fmt.Sprintf("%s is no number of appointments", v), Advice: "Write a number from 1 to 24."}
	}
	return schema.NumberValue(n), nil
}
