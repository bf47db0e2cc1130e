package ghl

import "hash/maphash"

// seenIDs are the ids that a list has answered. It keeps 16 bytes of each, which
// differ for two ids as surely as anything does: a list may have a million.
type seenIDs struct {
	seeds [2]maphash.Seed
	known map[[2]uint64]struct{}
}

func newSeenIDs() *seenIDs {
	return &seenIDs{seeds: [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}, known: map[[2]uint64]struct{}{}}
}

func (s *seenIDs) key(id string) [2]uint64 {
	return [2]uint64{maphash.String(s.seeds[0], id), maphash.String(s.seeds[1], id)}
}

// has reports whether an id was added.
func (s *seenIDs) has(id string) bool {
	_, known := s.known[s.key(id)]
	return known
}

func (s *seenIDs) add(id string) { s.known[s.key(id)] = struct{}{} }
