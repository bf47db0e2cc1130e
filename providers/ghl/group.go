package ghl

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"lockstep/providers"
)

// Group says which changes share one API call. Contacts are created, updated
// and deleted one by one; tags and businesses travel in bulk.
func (p *Provider) Group(changes []providers.Change) []providers.Operation {
	g := &grouper{provider: p, index: map[string]int{}}
	bulk := map[bulkKey][]*providers.Change{}
	for i := range changes {
		c := &changes[i]
		k := p.kinds[c.Kind]
		if k == nil {
			// Do says so; dropping the change would lose it.
			g.add("", providers.Operation{Kind: c.Kind, Name: "unknown kind", Action: c.Action, Changes: []providers.Change{*c}})
			continue
		}
		ch, separate := k.channels[c.Channel]
		switch {
		case !separate || ch.shared:
			g.own(k, *c)
		case ch.most > 0:
			key := bulkKey{c.Kind, c.Channel, direction(c)}
			bulk[key] = append(bulk[key], c)
		default:
			g.single(k, ch, *c)
		}
	}
	for _, key := range slices.SortedFunc(maps.Keys(bulk), bulkKey.compare) {
		g.bulk(bulk[key])
	}
	return g.operations
}

// bulkKey tells apart what cannot share a call.
type bulkKey struct{ kind, channel, direction string }

func (a bulkKey) compare(b bulkKey) int {
	return cmp.Or(strings.Compare(a.kind, b.kind), strings.Compare(a.channel, b.channel), strings.Compare(a.direction, b.direction))
}

// grouper gathers operations in the order in which they were first needed.
type grouper struct {
	provider   *Provider
	operations []providers.Operation
	// index finds the operation that later changes may join.
	index map[string]int
}

// add appends an operation, or joins its changes to the one with the same key.
func (g *grouper) add(key string, o providers.Operation) {
	if i, ok := g.index[key]; ok && key != "" {
		g.operations[i].Changes = append(g.operations[i].Changes, o.Changes...)
		return
	}
	if key != "" {
		g.index[key] = len(g.operations)
	}
	g.operations = append(g.operations, o)
}

// own is the create, update or delete of one object.
func (g *grouper) own(k *kind, c providers.Change) {
	o := providers.Operation{Kind: c.Kind, Name: c.Action.String() + " " + k.Noun, Action: c.Action, Channel: c.Channel, Changes: []providers.Change{c}}
	ca, key := k.update, ""
	switch {
	case c.Channel != "":
		// The channel's call is the update, also right after a create.
		o.Action, key = providers.Update, "update\x00"+who(&c)
		o.Name = "update " + k.Noun
	case c.Action == providers.Create:
		ca = k.create
	case c.Action == providers.Delete:
		ca = k.remove
	default:
		key = "update\x00" + who(&c)
	}
	o.Method, o.Path = ca.method, ca.path
	if len(k.channels) == 0 {
		key = ""
	}
	g.add(key, o)
}

// single is a set's call for one object: its members travel together.
func (g *grouper) single(k *kind, ch channel, c providers.Change) {
	ca := ch.callOf(&c)
	g.add(c.Channel+"\x00"+direction(&c)+"\x00"+who(&c), providers.Operation{
		Kind: c.Kind, Name: fmt.Sprintf("%s %s", direction(&c), ch.noun), Method: ca.method, Path: ca.path,
		Action: providers.Update, Channel: c.Channel, Changes: []providers.Change{c},
	})
}

// bulk divides the changes of one channel and direction over calls that each
// give the same members to many objects. Two ways are counted, one call per
// member and one call per set of members, and the cheaper is taken.
func (g *grouper) bulk(changes []*providers.Change) {
	k := g.provider.kinds[changes[0].Kind]
	ch := k.channels[changes[0].Channel]
	chosen := bucket(changes, memberKey)
	// Where every object has one change, both ways are the same.
	if sets := setsOf(changes); len(sets) < len(changes) {
		bySet := bucket(changes, func(c *providers.Change) string { return sets[who(c)] })
		if calls(bySet, ch.most) < calls(chosen, ch.most) {
			chosen = bySet
		}
	}
	for _, b := range chosen {
		for objects := range slices.Chunk(b.objects, ch.most) {
			part := carried(objects)
			ca := ch.callOf(&part[0])
			g.add("", providers.Operation{
				Kind: k.Name, Name: bulkName(ch, part), Method: ca.method, Path: ca.path,
				Action: providers.Update, Channel: part[0].Channel, Bulk: true, Changes: part,
			})
		}
	}
}

