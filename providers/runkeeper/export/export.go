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
	// Made is when the newest export was made, without zone, as its name or else
	// the ZIP tells it; zero when neither does.
	Made time.Time
	// Activities and Measurements, newest first.
	Activities   []Activity
	Measurements []Measurement
	// Warnings tell what is odd. Locate adds to them.
	Warnings []Warning
}

// Open reads the exports of one person. Each path is a ZIP, the folder that it
// was unpacked to, a folder with several ZIPs, a cardioActivities.csv, or a
// pattern such as "exports/ada-*.zip". Errors are *Error or *BudgetError. Nothing is opened but what
// locate, such as Anywhere, returns for its path. run bounds what is unpacked, also by
// the methods of the Export.
//
// Where several exports overlap, the newest one is right: what it lacks between
// its own first and last activity or measurement was deleted. Exports are bounded
// by dates, so what lies outside is kept from older ones.
func Open(locate Locate, run *Budget, paths ...string) (*Export, error) {
	account := &Budget{base: accountTables, about: "the tables of this account"}
	var parts []*part
	for _, given := range paths {
		names, err := locate.expand(given)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			found, err := locate.read(name, run, account)
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

// Locate returns the path of what a path of the files leads to. It refuses what they
// must not name.
type Locate func(path string) (string, error)

// Anywhere takes every path as it is.
func Anywhere(path string) (string, error) { return path, nil }

func (l Locate) find(name string) (string, error) {
	at, err := l(name)
	if err != nil {
		return "", &Error{Path: name, Problem: "cannot be read", Err: err}
	}
	return at, nil
}

func (l Locate) check(name string) error {
	_, err := l.find(name)
	return err
}

// fixed is the folder in which a pattern begins to differ, or a path itself.
func fixed(given string) string {
	for i := strings.IndexAny(given, "*?["); i >= 0; i = strings.IndexAny(given, "*?[") {
		given = filepath.Dir(given[:i] + "x")
	}
	return given
}

// expand finds what a pattern stands for, and the ZIPs of a folder of them.
func (l Locate) expand(given string) ([]string, error) {
	names := []string{given}
	if err := l.check(fixed(given)); err != nil {
		return nil, err
	}
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
		if err := l.check(name); err != nil {
			return nil, err
		}
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

func (l Locate) read(name string, run, account *Budget) ([]*part, error) {
	at, err := l.find(name)
	if err != nil {
		return nil, err
	}
	a, err := openArchive(name, at, run)
	if err != nil {
		return nil, err
	}
	parts, err := a.parts(account)
	if closed := a.close(); err == nil && closed != nil {
		err = &Error{Path: name, Problem: "cannot be closed", Err: closed}
	}
	return parts, err
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
