package schema

import (
	"slices"
	"time"
)

// ParentOf returns the id of the parent of an object with the given attributes, as
// Parent and Within have it. It is Absent when the object has none.
func (k *Kind) ParentOf(value func(path string) Value) Value {
	if k.Parent == "" {
		return Value{}
	}
	v := value(k.Parent)
	if k.Within == "" || !v.IsKnown() || v.Text() != "" {
		return v
	}
	within := value(k.Within)
	if !within.IsKnown() || within.Text() == "" {
		return within
	}
	return StringValue(k.Within + "=" + within.Text())
}

// Retired reports whether an object with the given attributes has the values of
// Retire.
func (k *Kind) Retired(value func(path string) Value) bool {
	return len(k.Retire) > 0 && !slices.ContainsFunc(k.Retire, func(f Field) bool { return !value(f.Path).Equal(f.Value) })
}

// History reports whether an object with the given attributes is no loss when what it
// belongs to is deleted: it is retired, or was over before an instant.
func (k *Kind) History(value func(path string) Value, now time.Time) bool {
	if k.Retired(value) {
		return true
	}
	if k.Ends == "" {
		return false
	}
	end, err := time.Parse(time.RFC3339, value(k.Ends).Text())
	return err == nil && end.Before(now)
}
