package engine

import (
	"strings"

	"lockstep/schema"
	"lockstep/schema/eval"
)

func (e planning) sealedMove(kind *schema.Kind, m eval.Move) eval.Move {
	m.From, m.To = e.Store.Sealer().Address(kind, m.From), e.Store.Sealer().Address(kind, m.To)
	return m
}

// moved applies one moved block to an address: to exactly that object, or to
// all instances of a block where neither side has a key.
func moved(a schema.Address, m eval.Move) schema.Address {
	switch {
	case m.From.Kind == "":
		return movedModule(a, m.From.Module, m.To.Module)
	case a == m.From:
		return m.To
	case m.From.Key.Type == schema.NoKey && m.To.Key.Type == schema.NoKey && a.Block() == m.From:
		to := m.To
		to.Key = a.Key
		return to
	default:
		return a
	}
}

// movedModule gives an object of one module the path of another.
func movedModule(a schema.Address, from, to string) schema.Address {
	rest, ok := strings.CutPrefix(a.Module, from)
	if ok && (rest == "" || rest[0] == '.' || rest[0] == '[') {
		a.Module = to + rest
	}
	return a
}
