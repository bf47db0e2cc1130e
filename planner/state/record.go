package state

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"lockstep/schema"
)

// Flags are what the state remembers of an object beside its fields.
type Flags struct {
	// Adopted objects existed before lockstep managed them.
	Adopted bool `json:"adopted,omitempty"`
	// Protected objects are never deleted (lifecycle prevent_destroy).
	Protected bool `json:"protected,omitempty"`
	// Unfinished objects were made by an apply that has not written all of them.
	Unfinished bool `json:"unfinished,omitempty"`
	// OnDestroy is "delete", "forget", "retire" or empty.
	OnDestroy string `json:"on_destroy,omitempty"`
	// Ignored are the paths that are left to the CRM once they are written
	// (lifecycle ignore_changes), separated by commas.
	Ignored string `json:"ignored,omitempty"`
	// Match is a digest of what a mapping found the object by. It tells an
	// address that was edited in the files from one edited in the CRM.
	Match Digest `json:"match,omitzero"`
}

// Record is what the state knows of one object. There is one for each, so it is
// small: what many have alike, they share.
type Record struct {
	// block is the address without its key. It is never written.
	block *schema.Address
	key   schema.Key
	// flags are nil for none. They are never written.
	flags *Flags
	// Target is the kind of the target when the record belongs to a mapping.
	Target string
	// Provider is the provider's reference, "ghl" or "ghl.eu".
	Provider string
	// ID is the remote id, Parent the remote id of the object it belongs to.
	ID, Parent string
	// Version is the remote version after the last write.
	Version string
	// Written is when lockstep last wrote the object, in Unix seconds.
	Written int64
	// Sum is a digest of the desired fields as last applied; none when some were kept
	// from an earlier apply.
	Sum Digest
	// base is read and decoded only when an object differs, because most never do.
	base piece
}

// NewRecord makes a record of the object that has an address.
func NewRecord(a schema.Address) *Record {
	r := &Record{}
	r.Place(a)
	return r
}

// Address is sealed when the state hashes personal data: each text that is a key,
// also of a module, then is "#" and a hash.
func (r *Record) Address() schema.Address {
	if r.block == nil {
		return schema.Address{}
	}
	a := *r.block
	a.Key = r.key
	return a
}

// Place gives the record another address.
func (r *Record) Place(a schema.Address) {
	block := a.Block()
	r.block, r.key = &block, a.Key
}

// Flags returns what is remembered beside the fields.
func (r *Record) Flags() Flags {
	if r.flags == nil {
		return Flags{}
	}
	return *r.flags
}

// SetFlags remembers other flags.
func (r *Record) SetFlags(f Flags) { r.flags = &f }

// BaseField is one field as last applied.
type BaseField struct {
	Path  string
	Claim schema.Claim
	Value schema.Value
	// Hash stands for a value that the state must not hold, and Hashes for the
	// members of such a set.
	Hash   string
	Hashes []string
	// Sensitive reports that the value was sensitive in the files. It still is when
	// they no longer say so, or are gone.
	Sensitive bool
}

// Hidden reports whether only hashes of the value are kept.
func (f *BaseField) Hidden() bool { return f.Hash != "" || f.Hashes != nil }

// Members returns the members of a set. A hidden one is found among texts; if it is
// not there, a text that no member has stands for it.
func (f *BaseField) Members(s *Sealer, among ...[]string) []string {
	if f.Hashes == nil {
		return f.Value.Strings()
	}
	members := make([]string, len(f.Hashes))
	for i, hash := range f.Hashes {
		members[i] = sealedKey + hash
	}
	for _, text := range slices.Concat(among...) {
		if i := slices.Index(f.Hashes, s.member(f.Path, text)); i >= 0 {
			members[i] = text
		}
	}
	return members
}

// Base decodes the fields as last applied, sorted by path and claim.
func (r *Record) Base() ([]BaseField, error) {
	fields, err := r.stored()
	if len(fields) > 0 && fields[0].Path == marksPath {
		fields = fields[1:]
	}
	return fields, err
}

// stored decodes the base with the field under marksPath, which comes first.
func (r *Record) stored() ([]BaseField, error) {
	var room [1024]byte
	base, err := r.base.read(room[:0])
	if err == nil && len(base) == 0 {
		return nil, nil
	}
	fields, ok := scanBase(base)
	if err == nil && !ok {
		fields, err = decodeBase(base)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read the base of %s: %w", r.Address(), err)
	}
	slices.SortFunc(fields, func(a, b BaseField) int {
		if c := strings.Compare(a.Path, b.Path); c != 0 {
			return c
		}
		return int(a.Claim) - int(b.Claim)
	})
	return fields, nil
}

// decodeBase reads any base.
func decodeBase(base []byte) ([]BaseField, error) {
	var raw schema.Value
	if err := raw.UnmarshalJSON(base); err != nil {
		return nil, err
	}
	if raw.Type() != schema.Map && !raw.IsAbsent() {
		return nil, errors.New("it is no map of fields")
	}
	fields := make([]BaseField, 0, len(raw.Keys()))
	for i, name := range raw.Keys() {
		value := raw.Items()[i]
		f := BaseField{Value: value}
		f.Path, f.Claim = splitClaim(name)
		for _, key := range []string{sealedKey, secretKey} {
			hidden := value.Entry(key)
			if len(value.Keys()) != 1 || hidden.IsAbsent() {
				continue
			}
			f.Value, f.Sensitive = schema.Value{}, key == secretKey
			if hidden.Type() == schema.List {
				f.Hashes = append([]string{}, hidden.Strings()...)
			} else {
				f.Hash = hidden.Text()
			}
		}
		fields = append(fields, f)
	}
	return fields, nil
}

