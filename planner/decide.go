package planner

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"lockstep/schema"
)

// Decision is what is to be done to the objects of one kind in one account.
type Decision struct {
	// Changes of objects, and Rebased ones that only the state needs.
	Changes, Rebased []Change
	// Warnings are what may go wrong, and is planned all the same.
	Warnings []Problem
	Summary  KindSummary

	roster *Roster
	// managed are how many live objects are counted.
	managed int
}

// Decide goes once through the subjects, when everybody has said what they want,
// and makes at most one change of each. What it refuses is among the Problems.
func (r *Roster) Decide() *Decision {
	d := &Decision{Summary: KindSummary{Provider: r.Provider, Kind: r.Kind.Name}, roster: r}
	x := &decider{Roster: r, Decision: d, writers: map[*Subject]int{}}
	for _, s := range r.subjects {
		s.narrow(&r.Files)
	}
	for _, s := range r.subjects {
		x.subject(s)
	}
	succession{x}.order()
	return d
}

// Leave decides about the records that nothing declares, after the subjects.
func (d *Decision) Leave() {
	x := &decider{Roster: d.roster, Decision: d}
	for _, a := range x.leftovers(staying(x.Roster)) {
		x.leftover(a)
	}
	x.countHeld()
	x.warnShared()
	d.Summary.Live = x.Live.Len()
	d.Summary.Unmanaged = max(0, d.Summary.Live-d.managed)
}

// decider is a Decision under way.
type decider struct {
	*Roster
	*Decision
	// writers are the changes that write, by subject, as indexes in Changes.
	writers map[*Subject]int
	// change is what becomes of the subject at hand. Most subjects are in step,
	// so the memory of one change serves all of them.
	change Change
}

// subject decides about one object.
func (d *decider) subject(s *Subject) {
	if s.live != nil {
		d.counted(s)
	}
	if (newcomer{d.Roster}).leaves(s) {
		return
	}
	if len(d.Previous) == 0 && s.untouched() {
		d.Summary.Managed++
		d.rests(s, s.record.Written)
		return
	}
	if s.planless() && d.Planned != nil {
		d.Summary.Managed++
		return
	}
	c := &d.change
	*c = Change{Kind: d.Kind, Provider: d.Provider, Live: s.live}
	if s.live != nil {
		c.ID = s.live.ID
	}
	if s.refused || s.owner != nil && !s.apart && !d.own(s, c) {
		return
	}
	for _, p := range s.mappings {
		if !p.apart {
			d.mapping(s, p, c)
		}
	}
	if (newcomer{d.Roster}).incomplete(c) {
		return
	}
	d.count(s, c)
	if c.Action == NoOp {
		return
	}
	slices.SortStableFunc(c.Fields, func(a, b FieldChange) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), cmp.Compare(a.By, b.By))
	})
	d.mask(c)
	if len(c.Fields) > 0 {
		d.writers[s] = len(d.Changes)
	}
	d.Changes = append(double(d.Changes), *c)
}

// own decides what the resource block of an object does with it. It reports
// whether that was not refused.
func (d *decider) own(s *Subject, c *Change) bool {
	author := d.author(s.owner)
	if s.record != nil {
		author.Keep.Adopted = s.record.Flags().Adopted
	}
	if s.own == nil {
		c.Author = author
		return d.inStep(s, c)
	}
	action, differing := s.own.action, s.own.fields
	if s.replaced() {
		differing = s.own.instead
	}
	fields := spared(s.own.fields, s.others(s.owner))
	if action == Create && (newcomer{d.Roster}).refused(s.owner) || d.impossible(s.owner, s, differing) || s.replaced() && d.irreplaceable(s, &author) {
		return false
	}
	sealed, shown := d.previous(s.owner, s.live)
	author.sealed, c.Reason, c.Gone = sealed, s.own.reason, s.own.gone
	if action == NoOp {
		author.Previous = shown
	}
	switch {
	case action == Adopt:
		author.Keep.Adopted = !d.ours(s.owner.Sealed())
	case action == NoOp && len(fields) > 0:
		action = Update
	case action == NoOp && author.Previous != nil:
		action = Move
	}
	if s.replaced() {
		// The new object is made by us, whoever made the old one.
		author.Keep.Adopted = false
		action, c.Reason, c.instead = Replace, because(s.own.instead), s.own.instead
	}
	c.Author, c.Action, c.Fields = author, action, fields
	if d.Kind.Listing.Blind && (action == Create || action == Replace) {
		c.Unrecorded = s.owner.Value(d.Kind.Parent).IsKnown()
		c.Reason = d.why(s.owner, c.Unrecorded)
	}
	if action == NoOp {
		d.Rebased = append(double(d.Rebased), *c)
	}
	return true
}

