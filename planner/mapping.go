package planner

import (
	"fmt"
	"slices"
	"strings"

	"lockstep/planner/state"
	"lockstep/schema"
	"lockstep/schema/config"
)

// Mapped is what one instance of a mapping wants. The Fields of its Desired
// are what the source gives, in the spelling of the target.
type Mapped struct {
	Desired
	// Mapping says how each field travels.
	Mapping *config.Mapping
	// Match is by what the target is found; empty finds nobody.
	Match schema.Fields
	// Source is the object that the instance is made of; nil when nothing of it
	// can be written.
	Source *schema.Object
}

// Joined is what an instance of a mapping was joined with.
type Joined struct {
	// Live is the target; nil when there is none yet.
	Live *schema.Object
	// Change is the index in Changes, -1 for none.
	Change int
	// Missing says that nobody fits, and that nothing is created.
	Missing bool
	// Back are the fields that the target gives to the source.
	Back []FieldChange

	// record is what the state alone needs; idle says that it needs it only
	// because of what goes back.
	record *Change
	idle   bool
}

// target is what a mapping writes to: a live object, or one that a resource
// block or an earlier mapping is about to create.
type target struct {
	live *schema.Object
	made *Desired
}

// Map joins instances of a mapping with the live objects of a kind, after all
// resource blocks of the kind were matched.
func (m *Matcher) Map(batch []Mapped) []Joined {
	m.start()
	joined := make([]Joined, len(batch))
	for i := range batch {
		joined[i].Change = -1
		m.join(&batch[i], &joined[i])
	}
	return joined
}

func (m *Matcher) join(d *Mapped, j *Joined) {
	to, problem := m.target(d)
	switch {
	case problem != nil:
		m.Problems = append(m.Problems, *problem)
		m.keep(d)
	case to.live != nil:
		m.mapLive(d, to, j)
	case to.made != nil && to.made.Block == d.Block && to.made.Address.Mapping():
		m.keep(d)
		m.refuse(&d.Desired, matchPath(d.Match), "Two instances with one target", fmt.Sprintf("%s is about to create a %s with %s, and %s would find it. Let one instance be about it.",
			to.made.Address, m.Kind.Noun, matchWords(d.Match), d.Address))
	case to.made != nil:
		m.mapMade(d, to, j)
	case len(d.Match) > 0 && d.Mapping.Missing == config.MissingCreate:
		m.mapCreate(d, j)
	case d.Mapping.Missing == config.MissingError:
		m.refuse(&d.Desired, "", "Nobody to map to", fmt.Sprintf("There is no live %s with %s, and missing = %q wants one. Create it, or write missing = %q or %q.",
			m.Kind.Noun, matchWords(d.Match), config.MissingError, config.MissingSkip, config.MissingCreate))
	default:
		j.Missing = true
	}
}

// keep spares the record of an instance that could not be planned.
func (m *Matcher) keep(d *Mapped) *state.Record {
	r := m.Records[d.Sealed]
	if r != nil {
		m.placed[r] = true
	}
	return r
}

// target finds what an instance writes to.
func (m *Matcher) target(d *Mapped) (target, *Problem) {
	paths, text := matchText(d.Match)
	if text == "" {
		return target{}, nil
	}
	switch found := m.Live.matching(paths, text); len(found) {
	case 0:
	case 1:
		return target{live: found[0]}, nil
	default:
		p := m.ambiguous(&d.Desired, schema.NaturalKey(paths), found)
		p.Detail = fmt.Sprintf("%d live %s have %s: %s. Merge them in the CRM, or match by something that only one of them has.",
			len(found), m.Kind.Plural, matchWords(d.Match), objectIDs(found))
		return target{}, p
	}
	switch made := m.creating(paths, text); len(made) {
	case 0:
	case 1:
		return target{made: made[0]}, nil
	default:
		return target{}, &Problem{Address: d.Address, Place: d.Block.Place, Path: paths[0], Summary: "More than one object fits",
			Detail: fmt.Sprintf("%s and %s are both to be created with %s. Match by something that only one of them has.", made[0].Address, made[1].Address, matchWords(d.Match))}
	}
	if r := m.Records[d.Sealed]; r != nil {
		// The two were joined before, and what joined them has changed since.
		return target{live: m.Live.ID(r.ID)}, nil
	}
	return target{}, nil
}

func objectIDs(found []*schema.Object) string {
	ids := make([]string, len(found))
	for i, o := range found {
		ids[i] = o.ID
	}
	slices.Sort(ids)
	return strings.Join(ids, ", ")
}

// matchText joins the values that find a target. Texts and numbers of the same
// spelling are the same.
func matchText(match schema.Fields) (paths []string, text string) {
	var texts []string
	for _, f := range match {
		if f.Derived {
			continue
		}
		paths, texts = append(paths, f.Path), append(texts, f.Value.Text())
	}
	if len(texts) == 0 || slices.Contains(texts, "") {
		return nil, ""
	}
	return paths, strings.Join(texts, "\x00")
}

// matchPath is where a problem with what finds a target stands.
func matchPath(match schema.Fields) string {
	paths, _ := matchText(match)
	return paths[0]
}

func matchWords(match schema.Fields) string {
	var parts []string
	for _, f := range match {
		switch {
		case f.Derived:
		case f.Sensitive:
			parts = append(parts, f.Path+" (sensitive value)")
		default:
			parts = append(parts, fmt.Sprintf("%s %q", f.Path, f.Value.Text()))
		}
	}
	if len(parts) == 0 {
		return "what match says, because a value of it is empty here"
	}
	return strings.Join(parts, " and ")
}

