package ghl

import (
	"context"
	"fmt"
	"time"
	_ "time/tzdata" // machines without zone files

	"github.com/go-json-experiment/json/jsontext"

	"lockstep/providers"
	"lockstep/schema"
)

// moment is an instant that people agree on, as the start of an appointment. It is
// compared as an instant, and must be written with an offset from UTC: the API has no
// time zone beside it. It is sent in the spelling of the location, because a slot that
// was offered in that spelling was refused in another.
var moment = form{decode: decodeMoment, normalize: normalMoment, encodeBy: encodeMoment, example: `"2027-01-15T09:00:00+01:00"`}

// ending is a moment that comes after start_time.
var ending = form{decode: decodeMoment, normalize: normalEnding, encodeBy: encodeMoment, example: `"2027-01-15T10:00:00+01:00"`}

// normalEnding refuses an end that is not after the start.
func normalEnding(s *speller, path string, v schema.Value) (schema.Value, error) {
	spelt, err := normalMoment(s, path, v)
	if err != nil || spelt.Type() != schema.String || spelt.Written() == "" {
		return spelt, err
	}
	end, err := instantOf(spelt)
	start, unclear := instantOf(s.fields.Value("start_time"))
	if err == nil && unclear == nil && !start.Before(end) {
		return v, &providers.FieldError{Path: path, Problem: fmt.Sprintf("it ends at %s, which is not after its start", v.Written()), Advice: "Write a later end_time."}
	}
	return spelt, nil
}

// decodeMoment reads an instant. A time without offset stays what it is: a time by the
// clock of the location.
func decodeMoment(d *decoder, raw jsontext.Value) schema.Value {
	v := decodeText(d, raw)
	if raw[0] != '"' || v.IsAbsent() {
		return decodeInstant(d, raw)
	}
	if _, err := time.Parse(time.RFC3339, v.Text()); err != nil {
		return decodeClock(d, raw)
	}
	return decodeInstant(d, raw)
}

// normalMoment spells an instant for comparing, and refuses one without an offset.
func normalMoment(_ *speller, path string, v schema.Value) (schema.Value, error) {
	if v.Type() != schema.String || v.Written() == "" {
		return v, nil
	}
	t, err := instantOf(v)
	if err != nil {
		return v, notInstant(path, v.Written())
	}
	return schema.WrittenValue(t.UTC().Format(instantLayout), v.Written()), nil
}

// instantOf is the instant of a moment.
func instantOf(v schema.Value) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, v.Written())
	if err != nil {
		return time.Parse("2006-01-02T15:04Z07:00", v.Written())
	}
	return t, nil
}

// encodeMoment spells an instant as the location does; as it is written where the token
// may not read the location.
func encodeMoment(ctx context.Context, a *account, v schema.Value) (any, error) {
	t, err := instantOf(v)
	if err != nil {
		return nil, fmt.Errorf("%q is not an instant: %w", v.Written(), err)
	}
	zone, err := a.zone(ctx)
	if err != nil || zone == nil {
		return v.Written(), err
	}
	return t.In(zone).Format(time.RFC3339), nil
}

// zone is the time zone of the location; nil when the token may not read it, or when it
// is none that is known here.
func (a *account) zone(ctx context.Context) (*time.Location, error) {
	self, err := a.itself(ctx)
	if err != nil || self == nil || self.Value("timezone").Text() == "" {
		return nil, err
	}
	if zone, err := time.LoadLocation(self.Value("timezone").Text()); err == nil {
		return zone, nil
	}
	return nil, nil
}

// following moves an instant along with the one that it follows, by what the live
// object says.
func following(a *attribute, c providers.Write) schema.Fields {
	var was, is, own time.Time
	for _, at := range []struct {
		v  schema.Value
		to *time.Time
	}{{c.Live.Value(a.follows), &was}, {c.Fields.Value(a.follows), &is}, {c.Live.Value(a.Name), &own}} {
		t, err := instantOf(at.v)
		if err != nil {
			return nil
		}
		*at.to = t
	}
	moved := own.Add(is.Sub(was)).UTC().Format(instantLayout)
	return schema.Fields{{Path: a.Name, Value: schema.StringValue(moved)}}
}
