package export

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

var byteOrderMark = []byte("\xef\xbb\xbf")

// rows calls header with the first row and row with each other one, with the
// line that it begins at. Their errors get the line.
func rows(data []byte, header func([]string) error, row func([]string, int) error) (line int, err error) {
	data = bytes.TrimPrefix(data, byteOrderMark)
	if i := invalid(data); i >= 0 {
		return bytes.Count(data[:i], []byte("\n")) + 1, errors.New("the text is not UTF-8")
	}
	r := csv.NewReader(bytes.NewReader(data))
	names, err := r.Read()
	if errors.Is(err, io.EOF) {
		return 0, errors.New("the file is empty")
	}
	if err != nil {
		return csvProblem(err)
	}
	if len(names) == 1 && strings.ContainsAny(names[0], ";\t") {
		return 1, errors.New("the columns are not separated by commas")
	}
	if err := header(names); err != nil {
		return 1, err
	}
	for {
		fields, err := r.Read()
		if errors.Is(err, io.EOF) {
			return 0, nil
		}
		if err != nil {
			return csvProblem(err)
		}
		line, _ := r.FieldPos(0)
		if !slices.ContainsFunc(fields, func(f string) bool { return f != "" }) {
			continue
		}
		if err := row(fields, line); err != nil {
			return line, err
		}
	}
}

// invalid is the position of the first byte that is not UTF-8, -1 when there
// is none.
func invalid(data []byte) int {
	if utf8.Valid(data) {
		return -1
	}
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

// csvProblem words an error of the CSV reader.
func csvProblem(err error) (int, error) {
	var parse *csv.ParseError
	if !errors.As(err, &parse) {
		return 0, err
	}
	if errors.Is(err, csv.ErrFieldCount) {
		return parse.StartLine, errors.New("the row has more or fewer fields than the header")
	}
	return parse.StartLine, parse.Err
}

// readActivities reads cardioActivities.csv.
func readActivities(data []byte) (found []Activity, line int, err error) {
	var h *header
	line, err = rows(data,
		func(names []string) (err error) { h, err = readHeader(names); return err },
		func(row []string, line int) error {
			a, err := h.activity(row)
			a.Line = line
			found = append(found, a)
			return err
		})
	return found, line, err
}

// activity reads one row.
func (h *header) activity(row []string) (Activity, error) {
	a := Activity{
		ID: strings.ToLower(h.field(row, columnID)), Type: h.field(row, columnType), RouteName: h.field(row, columnRoute),
		Notes: strings.TrimSpace(h.field(row, columnNotes)), Friends: names(h.field(row, columnFriends)),
		Row: Row{Track: h.field(row, columnTrack)},
	}
	var err error
	if a.Start, err = parseClock(h.field(row, columnDate)); err != nil {
		return a, err
	}
	if a.Type == "" {
		return a, errors.New("the row has no type")
	}
	distance, err := parseNumber(h.field(row, columnDistance))
	if err != nil || distance < 0 {
		return a, fmt.Errorf("the distance %s is not a number such as 4.21", quote(h.field(row, columnDistance)))
	}
	a.Distance = Round(distance*h.distance, 2)
	if a.Duration, err = parseDuration(h.field(row, columnDuration)); err != nil {
		return a, err
	}
	if text := h.field(row, columnPace); text != "" {
		pace, err := parseDuration(text)
		if err != nil {
			return a, fmt.Errorf("average pace: %w", err)
		}
		a.Pace = Amount{Value: Round(pace.Seconds()/h.distance*1000, 2), Known: true}
	}
	if err := badTrack(a.Track); err != nil {
		return a, err
	}
	for _, i := range h.other {
		if row[i] == "" {
			continue
		}
		if a.Other == nil {
			a.Other = map[string]string{}
		}
		a.Other[h.names[i]] = row[i]
	}
	return a, h.amounts(&a, row)
}

// amounts reads the numbers that may be missing.
func (h *header) amounts(a *Activity, row []string) error {
	for _, n := range []struct {
		to     *Amount
		column column
		scale  float64
	}{
		{&a.Speed, columnSpeed, h.speed}, {&a.Calories, columnCalories, 1}, {&a.Climb, columnClimb, h.climb}, {&a.HeartRate, columnHeart, 1},
	} {
		var err error
		if *n.to, err = parseAmount(h.field(row, n.column), n.scale); err != nil {
			return fmt.Errorf("%s: %w", h.names[h.at[n.column]], err)
		}
	}
	return nil
}

// names are the members of a list with a comma after each.
func names(text string) []string {
	var all []string
	for name := range strings.SplitSeq(text, ",") {
		if name = strings.TrimSpace(name); name != "" {
			all = append(all, name)
		}
	}
	return all
}

// badTrack refuses names that lead somewhere else.
func badTrack(name string) error {
	if name == "." || name == ".." || strings.ContainsAny(name, `/\:`) || strings.ContainsRune(name, 0) {
		return fmt.Errorf("the GPX file %s is not a plain file name", quote(name))
	}
	return nil
}

// readMeasurements reads measurements.csv.
func readMeasurements(data []byte) (found []Measurement, line int, err error) {
	var date, typ, value int
	line, err = rows(data,
		func(names []string) error {
			date, typ, value = title(names, "date"), title(names, "type"), title(names, "value")
			if min(date, typ, value) < 0 {
				return errors.New("the header is not Date,Type,Value")
			}
			return nil
		},
		func(row []string, line int) error {
			m := Measurement{Type: strings.TrimSpace(row[typ]), Line: line}
			var err error
			if m.Time, err = parseClock(strings.TrimSpace(row[date])); err != nil {
				return err
			}
			if m.Type == "" {
				return errors.New("the row has no type")
			}
			m.Value, err = parseNumber(strings.TrimSpace(row[value]))
			found = append(found, m)
			return err
		})
	return found, line, err
}

func title(names []string, want string) int {
	return slices.IndexFunc(names, func(n string) bool { return strings.EqualFold(strings.TrimSpace(n), want) })
}

// seconds of a duration, as a text.
func seconds(d time.Duration) string { return fmt.Sprint(int64(d / time.Second)) }
