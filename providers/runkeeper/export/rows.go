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
	data = feedLines(bytes.TrimPrefix(data, byteOrderMark))
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

// feedLines ends lines in line feeds where they end in carriage returns alone,
// as Excel for the Mac writes them.
func feedLines(data []byte) []byte {
	end := bytes.IndexAny(data, "\r\n")
	if end < 0 || data[end] == '\n' || end+1 < len(data) && data[end+1] == '\n' {
		return data
	}
	data = bytes.Clone(data)
	for i, b := range data {
		if b == '\r' && (i+1 == len(data) || data[i+1] != '\n') {
			data[i] = '\n'
		}
	}
	return data
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

// readActivities reads cardioActivities.csv, and notes what is odd in it. With an
// error, line is where it is.
func readActivities(data []byte, odd *oddities) (found []Activity, line int, err error) {
	var h *header
	var sound consistency
	seen := map[string]bool{}
	line, err = rows(data,
		func(names []string) (err error) { h, err = readHeader(names); return err },
		func(row []string, line int) error {
			if again := h.repeated(row, seen); again {
				odd.add(twice, line)
				return nil
			}
			a, err := h.activity(row, line, odd)
			if err != nil {
				return err
			}
			sound.add(&a, h.speed*hundredth)
			found = append(found, a)
			return nil
		})
	if err == nil {
		line, err = sound.verdict(odd)
	}
	return found, line, err
}

// hundredth is the most that two decimal places round off.
const hundredth = 0.005

// repeated reports whether a row says what an earlier one said, whatever its id:
// services that sync write one activity twice.
func (h *header) repeated(row []string, seen map[string]bool) bool {
	said := slices.Clone(row)
	if i := h.at[columnID]; i >= 0 {
		said[i] = ""
	}
	key := strings.Join(said, "\x00")
	again := seen[key]
	seen[key] = true
	return again
}

// activity reads one row. What only adds to an activity may be unreadable; then it
// is unknown.
func (h *header) activity(row []string, line int, odd *oddities) (Activity, error) {
	a := Activity{
		ID: strings.ToLower(h.field(row, columnID)), Type: h.field(row, columnType), RouteName: h.field(row, columnRoute),
		Notes: strings.TrimSpace(h.field(row, columnNotes)), Friends: names(h.field(row, columnFriends)),
		Row: Row{Track: h.field(row, columnTrack), Line: line, Other: h.others(row)},
	}
	var err error
	if a.Start, err = parseClock(h.field(row, columnDate)); err != nil {
		return a, err
	}
	if a.Type == "" {
		return a, errors.New("the row has no type")
	}
	if a.Distance, err = h.metres(row); err != nil {
		return a, err
	}
	if a.Duration, err = parseDuration(h.field(row, columnDuration)); err != nil {
		return a, err
	}
	h.figures(&a, row, odd)
	return a, badTrack(a.Track)
}

// metres reads the distance of a row. Activities that were typed in, or have a
// heart rate only, have none in old exports.
func (h *header) metres(row []string) (float64, error) {
	text := h.field(row, columnDistance)
	if text == "" {
		return 0, nil
	}
	distance, err := parseNumber(text)
	if err != nil || distance < 0 {
		return 0, fmt.Errorf("the distance %s is not a number such as 4.21", quote(text))
	}
	return Round(distance*h.distance, 2), nil
}

// others are the cells of the columns that are not known.
func (h *header) others(row []string) map[string]string {
	var all map[string]string
	for _, i := range h.other {
		if row[i] == "" {
			continue
		}
		if all == nil {
			all = map[string]string{}
		}
		all[h.names[i]] = row[i]
	}
	return all
}

// figures reads the numbers that may be missing. Beyond what any person reaches a
// number is a fault of whoever wrote it.
func (h *header) figures(a *Activity, row []string, odd *oddities) {
	for _, n := range []struct {
		to     *Amount
		column column
		scale  float64
		most   float64
	}{
		{&a.Speed, columnSpeed, h.speed, 3000}, {&a.Calories, columnCalories, 1, 100_000}, {&a.Climb, columnClimb, h.climb, 100_000}, {&a.HeartRate, columnHeart, 1, 300},
	} {
		amount, err := parseAmount(h.field(row, n.column), n.scale)
		if err != nil || amount.Value < 0 || amount.Value > n.most {
			odd.add(unreadable(h.names[h.at[n.column]]), a.Line)
			continue
		}
		*n.to = amount
	}
	text := h.field(row, columnPace)
	if text == "" {
		return
	}
	pace, err := parseDuration(text)
	if err != nil {
		odd.add(unreadable(h.names[h.at[columnPace]]), a.Line)
		return
	}
	a.Pace = Amount{Value: Round(pace.Seconds()/h.distance*1000, 2), Known: true}
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

// readMeasurements reads measurements.csv, and notes what is odd in it. With an
// error, line is where it is.
func readMeasurements(data []byte, odd *oddities) (found []Measurement, line int, err error) {
	var date, typ, value int
	seen := map[Measurement]bool{}
	line, err = rows(data,
		func(names []string) error {
			date, typ, value = title(names, "date"), title(names, "type"), title(names, "value")
			if min(date, typ, value) < 0 {
				return errors.New("the header is not Date,Type,Value")
			}
			return nil
		},
		func(row []string, line int) error {
			m := Measurement{Type: strings.TrimSpace(row[typ])}
			var err error
			if m.Time, err = parseClock(strings.TrimSpace(row[date])); err != nil {
				return err
			}
			if m.Type == "" {
				return errors.New("the row has no type")
			}
			if m.Value, err = parseNumber(strings.TrimSpace(row[value])); err != nil {
				odd.add(unreadable("Value"), line)
				return nil
			}
			if seen[m] {
				odd.add(twice, line)
				return nil
			}
			seen[m] = true
			m.Line = line
			found = append(found, m)
			return nil
		})
	return found, line, err
}

func title(names []string, want string) int {
	return slices.IndexFunc(names, func(n string) bool { return strings.EqualFold(strings.TrimSpace(n), want) })
}

// seconds of a duration, as a text.
func seconds(d time.Duration) string { return fmt.Sprint(int64(d / time.Second)) }
