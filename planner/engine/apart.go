package engine

import (
	"context"
	"errors"

	"lockstep/planner"
	"lockstep/providers"
)

// joint is a write of several authors that was refused because of its values:
// the values of one author must not keep the others' from being written.
type joint struct {
	ref   int
	write providers.Write
}

// divide parts the writes of an operation into those with a verdict, and joint
// ones that were refused and are to be repeated author by author. The lock is
// held.
func (s *sender) divide(op planner.Operation, results []providers.Result) (told planner.Operation, verdicts []providers.Result, again []joint) {
	told = op
	told.Writes, told.Refs = nil, nil
	for i, r := range results {
		ref, w := op.Refs[i], op.Writes[i]
		if w.Action != providers.Delete && r.Outcome == providers.Failed && ofValues(r.Err) && len(s.plan.Changes[ref].Writers(&w)) > 1 {
			again = append(again, joint{ref, w})
			continue
		}
		told.Writes, told.Refs = append(told.Writes, w), append(told.Refs, ref)
		verdicts = append(verdicts, r)
	}
	return told, verdicts, again
}

// ofValues reports whether an error is about the values that were sent, so that
// others may be taken.
func ofValues(err error) bool {
	var field *providers.FieldError
	var api *providers.APIError
	if !errors.As(err, &api) {
		return errors.As(err, &field)
	}
	switch api.Status {
	case 401, 403, 404, 408, 429: // who asks, what is gone, and how often
		return false
	default:
		return !api.Gone && api.Status >= 400 && api.Status < 500
	}
}

// apart repeats a joint write author by author, in their order. What makes the
// object comes first; what others give it follows as updates, which are not
// tried without it.
func (s *sender) apart(ctx context.Context, w *planner.Wave, again joint) {
	s.mu.Lock()
	writes := byAuthor(&s.plan.Changes[again.ref], &again.write)
	state := &s.states[again.ref]
	state.left += len(writes) - 1
	if state.open == nil {
		for i := range writes {
			state.carry(&writes[i])
		}
	}
	s.mu.Unlock()
	for i := range writes {
		s.alone(ctx, w, again.ref, &writes[i])
	}
}

// alone makes the call of one write.
func (s *sender) alone(ctx context.Context, w *planner.Wave, ref int, write *providers.Write) {
	provider := s.e.accounts[w.Provider].provider
	s.mu.Lock()
	if s.cause != nil {
		s.mu.Unlock()
		return
	}
	state := &s.states[ref]
	if write.Action == providers.Update && write.ID == "" {
		write.ID = state.id
	}
	if state.stage.over() || write.Action == providers.Update && write.ID == "" {
		s.drop(ref, write, errDependency)
		s.mu.Unlock()
		return
	}
	state.renew(write)
	s.finder.begins(ref, write)
	s.mu.Unlock()
	for _, op := range provider.Group([]providers.Write{*write}) {
		one := planner.Operation{Operation: op, Refs: []int{ref}}
		results := s.call(ctx, w, one)
		s.mu.Lock()
		s.take(ctx, w, one, results)
		s.mu.Unlock()
	}
}

// byAuthor divides a write into one for each author with a field in it. The
// first of a create creates, and the others update what it made.
func byAuthor(c *planner.Change, w *providers.Write) []providers.Write {
	by := make(map[string]int, len(c.Fields))
	for i := range c.Fields {
		if _, found := by[c.Fields[i].Path]; !found {
			by[c.Fields[i].Path] = c.Fields[i].By
		}
	}
	var writes []providers.Write
	for _, n := range c.Writers(w) {
		one := *w
		one.Fields = nil
		for _, f := range w.Fields {
			if by[f.Path] == n {
				one.Fields = append(one.Fields, f)
			}
		}
		if len(writes) > 0 {
			if len(one.Fields) == 0 {
				continue
			}
			one.Action, one.Add, one.Remove = providers.Update, nil, nil
		}
		writes = append(writes, one)
	}
	return writes
}
