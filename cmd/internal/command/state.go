package command

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/urfave/cli/v3"

	"lockstep/cmd/internal/view"
	"lockstep/planner/engine"
	"lockstep/planner/state"
	"lockstep/schema"
)

func (a *app) stateCommand() *cli.Command {
	return &cli.Command{
		Name: "state", Usage: "look into the state and mend it",
		Action: func(_ context.Context, c *cli.Command) error {
			if name := c.Args().First(); name != "" {
				return unknownCommand(c, name)
			}
			return cli.ShowSubcommandHelp(c)
		},
		Commands: []*cli.Command{
			{Name: "list", Usage: "list the addresses", ArgsUsage: "[ADDRESS]...", Flags: append(variableFlags(), redactFlag()), Action: a.stateList},
			{Name: "show", Usage: "show one record", ArgsUsage: "ADDRESS", Action: a.stateShow,
				Flags: append(variableFlags(), &cli.BoolFlag{Name: "json", Usage: "print JSON"}, redactFlag())},
			{Name: "mv", Usage: "give a record another address", ArgsUsage: "FROM TO", Flags: variableFlags(), Action: a.stateMove},
			{Name: "rm", Usage: "forget records; the objects stay in the CRM", ArgsUsage: "ADDRESS...", Flags: variableFlags(), Action: a.stateRemove},
		},
	}
}

// openState opens the state without any provider.
func (a *app) openState(ctx context.Context, c *cli.Command) (*project, *state.Store, error) {
	p, err := a.load(c)
	if err != nil {
		return nil, nil, err
	}
	store, err := a.store(ctx, p)
	return p, store, err
}

func (a *app) stateList(ctx context.Context, c *cli.Command) error {
	for _, text := range c.Args().Slice() {
		if _, err := schema.ParseAddress(text); err != nil {
			return usage("%s.", capital(err.Error()))
		}
	}
	p, store, err := a.openState(ctx, c)
	if err != nil {
		return err
	}
	records := store.Snapshot().Sorted()
	if c.Args().Len() > 0 {
		records = slices.DeleteFunc(records, func(r *state.Record) bool { return !a.selected(store, c.Args().Slice(), r) })
	}
	listed := a.shownAddresses(p, store, records)
	slices.SortFunc(listed, schema.Address.Compare)
	for _, address := range listed {
		a.say("%s", address)
	}
	return nil
}

// selected says that one of the addresses names the record or its block.
func (a *app) selected(store *state.Store, addresses []string, r *state.Record) bool {
	for _, text := range addresses {
		address, err := schema.ParseAddress(text)
		if err != nil {
			continue
		}
		if r.Address == address || r.Address == a.sealed(store, address) || r.Address.Block() == address {
			return true
		}
	}
	return false
}

// sealed is the address as the state knows it: the keys of personal kinds may
// be hashed.
func (a *app) sealed(store *state.Store, address schema.Address) schema.Address {
	if store.Snapshot().Record(address) != nil {
		return address
	}
	if address.Mapping() {
		// Its keys are hashed when its targets are people.
		return store.Sealer().Address(&schema.Kind{Personal: true}, address)
	}
	if kind := a.kind(address.Kind); kind != nil {
		return store.Sealer().Address(kind, address)
	}
	return address
}

// kind is the kind of a name, nil when no provider has it.
func (a *app) kind(name string) *schema.Kind {
	for _, p := range a.catalog() {
		if kind := p.Kind(name); kind != nil {
			return kind
		}
	}
	return nil
}

// record finds the record of an address that was typed.
func (a *app) record(store *state.Store, text string) (*state.Record, error) {
	address, err := schema.ParseAddress(text)
	if err != nil {
		return nil, usage("%s.", capital(err.Error()))
	}
	if r := store.Snapshot().Record(a.sealed(store, address)); r != nil {
		return r, nil
	}
	var known []string
	for _, r := range store.Snapshot().Sorted() {
		known = append(known, r.Address.String())
	}
	return nil, failed(problem("Not in the state", "The state has no %s.%s `lockstep state list` lists what it has.",
		text, schema.DidYouMean(text, known)))
}

func (a *app) stateShow(ctx context.Context, c *cli.Command) error {
	if err := positional(c, 1, 1, "one ADDRESS"); err != nil {
		return err
	}
	p, store, err := a.openState(ctx, c)
	if err != nil {
		return err
	}
	r, err := a.record(store, c.Args().First())
	if err != nil {
		return err
	}
	return a.showRecord(r, a.shownAddresses(p, store, []*state.Record{r})[0], c.Bool("json"))
}

// shownAddresses are the addresses of records as the files write them, where the
// state has hashes, masked when personal data is.
func (a *app) shownAddresses(p *project, store *state.Store, records []*state.Record) []schema.Address {
	names := engine.Names(p.eval, store.Sealer())
	addresses := make([]schema.Address, len(records))
	for i, r := range records {
		shown, known := names[r.Address]
		if !known {
			shown = r.Address
		}
		addresses[i] = shown
	}
	if a.redact {
		return view.RedactedAddresses(addresses, a.kind)
	}
	return addresses
}

