package ghl

import (
	"context"
	"slices"

	"lockstep/schema"
)

// body is what a create or an update sends.
type body struct {
	properties map[string]any
	// rows are the paths of the fields that were sent as rows of a property,
	// in their order.
	rows map[string][]string
}

// body makes the body of a create or an update from the fields that travel by
// a channel.
func (w *writer) body(ctx context.Context, channel string, fields schema.Fields, create bool) (body, error) {
	out := body{properties: map[string]any{}, rows: map[string][]string{}}
	for i := range w.kind.attributes {
		a := &w.kind.attributes[i]
		if a.wire == "" || a.Channel != channel {
			continue
		}
		given := written(fields.Of(a.Name))
		if len(given) == 0 {
			switch {
			case create && a.shares && w.account.location != "":
				out.properties[a.wire] = []string{w.account.location}
			case (create || a.withUpdate) && a.always != nil:
				out.properties[a.wire] = a.always
			}
			continue
		}
		value, send, err := w.value(ctx, a, given, create)
		if err != nil {
			return body{}, err
		}
		if send {
			out.properties[a.wire] = value
		}
		if a.form.encodeKeys != nil {
			for _, f := range sent(given, create) {
				out.rows[a.wire] = append(out.rows[a.wire], f.Path)
			}
		}
	}
	return out, nil
}

// value makes the JSON of an attribute's fields; false when none is to be sent.
func (w *writer) value(ctx context.Context, a *attribute, given schema.Fields, create bool) (any, bool, error) {
	switch {
	case a.form.encodeKeys != nil:
		given = sent(given, create)
		if len(given) == 0 {
			return nil, false, nil
		}
		rows, err := a.form.encodeKeys(ctx, w.account, a, given)
		return rows, true, err
	case a.Own == schema.OwnKeys:
		entries := map[string]schema.Value{}
		for _, f := range given {
			entries[schema.PathKey(f.Path)] = f.Value
		}
		return a.form.encode(schema.MapValue(entries)), true, nil
	case a.form.encodeBy != nil && !isEmpty(given[0].Value):
		value, err := a.form.encodeBy(ctx, w.account, given[0].Value)
		return value, true, err
	default:
		value, send := a.toWire(given[0].Value, create)
		return value, send, nil
	}
}

// sent drops the keys of a map that a create need not mention.
func sent(fields schema.Fields, create bool) schema.Fields {
	if !create {
		return fields
	}
	return slices.DeleteFunc(slices.Clone(fields), func(f schema.Field) bool { return isEmpty(f.Value) })
}

// written are the fields that were given rather than derived.
func written(fields schema.Fields) schema.Fields {
	if !slices.ContainsFunc(fields, func(f schema.Field) bool { return f.Derived }) {
		return fields
	}
	return slices.DeleteFunc(slices.Clone(fields), func(f schema.Field) bool { return f.Derived })
}

func isEmpty(v schema.Value) bool {
	return v.IsAbsent() || v.Type() == schema.String && v.Text() == ""
}

// toWire makes the JSON of a value. An empty one clears, and is not sent with
// a create, except where the API insists on the property.
func (a *attribute) toWire(v schema.Value, create bool) (any, bool) {
	if isEmpty(v) {
		switch {
		case create:
			return a.always, a.always != nil
		case a.null:
			return nil, true
		case a.always != nil:
			return a.always, true
		case a.Default.Type() != schema.Absent:
			return a.Default.ToJSON(), true
		default:
			return "", true
		}
	}
	if a.form.encode != nil {
		return a.form.encode(v), true
	}
	return v.ToJSON(), true
}