// inStep notes what the state needs of an object of which nothing differs.
func (d *decider) inStep(s *Subject, c *Change) bool {
	if len(d.Previous) > 0 {
		c.sealed, c.Previous = d.previous(s.owner, s.live)
	}
	switch {
	case c.Previous != nil:
		c.Action = Move
	case s.rebase || s.record.Flags() != c.Keep:
		d.Rebased = append(double(d.Rebased), *c)
	}
	return true
}

// mapping adds what a mapping wants of an object to its change, or notes what
// only the state needs of it.
func (d *decider) mapping(s *Subject, p *part, c *Change) {
	author := d.author(p.Desired)
	author.Join, author.Kept = p.join, p.kept
	if len(p.stays) > 0 {
		author.Desired = slices.Concat(author.Desired, p.stays)
		author.Desired.Sort()
	}
	fields := spared(p.fields, s.others(p.Desired))
	if d.impossible(p.Desired, s, fields) || d.rewrites(p, fields) || p.action == Create && (newcomer{d.Roster}).refused(p.Desired) {
		return
	}
	if p.Address().Source {
		if len(fields) > 0 {
			d.join(p, author, fields, c)
		}
		return
	}
	author.Keep.Match = d.Sealer.Sum(p.join.Match)
	sealed, shown := d.previous(p.Desired, s.live)
	if author.sealed = sealed; p.action != Create && s.live != nil {
		author.Previous = shown
	}
	switch {
	case p.action == Create:
		c.Action, c.Author, c.Fields, c.Reason, c.Gone = Create, author, fields, p.reason, p.gone
	case len(fields) > 0:
		d.join(p, author, fields, c)
	case author.Previous != nil:
		d.Changes = append(d.Changes, d.alone(p, author, s, Move))
	case p.rebase || p.base == nil || author.Base() != nil || p.base.Flags() != author.Keep || len(p.kept) > 0:
		d.Rebased = append(d.Rebased, d.alone(p, author, s, NoOp))
	}
}

// alone is a change of one author that makes no call.
func (d *decider) alone(p *part, author Author, s *Subject, action Action) Change {
	return Change{Author: author, Kind: d.Kind, Provider: d.Provider, Action: action, ID: s.live.ID, Live: s.live, Reason: p.reason}
}

// join makes an author one of those of a change.
func (d *decider) join(p *part, author Author, fields []FieldChange, c *Change) {
	by := 0
	switch c.Action {
	case NoOp:
		c.Author, c.Action, c.Reason = author, Update, p.reason
	default:
		if c.Action == Move {
			c.Action = Update
		}
		author.Apart = p.Block.Waits || author.elsewhere(c) || slices.ContainsFunc(fields, func(f FieldChange) bool { return !f.Desired.IsKnown() })
		c.Others = append(c.Others, author)
		by = len(c.Others)
	}
	for _, f := range fields {
		f.By = by
		c.Fields = append(c.Fields, f)
	}
}

// elsewhere reports whether an author relies on changes of other objects than
// that of the change.
func (a *Author) elsewhere(c *Change) bool {
	return slices.ContainsFunc(a.Needs(), func(need schema.Address) bool {
		if need == a.Address {
			return false
		}
		for _, other := range c.Authors() {
			if other.Address == need {
				return false
			}
		}
		return true
	})
}

