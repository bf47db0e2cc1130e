package planner

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner/state"
	"lockstep/schema"
)

// Block is what the instances of one block have in common.
type Block struct {
	Place          hcl.Range
	Level          int
	Ignore         []string
	PreventDestroy bool
	OnExists       string
	OnDestroy      string
	// Replace are the instances that are replaced although nothing makes it necessary.
	Replace map[schema.Address]bool
	// Waits reports that the block names what it waits for with depends_on.
	Waits bool
}

// Site is where the instances of a block in one module are declared: addresses
// without keys, as people write them and as the state knows them. The instances
// share one.
type Site struct{ Address, Sealed schema.Address }

// Desired is one object that the files want. There is one for each object, so it is
// small.
type Desired struct {
	Block *Block
	site  *Site
	// key tells it apart from others of the site, and hidden is how the state has
	// the text of the key.
	key    schema.Key
	hidden string
	fields schema.Packed
	// ImportID names the live object to adopt; empty lets the natural key
	// find one.
	ImportID string
	// sum is a digest of the fields once it is worked out, which summed reports.
	sum    state.Digest
	summed bool
	// number is that of its record among those in which it was looked for last.
	number int32
	sought *state.Records
}

// NewDesired makes the object that has a key at a site. hidden is how the state has
// the text of the key.
func NewDesired(b *Block, at *Site, key schema.Key, hidden string, fields schema.Packed) Desired {
	return Desired{Block: b, site: at, key: key, hidden: hidden, fields: fields}
}

// Address is where the object is declared.
func (d *Desired) Address() schema.Address {
	a := d.site.Address
	a.Key = d.key
	return a
}

// forced reports that the object is to be replaced although nothing makes it
// necessary.
func (d *Desired) forced() bool { return d.Block.Replace[d.Address()] }

// Sealed is the address as the state knows it.
func (d *Desired) Sealed() schema.Address {
	a := d.site.Sealed
	a.Key = d.key
	a.Key.Text = d.hidden
	return a
}

// Fields are what the files want, sorted. They must not be changed.
func (d *Desired) Fields() schema.Fields { return d.fields.Fields() }

// Value returns the wanted value under a path, Absent when there is none.
func (d *Desired) Value(path string) schema.Value { return d.fields.Value(path) }

// Find returns the first field with a path. ok is false when there is none.
func (d *Desired) Find(path string) (f schema.Field, ok bool) { return d.fields.Find(path) }

// Of returns the fields that belong to an attribute.
func (d *Desired) Of(attribute string) schema.Fields { return d.fields.Of(attribute) }

// Wants returns the object with other fields, which it keeps.
func (d *Desired) Wants(fields schema.Fields) Desired {
	other := *d
	other.fields, other.summed = schema.Pack(fields), false
	return other
}

// source returns what an instance of a mapping wants of its source.
func (d *Desired) source(fields schema.Fields) Desired {
	other := d.Wants(fields)
	at := *d.site
	at.Address.Source, at.Sealed.Source = true, true
	other.site, other.sought = &at, nil
	return other
}

// Number returns the number that the object's record has among records, -1 when it
// has none. Many ask, so each object is looked for once; meanwhile no record may be
// put under its address.
func (d *Desired) Number(among *state.Records) int {
	if d.sought != among || among == nil {
		d.number, d.sought = int32(among.Number(d.Sealed())), among
	}
	return int(d.number)
}

// Record returns the object's record among records, nil when it has none.
func (d *Desired) Record(among *state.Records) *state.Record {
	n := d.Number(among)
	if n < 0 {
		return nil
	}
	return among.Record(n)
}

func (d *Desired) place() string {
	return fmt.Sprintf("%s is declared at %s:%d", d.Address(), d.Block.Place.Filename, d.Block.Place.Start.Line)
}

// flags are what the state is to remember of the object beside its fields.
func (d *Desired) flags() state.Flags {
	return state.Flags{Protected: d.Block.PreventDestroy, OnDestroy: d.Block.OnDestroy, Ignored: strings.Join(d.Block.Ignore, ",")}
}

// remembers reports whether a record has what is to be remembered of an object
// beside its fields.
func remembers(r *state.Record, d *Desired) bool {
	if r == nil {
		return false
	}
	keep := d.flags()
	keep.Adopted = r.Flags().Adopted
	return r.Flags() == keep
}
