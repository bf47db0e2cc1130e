// Package drift reports what moved since the last apply: by kind and by class, and
// object by object with the values of all sides. A Report is plain data made from a
// plan; package render writes it in each format.
package drift

import "lockstep/planner"

// FormatVersion is that of a report as JSON.
const FormatVersion = "1.1"

// Class is who moved an object since the last apply.
type Class string

// The classes of drift.
const (
	InCRM   Class = "changed_in_crm"
	InFiles Class = "changed_in_files"
	InBoth  Class = "changed_in_both"
	Gone    Class = "deleted_in_crm"
	// Unmanaged objects are live, and no block and no record is about them.
	Unmanaged Class = "unmanaged"
	// Unknowable objects may exist: nothing is recorded of them, or only the state
	// tells of them, and no call tells whether they are there.
	Unknowable Class = "unknowable"
)

// Classes are all classes, in the order in which people want to read them.
func Classes() []Class { return []Class{InCRM, InBoth, Gone, Unknowable, InFiles, Unmanaged} }

// Words are how people read a class.
func (c Class) Words() string {
	switch c {
	case InCRM:
		return "changed in the CRM"
	case InBoth:
		return "changed in the CRM and in the files"
	case Gone:
		return "deleted in the CRM"
	case Unknowable:
		return "not recorded, and no call tells whether they exist"
	case Unmanaged:
		return "not managed"
	default:
		return "changed in the files"
	}
}

// Report is what moved. Its JSON form is an interface to other programs.
type Report struct {
	FormatVersion string `json:"format_version"`
	// Drifted reports whether something that is managed moved.
	Drifted bool `json:"drifted"`
	// Redacted reports that values and keys which may tell of a person are hidden.
	Redacted bool `json:"redacted"`
	// Made is when the report was made, RFC 3339.
	Made string `json:"made"`
	// Coverage is how many of the live objects are managed, in per cent; nil when
	// nothing is live.
	Coverage *float64 `json:"coverage"`
	// Compared reports that an earlier report was given. New is the number of objects
	// which moved since that one, and Settled of the objects which it had and which
	// do not differ any more.
	Compared bool `json:"compared"`
	New      int  `json:"new"`
	Settled  int  `json:"settled"`
	// Ignored counts the objects that were left out whole.
	Ignored int      `json:"ignored"`
	Objects []Object `json:"objects"`
	Kinds   []Kind   `json:"kinds"`
}

// Object is one object that moved, or that is not managed.
type Object struct {
	// Address is empty for an object that is not managed.
	Address  string `json:"address"`
	Provider string `json:"provider"`
	Kind     string `json:"kind"`
	// Name is what people call it; empty when it has none, or is redacted.
	Name  string `json:"name,omitempty"`
	ID    string `json:"id,omitempty"`
	Class Class  `json:"class"`
	// Action is what an apply would do.
	Action string `json:"action"`
	// Source is where it is declared, "main.hcl:3".
	Source string `json:"source,omitempty"`
	// Link is the address of its page in the CRM, where there is one.
	Link string `json:"link,omitempty"`
	// Changed is when the object last changed in the CRM, RFC 3339, where the API
	// tells. Whatever changed it counts, not only what is listed here.
	Changed string  `json:"changed,omitempty"`
	New     bool    `json:"new,omitempty"`
	Fields  []Field `json:"fields"`
}

// Called is the address of an object, or what it is known by where it has none.
func (o *Object) Called() string {
	switch {
	case o.Address != "":
		return o.Address
	case o.Name != "":
		return o.Kind + " " + o.Name
	default:
		return o.Kind + " " + o.ID
	}
}

// Field is one field of an object, with the values of all sides as JSON writes them.
type Field struct {
	Path string `json:"path"`
	Base any    `json:"base"`
	File any    `json:"file"`
	Live any    `json:"live"`
	// Add and Remove are the members that an apply would add to a set, and remove.
	Add    []string `json:"add,omitempty"`
	Remove []string `json:"remove,omitempty"`
	// Moved is crm, files or both.
	Moved string `json:"moved"`
}

// Kind counts the objects of one kind in one account.
type Kind struct {
	Provider  string `json:"provider"`
	Kind      string `json:"kind"`
	Managed   int    `json:"managed"`
	Live      int    `json:"live"`
	Unmanaged int    `json:"unmanaged"`
	InStep    int    `json:"in_step"`
	LiveMoved int    `json:"changed_in_crm"`
	FileMoved int    `json:"changed_in_files"`
	BothMoved int    `json:"changed_in_both"`
	Gone      int    `json:"deleted_in_crm"`

	Unknowable planner.Unknowable `json:"unknowable,omitzero"`
	// Coverage is how many of the live objects are managed, in per cent; nil when
	// none is live.
	Coverage *float64 `json:"coverage"`
}

// Has reports whether the report has an object of a class.
func (r *Report) Has(class Class) bool { return r.Count(class) > 0 }

// Count is how many objects are of a class. Some classes are counted without a list.
func (r *Report) Count(class Class) int {
	listed, counted := 0, 0
	for i := range r.Objects {
		if r.Objects[i].Class == class {
			listed++
		}
	}
	for _, k := range r.Kinds {
		counted += map[Class]int{Unmanaged: k.Unmanaged, Unknowable: k.Unknowable.Count, Gone: k.Gone}[class]
	}
	return max(listed, counted)
}
