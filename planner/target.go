package planner

import (
	"fmt"
	"slices"
	"strings"

	"lockstep/planner/state"
	"lockstep/schema"
	"lockstep/schema/config"
)

// target is what a mapping writes to: a live object, or one that a resource
// block or an earlier mapping is about to create.
type target struct {
	live *schema.Object
	made *Desired
}

// target finds what an instance writes to. how says how it came to one that
// match does not find now, to follow the name of the target; it is empty for
// all others.
func (m *Matcher) target(d *Mapped) (to target, how string, problem *Problem) {
	paths, text := matchText(d.Match)
	if text == "" {
		return target{}, "", nil
	}
	found, made := m.matching(paths, text), m.creating(paths, text)
	switch {
	case len(found)+len(made) > 1:
		return target{}, "", m.several(d, found, made)
	case len(found) == 1:
		return m.at(found[0]), "", nil
	case len(made) == 1:
		return target{made: made[0]}, "", nil
	}
	if live, how := m.former(d); live != nil {
		return m.at(live), how, nil
	}
	return target{}, "", nil
}

// several says that more than one object fits, or will.
func (m *Matcher) several(d *Mapped, found []*schema.Object, made []*Desired) *Problem {
	words := matchWords(d.Match)
	p := &Problem{Address: d.Address, Place: d.Block.Place, Path: matchPath(d.Match), Summary: "More than one object fits"}
	switch {
	case len(made) == 0:
		p.Summary = "More than one live object fits"
		p.Detail = fmt.Sprintf("%d live %s have %s: %s. Merge them in the CRM, or match by something that only one of them has.",
			len(found), m.Kind.Plural, words, objectIDs(found))
	case len(found) == 0:
		p.Detail = fmt.Sprintf("%s and %s are both to be created with %s. Match by something that only one of them has.", made[0].Address, made[1].Address, words)
	default:
		p.Detail = fmt.Sprintf("%s is to be created with %s, which live %s have too: %s. Match by something that only one of them has.",
			made[0].Address, words, m.Kind.Plural, objectIDs(found))
	}
	return p
}

// at is a live object as a target, or what is to take its place.
func (m *Matcher) at(o *schema.Object) target {
	for _, i := range m.changesOf(o) {
		if m.Changes[i].Action == Replace {
			return target{made: m.taken[o]}
		}
	}
	return target{live: o}
}

// former is the object that an instance was joined with at the last apply, if it
// still is who the files mean. They do when match looks for what it looked for
// then, and it was the CRM that changed the object. And they do when the mapping
// itself gives the object what match looks for, unless another instance is about
// it now. When match looks for something else, or another block says that the
// object is somebody else, it is not.
func (m *Matcher) former(d *Mapped) (live *schema.Object, how string) {
	r := m.Records[d.Sealed]
	if r != nil {
		live = m.Live.ID(r.ID)
	}
	if live != nil && m.fitsAfter(live, d) && !m.passedOn(d, r, live) {
		return live, ", which is given what match looks for"
	}
	live = m.Live.ID(m.foundBy(d))
	if live == nil || m.declaredElse(live, d) {
		return nil, ""
	}
	return live, ", which match found before and finds no longer"
}

// passedOn says that another instance looks for whom this one found at the last
// apply: its key is somebody else's now, as when keys are the numbers of rows
// and a row was put before others.
func (m *Matcher) passedOn(d *Mapped, r *state.Record, live *schema.Object) bool {
	if m.sought == nil {
		m.sought = make(map[string]bool, len(m.batch))
		for i := range m.batch {
			m.sought[m.Sealer.Sum(m.batch[i].Match)] = true
		}
	}
	found := r.Flags.Match
	if found == "" {
		// The state is of a version that did not note it.
		has := slices.Clone(d.Match)
		for i := range has {
			has[i].Value = live.Value(has[i].Path)
		}
		found = m.Sealer.Sum(has)
	}
	return found != m.Sealer.Sum(d.Match) && m.sought[found]
}

// foundBy is the remote id of what the match of an instance found at the last
// apply, be it for this instance or for another; empty when it found nothing, or
// several.
func (m *Matcher) foundBy(d *Mapped) string {
	if m.founds == nil {
		m.founds = map[string]string{}
		for a, r := range m.Records {
			if !a.Mapping() || r.Flags.Match == "" {
				continue
			}
			if id, other := m.founds[r.Flags.Match]; other && id != r.ID {
				m.founds[r.Flags.Match] = ""
				continue
			}
			m.founds[r.Flags.Match] = r.ID
		}
	}
	digest := m.Sealer.Sum(d.Match)
	if r := m.Records[d.Sealed]; r != nil && r.Flags.Match == digest {
		return r.ID
	}
	return m.founds[digest]
}

