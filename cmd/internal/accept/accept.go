// Package accept takes what was edited in the CRM into the files: literals of HCL and
// cells of CSV files get the live values. It decides and makes the new texts; it
// reads and writes nothing itself.
//
// A value is taken over only where a file has it as it is, and where nothing else is
// made of it. What cannot be taken over is named with the reason.
package accept

import (
	"cmp"
	"slices"
	"strings"

	"lockstep/planner"
	"lockstep/schema"
	"lockstep/schema/eval"
)

// Sources find where values are written.
type Sources interface {
	Written(a schema.Address, path string) eval.Written
	Uses(spots []eval.Spot) map[eval.Spot][]eval.Use
}

// Input is what is to be taken over.
type Input struct {
	Changes []planner.Change
	Sources Sources
	// Row is the row that an object is made of, "leads.csv:118"; empty when it is of
	// none.
	Row func(schema.Address) string
	// Texts returns a file as it is on disk, by its path relative to the root module's
	// folder. An error ends a sentence: why the file cannot be written anew.
	Texts func(file string) (string, error)
	// Spell returns fields as the provider spells what files say, or why it refuses
	// them.
	Spell func(provider string, kind *schema.Kind, fields schema.Fields) (schema.Fields, error)
}

// File is a file with another text.
type File struct{ Name, Old, New string }

// Value is a value of an object that moved in the CRM.
type Value struct {
	Address schema.Address
	// Path is the field; empty for the whole object.
	Path string
	// At is where it is written, or where its object is declared: "main.hcl:3".
	At string
	// Why it is not taken over; empty when it is.
	Why string
}

// Result is what becomes of the files.
type Result struct {
	// Files that change, by name.
	Files []File
	// Taken values, and those that are Left as the files have them, by address.
	Taken, Left []Value
}

// Decide makes the new texts.
func Decide(in Input) Result {
	d := &decision{Input: in, files: map[string]*file{}}
	wishes := d.wishes()
	d.place(wishes)
	d.word(wishes)
	d.unshare(wishes)
	d.fit(wishes)
	return d.result(wishes)
}

// decision is one taking over.
type decision struct {
	Input
	files map[string]*file
	left  []Value
}

// wish is a field that is to get its live value in the files.
type wish struct {
	change *planner.Change
	field  *planner.FieldChange
	// attribute is the declaration of the field.
	attribute *schema.Attribute
	written   eval.Written
	// text takes the place of what is written; for a cell without its quotes.
	text string
	// want is the value of the field that the files will have.
	want schema.Value
	why  string
}

func (w *wish) address() schema.Address { return w.change.By(w.field).Address }

// refuse keeps the first reason.
func (w *wish) refuse(why string) {
	if w.why == "" {
		w.why = why
	}
}

// wishes are the fields that moved in the CRM. What is left as it is beforehand is
// noted.
func (d *decision) wishes() []*wish {
	var all []*wish
	for i := range d.Changes {
		c := &d.Changes[i]
		if c.Gone {
			d.left = append(d.left, d.gone(c))
			continue
		}
		if c.Action != planner.Update && c.Action != planner.Replace {
			continue
		}
		for n := range c.Fields {
			if f := &c.Fields[n]; f.LiveMoved {
				all = append(all, d.wish(c, f))
			}
		}
	}
	return all
}

// gone is an object that was deleted in the CRM. A person decides whether it goes from
// the files as well.
func (d *decision) gone(c *planner.Change) Value {
	v := Value{Address: c.Address, At: at(c), Why: "it was deleted in the CRM. Take its block out of the files to accept that, or let `lockstep apply` make it again"}
	if row := d.Row(c.Address); row != "" {
		v.At, v.Why = row, strings.Replace(v.Why, "its block", "its row", 1)
	}
	return v
}

func (d *decision) wish(c *planner.Change, f *planner.FieldChange) *wish {
	w := &wish{change: c, field: f, attribute: c.Kind.Attribute(schema.PathAttribute(f.Path)), want: f.Live}
	switch {
	case f.Sensitive || w.attribute == nil:
		w.refuse("it is secret")
	case f.From != "" || w.address().Mapping():
		w.refuse("a mapping writes it")
	case f.LostWith != "":
		w.refuse("it goes with " + f.LostWith)
	}
	return w
}

