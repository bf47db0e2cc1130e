package export

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"path"
	"strconv"
	"strings"
	"time"
)

// Track is a GPX file. It shows where a person lives: nothing of it should
// leave without being asked for.
type Track struct {
	// Segments are divided by pauses.
	Segments [][]Point
}

// Point of a track.
type Point struct {
	Latitude, Longitude float64
	// Elevation in metres, HeartRate in beats per minute.
	Elevation, HeartRate Amount
	Time                 time.Time
}

// HeartRate is the mean and the highest rate of the points that have one.
func (t *Track) HeartRate() (mean, highest Amount) {
	sum, n, top := 0.0, 0, 0.0
	for _, segment := range t.Segments {
		for _, p := range segment {
			if p.HeartRate.Known {
				sum, n, top = sum+p.HeartRate.Value, n+1, max(top, p.HeartRate.Value)
			}
		}
	}
	if n == 0 {
		return Amount{}, Amount{}
	}
	return Amount{Value: Round(sum/float64(n), 1), Known: true}, Amount{Value: top, Known: true}
}

// wirePoint is a trkpt element. Extensions are found by their local names,
// whatever prefix the file gives them.
type wirePoint struct {
	Lat  string `xml:"lat,attr"`
	Lon  string `xml:"lon,attr"`
	Ele  string `xml:"ele"`
	Time string `xml:"time"`
	HR   string `xml:"extensions>TrackPointExtension>hr"`
}

// readTrack reads a GPX file.
func readTrack(r io.Reader) (t *Track, line int, err error) {
	d := xml.NewDecoder(r)
	t = &Track{}
	rooted := false
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			if !rooted {
				return nil, 1, errors.New("the file is not GPX")
			}
			return t, 0, nil
		}
		if err != nil {
			return nil, lineOf(d), err
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		if !rooted && start.Name.Local != "gpx" {
			return nil, lineOf(d), fmt.Errorf("the file is not GPX: its root is %s", quote(start.Name.Local))
		}
		rooted = true
		switch start.Name.Local {
		case "trkseg":
			t.Segments = append(t.Segments, nil)
		case "trkpt":
			p, err := readPoint(d, &start)
			if err != nil {
				return nil, lineOf(d), err
			}
			t.add(p)
		}
	}
}

func lineOf(d *xml.Decoder) int {
	line, _ := d.InputPos()
	return line
}

func (t *Track) add(p Point) {
	if len(t.Segments) == 0 {
		t.Segments = append(t.Segments, nil)
	}
	last := len(t.Segments) - 1
	t.Segments[last] = append(t.Segments[last], p)
}

func readPoint(d *xml.Decoder, start *xml.StartElement) (Point, error) {
	var w wirePoint
	if err := d.DecodeElement(&w, start); err != nil {
		return Point{}, err
	}
	var p Point
	var err error
	if p.Latitude, err = degrees(w.Lat, 90); err != nil {
		return p, err
	}
	if p.Longitude, err = degrees(w.Lon, 180); err != nil {
		return p, err
	}
	if p.Elevation, err = parseAmount(strings.TrimSpace(w.Ele), 1); err != nil {
		return p, err
	}
	if p.HeartRate, err = parseAmount(strings.TrimSpace(w.HR), 1); err != nil {
		return p, err
	}
	if text := strings.TrimSpace(w.Time); text != "" {
		if p.Time, err = time.Parse(time.RFC3339, text); err != nil {
			return p, fmt.Errorf("%s is not a time such as 2023-12-31T11:55:59Z", quote(text))
		}
	}
	return p, nil
}

func degrees(text string, most float64) (float64, error) {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(f) || math.Abs(f) > most {
		return 0, fmt.Errorf("%s is not a position in degrees", quote(text))
	}
	return f, nil
}

// slack is how far the first point may be from the start: the receiver needs
// a while to find itself.
const slack = 3 * time.Minute

// zoneOf finds the zone of a clock on the wall that showed start at an
// instant; nil when no offset in use on earth explains it.
//
// Files of activities before 2015 may have local times with a false Z, which
// look like an offset of nothing: such an offset is not believed.
func zoneOf(start, instant time.Time) *time.Location {
	const quarter = 15 * time.Minute
	offset := start.Sub(instant).Round(quarter)
	if d := (start.Sub(instant) - offset).Abs(); d > slack || offset < -12*time.Hour || offset > 14*time.Hour {
		return nil
	}
	switch part := offset % time.Hour; part {
	case 0, 30 * time.Minute, -30 * time.Minute, 45 * time.Minute:
	default:
		return nil
	}
	if offset == 0 && start.Year() < 2015 {
		return nil
	}
	if offset == 0 {
		return time.UTC
	}
	return time.FixedZone("", int(offset/time.Second))
}

// Locate finds the zones of activities, by their place in Activities, as far
// as their tracks tell. A track that cannot be found or read leaves its zone
// unknown; the second is told in Warnings.
func (e *Export) Locate(ctx context.Context, which ...int) error {
	head := make([]byte, headSize)
	var lost []Warning
	err := e.visit(ctx, which, func(a *archive, found *entry, activity *Activity) error {
		instant, err := a.begun(found, head)
		var unread *Error
		switch {
		case err == nil:
			activity.Zone = zoneOf(activity.Start, instant)
		case errors.As(err, &unread):
			lost = append(lost, unread.warning("the track does not tell a time zone"))
		default:
			return err
		}
		return nil
	})
	if len(lost) > 1 {
		lost[0].Problem += fmt.Sprintf(" (tracks besides that cannot be read: %d)", len(lost)-1)
	}
	e.Warnings = append(e.Warnings, lost[:min(1, len(lost))]...)
	return err
}

