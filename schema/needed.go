package schema

import (
	"slices"
	"strings"
)

// Needed chooses the new objects that need an attribute: the ones whose attribute By
// has one of the values Of; all when By is empty.
type Needed struct {
	By string
	Of []string
}

// In reports whether a new object with some values is one of those. A value that is
// not known yet does not tell.
func (n *Needed) In(value func(attribute string) Value) bool {
	return n.By == "" || slices.Contains(n.Of, value(n.By).Text())
}

// String is when the attribute is needed, as part of a sentence.
func (n *Needed) String() string {
	if n.By == "" {
		return "when it is created"
	}
	return "when it is created with the " + n.By + " " + strings.Join(n.Of, ", ")
}
