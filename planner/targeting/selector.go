package targeting

import (
	"strings"

	"lockstep/schema"
)

// Selector names objects: an address, a block, a kind, a module, or a pattern in
// which * stands for any text.
type Selector struct {
	text string
	// pattern are the texts between the stars; nil for a selector without a star.
	pattern []string
	// address is of an object or a block; module is a path, and kind a name.
	address      schema.Address
	module, kind string
}

// Parse reads what -target and -exclude take.
func Parse(text string) (Selector, error) {
	s := Selector{text: text}
	if strings.Contains(text, "*") {
		s.pattern = strings.Split(text, "*")
		return s, nil
	}
	if !strings.Contains(text, ".") && schema.ValidName(text) {
		s.kind = text
		return s, nil
	}
	if path, ok := schema.ParseModule(text); ok {
		s.module = path
		return s, nil
	}
	var err error
	s.address, err = schema.ParseAddress(text)
	return s, err
}

// String is the text that the selector was read from.
func (s Selector) String() string { return s.text }

// Address returns the address that the selector names; ok is false when it names a
// kind, a module or a pattern.
func (s Selector) Address() (a schema.Address, ok bool) { return s.address, s.address.Kind != "" }

// Matches reports whether the selector names an object, or the block or module that
// it belongs to.
func (s Selector) Matches(a schema.Address) bool {
	a.Source = false
	switch {
	case s.pattern != nil:
		return s.matchesText(a.String()) || s.matchesText(a.Block().String()) || s.matchesText(a.Kind)
	case s.kind != "":
		return s.kind == a.Kind
	case s.module != "":
		return within(a.Module, s.module) || within(schema.ModuleWithoutKeys(a.Module), s.module)
	case s.address.Key.Type != schema.NoKey:
		return s.address == a
	default:
		a = a.Block()
		return s.address == a || s.address == withoutKeys(a)
	}
}

// withoutKeys is the block of an address, in a module path without keys.
func withoutKeys(a schema.Address) schema.Address {
	a = a.Block()
	a.Source = false
	a.Module = schema.ModuleWithoutKeys(a.Module)
	return a
}

// within reports whether a path of modules is that of a module, or of one in it.
func within(path, module string) bool {
	rest, ok := strings.CutPrefix(path, module)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// matchesText reports whether the texts between the stars are in a text, in their
// order, the first at its start and the last at its end.
func (s Selector) matchesText(text string) bool {
	first, last := s.pattern[0], s.pattern[len(s.pattern)-1]
	rest, ok := strings.CutPrefix(text, first)
	if !ok {
		return false
	}
	if rest, ok = strings.CutSuffix(rest, last); !ok {
		return false
	}
	for _, part := range s.pattern[1 : len(s.pattern)-1] {
		_, after, found := strings.Cut(rest, part)
		if !found {
			return false
		}
		rest = after
	}
	return true
}