// declaredElse says that an author of a live object gives it another value than
// match looks for.
func (m *Matcher) declaredElse(live *schema.Object, d *Mapped) bool {
	return slices.ContainsFunc(m.authorsOf(target{live: live}), func(author *Desired) bool {
		df := differ{ignore: author.Block.Ignore}
		return slices.ContainsFunc(d.Match, func(f schema.Field) bool {
			wanted, named := author.Fields.Find(f.Path)
			return !f.Derived && named && !wanted.Derived && !Ignored(df.ignore, f.Path) && wanted.Value.Text() != f.Value.Text()
		})
	})
}

// fitsAfter says that a live object has what match looks for once the instance
// has written to it.
func (m *Matcher) fitsAfter(live *schema.Object, d *Mapped) bool {
	return !slices.ContainsFunc(d.Match, func(f schema.Field) bool {
		if f.Derived || m.becomes(live, f.Path).Text() == f.Value.Text() {
			return false
		}
		rule := d.Mapping.Field(f.Path)
		writes := rule != nil && (rule.Direction == config.ToTarget || rule.Direction == config.Both)
		return !writes || d.Fields.Value(f.Path).Text() != f.Value.Text()
	})
}

// matching finds the objects that have the same values under some paths. Those
// that other changes give or take the values count as they will be.
func (m *Matcher) matching(paths []string, text string) []*schema.Object {
	now := m.Live.matching(paths, text)
	m.changesOf(nil)
	if len(m.touched) == 0 {
		return now
	}
	var then []*schema.Object
	for _, o := range m.touchedBy.find(paths, text, m.touched, m.becomes) {
		has := keyText(paths, func(path string) schema.Value { return m.becomes(o, path) })
		if has == text && !slices.Contains(then, o) {
			then = append(then, o)
		}
	}
	for _, o := range now {
		if len(m.changed[o]) == 0 {
			then = append(then, o)
		}
	}
	return then
}

// becomes is the value of a live object once the changes found so far are made,
// but for deletes, which come last.
func (m *Matcher) becomes(o *schema.Object, path string) schema.Value {
	value := o.Value(path)
	for _, i := range m.changesOf(o) {
		for _, f := range m.Changes[i].Fields {
			if m.Changes[i].Action != Delete && f.Path == path && f.Desired.IsKnown() {
				value = f.Desired
			}
		}
	}
	return value
}

// needs are the changes by which a live object becomes who an instance is about,
// of which its own may be one.
func (m *Matcher) needs(d *Mapped, live *schema.Object, fields []FieldChange) []schema.Address {
	paths, _ := matchText(d.Match)
	needs := m.changing(live, paths)
	if slices.ContainsFunc(fields, func(f FieldChange) bool { return slices.Contains(paths, f.Path) }) {
		needs = append(needs, d.Address)
	}
	return needs
}

// changing are the changes that give a live object other values under some paths.
func (m *Matcher) changing(live *schema.Object, paths []string) []schema.Address {
	var found []schema.Address
	for _, i := range m.changesOf(live) {
		c := &m.Changes[i]
		if slices.ContainsFunc(c.Fields, func(f FieldChange) bool { return slices.Contains(paths, f.Path) }) {
			found = append(found, c.Address)
		}
	}
	return found
}

// changesOf are the indexes of the changes of a live object.
func (m *Matcher) changesOf(live *schema.Object) []int {
	if m.changed == nil {
		m.changed = map[*schema.Object][]int{}
		for i := range m.Changes {
			m.note(i)
		}
	}
	return m.changed[m.listed(live)]
}

// listed is a live object as it was listed, if it was, or else as it was met
// first: each data source read the same object by itself.
func (m *Matcher) listed(o *schema.Object) *schema.Object {
	if o == nil {
		return nil
	}
	if live := m.Live.ID(o.ID); live != nil {
		return live
	}
	if m.met == nil {
		m.met = map[string]*schema.Object{}
	}
	if m.met[o.ID] == nil {
		m.met[o.ID] = o
	}
	return m.met[o.ID]
}

// add plans what a mapping writes to a live object, and returns its index.
func (m *Matcher) add(c Change) int {
	m.changesOf(c.Live) // those before it are noted
	m.Changes = append(m.Changes, c)
	m.note(len(m.Changes) - 1)
	return len(m.Changes) - 1
}

// note adds a change to those of its object.
func (m *Matcher) note(i int) {
	live := m.listed(m.Changes[i].Live)
	if live == nil {
		return
	}
	if len(m.changed[live]) == 0 {
		m.touched = append(m.touched, live)
	}
	m.changed[live] = append(m.changed[live], i)
	m.touchedBy.add(live, m.becomes)
}

// creating finds objects that are about to be created. Those of resource blocks
// were all planned before the first mapping.
func (m *Matcher) creating(paths []string, text string) []*Desired {
	return m.createsBy.find(paths, text, m.creates, desiredValue)
}

func desiredValue(d *Desired, path string) schema.Value { return d.Fields.Value(path) }

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

func objectIDs(found []*schema.Object) string {
	ids := make([]string, len(found))
	for i, o := range found {
		ids[i] = o.ID
	}
	slices.Sort(ids)
	return strings.Join(ids, ", ")
}
