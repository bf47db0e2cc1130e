package planner

import (
	"slices"

	"lockstep/schema"
)

// mask marks the fields of a change whose values were sensitive when they were
// last applied, by whichever author. A secret does not cease to be one because its
// block is gone, or because the files no longer say so: what is live still is the
// secret.
func (d *decider) mask(c *Change) {
	if c.ID == "" {
		return
	}
	for _, path := range d.secrets(c.ID) {
		maskPath(c.Fields, path)
		maskPath(c.instead, path)
		c.Live = hidden(c.Live, path)
	}
}

func maskPath(fields []FieldChange, path string) {
	for i := range fields {
		if f := &fields[i]; f.Path == path || schema.PathAttribute(f.Path) == path {
			f.Sensitive = true
		}
	}
}

// hidden returns a live object with a value marked, so that the object is not
// called by it. live may be nil.
func hidden(live *schema.Object, path string) *schema.Object {
	if live == nil {
		return nil
	}
	marked := *live
	marked.Fields = slices.Clone(live.Fields)
	for i := range marked.Fields {
		if f := &marked.Fields[i]; f.Path == path || schema.PathAttribute(f.Path) == path {
			f.Sensitive = true
		}
	}
	return &marked
}

// secrets returns the paths of an object whose values were sensitive when they were
// applied. A record that cannot be read was told of by who compared with it.
func (p *Past) secrets(id string) []string {
	if p.sensitive == nil {
		p.sensitive = map[string][]string{}
		for _, r := range p.Records.All() {
			if paths, err := r.Sensitive(); err == nil && len(paths) > 0 {
				p.sensitive[r.ID] = append(p.sensitive[r.ID], paths...)
			}
		}
	}
	return p.sensitive[id]
}
