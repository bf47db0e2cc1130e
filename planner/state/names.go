package state

import (
	"regexp"
	"strings"

	"lockstep/schema"
)

// names are what tells who an object is about: the texts of the keys of its
// address, in lower case. Nil tells nothing.
type names []string

// shortName is how long a text must be to be looked for within others.
const shortName = 3

// person is what an e-mail address or a phone number with its country looks like.
var person = regexp.MustCompile(`[^\s@]@[^\s@]|\+[1-9]\d{6}`)

// names returns what must not stand in the values of an object; nil where the state
// hides no personal data.
func (s *Sealer) names(a schema.Address) names {
	if !s.personal {
		return nil
	}
	found := names{}
	a.WithKeys(func(key string) string {
		if key != "" {
			found = append(found, strings.ToLower(key))
		}
		return key
	})
	return found
}

// tell reports whether a value names a person: a tag for each e-mail address has it
// as its name.
func (n names) tell(v schema.Value) bool {
	if n == nil {
		return false
	}
	switch v.Type() {
	case schema.String:
		return n.within(v.Text())
	case schema.List, schema.Map:
		for _, item := range v.Items() {
			if n.tell(item) {
				return true
			}
		}
	}
	return false
}

func (n names) within(text string) bool {
	text = strings.ToLower(text)
	for _, name := range n {
		if text == name || len(name) >= shortName && strings.Contains(text, name) {
			return true
		}
	}
	return person.MatchString(text)
}
