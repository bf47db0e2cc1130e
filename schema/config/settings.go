package config

import (
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// settings reads the lockstep block. Its expressions are evaluated later, so
// they may use variables and local values.
func (l *loader) settings(m *Module, block *hclsyntax.Block) {
	if m.Parent != nil {
		l.error("Settings in a module", block.DefRange(), "The lockstep block stands in the root module only.")
		return
	}
	s := l.cfg.Settings
	if s.Range.Filename != "" {
		l.duplicate("lockstep block", "lockstep", s.Range, block.DefRange())
		return
	}
	s.Range = block.DefRange()
	l.only(block, []string{"required_version"}, []string{"backend", "guard", "state"})
	s.RequiredVersion = optional(block, "required_version")
	seen := map[string]*hclsyntax.Block{}
	for _, b := range block.Body.Blocks {
		if first := seen[b.Type]; first != nil {
			l.duplicate(b.Type+" block", b.Type, first.DefRange(), b.DefRange())
			continue
		}
		seen[b.Type] = b
		l.setting(s, b)
	}
}

func (l *loader) setting(s *Settings, b *hclsyntax.Block) {
	switch b.Type {
	case "backend":
		if len(b.Labels) != 1 {
			l.error("Wrong number of labels", b.DefRange(), "A backend block is written: backend \"local\" { … }.")
			return
		}
		s.Backend = &Backend{Type: b.Labels[0], Attributes: b.Body.Attributes, Body: b.Body, Range: b.DefRange()}
		for _, inner := range b.Body.Blocks {
			l.error("Unsupported block type", inner.TypeRange, "A backend block has arguments only.")
		}
	case "guard":
		l.only(b, []string{"max_deletes", "max_changes"}, nil)
		s.MaxDeletes, s.MaxChanges = optional(b, "max_deletes"), optional(b, "max_changes")
	case "state":
		l.only(b, []string{"personal_data"}, nil)
		s.PersonalData = optional(b, "personal_data")
	}
}
