package planner

import (
	"fmt"

	"lockstep/providers"
	"lockstep/schema"
)

// split makes the provider's changes of one change.
func split(c *Change, ref int, waves batches) {
	base := providers.Write{Address: c.Address.String(), Kind: c.Kind.Name, ID: c.ID, Live: c.Live, Parent: c.parent()}
	if c.Action == Delete || c.Action == Replace {
		gone := base
		gone.Action = providers.Delete
		if c.Retires() {
			gone.Fields = c.Kind.Retire // written in place of a delete
		}
		if c.Live != nil {
			gone.Parent = c.Kind.ParentOf(c.Live.Value).Text()
		}
		key := waveKey{level: c.Level, step: stepFree}
		if c.Action == Delete {
			key = waveKey{last: true, level: -c.Level}
			c.retract(gone, ref, waves, key)
		}
		waves.add(key, gone, ref)
	}
	if c.Action == Delete {
		return
	}
	base.Action = providers.Update
	if c.Action == Create || c.Action == Replace {
		base.Action, base.ID, base.Live = providers.Create, "", nil
	}
	if len(c.Vacates) > 0 {
		emptied := base
		for _, path := range c.Vacates {
			emptied.Fields = append(emptied.Fields, schema.Field{Path: path, Value: interim(c, path)})
		}
		waves.add(waveKey{level: c.Level, step: stepFree}, emptied, ref)
	}
	sent := map[string]bool{}
	c.write(base, ref, waves, waveKey{level: c.Level, turn: c.Turn}, sent, func(f *FieldChange) bool { return !c.By(f).Apart })
	for n := range c.Others {
		if a := &c.Others[n]; a.Apart {
			late := base
			late.Action = providers.Update
			c.write(late, ref, waves, waveKey{level: max(c.Level, a.Level), turn: apart}, sent, func(f *FieldChange) bool { return f.By == n+1 })
		}
	}
}

// write makes what is given to the provider of some fields: the object's own
// call, and one for each other channel. sent are the members that another author
// of the object sends already.
func (c *Change) write(base providers.Write, ref int, waves batches, key waveKey, sent map[string]bool, mine func(*FieldChange) bool) {
	own := base
	for i := range c.Fields {
		f := &c.Fields[i]
		if !mine(f) {
			continue
		}
		a := c.Kind.Attribute(schema.PathAttribute(f.Path))
		if a.Channel == "" {
			own.Fields = append(own.Fields, schema.Field{Path: f.Path, Value: f.Desired, Sensitive: f.Sensitive})
			continue
		}
		for _, w := range byChannel(base, a.Channel, f) {
			if member := fmt.Sprint(f.Path, w.Add, w.Remove); len(c.Others) > 0 && f.IsSet() {
				if sent[member] {
					continue
				}
				sent[member] = true
			}
			key.step = stepChannel
			waves.add(key, w, ref)
		}
	}
	if own.Action == providers.Create || len(own.Fields) > 0 {
		own.Fields = c.resent(own.Fields)
		key.step = stepWrite
		waves.add(key, own, ref)
	}
}

// resent adds to the fields of an object's own call those that go with each of
// them.
func (c *Change) resent(fields schema.Fields) schema.Fields {
	for i := range c.Kind.Attributes {
		a := &c.Kind.Attributes[i]
		if _, given := fields.Find(a.Name); a.Resent && !given {
			fields = append(fields, c.Desired.Of(a.Name)...)
			fields.Sort()
		}
	}
	return fields
}

// parent is the id of the object's parent, empty when it is not known yet.
func (c *Change) parent() string {
	if c.Kind.Parent == "" {
		return ""
	}
	if v := c.Kind.ParentOf(c.Desired.Value); v.Type() == schema.String {
		return v.Text()
	}
	if c.Live != nil {
		return c.Kind.ParentOf(c.Live.Value).Text()
	}
	return ""
}

// byChannel makes one change for each member that a set gains or loses, so
// that a provider can group them freely, and one for any other value.
func byChannel(base providers.Write, channel string, f *FieldChange) []providers.Write {
	base.Channel, base.Action = channel, providers.Update
	if !f.IsSet() {
		base.Fields = schema.Fields{{Path: f.Path, Value: f.Desired, Sensitive: f.Sensitive}}
		return []providers.Write{base}
	}
	var changes []providers.Write
	for _, m := range f.Add {
		c := base
		c.Add = []string{m}
		changes = append(changes, c)
	}
	for _, m := range f.Remove {
		c := base
		c.Remove = []string{m}
		changes = append(changes, c)
	}
	return changes
}
