package ghl

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"lockstep/providers"
	"lockstep/schema"
)

// window is how a list is bounded in time: by two parameters that take milliseconds
// since 1970. The arguments from and to of a data source narrow it.
type window struct {
	// from and to are the parameters.
	from, to string
	// most is the longest time that one request may ask for; longer ones are divided.
	// 0 is no limit.
	most time.Duration
}

// bounds is a time from one instant to another.
type bounds struct{ from, to time.Time }

// always is all of time, as far as the API takes it.
var always = bounds{time.UnixMilli(0), time.UnixMilli(4102444800000)}

// spans are the times to ask for, each by requests of its own. Nothing before an
// instant is asked for.
func (w *window) spans(where schema.Fields, ahead time.Time) ([]bounds, error) {
	if w == nil {
		return []bounds{{}}, nil
	}
	all := always
	for name, at := range map[string]*time.Time{"from": &all.from, "to": &all.to} {
		text := where.Value(name).Text()
		if text == "" {
			continue
		}
		t, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return nil, notInstant(name, text)
		}
		*at = t
	}
	if ahead.After(all.from) {
		all.from = ahead
	}
	if !all.from.Before(all.to) {
		return nil, &providers.FieldError{Path: "to", Problem: "it is not after from", Advice: "Write a later instant."}
	}
	var out []bounds
	for from := all.from; from.Before(all.to); {
		to := all.to
		if w.most > 0 && to.Sub(from) > w.most {
			to = from.Add(w.most)
		}
		out = append(out, bounds{from, to})
		from = to
	}
	return out, nil
}

// set asks for a time.
func (w *window) set(r *request, s bounds) {
	if w == nil {
		return
	}
	r.setQuery(w.from, strconv.FormatInt(s.from.UnixMilli(), 10))
	r.setQuery(w.to, strconv.FormatInt(s.to.UnixMilli(), 10))
}

// notInstant refuses a text that names no instant.
func notInstant(path, text string) error {
	problem := fmt.Sprintf("%q is not an instant", text)
	if t, ok := parseTime(text); ok && !strings.HasSuffix(text, "Z") {
		problem = fmt.Sprintf("%q has no offset from UTC, and HighLevel keeps no time zone beside it", text)
		return &providers.FieldError{Path: path, Problem: problem,
			Advice: "Write " + t.Format("2006-01-02T15:04:05") + "+02:00 with the offset of that day, which changes with daylight saving, or Z for UTC."}
	}
	return &providers.FieldError{Path: path, Problem: problem, Advice: "Write it as 2027-01-15T09:00:00+01:00."}
}