// rewrites refuses what a mapping could only write to another object.
func (d *decider) rewrites(p *part, fields []FieldChange) bool {
	i := slices.IndexFunc(fields, func(f FieldChange) bool { return f.Replaces })
	if i < 0 {
		return false
	}
	d.refuse(p.Desired, fields[i].Path, "A mapping replaces nothing", fmt.Sprintf("%s, so it cannot be mapped to an object that has another value.", because(fields)))
	return true
}

// author is what a change says of who wants it.
func (d *decider) author(w *Desired) Author {
	return Author{
		Address: w.Address(), Place: w.Block.Place, Level: w.Block.Level, Desired: w.Fields(), Keep: w.flags(),
	}
}

// impossible refuses what no account could take: a set whose members are not
// known before the apply, and a natural key that another object has.
func (d *decider) impossible(w *Desired, s *Subject, fields []FieldChange) bool {
	for i := range fields {
		f := &fields[i]
		if f.IsSet() && !f.Desired.IsKnown() || s.live != nil && d.unknownItems(f) {
			d.refuse(w, f.Path, "Members that are not known yet", fmt.Sprintf(
				"The members of %s depend on something that is known only after apply. Write them out, or apply what they depend on first.", f.Path))
			return true
		}
		if s.live == nil || len(d.Kind.Keys) == 0 || !slices.Contains(d.Kind.Keys[0], f.Path) {
			continue
		}
		if other := d.holder(w, s); other != nil {
			d.refuse(w, f.Path, "The natural key is taken", fmt.Sprintf(
				"Another live %s (id %s) has %s. Give that one another %s first, merge the two in the CRM, or correct the file.",
				d.Kind.Noun, other.live.ID, describeKey(d.Kind.Keys[0], w.Fields()), f.Path))
			return true
		}
	}
	return false
}

// unknownItems reports whether it is not known which items a list is to have.
func (d *decider) unknownItems(f *FieldChange) bool {
	a := d.Kind.Attribute(schema.PathAttribute(f.Path))
	return a.Own == schema.OwnItems && f.Desired.Type() == schema.Unknown
}

// holder is another live object that has the strongest natural key that a
// desired one is to get, and that is given no other key.
func (d *decider) holder(w *Desired, s *Subject) *Subject {
	text := keyText(d.Kind.Keys[0], w.Value)
	for _, other := range d.Live.key(0, text) {
		if other != s && keyText(d.Kind.Keys[0], other.becomes) == text {
			return other
		}
	}
	return nil
}

// counted notes that the summary has a live object.
func (d *decider) counted(s *Subject) {
	if !s.counted {
		s.counted = true
		d.managed++
	}
}

// countHeld counts the objects that stay as they are, because what tells of them
// could not be read: they are managed all the same, and nothing is done to them.
func (d *decider) countHeld() {
	if d.taken == d.Records.Len() {
		return
	}
	for a, r := range d.Records.All() {
		if d.isPlaced(a) || !staying(d.Roster)(a) {
			continue
		}
		if s := d.Live.find(r.ID); s != nil && !s.counted {
			d.counted(s)
			d.Summary.Managed++
			d.rests(s, r.Written)
		}
	}
}

// count adds an object to the summary, by who moved.
func (d *decider) count(s *Subject, c *Change) {
	d.Summary.Managed++
	if c.Gone {
		d.Summary.Gone++
		return
	}
	live, file := c.Moved()
	switch {
	case live && file:
		d.Summary.BothMoved++
	case live:
		d.Summary.LiveMoved++
	case file || c.Action == Create || c.Action == Replace:
		d.Summary.FileMoved++
	case s.record != nil:
		d.rests(s, s.record.Written)
	default:
		d.rests(s, 0)
	}
}

// Moved reports which sides of an object moved since the last apply.
func (c *Change) Moved() (live, file bool) {
	for i := range c.Fields {
		f := &c.Fields[i]
		liveMoved, fileMoved := f.LiveMoved, f.FileMoved || !f.HasBase
		if c.By(f).Address.Source {
			// What moved is the target, and the source is to follow.
			liveMoved, fileMoved = fileMoved, liveMoved
		}
		live, file = live || liveMoved, file || fileMoved
	}
	return live, file
}
