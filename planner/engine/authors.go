package engine

import (
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner"
	"lockstep/providers"
	"lockstep/schema"
)

// authorRef names an author of a plan: the change, and the number among those
// who want it.
type authorRef struct{ change, author int }

// authorsOf finds the authors of a plan by their addresses, when mappings take
// part in it; nil otherwise.
func authorsOf(p *planner.Plan) map[schema.Address]authorRef {
	var all map[schema.Address]authorRef
	mappings := false
	for i := range p.Changes {
		for _, a := range p.Changes[i].Authors() {
			mappings = mappings || a.Join != nil
		}
	}
	if !mappings {
		return nil
	}
	all = make(map[schema.Address]authorRef, len(p.Changes))
	for i := range p.Changes {
		for n, a := range p.Changes[i].Authors() {
			all[a.Address] = authorRef{i, n}
		}
	}
	return all
}

// keepLive takes the fields in conflict out of a plan, and warns of what mappings
// do not write because of that.
func (e *Engine) keepLive(p *planner.Plan) (diags hcl.Diagnostics) {
	for _, a := range p.KeepLive() {
		d := &hcl.Diagnostic{Severity: hcl.DiagWarning, Summary: "Left out because of a conflict", Extra: &Detail{Address: a.String()},
			Detail: fmt.Sprintf("%s depends on a value that stays as it is in the CRM, so it writes nothing. Settle the conflict in the files or in the CRM, and apply again.", a)}
		if b := e.run.blocks.declaring(a); b != nil {
			d.Subject = place(b.block.Resource.Range)
		}
		diags = append(diags, d)
	}
	e.arrange(p)
	return diags
}

// unmet reports whether a change failed that an author needs to come to its
// object.
func (l *ledger) unmet(a *planner.Author) bool {
	return slices.ContainsFunc(a.Needs(), func(need schema.Address) bool {
		ref, planned := l.authors[need]
		return !planned || l.fell(ref)
	})
}

// fell reports whether not all of what an author wants can be in effect.
func (l *ledger) fell(ref authorRef) bool {
	s, c := &l.states[ref.change], &l.plan.Changes[ref.change]
	if s.stage.over() || s.out[ref.author] {
		return true
	}
	return slices.ContainsFunc(c.Fields, func(f planner.FieldChange) bool { return f.By == ref.author && s.bad[f.Path] })
}

// leaveOut takes the fields of an author out of a write that others share.
// unneeded reports that the author is not written at all, so that its record
// stays as it is.
func (l *ledger) leaveOut(ref authorRef, w *providers.Write, unneeded bool) {
	s, c := &l.states[ref.change], &l.plan.Changes[ref.change]
	gone := providers.Write{Channel: w.Channel}
	w.Fields = slices.DeleteFunc(slices.Clone(w.Fields), func(f schema.Field) bool {
		i := slices.IndexFunc(c.Fields, func(g planner.FieldChange) bool { return g.Path == f.Path })
		if i < 0 || c.Fields[i].By != ref.author {
			return false
		}
		gone.Fields = append(gone.Fields, f)
		return true
	})
	if unneeded {
		if s.out == nil {
			s.out = map[int]bool{}
		}
		s.out[ref.author] = true
	}
	l.miss(ref, &gone, refused)
}

// renew gives a write the object as the writes before it left it, where several
// authors write to one object.
func (s *changeState) renew(w *providers.Write) {
	if s.now != nil && w.Action == providers.Update {
		w.Live = s.now
	}
}

// follow keeps an object up to date that several authors write to.
func (s *changeState) follow(c *planner.Change, w *providers.Write) {
	if len(c.Others) == 0 || w.Action == providers.Delete || w.Channel != "" {
		return
	}
	now := schema.Object{Kind: c.Kind.Name, ID: s.id, Version: s.version}
	if s.now != nil {
		now.Fields = s.now.Fields
	} else if w.Live != nil {
		now.Fields = w.Live.Fields
	}
	now.Fields = slices.DeleteFunc(slices.Clone(now.Fields), func(f schema.Field) bool {
		_, written := w.Fields.Find(f.Path)
		return written
	})
	for _, f := range w.Fields {
		now.Fields = append(now.Fields, schema.Field{Path: f.Path, Value: f.Value, Sensitive: f.Sensitive})
	}
	now.Fields.Sort()
	s.now = &now
}
