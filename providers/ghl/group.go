package ghl

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"lockstep/providers"
)

// Group decides which writes share one API call. Contacts are created, updated
// and deleted one by one; tags and businesses of several travel in bulk.
func (p *Provider) Group(writes []providers.Write) []providers.Operation {
	g := &grouper{account: p.account, kinds: p.account.kinds, index: map[string]int{}}
	bulk := map[bulkKey][]*providers.Write{}
	for i := range writes {
		c := &writes[i]
		k := p.account.kinds[c.Kind]
		if k == nil {
			// Do says so; dropping the write would lose it.
			g.add("", providers.Operation{Kind: c.Kind, Name: "unknown kind", Action: c.Action, Writes: []providers.Write{*c}})
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
	account    *account
	kinds      map[string]*kind
	operations []providers.Operation
	// index finds the operation that later writes may join.
	index map[string]int
}

// add appends an operation, or joins its writes to the one with the same key.
func (g *grouper) add(key string, o providers.Operation) {
	if i, ok := g.index[key]; ok && key != "" {
		g.operations[i].Writes = append(g.operations[i].Writes, o.Writes...)
		g.operations[i].Reads = max(g.operations[i].Reads, o.Reads)
		return
	}
	if key != "" {
		g.index[key] = len(g.operations)
	}
	g.operations = append(g.operations, o)
}

// own is the create, update or delete of one object.
func (g *grouper) own(k *kind, c providers.Write) {
	o := providers.Operation{Kind: c.Kind, Name: c.Action.String() + " " + k.Noun, Action: c.Action, Channel: c.Channel, Writes: []providers.Write{c}}
	ca, key := k.updateOf([]providers.Write{c}), ""
	switch {
	case c.Channel != "":
		// The channel's call is the update, also right after a create.
		o.Action, key = providers.Update, "update\x00"+who(&c)
		o.Name = "update " + k.Noun
	case c.Action == providers.Create && k.create.many > 0:
		g.create(k, o)
		return
	case c.Action == providers.Create:
		ca = k.create
	case k.retires(&c):
		o.Name = "retire " + k.Noun
	case c.Action == providers.Delete:
		ca = k.remove
		if _, shared := k.left(g.account, &c); shared {
			ca, o.Name = k.update, "take "+k.Noun+" out of the location"
		}
	default:
		key = "update\x00" + who(&c)
	}
	o.Method, o.Path, o.Reads = ca.method, ca.path, ca.reads()
	if len(k.channels) == 0 {
		key = ""
	}
	g.add(key, o)
}

// create makes the new objects of one parent together. Those whose parent is made by
// the same plan share an operation, which takes a call for each parent.
func (g *grouper) create(k *kind, o providers.Operation) {
	o.Method, o.Path = k.create.method, k.create.path
	key := "create\x00" + k.Name + "\x00" + parentIn(k, o.Writes[0])
	g.add(key, o)
	if all := &g.operations[g.index[key]]; len(all.Writes) > 1 {
		all.Bulk, all.Name = true, "create "+k.Plural
	}
}

// single is a set's call for one object: its members travel together.
func (g *grouper) single(k *kind, ch channel, c providers.Write) {
	ca := ch.callOf(&c)
	g.add(c.Channel+"\x00"+direction(&c)+"\x00"+who(&c), providers.Operation{
		Kind: c.Kind, Name: fmt.Sprintf("%s %s", direction(&c), ch.noun), Method: ca.method, Path: ca.path,
		Action: providers.Update, Channel: c.Channel, Writes: []providers.Write{c},
	})
}

// bulk divides the writes of one channel and direction over calls that each
// give the same members to many objects. Two ways are counted, one call per
// member and one call per set of members, and the cheaper is taken.
func (g *grouper) bulk(writes []*providers.Write) {
	k := g.kinds[writes[0].Kind]
	ch := k.channels[writes[0].Channel]
	chosen := bucket(writes, memberKey)
	// Where every object has one write, both ways are the same.
	if sets := setsOf(writes); len(sets) < len(writes) {
		bySet := bucket(writes, func(c *providers.Write) string { return sets[who(c)] })
		if calls(bySet, ch.most) < calls(chosen, ch.most) {
			chosen = bySet
		}
	}
	for _, b := range chosen {
		for objects := range slices.Chunk(b.objects, ch.most) {
			part := carried(objects)
			ca, alone := ch.callOf(&part[0]), ch.aloneOf(&part[0])
			many := len(objects) > 1 || alone.path == ""
			if !many {
				ca = alone
			}
			g.add("", providers.Operation{
				Kind: k.Name, Name: bulkName(ch, part), Method: ca.method, Path: ca.path,
				Action: providers.Update, Channel: part[0].Channel, Bulk: many, Writes: part,
			})
		}
	}
}

// bucketOf are writes that may share calls, by object.
type bucketOf struct {
	key     string
	objects [][]*providers.Write
	// at finds an object's place among them.
	at map[string]int
}

func (b *bucketOf) add(id string, writes []*providers.Write) {
	if i, known := b.at[id]; known {
		b.objects[i] = append(b.objects[i], writes...)
		return
	}
	b.at[id] = len(b.objects)
	b.objects = append(b.objects, writes)
}

// bucket divides writes by a key; buckets are sorted by it, objects stay in
// the order of the writes.
func bucket(writes []*providers.Write, keyOf func(*providers.Write) string) []*bucketOf {
	byKey := map[string]*bucketOf{}
	for i, c := range writes {
		key := keyOf(c)
		b := byKey[key]
		if b == nil {
			b = &bucketOf{key: key, at: map[string]int{}}
			byKey[key] = b
		}
		// Nearly every object has one write: no slice of its own is made for it.
		b.add(who(c), writes[i:i+1:i+1])
	}
	return slices.SortedFunc(maps.Values(byKey), func(a, b *bucketOf) int { return strings.Compare(a.key, b.key) })
}

// setsOf are all members that each object is to gain or lose, sorted.
func setsOf(writes []*providers.Write) map[string]string {
	sets := make(map[string]string, len(writes))
	for _, c := range writes {
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

// carried are the writes of some objects.
func carried(objects [][]*providers.Write) []providers.Write {
	all := make([]providers.Write, 0, len(objects))
	for _, writes := range objects {
		for _, c := range writes {
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
func who(c *providers.Write) string {
	if c.Address != "" {
		return c.Address
	}
	return c.ID
}

// direction is what a write does to a set.
func direction(c *providers.Write) string {
	switch {
	case len(c.Remove) > 0:
		return "remove"
	case len(c.Add) > 0:
		return "add"
	default:
		return "set"
	}
}

// memberKey is what a write adds, removes or sets.
func memberKey(c *providers.Write) string {
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

// membersOf are the members that a call's writes carry, sorted.
func membersOf(writes []providers.Write) []string {
	var members []string
	for _, c := range writes {
		members = append(members, c.Add...)
		members = append(members, c.Remove...)
	}
	slices.Sort(members)
	return slices.Compact(members)
}

// sentMembers are the members of a call as the server may know them.
func sentMembers(writes []providers.Write) []string {
	if direction(&writes[0]) == "remove" {
		return removable(membersOf(writes))
	}
	return membersOf(writes)
}

func (ch channel) callOf(c *providers.Write) call {
	switch direction(c) {
	case "add":
		return ch.add
	case "remove":
		return ch.remove
	default:
		return ch.set
	}
}

// aloneOf is the call for an object that is alone; without a path there is none.
func (ch channel) aloneOf(c *providers.Write) call {
	switch direction(c) {
	case "add":
		return ch.addAlone
	case "remove":
		return ch.removeAlone
	default:
		return call{}
	}
}

// bulkName says what a bulk call does: `add tags "a", "b"`.
func bulkName(ch channel, writes []providers.Write) string {
	members := membersOf(writes)
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
	return direction(&writes[0]) + " " + noun + " " + strings.Join(quoted, ", ")
}