// bucketOf are changes that may share calls, by object.
type bucketOf struct {
	key     string
	objects [][]*providers.Change
	// at finds an object's place among them.
	at map[string]int
}

func (b *bucketOf) add(id string, changes []*providers.Change) {
	if i, known := b.at[id]; known {
		b.objects[i] = append(b.objects[i], changes...)
		return
	}
	b.at[id] = len(b.objects)
	b.objects = append(b.objects, changes)
}

// bucket divides changes by a key; buckets are sorted by it, objects stay in
// the order of the changes.
func bucket(changes []*providers.Change, keyOf func(*providers.Change) string) []*bucketOf {
	byKey := map[string]*bucketOf{}
	for i, c := range changes {
		key := keyOf(c)
		b := byKey[key]
		if b == nil {
			b = &bucketOf{key: key, at: map[string]int{}}
			byKey[key] = b
		}
		// Nearly every object has one change: no slice of its own is made for it.
		b.add(who(c), changes[i:i+1:i+1])
	}
	return slices.SortedFunc(maps.Values(byKey), func(a, b *bucketOf) int { return strings.Compare(a.key, b.key) })
}

// setsOf are all members that each object is to gain or lose, sorted.
func setsOf(changes []*providers.Change) map[string]string {
	sets := make(map[string]string, len(changes))
	for _, c := range changes {
		key := memberKey(c)
		if set, more := sets[who(c)]; more {
			members := append(strings.Split(set, "\x00"), key)
			slices.Sort(members)
			key = strings.Join(slices.Compact(members), "\x00")
		}
		sets[who(c)] = key
	}
	return sets
}

// carried are the changes of some objects.
func carried(objects [][]*providers.Change) []providers.Change {
	all := make([]providers.Change, 0, len(objects))
	for _, changes := range objects {
		for _, c := range changes {
			all = append(all, *c)
		}
	}
	return all
}

// calls counts the calls that buckets cost.
func calls(buckets []*bucketOf, most int) int {
	n := 0
	for _, b := range buckets {
		n += (len(b.objects) + most - 1) / most
	}
	return n
}

// who tells objects apart, also those that have no id yet.
func who(c *providers.Change) string {
	if c.Address != "" {
		return c.Address
	}
	return c.ID
}

// direction is what a change does to a set.
func direction(c *providers.Change) string {
	switch {
	case len(c.Remove) > 0:
		return "remove"
	case len(c.Add) > 0:
		return "add"
	default:
		return "set"
	}
}

// memberKey is what a change adds, removes or sets.
func memberKey(c *providers.Change) string {
	switch direction(c) {
	case "set":
		var b strings.Builder
		for _, f := range c.Fields {
			b.WriteString(f.Value.String())
		}
		return b.String()
	case "add":
		if len(c.Add) == 1 {
			return c.Add[0]
		}
	case "remove":
		if len(c.Remove) == 1 && len(c.Add) == 0 {
			return c.Remove[0]
		}
	}
	members := slices.Concat(c.Add, c.Remove)
	slices.Sort(members)
	return strings.Join(slices.Compact(members), "\x00")
}

// membersOf are the members that a call's changes carry, sorted.
func membersOf(changes []providers.Change) []string {
	var members []string
	for _, c := range changes {
		members = append(members, c.Add...)
		members = append(members, c.Remove...)
	}
	slices.Sort(members)
	return slices.Compact(members)
}

func (ch channel) callOf(c *providers.Change) call {
	switch direction(c) {
	case "add":
		return ch.add
	case "remove":
		return ch.remove
	default:
		return ch.set
	}
}

// bulkName says what a bulk call does: `add tags "a", "b"`.
func bulkName(ch channel, changes []providers.Change) string {
	members := membersOf(changes)
	if len(members) == 0 {
		return "set " + ch.noun
	}
	quoted := make([]string, len(members))
	for i, m := range members {
		quoted[i] = fmt.Sprintf("%q", m)
	}
	noun := ch.noun
	if len(members) > 1 {
		noun += "s"
	}
	return direction(&changes[0]) + " " + noun + " " + strings.Join(quoted, ", ")
}
