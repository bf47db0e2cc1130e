package export

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Export is what one person shared, of one export or several.
type Export struct {
	// UserID is the number of the account as the names of the exports tell
	// it, empty when they do not.
	UserID string
	// Made is when the newest export was made, without zone, as its name tells
	// it; zero when that does not.
	Made time.Time
	// Activities and Measurements, newest first.
	Activities   []Activity
	Measurements []Measurement
}

// Open reads the exports of one person. Each path is a ZIP, the folder that it
// was unpacked to, a folder with several ZIPs, a cardioActivities.csv, or a
// pattern such as "exports/ada-*.zip". Errors are *Error.
//
// Where several exports overlap, the newest one is right: what it lacks within
// its own first and last day was deleted. Exports are bounded by dates, so what
// lies outside is kept from older ones.
func Open(paths ...string) (*Export, error) {
	var parts []*part
	for _, given := range paths {
		names, err := expand(given)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			found, err := read(name)
			if err != nil {
				return nil, err
			}
			parts = append(parts, found...)
		}
	}
	if len(parts) == 0 {
		return nil, &Error{Path: strings.Join(paths, ", "), Problem: "there is no export", Advice: adviceWhole}
	}
	return merge(parts)
}

// expand finds what a pattern stands for, and the ZIPs of a folder of them.
func expand(given string) ([]string, error) {
	names := []string{given}
	if strings.ContainsAny(given, "*?[") {
		found, err := filepath.Glob(given)
		if err != nil {
			return nil, &Error{Path: given, Problem: "is not a pattern", Err: err}
		}
		if len(found) == 0 {
			return nil, &Error{Path: given, Problem: "no file fits the pattern", Advice: adviceWhole}
		}
		names = found
	}
	var all []string
	for _, name := range names {
		inside, err := filepath.Glob(filepath.Join(escape(name), "*"))
		if err != nil {
			return nil, &Error{Path: name, Problem: "cannot be read", Err: err}
		}
		zips := slices.DeleteFunc(slices.Clone(inside), func(f string) bool { return !strings.EqualFold(filepath.Ext(f), ".zip") })
		unpacked := slices.ContainsFunc(inside, func(f string) bool { return isNamedTable(filepath.Base(f)) })
		if len(zips) == 0 || unpacked {
			zips = []string{name}
		}
		all = append(all, zips...)
	}
	return all, nil
}

// escape takes the meaning from the special characters of a name.
func escape(name string) string {
	return strings.NewReplacer(`*`, `[*]`, `?`, `[?]`, `[`, `[[]`).Replace(name)
}

func read(name string) ([]*part, error) {
	a, err := openArchive(name)
	if err != nil {
		return nil, err
	}
	parts, err := a.parts()
	if closed := a.close(); err == nil && closed != nil {
		err = &Error{Path: name, Problem: "cannot be closed", Err: closed}
	}
	return parts, err
}

// span is the time that an export is right about.
type span struct {
	first, last time.Time
}

func (s *span) add(t time.Time) {
	if s.first.IsZero() || t.Before(s.first) {
		s.first = t
	}
	if t.After(s.last) {
		s.last = t
	}
}

func covered(spans []span, t time.Time) bool {
	return slices.ContainsFunc(spans, func(s span) bool { return !t.Before(s.first) && !t.After(s.last) })
}

// merge joins parts, the newest first. Parts of one stamp belong together.
func merge(parts []*part) (*Export, error) {
	slices.SortStableFunc(parts, func(a, b *part) int { return b.stamp.Compare(a.stamp) })
	e := &Export{Made: parts[0].made}
	if err := e.identify(parts); err != nil {
		return nil, err
	}
	var active []span
	measured := map[string][]span{}
	seen := map[string]bool{}
	for len(parts) > 0 {
		n := 1
		for n < len(parts) && parts[n].stamp.Equal(parts[0].stamp) {
			n++
		}
		active = e.takeActivities(parts[:n], active, seen)
		e.takeMeasurements(parts[:n], measured, seen)
		parts = parts[n:]
	}
	slices.SortStableFunc(e.Activities, func(a, b Activity) int {
		return cmp.Or(b.Start.Compare(a.Start), cmp.Compare(a.ID, b.ID))
	})
	slices.SortStableFunc(e.Measurements, func(a, b Measurement) int {
		return cmp.Or(b.Time.Compare(a.Time), cmp.Compare(a.Type, b.Type), cmp.Compare(a.ID, b.ID))
	})
	return e, nil
}

// identify finds the one account that the exports are of.
func (e *Export) identify(parts []*part) error {
	from := ""
	for _, p := range parts {
		switch {
		case p.userID == "" || p.userID == e.UserID:
		case e.UserID != "":
			return &Error{Path: p.path, Problem: fmt.Sprintf("is of the account %s, while %s is of %s", p.userID, from, e.UserID),
				Advice: "One account of the provider is one person."}
		default:
			e.UserID, from = p.userID, p.path
		}
	}
	return nil
}

func (e *Export) takeActivities(parts []*part, newer []span, seen map[string]bool) []span {
	var own span
	for _, p := range parts {
		nameActivities(p.activities)
		for i := range p.activities {
			a := p.activities[i]
			if covered(newer, a.Start) || seen[a.ID] {
				continue
			}
			own.add(a.Start)
			seen[a.ID] = true
			e.Activities = append(e.Activities, a)
		}
	}
	if own.first.IsZero() {
		return newer
	}
	return append(newer, own)
}

func (e *Export) takeMeasurements(parts []*part, newer map[string][]span, seen map[string]bool) {
	own := map[string]*span{}
	for _, p := range parts {
		nameMeasurements(p.measurements)
		for _, m := range p.measurements {
			if covered(newer[m.Type], m.Time) || seen[m.ID] {
				continue
			}
			if own[m.Type] == nil {
				own[m.Type] = &span{}
			}
			own[m.Type].add(m.Time)
			seen[m.ID] = true
			e.Measurements = append(e.Measurements, m)
		}
	}
	for typ, s := range own {
		newer[typ] = append(newer[typ], *s)
	}
}

// nameActivities makes ids for rows without. Distance is left out, because it
// changes by rounding when the account's unit does; the few rows that agree
// in start, type and duration are numbered by it.
func nameActivities(activities []Activity) {
	var nameless []*Activity
	for i := range activities {
		if activities[i].ID == "" {
			nameless = append(nameless, &activities[i])
		}
	}
	slices.SortStableFunc(nameless, func(a, b *Activity) int { return cmp.Compare(a.Distance, b.Distance) })
	used := map[string]int{}
	for _, a := range nameless {
		text := a.Start.Format(clockForm) + "|" + a.Type + "|" + seconds(a.Duration)
		a.ID, a.Made = key(text, used), true
	}
}

func nameMeasurements(measurements []Measurement) {
	used := map[string]int{}
	for i := range measurements {
		m := &measurements[i]
		m.ID = key(m.Time.Format(clockForm)+"|"+m.Type, used)
	}
}

// key is an id made of a text, numbered when it has been made before.
func key(text string, used map[string]int) string {
	used[text]++
	if n := used[text]; n > 1 {
		text += fmt.Sprintf("|%d", n)
	}
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:16])
}
