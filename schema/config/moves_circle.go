package config

import (
	"fmt"
	"slices"
	"strings"

	"lockstep/schema"
)

// moves reports moved blocks of which the order would decide where an object
// ends: two from one address or to one address, and those that go in a circle.
func (k *checker) moves(all []*Moved) {
	for i, m := range all {
		for _, first := range all[:i] {
			switch {
			case first.From == m.From:
				k.error("Ambiguous move", m.Range, "%s moves to %s already, at %s:%d. Remove one of the two blocks.", shownMove(m.From), shownMove(first.To), first.Range.Filename, first.Range.Start.Line)
			case first.To == m.To:
				k.error("Ambiguous move", m.Range, "%s moves to %s already, at %s:%d, and only one object can be there. Remove one of the two blocks.", shownMove(first.From), shownMove(m.To), first.Range.Filename, first.Range.Start.Line)
			}
		}
	}
	told := map[*Moved]bool{}
	for _, m := range all {
		circle := moveCircle(all, []*Moved{m}, map[*Moved]bool{})
		if circle == nil || slices.ContainsFunc(circle, func(m *Moved) bool { return told[m] }) {
			continue
		}
		members := make([]string, len(circle))
		for i, m := range circle {
			told[m] = true
			members[i] = fmt.Sprintf("  %s to %s, at %s:%d", shownMove(m.From), shownMove(m.To), m.Range.Filename, m.Range.Start.Line)
		}
		k.error("Moves in a circle", m.Range, "These moves lead back to where they begin, so it is not known where an object ends:\n%s\n"+
			"Remove the blocks of moves that are done. To exchange two addresses, use `lockstep state mv` three times, with a third address in between.", strings.Join(members, "\n"))
	}
}

// moveCircle follows moves from the last of a path until they come back to its
// first one; nil when they do not. seen are those that were followed.
func moveCircle(all, path []*Moved, seen map[*Moved]bool) []*Moved {
	last := path[len(path)-1]
	for _, next := range all {
		switch {
		case seen[next] || !meet(last, next):
		case next == path[0] && len(path) > 1:
			return path
		case next != path[0]:
			seen[next] = true
			if circle := moveCircle(all, append(slices.Clone(path), next), seen); circle != nil {
				return circle
			}
		}
	}
	return nil
}

// meet reports whether what one block moves may be what another one moves on. A
// block without keys on both sides moves all instances, and a module all that is
// in it.
func meet(m, next *Moved) bool {
	to, from := m.To, next.From
	switch {
	case to.Kind == "":
		return inModule(from.Module, to.Module) || from.Kind == "" && inModule(to.Module, from.Module)
	case from.Kind == "":
		return inModule(to.Module, from.Module)
	case to == from:
		return true
	case to.Block() != from.Block():
		return false
	default:
		return m.whole() || next.whole()
	}
}

// whole reports whether a move is about all instances of a block.
func (m *Moved) whole() bool {
	return m.From.Key.Type == schema.NoKey && m.To.Key.Type == schema.NoKey
}

func inModule(path, module string) bool {
	rest, ok := strings.CutPrefix(path, module)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// shownMove is an end of a move as it is written.
func shownMove(a schema.Address) string {
	if a.Kind == "" {
		return a.Module
	}
	return a.String()
}