// begun is the first instant of a track, zero when it has none. head is room for
// the beginning of the file.
func (a *archive) begun(found *entry, head []byte) (time.Time, error) {
	r, err := found.open()
	if err != nil {
		return time.Time{}, &Error{Path: a.path, File: found.name, Problem: "cannot be read", Err: err}
	}
	n, err := io.ReadFull(r, head)
	if closed := r.Close(); closed != nil && errors.Is(err, io.ErrUnexpectedEOF) {
		err = closed
	}
	if instant, ok := firstInstant(head[:n]); ok {
		return instant, nil
	}
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return time.Time{}, &Error{Path: a.path, File: found.name, Problem: "cannot be read", Err: err}
	}
	t, err := a.track(found)
	if err != nil {
		return time.Time{}, err
	}
	return t.first(), nil
}

// headSize is how much of a GPX file is looked at for its first point, and
// much more than what stands before it.
const headSize = 4096

// firstInstant finds the time of the first point in the beginning of a GPX
// file. Thousands of files take a moment so, and seconds by an XML reader; ok
// is false when only that can tell.
func firstInstant(head []byte) (instant time.Time, ok bool) {
	if bytes.Contains(head, []byte("<!--")) {
		return time.Time{}, false
	}
	_, point, _ := bytes.Cut(head, []byte("<trkpt"))
	point, _, ok = bytes.Cut(point, []byte("</trkpt>"))
	if !ok {
		return time.Time{}, false
	}
	_, text, _ := bytes.Cut(point, []byte("<time>"))
	text, _, _ = bytes.Cut(text, []byte("</time>"))
	instant, err := time.Parse(time.RFC3339, string(bytes.TrimSpace(text)))
	return instant, err == nil
}

// first is the time of the first point that has one.
func (t *Track) first() time.Time {
	for _, segment := range t.Segments {
		for _, p := range segment {
			if !p.Time.IsZero() {
				return p.Time
			}
		}
	}
	return time.Time{}
}

// track reads a whole GPX file.
func (a *archive) track(found *entry) (*Track, error) {
	data, err := a.read(found, maxTrack)
	if err != nil {
		return nil, err
	}
	t, line, err := readTrack(bytes.NewReader(data))
	if err != nil {
		return nil, &Error{Path: a.path, File: found.name, Line: line, Problem: err.Error(), Advice: adviceAgain}
	}
	return t, nil
}

// Tracks reads the tracks of activities, by their place in Activities, and
// hands each to use. Activities without one are left out.
func (e *Export) Tracks(ctx context.Context, use func(place int, t *Track) error, which ...int) error {
	places := map[*Activity]int{}
	for _, i := range which {
		places[&e.Activities[i]] = i
	}
	return e.visit(ctx, which, func(a *archive, found *entry, activity *Activity) error {
		t, err := a.track(found)
		if err != nil {
			return err
		}
		return use(places[activity], t)
	})
}

// visit calls f with the track of each activity that has one. Each archive is
// opened once.
func (e *Export) visit(ctx context.Context, which []int, f func(*archive, *entry, *Activity) error) error {
	byPath := map[string][]*Activity{}
	var order []string
	for _, i := range which {
		a := &e.Activities[i]
		if a.Track == "" || a.part == nil {
			continue
		}
		if byPath[a.part.path] == nil {
			order = append(order, a.part.path)
		}
		byPath[a.part.path] = append(byPath[a.part.path], a)
	}
	for _, name := range order {
		if err := visitArchive(ctx, name, byPath[name], f); err != nil {
			return err
		}
	}
	return nil
}

func visitArchive(ctx context.Context, name string, activities []*Activity, f func(*archive, *entry, *Activity) error) error {
	a, err := openArchive(name, activities[0].part.at, activities[0].part.run)
	if err != nil {
		return err
	}
	tracks := a.tracks()
	for _, activity := range activities {
		if err := ctx.Err(); err != nil {
			return errors.Join(err, a.close())
		}
		found := tracks[strings.ToLower(path.Join(activity.part.folder, activity.Track))]
		if found == nil {
			found = tracks[strings.ToLower(activity.Track)]
		}
		if found == nil {
			continue
		}
		if err := f(a, found, activity); err != nil {
			return errors.Join(err, a.close())
		}
	}
	return a.close()
}

// tracks finds GPX files by path and by bare name, in lower case. A bare name
// that several folders have stands for none of them.
func (a *archive) tracks() map[string]*entry {
	found := map[string]*entry{}
	for i := range a.entries {
		e := &a.entries[i]
		name := strings.ToLower(e.name)
		if path.Ext(name) != ".gpx" || e.junk() {
			continue
		}
		base := path.Base(name)
		switch other, twice := found[base]; {
		case !twice || base == name:
			found[base] = e
		case other != nil && !strings.EqualFold(other.name, base):
			found[base] = nil
		}
		found[name] = e
	}
	return found
}
