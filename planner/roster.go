package planner

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner/state"
	"lockstep/schema"
)

// Problem is a reason why an object cannot be planned.
type Problem struct {
	Address         schema.Address
	Place           hcl.Range
	Path            string
	Summary, Detail string
	// Protected reports that a protection stands in the way, not a mistake.
	Protected bool
}

// Files is what the files say of addresses, beyond the objects that they
// declare.
type Files struct {
	// Declared reports whether a sealed address is or may still be declared.
	Declared func(schema.Address) bool
	// Repeated reports whether the block of an address is declared, whatever
	// its keys.
	Repeated func(schema.Address) bool
	// Held reports whether a sealed address may be one of a block that lacks what
	// tells its instances: what nothing declares stays then. Nil holds none.
	Held func(schema.Address) bool
	// Elsewhere returns the provider by which an object is wanted that this account
	// shows as well, or "". Nil knows none.
	Elsewhere func(id string) string
	// Removals tell by the sealed address of a block or object whether to
	// destroy it.
	Removals map[schema.Address]bool
	// Destroy reports that everything goes, so that no reason need be given.
	Destroy bool
	// Planned reports whether the plan is about an object, by its address as people
	// write it. What it is not about stays as it is. Nil is about all.
	Planned func(schema.Address) bool
}

func (f *Files) held(sealed schema.Address) bool { return f.Held != nil && f.Held(sealed) }

func (f *Files) elsewhere(id string) string {
	if f.Elsewhere == nil {
		return ""
	}
	return f.Elsewhere(id)
}

func (f *Files) about(shown schema.Address) bool { return f.Planned == nil || f.Planned(shown) }

// Roster says who is who among the objects of one kind in one account: which
// live object a declaration is about, or that it is to be made. Decide then makes
// the changes.
type Roster struct {
	Provider string
	Kind     *schema.Kind
	Live     *Live
	Past
	Files
	// Trust reports that Live has only what may have changed: an object of the
	// state that is not there is as it was when all was in step.
	Trust bool
	// Lingering are deleted objects that the API still shows.
	Lingering []Lingering
	// Losing are the live values that go with what their keys name, as Losing
	// returns them. What authors that are paired from then on want of those that go
	// with a replacement is written again.
	Losing map[string]string
	// Problems found so far.
	Problems []Problem

	// subjects are those that somebody wrote of, in that order.
	subjects []*Subject
	// keys are the natural keys of the desired objects.
	keys Keyring
	// made are to be created, and touched are live ones that somebody writes to.
	made, touched shelf
	// met are objects that were not listed, by id.
	met    map[string]*Subject
	labels labels
}

// shelf keeps subjects and finds them by what they become.
type shelf struct {
	all   []*Subject
	index pathIndex
}

func (s *shelf) put(x *Subject) {
	if !x.shelved {
		x.shelved = true
		s.all = append(double(s.all), x)
	}
	s.index.add(x, (*Subject).becomes)
}

// find returns the subjects that come to have some values.
func (s *shelf) find(paths []string, text string) []*Subject {
	if len(s.all) == 0 {
		return nil
	}
	var found []*Subject
	for _, x := range s.index.find(paths, text, s.all, (*Subject).becomes) {
		// The index also has what a subject was to become before.
		if keyText(paths, x.becomes) == text && !slices.Contains(found, x) {
			found = append(found, x)
		}
	}
	return found
}

// Wants reports whether a live object stays managed: somebody writes to it, or the plan
// is not about it.
func Wants(r *Roster, id string) bool {
	if s := r.Live.ids.get(id); s != nil && (s.owner != nil || len(s.mappings) > 0) {
		return true
	}
	at, managed := r.of(id)
	return managed && staying(r)(at)
}

func (r *Roster) differ(ignore []string) *differ {
	return &differ{kind: r.Kind, sealer: r.Sealer, ignore: ignore}
}

// planned is a differ for what the plan makes of the live objects.
func (r *Roster) planned(ignore []string) *differ {
	df := r.differ(ignore)
	df.losing = r.Losing
	return df
}

func (r *Roster) refuse(d *Desired, path, summary, detail string) {
	r.Problems = append(r.Problems, Problem{Address: d.Address(), Place: d.Block.Place, Path: path, Summary: summary, Detail: detail})
}

// Vouched reports whether the state alone tells that an object is in step:
// nothing changed it live since all was in step, and the files want what they
// wanted. rec is its record.
func (r *Roster) Vouched(d *Desired, rec *state.Record) bool {
	return r.Trust && rec != nil && !d.forced() && r.Unchanged(d, rec)
}

// Candidates returns the live objects that a desired one may turn out to be, as
// far as they are in the picture.
func (r *Roster) Candidates(d *Desired) []*schema.Object {
	if rec := d.Record(r.Records); rec != nil {
		if o := r.Live.ID(rec.ID); o != nil {
			return []*schema.Object{o}
		}
	}
	found := r.siblings(d)
	if len(r.Kind.Content) == 0 {
		for rank, key := range r.Kind.Keys {
			found = append(found, r.Live.key(rank, keyText(key, d.Value))...)
		}
	}
	objects := make([]*schema.Object, len(found))
	for i, s := range found {
		objects[i] = s.live
	}
	return objects
}

// Drifted reports whether a live object is not as it was last written. A list
// that shows an object as it was written is not behind, whatever the files want
// now; one that does not may show an older picture.
func (r *Roster) Drifted(d *Desired) bool {
	rec := d.Record(r.Records)
	if rec == nil {
		return false
	}
	live := r.Live.ID(rec.ID)
	if live == nil {
		return true
	}
	if r.Live.ids.get(rec.ID).inStep == d {
		return false
	}
	df := r.differ(d.Block.Ignore)
	if r.Unchanged(d, rec) {
		fields, _, err := df.diff(d.Fields(), live, rec)
		return err != nil || len(fields) > 0
	}
	base, err := rec.Base()
	return err != nil || slices.ContainsFunc(base, func(f state.BaseField) bool { return df.drifted(f, live) })
}