// Applied is what was written to an object.
type Applied struct {
	// Address as the files have it. What its keys say is hidden wherever it stands.
	Address schema.Address
	Kind    *schema.Kind
	Fields  schema.Fields
	// Live is the object as it is now, nil when that is not known: the ids of items
	// are taken from it.
	Live *schema.Object
	// Old is the record before; nil for none.
	Old *Record
	// Keep reports whether a path was not written, so that the base keeps what Old
	// has of it.
	Keep func(path string) bool
}

// SetBase stores the fields as last applied, sealing what must not be readable.
// Unknown and derived fields are left out.
func (r *Record) SetBase(s *Sealer, a Applied) error {
	stored := make([]BaseField, 0, len(a.Fields))
	names := s.names(a.Address)
	whole := true
	for _, f := range a.Fields {
		switch {
		case f.Derived || !f.Value.IsKnown() || spent(a.Kind.Attribute(schema.PathAttribute(f.Path))):
			continue
		case a.Keep(f.Path):
			whole = false
			continue
		}
		b := BaseField{Path: f.Path, Claim: f.Claim, Value: f.Value, Sensitive: f.Sensitive}
		attribute := a.Kind.Attribute(schema.PathAttribute(f.Path))
		if attribute != nil && attribute.Own == schema.OwnItems && a.Live != nil {
			b.Value = attribute.Items.WithIDs(f.Value, a.Live.Value(f.Path))
		}
		if s.hides(attribute, &f) || names.tell(f.Value) || looksHidden(f.Value) {
			s.hide(&b)
		}
		stored = append(stored, b)
	}
	if a.Old != nil && !whole {
		kept, err := a.Old.Base()
		if err != nil {
			return err
		}
		stored = append(stored, slices.DeleteFunc(kept, func(f BaseField) bool { return !a.Keep(f.Path) })...)
	}
	stored, err := a.marked(stored)
	if err != nil {
		return err
	}
	r.base, r.Sum = inMemory(encodeBase(stored)), Digest{}
	if whole {
		r.Sum = s.DesiredSum(a.Fields)
	}
	return nil
}

// spent reports whether an attribute holds a secret that is of no use once the object
// is made, such as a first password: not even a hash of it is kept.
func spent(a *schema.Attribute) bool { return a != nil && a.CreateOnly && a.Sensitive }

// looksHidden reports whether a value would be read as the hash of another one.
func looksHidden(v schema.Value) bool {
	return len(v.Keys()) == 1 && (v.Keys()[0] == sealedKey || v.Keys()[0] == secretKey)
}

// DropBase forgets what was last applied under some paths.
func (r *Record) DropBase(paths []string) error {
	if len(paths) == 0 {
		return nil
	}
	fields, err := r.stored()
	if err != nil {
		return err
	}
	r.base = inMemory(encodeBase(slices.DeleteFunc(fields, func(f BaseField) bool { return slices.Contains(paths, f.Path) })))
	r.Sum = Digest{}
	return nil
}

// encodeBase writes fields as decodeBase reads them, sorted by name.
func encodeBase(fields []BaseField) string {
	slices.SortFunc(fields, func(a, b BaseField) int { return strings.Compare(a.name(), b.name()) })
	var short [1024]byte
	b := append(short[:0], '{')
	for i := range fields {
		f := &fields[i]
		if i > 0 {
			b = append(b, ',')
		}
		b = append(schema.AppendJSONString(b, f.name()), ':')
		b = f.appendValue(b)
	}
	return string(append(b, '}'))
}

// appendValue writes the value, or the hashes in its place.
func (f *BaseField) appendValue(b []byte) []byte {
	if !f.Hidden() {
		return f.Value.AppendJSON(b)
	}
	key := sealedKey
	if f.Sensitive {
		key = secretKey
	}
	b = append(b, `{"`+key+`":`...)
	if f.Hashes == nil {
		return append(schema.AppendJSONString(b, f.Hash), '}')
	}
	b = append(b, '[')
	for i, hash := range f.Hashes {
		if i > 0 {
			b = append(b, ',')
		}
		b = schema.AppendJSONString(b, hash)
	}
	return append(b, "]}"...)
}

// name is the name in the base.
func (f *BaseField) name() string { return f.Path + claimMarks[f.Claim] }

// One of these is the only key of a value that is kept as a hash: secretKey of one
// that was sensitive in the files, and sealedKey of all others.
const (
	sealedKey = "#"
	secretKey = "!"
	// secretMark is in each base that has a secretKey.
	secretMark = `{"` + secretKey + `":`
)

// claimMarks follow the path of a set in the base, one for each Claim.
var claimMarks = [...]string{
	schema.ClaimValue:    "",
	schema.ClaimIncludes: "+",
	schema.ClaimExactly:  "=",
	schema.ClaimExcludes: "-",
}

func splitClaim(name string) (string, schema.Claim) {
	for claim, mark := range claimMarks {
		if mark != "" && strings.HasSuffix(name, mark) {
			return strings.TrimSuffix(name, mark), schema.Claim(claim)
		}
	}
	return name, schema.ClaimValue
}
