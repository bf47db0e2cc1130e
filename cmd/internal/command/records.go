package command

import (
	"cmp"
	"context"
	"encoding/json"

	"github.com/urfave/cli/v3"

	"lockstep/cmd/internal/view"
	"lockstep/planner/engine"
	"lockstep/planner/state"
	"lockstep/schema"
)

// stored is a folder with its state.
type stored struct {
	*project
	*state.Store
}

// openState opens the state without any provider.
func (s *session) openState(ctx context.Context, c *cli.Command) (stored, error) {
	p, err := s.load(c)
	if err != nil {
		return stored{}, err
	}
	store, err := p.store(ctx)
	return stored{p, store}, err
}

// selects reports whether one of the addresses names the record or its block.
func (o stored) selects(addresses []string, r *state.Record) bool {
	for _, text := range addresses {
		address, err := schema.ParseAddress(text)
		if err != nil {
			continue
		}
		sealed := o.Sealer().Address(address)
		if r.Address() == address || r.Address() == sealed || r.Address().Block() == address || r.Address().Block() == sealed {
			return true
		}
	}
	return false
}

// record finds the record of an address that was typed.
func (o stored) record(text string) (*state.Record, error) {
	address, err := schema.ParseAddress(text)
	if err != nil {
		return nil, usage("%s.", capital(err.Error()))
	}
	if r := o.Snapshot().Record(o.Sealer().Address(address)); r != nil {
		return r, nil
	}
	var known []string
	for _, a := range o.shown(o.Snapshot().Sorted()) {
		known = append(known, a.String())
	}
	return nil, failed(problem("Not in the state", "The state has no %s.%s `lockstep state list` lists what it has.",
		text, schema.DidYouMean(text, known)))
}

// matching are the addresses of the state that a typed address names: one
// object, or all instances of a block.
func (o stored) matching(text string) []schema.Address {
	var found []schema.Address
	for _, r := range o.Snapshot().Sorted() {
		if o.selects([]string{text}, r) {
			found = append(found, r.Address())
		}
	}
	return found
}

// shown are the addresses of records as the files write them, where the
// state has hashes, masked when personal data is.
func (o stored) shown(records []*state.Record) []schema.Address {
	texts := engine.KeyTexts(o.eval, o.Sealer())
	addresses := make([]schema.Address, len(records))
	for i, r := range records {
		addresses[i] = r.Address().WithKeys(func(key string) string { return cmp.Or(texts[key], key) })
	}
	if o.redact {
		return view.RedactedAddresses(addresses)
	}
	return addresses
}

// base are the fields of a record, masked when personal data is.
func (o stored) base(r *state.Record) ([]state.BaseField, error) {
	base, err := r.Base()
	if err != nil {
		return nil, failed(problem("Unreadable state", "%s: %s.", r.Address(), err))
	}
	if !o.redact {
		return base, nil
	}
	kind := o.kind(cmp.Or(r.Target, r.Address().Kind))
	for i := range base {
		var a *schema.Attribute
		if kind != nil {
			a = kind.Attribute(schema.PathAttribute(base[i].Path))
		}
		base[i].Value = view.RedactedValue(a, base[i].Value)
	}
	return base, nil
}

// ids are those of the object and of its parent, masked when personal data is.
func (o stored) ids(r *state.Record) (id, parent string) {
	if !o.redact {
		return r.ID, r.Parent
	}
	kind := o.kind(cmp.Or(r.Target, r.Address().Kind))
	return view.RedactedID(kind, r.ID), view.RedactedID(kind, r.Parent)
}

// recordJSON is a record as it is shown: values that the state keeps as
// hashes stay hashes.
type recordJSON struct {
	Address  string         `json:"address"`
	Provider string         `json:"provider"`
	ID       string         `json:"id"`
	Parent   string         `json:"parent,omitempty"`
	Version  string         `json:"version,omitempty"`
	Flags    state.Flags    `json:"flags"`
	Fields   map[string]any `json:"fields"`
}

func (o stored) toJSON(r *state.Record, shown schema.Address) (recordJSON, error) {
	id, parent := o.ids(r)
	out := recordJSON{shown.String(), r.Provider, id, parent, r.Version, r.Flags(), map[string]any{}}
	base, err := o.base(r)
	if err != nil {
		return out, err
	}
	for _, f := range base {
		switch {
		case f.Hashes != nil:
			out.Fields[f.Path] = map[string][]string{"hashes": f.Hashes}
		case f.Hash != "":
			out.Fields[f.Path] = map[string]string{"hash": f.Hash}
		default:
			out.Fields[f.Path] = f.Value
		}
	}
	return out, nil
}

func (o stored) show(r *state.Record, shown schema.Address, asJSON bool) error {
	if asJSON {
		out, err := o.toJSON(r, shown)
		if err != nil {
			return err
		}
		enc := json.NewEncoder(o.env.Stdout)
		enc.SetEscapeHTML(false)
		return enc.Encode(out)
	}
	o.say("# %s", shown)
	id, parent := o.ids(r)
	o.say("id       = %q", id)
	o.say("provider = %q", r.Provider)
	if parent != "" {
		o.say("parent   = %q", parent)
	}
	o.say("adopted  = %t", r.Flags().Adopted)
	base, err := o.base(r)
	if err != nil {
		return err
	}
	for _, f := range base {
		text := f.Value.String()
		if f.Hidden() {
			text = "(kept as a hash)"
		}
		o.say("  %s = %s", f.Path, text)
	}
	return nil
}

// moved gives records another address. The instances of a block keep their
// keys.
func (o stored) moved(records []*state.Record, to schema.Address, instances bool) (state.Batch, error) {
	var batch state.Batch
	for _, r := range records {
		if r.Address().Kind != to.Kind {
			return state.Batch{}, usage("A record keeps its kind: %s cannot become a %s.", r.Address(), to.Kind)
		}
		now := *r
		if instances {
			to.Key = r.Address().Key
		}
		now.Place(o.Sealer().Address(to))
		if taken := o.Snapshot().Record(now.Address()); taken != nil {
			return state.Batch{}, failed(problem("The address is taken", "%s is in the state already. Take it out with `lockstep state rm` first.", o.shown([]*state.Record{taken})[0]))
		}
		batch.Put, batch.Gone = append(batch.Put, &now), append(batch.Gone, r.Address())
	}
	return batch, nil
}
