package config

import (
	"strings"

	"lockstep/schema"
)

// resolveSources finds the blocks whose objects are mapped, in a module and in
// those below it.
func (c *Config) resolveSources(m *Module) {
	for _, r := range m.Resources {
		if r.Mapping == nil || r.ForEach == nil {
			continue
		}
		if needs := c.NeedsOf(m, r.ForEach); len(needs) == 1 {
			r.Mapping.Source = needs[0]
		}
	}
	for _, call := range m.Calls {
		if call.Module != nil {
			c.resolveSources(call.Module)
		}
	}
}

// mapping checks what needs to know the source.
func (k *checker) mapping(r *Resource) {
	for _, f := range r.Mapping.Fields {
		if f.Back() && f.Source != "" {
			k.wayBack(r, f)
		}
	}
}

// wayBack checks that the source of a field can be written.
func (k *checker) wayBack(r *Resource, f *MappedField) {
	at := f.Range
	if f.sourceRange != nil {
		at = *f.sourceRange
	}
	source := r.Mapping.Source
	if source == nil {
		k.error("No way back", at, "Only objects of a provider can be written back: the for_each of %s must name exactly one data or resource block. Or write direction = %q.", r.Address(), ToTarget)
		return
	}
	a := k.targetAttribute(source.Kind, f.Source, at)
	switch {
	case a == nil:
	case !a.Writable():
		k.error("No way back", at, "The attribute %q of %s cannot be written, so nothing can be mapped back to it. Write direction = %q.", f.Source, source.Kind.Name, ToTarget)
	case a.Own != schema.OwnWhole && !strings.Contains(f.Source, "."):
		k.error("No way back", at, "%q of %s is owned by its members, so it cannot be written back.", f.Source, source.Kind.Name)
	case source.Attributes[schema.PathAttribute(f.Source)] != nil && !source.Data:
		k.error("Two authors of one field", at, "%s writes %s back, and %s sets it at %s:%d. Let one of them do it.",
			r.Address(), f.Source, source.Address(), source.Range.Filename, source.Range.Start.Line)
	}
}