// subject finds the subject of a live object: as it was listed, if it was, or
// else as it was met first, because each data source reads the same object by
// itself.
func (r *Roster) subject(o *schema.Object) *Subject {
	if s := r.Live.find(o.ID); s != nil {
		return s
	}
	if r.met == nil {
		r.met = map[string]*Subject{}
	}
	if r.met[o.ID] == nil {
		r.met[o.ID] = &Subject{live: o}
	}
	return r.met[o.ID]
}

// take gives a subject to a desired object. It refuses when it has an owner.
func (r *Roster) take(d *Desired, s *Subject, rec *state.Record) bool {
	if s.owner != nil {
		r.refuse(d, "", "Two addresses for one object", fmt.Sprintf(
			"%s and %s are both the live %s %s. Remove one of the blocks, or take one out of the state with `lockstep state rm`.",
			s.owner.Address(), d.Address(), r.Kind.Noun, s.live.ID))
		return false
	}
	s.owner, s.record = d, rec
	r.subjects = append(double(r.subjects), s)
	return true
}

// compare finds what an owner wants otherwise. action is NoOp for an object of
// the state and Adopt for one that becomes managed.
func (r *Roster) compare(s *Subject, action Action, reason string) bool {
	if s.inStep != nil {
		// Its fields were let go. Only who is refused as well may be another one.
		return true
	}
	d := s.owner
	if err := r.labels.label(r.Kind, s); err != nil {
		r.refuse(d, "", "Unreadable state", err.Error())
		return false
	}
	fields, rebase, err := r.planned(d.Block.Ignore).diff(d.Fields(), s.live, s.record)
	if err != nil {
		r.refuse(d, "", "Unreadable state", err.Error())
		return false
	}
	s.rebase = rebase
	if len(fields) == 0 && action == NoOp && !d.forced() {
		return true
	}
	s.own = &part{Desired: d, action: action, fields: fields, base: s.record, rebase: rebase, reason: reason}
	if replacing(fields) || d.forced() {
		s.own.fields, s.own.instead = replacement(r.Kind, d.Fields(), fields), append([]FieldChange{}, fields...)
	}
	if len(s.own.fields) > 0 {
		r.touched.put(s)
	}
	return true
}

// replacement is what is written to an object that takes the place of another
// one: all desired fields, those that differ with the sides they had.
func replacement(kind *schema.Kind, desired schema.Fields, differing []FieldChange) []FieldChange {
	fields := created(kind, desired)
	for i := range fields {
		for _, f := range differing {
			if f.Path == fields[i].Path {
				f.Add, f.Remove = fields[i].Add, nil
				fields[i] = f
			}
		}
	}
	return fields
}

// create plans a new object for its owner.
func (r *Roster) create(d *Desired, gone bool) *Subject {
	s := &Subject{owner: d}
	s.own = &part{Desired: d, action: Create, fields: created(r.Kind, d.Fields()), gone: gone}
	if gone {
		s.own.reason = "deleted outside of lockstep"
	}
	r.subjects = append(double(r.subjects), s)
	r.made.put(s)
	return s
}

// created are the field changes of a new object.
func created(kind *schema.Kind, desired schema.Fields) []FieldChange {
	var fields []FieldChange
	for _, f := range desired {
		a := kind.Attribute(schema.PathAttribute(f.Path))
		if f.Derived || a == nil || f.Claim == schema.ClaimExcludes || f.Value.IsEmpty() {
			continue
		}
		c := FieldChange{Path: f.Path, Claim: f.Claim, Desired: f.Value, Sensitive: f.Sensitive || a.Sensitive, Personal: a.Personal}
		if a.Own == schema.OwnItems {
			c.Claim = schema.ClaimValue
		}
		if c.IsSet() {
			c.Add = f.Value.Strings()
		}
		fields = append(fields, c)
	}
	return fields
}

// matching finds the subjects that have the same values under some paths. Those
// that somebody gives other values count as they will be.
func (r *Roster) matching(paths []string, text string) []*Subject {
	then := r.touched.find(paths, text)
	for _, s := range r.Live.matching(paths, text) {
		if !s.shelved {
			then = append(then, s)
		}
	}
	return then
}

// creating finds subjects that are to be made with some values.
func (r *Roster) creating(paths []string, text string) []*Subject {
	return r.made.find(paths, text)
}

// keyed finds the subjects that have a natural key, or get it.
func (r *Roster) keyed(rank int, text string) []*Subject {
	if text == "" {
		return nil
	}
	return r.matching(r.Kind.Keys[rank], text)
}

func describeKey(key schema.NaturalKey, fields schema.Fields) string {
	parts := make([]string, len(key))
	for i, path := range key {
		parts[i] = fmt.Sprintf("%s %q", path, fields.Value(path).Text())
		if f, _ := fields.Find(path); f.Sensitive {
			parts[i] = "the same " + path + ", which is sensitive"
		}
	}
	return strings.Join(parts, " and ")
}

// ReasonRequested is why an object is replaced that need not be, as Change.Reason
// has it.
const ReasonRequested = "-replace asks for a new one"

// because says which fields make a replacement necessary.
func because(fields []FieldChange) string {
	var paths []string
	for _, f := range fields {
		if f.Replaces {
			paths = append(paths, f.Path)
		}
	}
	if len(paths) == 0 {
		return ReasonRequested
	}
	return strings.Join(paths, ", ") + " cannot be changed in place"
}
