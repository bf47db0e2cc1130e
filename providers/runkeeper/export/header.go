package export

import (
	"fmt"
	"regexp"
	"strings"
)

// The units that headers name, in metres; speeds in kilometres per hour.
const (
	mile = 1609.344
	foot = 0.3048
)

var (
	distances = map[string]float64{"km": 1000, "mi": mile, "m": 1}
	speeds    = map[string]float64{"km/h": 1, "mph": mile / 1000}
	climbs    = map[string]float64{"m": 1, "ft": foot}
)

// column is what a header stands for.
type column uint8

const (
	columnID column = iota
	columnDate
	columnType
	columnRoute
	columnDistance
	columnDuration
	columnPace
	columnSpeed
	columnCalories
	columnClimb
	columnHeart
	columnFriends
	columnNotes
	columnTrack
	columns
)

// titles are the headers without their units, in lower case.
var titles = map[string]column{
	"activity id": columnID, "date": columnDate, "type": columnType, "route name": columnRoute, "distance": columnDistance,
	"duration": columnDuration, "average pace": columnPace, "average speed": columnSpeed, "calories burned": columnCalories,
	"climb": columnClimb, "average heart rate": columnHeart, "friend's tagged": columnFriends, "friends tagged": columnFriends,
	"notes": columnNotes, "gpx file": columnTrack,
}

var titleForm = regexp.MustCompile(`^([^()]*?)\s*(?:\(([^()]*)\))?$`)

// header is a header line, understood.
type header struct {
	names []string
	// at is the position of each column, -1 when there is none.
	at [columns]int
	// other are the positions of columns that are not known.
	other []int
	// distance is how many metres the file's unit is; speed and climb
	// convert to kilometres per hour and metres.
	distance, speed, climb float64
}

// readHeader understands a header line. The error is a problem without place.
func readHeader(names []string) (*header, error) {
	h := &header{names: names, distance: 0, speed: 1, climb: 1}
	for i := range h.at {
		h.at[i] = -1
	}
	for i, name := range names {
		if err := h.column(i, name); err != nil {
			return nil, err
		}
	}
	for title, c := range map[string]column{"Date": columnDate, "Type": columnType, "Distance": columnDistance, "Duration": columnDuration} {
		if h.at[c] < 0 {
			return nil, fmt.Errorf("there is no column %q", title)
		}
	}
	if h.distance == 0 {
		return nil, fmt.Errorf("neither the column %q nor the average speed says its unit", names[h.at[columnDistance]])
	}
	return h, nil
}

func (h *header) column(i int, name string) error {
	m := titleForm.FindStringSubmatch(strings.ToLower(strings.ReplaceAll(strings.TrimSpace(name), "’", "'")))
	if m == nil {
		h.other = append(h.other, i)
		return nil
	}
	c, known := titles[m[1]]
	if !known {
		h.other = append(h.other, i)
		return nil
	}
	if h.at[c] >= 0 {
		return fmt.Errorf("the column %q is there twice", name)
	}
	h.at[c] = i
	return h.unit(c, m[2], name)
}

// unit notes the unit of a column.
func (h *header) unit(c column, unit, name string) error {
	var known bool
	switch {
	case c == columnDistance && unit == "":
		// People edit this header. The speed still says it, later in the line.
		return nil
	case c == columnDistance:
		h.distance, known = distances[unit]
	case c == columnSpeed:
		if h.speed, known = speeds[unit]; known && h.distance == 0 {
			h.distance = h.speed * 1000
		}
	case c == columnClimb:
		h.climb, known = climbs[unit]
	default:
		return nil
	}
	if !known {
		return fmt.Errorf("the column %q does not have a unit that is known", name)
	}
	return nil
}

// field is a column of a row, empty when the file does not have it.
func (h *header) field(row []string, c column) string {
	if h.at[c] < 0 {
		return ""
	}
	return strings.TrimSpace(row[h.at[c]])
}
