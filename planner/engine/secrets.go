package engine

import (
	"slices"

	"lockstep/planner/state"
	"lockstep/schema"
)

// passSecrets tells the records that stay what was sensitive in records of mappings
// that are forgotten: the mapping is gone, and what it wrote is still live.
func (a *recorder) passSecrets(batch *state.Batch) error {
	known := a.e.Store.Snapshot()
	for _, at := range batch.Gone {
		gone := known.Record(at)
		if gone == nil || gone.Target == "" {
			continue
		}
		paths, err := gone.Sensitive()
		if err != nil || len(paths) == 0 {
			continue // who compared with it told what is wrong
		}
		if owner := a.ownerOf(gone, batch); owner != nil {
			if err := owner.MarkSensitive(paths); err != nil {
				return err
			}
		}
	}
	return nil
}

// ownerOf returns the record that a resource block has of what a mapping wrote to, as
// the batch puts it; nil when no block manages it. Few mappings write secrets, so all
// records are gone through.
func (a *recorder) ownerOf(mapped *state.Record, batch *state.Batch) *state.Record {
	owns := func(at schema.Address, r *state.Record) bool {
		return r.Target == "" && at.Kind == mapped.Target && r.Provider == mapped.Provider && r.ID == mapped.ID
	}
	for _, r := range batch.Put {
		if owns(r.Address(), r) {
			return r
		}
	}
	for at, r := range a.e.Store.Snapshot().Records.All() {
		if owns(at, r) && !slices.Contains(batch.Gone, at) {
			copied := *r
			batch.Put = append(batch.Put, &copied)
			return &copied
		}
	}
	return nil
}
