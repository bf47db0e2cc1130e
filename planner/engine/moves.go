package engine

import (
	"strings"

	"lockstep/schema"
	"lockstep/schema/eval"
)

// sealedMoves are the moved blocks with addresses as the state has them.
func (e planning) sealedMoves() []eval.Move {
	moves := make([]eval.Move, len(e.run.moves))
	for i, m := range e.run.moves {
		moves[i] = eval.Move{From: e.seal(m.From), To: e.seal(m.To), Range: m.Range}
	}
	return moves
}

// seal is an address that the files name as the state has it. What its keys stand
// for is noted, because no declared object may tell.
func (e planning) seal(a schema.Address) schema.Address {
	a.WithKeys(e.note)
	return e.Store.Sealer().Address(a)
}

// note notes what the sealed form of a key stands for.
func (e planning) note(key string) string {
	e.run.keys[e.Store.Sealer().Key(key)] = key
	return key
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