// matching finds the objects that have the same values under some paths.
func (l *Live) matching(paths []string, text string) []*schema.Object {
	return l.byPaths.find(paths, text, l.objects, (*schema.Object).Value)
}

// creating finds objects that are about to be created. Those of resource blocks
// were all planned before the first mapping.
func (m *Matcher) creating(paths []string, text string) []*Desired {
	return m.createsBy.find(paths, text, m.creates, desiredValue)
}

func desiredValue(d *Desired, path string) schema.Value { return d.Fields.Value(path) }

// pathIndex finds things by the values that they have under some paths. It has
// an index for each list of paths that was ever asked for.
type pathIndex[T any] struct {
	byPaths map[string]map[string][]T
}

// find looks in all things, which must be the same at each call but for those
// that were added.
func (x *pathIndex[T]) find(paths []string, text string, all []T, value func(T, string) schema.Value) []T {
	name := strings.Join(paths, "\x00")
	index := x.byPaths[name]
	if index == nil {
		index = make(map[string][]T, len(all))
		for _, thing := range all {
			if k := keyText(paths, func(path string) schema.Value { return value(thing, path) }); k != "" {
				index[k] = append(index[k], thing)
			}
		}
		if x.byPaths == nil {
			x.byPaths = map[string]map[string][]T{}
		}
		x.byPaths[name] = index
	}
	return index[text]
}

// add takes one more thing into the indexes that there are.
func (x *pathIndex[T]) add(thing T, value func(T, string) schema.Value) {
	for name, index := range x.byPaths {
		if k := keyText(strings.Split(name, "\x00"), func(path string) schema.Value { return value(thing, path) }); k != "" {
			index[k] = append(index[k], thing)
		}
	}
}

// mapLive compares an instance with its target.
func (m *Matcher) mapLive(d *Mapped, to target, j *Joined) {
	j.Live = to.live
	r := m.keep(d)
	if r != nil && r.ID != to.live.ID {
		// The base tells of another object.
		r = nil
	}
	v := &verdict{m: m, d: d, live: to.live}
	if err := v.decide(r); err != nil {
		m.refuse(&d.Desired, "", "Unreadable state", err.Error())
		return
	}
	wanted := d.Desired
	wanted.Fields = v.desired
	if !m.claim(to, &wanted) {
		return
	}
	df := differ{kind: m.Kind, sealer: m.Sealer}
	fields, rebase, err := df.diff(wanted.Fields, to.live, r)
	if err != nil {
		m.refuse(&d.Desired, "", "Unreadable state", err.Error())
		return
	}
	fields = m.spare(to, &wanted, v.mark(fields))
	if m.impossible(&wanted, to.live, fields) || m.replacing(&wanted, fields) {
		return
	}
	j.Back = v.back
	c := m.change(&wanted, Update, fields)
	c.ID, c.Live, c.Kept = to.live.ID, to.live, v.kept
	c.Reason = m.named(to.live)
	m.countAuthor(&c)
	if r != nil && m.moved(&c, &wanted) && len(fields) == 0 {
		c.Action = Move
	}
	if len(fields) > 0 || c.Action == Move {
		m.changesOf(to.live)
		j.Change = len(m.Changes)
		m.Changes = append(m.Changes, c)
		m.note(j.Change)
		return
	}
	c.Action = NoOp
	if j.idle = !rebase && r != nil; !j.idle || len(v.kept) > 0 {
		j.record = &c
	}
}

// Settle ends the join of an instance: paths of the target need not go back,
// because the source has their values already, in its own spelling.
func (m *Matcher) Settle(j *Joined, paths []string) {
	left := func(kept []string) []string {
		return slices.DeleteFunc(kept, func(p string) bool { return slices.Contains(paths, p) })
	}
	j.Back = slices.DeleteFunc(j.Back, func(f FieldChange) bool { return slices.Contains(paths, f.Mapped) })
	if j.Change >= 0 {
		m.Changes[j.Change].Kept = left(m.Changes[j.Change].Kept)
	}
	if j.record == nil {
		return
	}
	if j.record.Kept = left(j.record.Kept); len(j.record.Kept) > 0 || !j.idle {
		m.Rebased = append(m.Rebased, *j.record)
	}
}

// WriteBack plans what goes to the source of an instance. The matcher is that
// of the source's kind.
func (m *Matcher) WriteBack(d *Mapped, fields []FieldChange) {
	m.start()
	if len(fields) == 0 {
		m.Summary.Managed++
		m.Summary.InStep++
		return
	}
	c := Change{
		Address: d.Address, Kind: m.Kind, Provider: m.Provider, Action: Update, ID: d.Source.ID, Live: d.Source,
		Fields: fields, Place: d.Block.Place, Level: d.Block.Level, Reason: m.named(d.Source),
	}
	c.Address.Source = true
	for _, f := range fields {
		c.Desired = append(c.Desired, schema.Field{Path: f.Path, Value: f.Desired, Sensitive: f.Sensitive})
	}
	c.Desired.Sort()
	m.count(&c)
	m.Changes = append(m.Changes, c)
}

// named names a live object to people.
func (m *Matcher) named(o *schema.Object) string { return fmt.Sprintf("%s %q", m.Kind.Noun, o.ID) }

// replacing refuses what could only be written to another object.
func (m *Matcher) replacing(d *Desired, fields []FieldChange) bool {
	for i := range fields {
		if fields[i].Replaces {
			m.refuse(d, fields[i].Path, "A mapping replaces nothing", fmt.Sprintf("%s, so it cannot be mapped to an object that has another value.", because(fields)))
			return true
		}
	}
	return false
}
