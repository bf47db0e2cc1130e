package export

import (
	"bytes"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"lockstep/schema"
)

// part is one cardioActivities.csv with what belongs to it.
type part struct {
	// path of the archive, and where it leads; table is the file in it, folder where tracks are
	// looked for first.
	path, at, table, folder string
	// run bounds what its tracks unpack to.
	run *Budget
	// userID and made are read from names, as far as they tell; the time in a ZIP
	// tells when a renamed one was made. stamp orders parts: it is made or, in
	// need, when the table was last written.
	userID      string
	made, stamp time.Time

	activities   []Activity
	measurements []Measurement
	// measured is set when there is a table of measurements.
	measured bool
	warnings []Warning
}

// exportName is how Runkeeper names exports: a number of the part and the id
// of the account come and go with the years.
var exportName = regexp.MustCompile(`(?:\d{2}-)?runkeeper-data-export-(?:(\d+)-)?(\d{4}-\d{2}-\d{2}-\d{4}(?:\d{2})?)(?:[^\d]|$)`)

// named reads account and time from the name of an export.
func named(name string) (userID string, stamp time.Time) {
	all := exportName.FindAllStringSubmatch(strings.ToLower(name), -1)
	if len(all) == 0 {
		return "", time.Time{}
	}
	last := all[len(all)-1]
	form := "2006-01-02-150405"[:len(last[2])]
	stamp, err := time.Parse(form, last[2])
	if err != nil {
		return last[1], time.Time{}
	}
	return last[1], stamp
}

// parts reads the tables of an archive.
func (a *archive) parts(account *Budget) ([]*part, error) {
	tables, measures := a.tables()
	if len(tables) == 0 {
		return nil, a.noExport()
	}
	var parts []*part
	for _, table := range tables {
		p, err := a.part(table, account)
		if err != nil {
			return nil, err
		}
		parts = append(parts, p)
	}
	for _, m := range measures {
		data, err := a.table(m, account)
		if err != nil {
			return nil, err
		}
		var odd oddities
		found, line, err := readMeasurements(data, &odd)
		if err != nil {
			return nil, a.problem(m, line, err)
		}
		p := parts[0]
		if i := slices.IndexFunc(parts, func(p *part) bool { return p.folder == path.Dir(m.name) }); i >= 0 {
			p = parts[i]
		}
		p.measurements, p.measured = append(p.measurements, found...), true
		p.warnings = append(p.warnings, odd.warnings(a.path, m.name)...)
	}
	return parts, nil
}

// table is the content of a table.
func (a *archive) table(e *entry, account *Budget) ([]byte, error) {
	data, err := a.read(e, maxTable)
	if err != nil {
		return nil, err
	}
	return data, account.take(a, e.name, len(data))
}

func (a *archive) part(table *entry, account *Budget) (*part, error) {
	data, err := a.table(table, account)
	if err != nil {
		return nil, err
	}
	var odd oddities
	found, line, err := readActivities(data, &odd)
	if err != nil {
		return nil, a.problem(table, line, err)
	}
	p := &part{path: a.path, at: a.at, run: a.run, table: table.name, folder: path.Dir(table.name), activities: found, warnings: odd.warnings(a.path, table.name)}
	p.userID, p.made = named(a.path + "/" + table.name)
	if written := table.modified.UTC(); p.made.IsZero() && a.zipped && written.Year() >= began {
		p.made = written
	}
	if p.stamp = p.made; p.stamp.IsZero() {
		p.stamp = table.modified.UTC()
	}
	for i := range p.activities {
		p.activities[i].part = p
	}
	return p, nil
}

func (a *archive) problem(e *entry, line int, err error) error {
	return &Error{Path: a.path, File: e.name, Line: line, Problem: err.Error(), Advice: adviceAgain}
}

// noExport tells what is there instead.
func (a *archive) noExport() error {
	what := "it is empty"
	if len(a.entries) > 0 {
		var names []string
		for i := range a.entries[:min(3, len(a.entries))] {
			names = append(names, quote(a.entries[i].name))
		}
		what = "it holds " + strings.Join(names, ", ")
		if more := len(a.entries) - len(names); more > 0 {
			what += " and " + schema.Thousands(more) + " more"
		}
	}
	return &Error{Path: a.path, Problem: "is not an export of Runkeeper: there is no cardioActivities.csv; " + what, Advice: adviceWhole}
}

// tables finds the tables of activities and of measurements. People rename
// them, so that in need the header line decides.
func (a *archive) tables() (activities, measurements []*entry) {
	var rest []*entry
	for i := range a.entries {
		e := &a.entries[i]
		if e.junk() || !strings.EqualFold(path.Ext(e.name), ".csv") {
			continue
		}
		switch base := path.Base(e.name); {
		case isNamedTable(base):
			activities = append(activities, e)
		case strings.Contains(letters(base), "measurements"):
			measurements = append(measurements, e)
		default:
			rest = append(rest, e)
		}
	}
	if len(activities) > 0 {
		return activities, measurements
	}
	for _, e := range rest {
		if e.isTable() {
			activities = append(activities, e)
		}
	}
	return activities, measurements
}

// isNamedTable reports whether a file is named like a table of activities, or a
// copy of one.
func isNamedTable(name string) bool {
	return strings.EqualFold(path.Ext(name), ".csv") && strings.Contains(letters(name), "cardioactivities")
}

// letters are the letters of a name, in lower case.
func letters(name string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
}

// isTable reports whether the first line of a file is a header of activities.
func (e *entry) isTable() bool {
	r, err := e.open()
	if err != nil {
		return false
	}
	defer r.Close()
	head, err := io.ReadAll(io.LimitReader(r, 4096))
	end := bytes.IndexAny(head, "\r\n")
	if err != nil || end < 0 {
		return false
	}
	h, err := readHeader(strings.Split(strings.TrimSpace(string(bytes.TrimPrefix(head[:end], byteOrderMark))), ","))
	return err == nil && h.at[columnTrack] >= 0
}