// place finds where the values are written.
func (d *decision) place(wishes []*wish) {
	for _, w := range wishes {
		if w.why == "" {
			w.written = d.Sources.Written(w.address(), w.field.Path)
			w.why = w.written.Why
		}
	}
}

// word makes the texts that take the place of what is written.
func (d *decision) word(wishes []*wish) {
	for _, w := range wishes {
		if w.why != "" {
			continue
		}
		f, err := d.file(w.written.File())
		if err != nil {
			w.refuse(err.Error())
			continue
		}
		w.text, w.want, w.why = f.word(w)
	}
}

// unshare refuses what something else is made of as well.
func (d *decision) unshare(wishes []*wish) {
	type user struct {
		spot eval.Spot
		use  eval.Use
	}
	texts := map[user]string{}
	var spots []eval.Spot
	for _, w := range wishes {
		if w.why == "" {
			texts[user{w.written.Spot, eval.Use{Address: w.address(), Path: w.field.Path, Exact: true}}] = w.text
			spots = append(spots, w.written.Spot)
		}
	}
	uses := d.Sources.Uses(spots)
	for _, w := range wishes {
		if w.why != "" {
			continue
		}
		for _, use := range uses[w.written.Spot] {
			if text, wanted := texts[user{w.written.Spot, use}]; !wanted || text != w.text {
				w.refuse(sharing(use))
			}
		}
	}
}

// sharing words that a use keeps a value from being taken over.
func sharing(use eval.Use) string {
	switch {
	case use.Path == "":
		return "which object it is follows from it: " + use.Address.String() + " would be another one"
	case use.Exact:
		return use.Address.String() + " has it from there as well (" + use.Path + ")"
	default:
		return use.Path + " of " + use.Address.String() + " is made of it"
	}
}

// fit refuses what the provider would make something else of than what is live.
func (d *decision) fit(wishes []*wish) {
	for _, w := range wishes {
		if w.why == "" && d.Spell != nil && w.attribute.Own != schema.OwnItems {
			w.refuse(d.unfit(w))
		}
	}
}

func (d *decision) unfit(w *wish) string {
	fields := slices.Clone(w.change.By(w.field).Desired)
	for i := range fields {
		if fields[i].Path == w.field.Path && fields[i].Claim == w.field.Claim {
			fields[i].Value = w.want
		}
	}
	spelt, err := d.Spell(w.change.Provider, w.change.Kind, fields)
	if err != nil {
		return "the file could not have it: " + strings.TrimSuffix(err.Error(), ".")
	}
	if w.field.Claim == schema.ClaimValue && !planner.Same(w.attribute, spelt.Value(w.field.Path), w.field.Live) {
		return "it cannot be written as it is"
	}
	return ""
}

// result replaces what is written, file by file.
func (d *decision) result(wishes []*wish) Result {
	for _, w := range wishes {
		if w.why == "" {
			d.files[w.written.File()].add(w)
		}
	}
	out := Result{Left: d.left}
	for _, f := range d.files {
		f.replace()
		if f.new != f.old {
			out.Files = append(out.Files, File{Name: f.name, Old: f.old, New: f.new})
		}
	}
	for _, w := range wishes {
		v := Value{Address: w.address(), Path: w.field.Path, At: at(w.change), Why: w.why}
		if w.written.Why == "" && w.written.File() != "" {
			v.At = w.written.Spot.String()
		}
		if w.why == "" {
			out.Taken = append(out.Taken, v)
		} else {
			out.Left = append(out.Left, v)
		}
	}
	slices.SortFunc(out.Files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	slices.SortStableFunc(out.Left, func(a, b Value) int { return cmp.Or(a.Address.Compare(b.Address), strings.Compare(a.Path, b.Path)) })
	return out
}

// at is where an object is declared.
func at(c *planner.Change) string {
	if c.Place.Filename == "" {
		return ""
	}
	return eval.Spot{At: c.Place}.String()
}