// shownBase are the fields of a record, masked when personal data is.
func (a *app) shownBase(r *state.Record) ([]state.BaseField, error) {
	base, err := r.Base()
	if err != nil {
		return nil, failed(problem("Unreadable state", "%s: %s.", r.Address, err))
	}
	kind := a.kind(r.Address.Kind)
	for i := range base {
		attribute := schema.PathAttribute(base[i].Path)
		if a.redact && (kind == nil || kind.Attribute(attribute) == nil || kind.Attribute(attribute).Personal) && base[i].Hash == "" {
			base[i].Value = schema.StringValue(view.RedactedField)
		}
	}
	return base, nil
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

func (a *app) recordToJSON(r *state.Record, shown schema.Address) (recordJSON, error) {
	out := recordJSON{shown.String(), r.Provider, r.ID, r.Parent, r.Version, r.Flags, map[string]any{}}
	base, err := a.shownBase(r)
	if err != nil {
		return out, err
	}
	for _, f := range base {
		switch {
		case f.Hash != "":
			out.Fields[f.Path] = map[string]string{"hash": f.Hash}
		default:
			out.Fields[f.Path] = f.Value
		}
	}
	return out, nil
}

func (a *app) showRecord(r *state.Record, shown schema.Address, asJSON bool) error {
	if asJSON {
		out, err := a.recordToJSON(r, shown)
		if err != nil {
			return err
		}
		enc := json.NewEncoder(a.env.Stdout)
		enc.SetEscapeHTML(false)
		return enc.Encode(out)
	}
	a.say("# %s", shown)
	a.say("id       = %q", r.ID)
	a.say("provider = %q", r.Provider)
	if r.Parent != "" {
		a.say("parent   = %q", r.Parent)
	}
	a.say("adopted  = %t", r.Flags.Adopted)
	base, err := a.shownBase(r)
	if err != nil {
		return err
	}
	for _, f := range base {
		text := f.Value.String()
		if f.Hash != "" {
			text = "(kept as a hash)"
		}
		a.say("  %s = %s", f.Path, text)
	}
	return nil
}

func (a *app) stateMove(ctx context.Context, c *cli.Command) error {
	if err := positional(c, 2, 2, "two addresses, FROM and TO"); err != nil {
		return err
	}
	to, err := schema.ParseAddress(c.Args().Get(1))
	if err != nil {
		return usage("%s.", capital(err.Error()))
	}
	return a.editState(ctx, c, "state mv", func(store *state.Store) (state.Batch, string, error) {
		from := c.Args().First()
		r, err := a.record(store, from)
		if err == nil {
			batch, err := a.moved(store, []*state.Record{r}, to, false)
			return batch, fmt.Sprintf("Moved %s to %s.", from, to), err
		}
		found := a.matching(store, from)
		if len(found) == 0 {
			return state.Batch{}, "", err
		}
		if to.Key != (schema.Key{}) {
			return state.Batch{}, "", usage("%s is a block with instances: name one of them, or a block that all of them move to.", from)
		}
		all := make([]*state.Record, len(found))
		for i, address := range found {
			all[i] = store.Snapshot().Record(address)
		}
		batch, err := a.moved(store, all, to, true)
		return batch, fmt.Sprintf("Moved %d records of %s to %s.", len(all), from, to), err
	})
}

// moved gives records another address. The instances of a block keep their
// keys.
func (a *app) moved(store *state.Store, records []*state.Record, to schema.Address, instances bool) (state.Batch, error) {
	var batch state.Batch
	for _, r := range records {
		if r.Address.Kind != to.Kind {
			return state.Batch{}, usage("A record keeps its kind: %s cannot become a %s.", r.Address, to.Kind)
		}
		now, shown := *r, to
		now.Address = to
		switch kind := a.kind(cmp.Or(r.Mapped, to.Kind)); {
		case instances:
			now.Address.Key = r.Address.Key
			shown = now.Address
		case kind != nil:
			now.Address = store.Sealer().Address(kind, to)
		}
		if store.Snapshot().Record(now.Address) != nil {
			return state.Batch{}, failed(problem("The address is taken", "%s is in the state already. Take it out with `lockstep state rm` first.", shown))
		}
		batch.Put, batch.Gone = append(batch.Put, &now), append(batch.Gone, r.Address)
	}
	return batch, nil
}

func (a *app) stateRemove(ctx context.Context, c *cli.Command) error {
	if err := positional(c, 1, -1, "at least one ADDRESS"); err != nil {
		return err
	}
	return a.editState(ctx, c, "state rm", func(store *state.Store) (state.Batch, string, error) {
		var batch state.Batch
		for _, text := range c.Args().Slice() {
			found := a.matching(store, text)
			if len(found) == 0 {
				_, err := a.record(store, text)
				return state.Batch{}, "", err
			}
			batch.Gone = append(batch.Gone, found...)
		}
		return batch, fmt.Sprintf("Forgot %s. The objects stay in the CRM.", view.Count(len(batch.Gone), "record", "records")), nil
	})
}

// matching are the addresses of the state that a typed address names: one
// object, or all instances of a block.
func (a *app) matching(store *state.Store, text string) []schema.Address {
	var found []schema.Address
	for _, r := range store.Snapshot().Sorted() {
		if a.selected(store, []string{text}, r) {
			found = append(found, r.Address)
		}
	}
	return found
}

// editState writes what edit returns, under the lock, and then says it.
func (a *app) editState(ctx context.Context, c *cli.Command, what string, edit func(*state.Store) (state.Batch, string, error)) error {
	p, err := a.load(c)
	if err != nil {
		return err
	}
	release, err := a.lock(ctx, p, what)
	if err != nil {
		return err
	}
	defer release()
	store, err := a.store(ctx, p)
	if err != nil {
		return err
	}
	batch, done, err := edit(store)
	if err != nil {
		return err
	}
	if err := store.Write(ctx, batch); err != nil {
		return failed(problem("Cannot write the state", "%s.", capital(fmt.Sprint(err))))
	}
	a.say("%s", done)
	return nil
}
