package command

import (
	"maps"
	"slices"

	"lockstep/schema"
	"lockstep/schema/config"
)

// scopesOf are the permissions that the blocks of a folder need of one
// provider, sorted: those to write only for kinds that resources manage.
func scopesOf(cfg *config.Config, provider string) []string {
	s := scopes{found: map[string]bool{}}
	for _, p := range cfg.Catalog {
		if p.Name == provider {
			s.provider = p
		}
	}
	if s.provider != nil {
		s.module(cfg.Root)
	}
	return slices.Sorted(maps.Keys(s.found))
}

type scopes struct {
	provider *schema.Provider
	found    map[string]bool
}

func (s *scopes) module(m *config.Module) {
	if m == nil {
		return
	}
	for _, r := range m.Resources {
		s.kind(r.Kind, true)
		if r.Mapping != nil && r.Mapping.Source != nil && r.Mapping.Back() {
			s.kind(r.Mapping.Source.Kind, true)
		}
	}
	for _, d := range m.Data {
		s.kind(d.Kind, false)
	}
	for _, r := range m.Actions {
		if s.provider.Action(r.Action.Name) != nil {
			s.add(r.Action.Scopes.Read)
			s.add(r.Action.Scopes.Write)
		}
	}
	for _, r := range m.Removed {
		s.kind(s.provider.Kind(r.From.Kind), r.Destroy)
	}
	for _, c := range m.Calls {
		s.module(c.Module)
	}
}

// kind adds what one kind needs. A map whose keys name objects of another
// kind cannot be read without those.
func (s *scopes) kind(k *schema.Kind, write bool) {
	if k == nil || s.provider.Kind(k.Name) == nil {
		return
	}
	s.add(k.Scopes.Read)
	if write {
		s.add(k.Scopes.Write)
	}
	for _, a := range k.Attributes {
		if a.KeysOf == nil {
			continue
		}
		if named := s.provider.Kind(a.KeysOf.Kind); named != nil {
			s.add(named.Scopes.Read)
		}
	}
}

func (s *scopes) add(names []string) {
	for _, name := range names {
		s.found[name] = true
	}
}
