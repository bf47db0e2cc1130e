package schema

import (
	"slices"
	"time"
)

// Loss is what is lost with an object of a kind.
type Loss struct {
	// Protected objects are never deleted, unless a block says prevent_destroy = false.
	Protected bool
	// Cascades are kinds that the API deletes along with an object, found by an
	// attribute that holds its id. Kinds with the object as their Parent go anyway.
	Cascades []Holder
	// Ends is the attribute with the instant, RFC 3339, at which an object is over:
	// then it is history, and no loss when what it belongs to is deleted. It is empty
	// when objects do not end.
	Ends string
	// Lasting tells what an object outlives.
	Lasting Lasting
}

// Lasting tells whether an object of a kind outlives its block.
type Lasting uint8

// How long objects last. The zero value can be deleted, and replaced by another.
const (
	// Irreplaceable objects can be deleted, but another does not take the place of
	// one, as too much goes with it: a new value of an Immutable attribute is
	// refused.
	Irreplaceable Lasting = iota + 1
	// Kept objects are as Irreplaceable ones, and outlive their block: they are
	// forgotten with it, unless it or a removed block says that they are deleted.
	Kept
	// Permanent objects cannot be deleted: they are forgotten instead, and never
	// replaced. One that is gone was taken back by a person, and is not made again.
	Permanent
)

// Holder is the attribute of a kind that holds the id of something that its objects
// are lost with.
type Holder struct {
	Kind, Attribute string
	// Argument of the data source named Source selects by it; both are empty when
	// the API cannot select so.
	Source, Argument string
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
