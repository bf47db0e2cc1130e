package runkeeper

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"lockstep/providers"
	"lockstep/providers/runkeeper/export"
	"lockstep/providers/runkeeper/health"
	"lockstep/schema"
)

// Provider is a set of Runkeeper accounts. Make one with New.
type Provider struct {
	kinds    map[string]*kind
	declared *schema.Provider
	options  options

	// Set by Configure and not changed afterwards.
	accounts map[string]*account
	names    []string
	now      time.Time
}

// The provider keeps the contract.
var (
	_ providers.Provider   = (*Provider)(nil)
	_ providers.Normalizer = (*Provider)(nil)
	_ providers.Restricted = (*Provider)(nil)
	_ providers.Identified = (*Provider)(nil)
	_ providers.Bound      = (*Provider)(nil)
	_ providers.Counter    = (*Provider)(nil)
	_ providers.Warner     = (*Provider)(nil)
	_ providers.Inspected  = (*Provider)(nil)
)

type options struct {
	now    func() time.Time
	getenv func(string) string
	login  func(account, baseURL string) (string, error)
	health health.Options
	locate export.Locate
}

// Option changes how a provider works.
type Option func(*options)

// WithClock replaces the clock that days of rest are counted by.
func WithClock(now func() time.Time) Option { return func(o *options) { o.now = now } }

// WithEnv sets where tokens are looked up that no file gives.
func WithEnv(getenv func(string) string) Option { return func(o *options) { o.getenv = getenv } }

// WithLogin sets how the token of a stored login is found, for an account that
// has neither export nor token. It is empty when there is none.
func WithLogin(find func(account, baseURL string) (string, error)) Option {
	return func(o *options) { o.login = find }
}

// WithHTTP sets how the API is reached. Token and BaseURL come from the
// provider block.
func WithHTTP(h health.Options) Option { return func(o *options) { o.health = h } }

// WithPaths finds the files and folders that the provider block names, and refuses
// those that it must not name. Without it every path is taken as it is.
func WithPaths(locate func(path string) (string, error)) Option {
	return func(o *options) {
		if locate != nil {
			o.locate = locate
		}
	}
}

// New makes a provider that is not configured yet.
func New(opts ...Option) providers.Provider {
	p := &Provider{kinds: map[string]*kind{}, options: options{now: time.Now, getenv: func(string) string { return "" }, locate: export.Anywhere}}
	for _, o := range opts {
		o(&p.options)
	}
	p.declared = &schema.Provider{
		Name: "runkeeper",
		Doc: "Runkeeper, by the data exports that people share, or by its API for those who have a key. Each account block is one person. " +
			"Exports are read and never written. Both hold activities and measurements, but neither e-mail address nor phone number.",
		Config: configArguments(),
		Data:   dataSources(),
	}
	for _, k := range []*kind{
		activityKind(), athleteKind(), commentKind(), friendKind(), measurementKind(), profileKind(), recordKind(), settingsKind(), strengthKind(),
	} {
		k.NamedIDs = true
		p.kinds[k.Name] = k
		p.declared.Kinds = append(p.declared.Kinds, &k.Kind)
	}
	return p
}

// Schema declares kinds and data sources.
func (p *Provider) Schema() *schema.Provider { return p.declared }

// Account names the people, or tells how many there are.
func (p *Provider) Account() string {
	if len(p.names) <= 3 {
		return "runkeeper:" + strings.Join(p.names, ",")
	}
	sum := sha256.Sum256([]byte(strings.Join(p.names, "\n")))
	return fmt.Sprintf("runkeeper:%d accounts (%s)", len(p.names), hex.EncodeToString(sum[:4]))
}

// Bindings names the people whose accounts behind the API have been read: a
// token may be another person's than before, while the account keeps its name.
func (p *Provider) Bindings() map[string]string {
	found := map[string]string{}
	for name, a := range p.accounts {
		if a.client == nil {
			continue
		}
		a.Lock()
		if a.remote != nil {
			found[name] = "the account of person " + a.remote.UserID
		}
		a.Unlock()
	}
	return found
}

// Usage counts the API calls of all accounts.
func (p *Provider) Usage() providers.Usage {
	u := providers.Usage{DailyRemaining: -1}
	for _, a := range p.accounts {
		if a.client != nil {
			one := a.client.Usage()
			u.Calls += one.Calls
			u.Max, u.IntervalSeconds = one.Max, one.IntervalSeconds
		}
	}
	return u
}

// kind is the declaration of one kind, and how its objects are made.
type kind struct {
	schema.Kind
	// objects makes the objects of one account for a data source; nil for kinds
	// that only plans read.
	objects func(context.Context, *account, query) ([]schema.Object, error)
	// dated is set when they tell of today where the person lives.
	dated bool
	// writes is nil for what can only be read, and reads is how plans read what
	// can be written.
	writes *writes
	reads  *reads
}

// List reads the objects of one account or of all, a page for each.
func (p *Provider) List(ctx context.Context, q providers.Query) iter.Seq2[providers.Page, error] {
	return func(yield func(providers.Page, error) bool) {
		k, accounts, err := p.selected(q.Kind, q.Where)
		if err != nil {
			yield(providers.Page{}, err)
			return
		}
		if k.reads != nil && (len(q.Parents) > 0 || k.objects == nil) {
			p.listLive(ctx, k, q.Parents, accounts, yield)
			return
		}
		for _, a := range accounts {
			objects, err := p.read(ctx, k, a, q.Where)
			if err != nil {
				if !yield(providers.Page{}, err) || ctx.Err() != nil {
					return
				}
				continue
			}
			total := -1
			if len(accounts) == 1 {
				total = len(objects)
			}
			if !yield(providers.Page{Objects: objects, Total: total}, nil) || q.First {
				return
			}
		}
	}
}

// selected finds a kind and the accounts that a query is about.
func (p *Provider) selected(kindName string, where schema.Fields) (*kind, []*account, error) {
	k := p.kinds[kindName]
	switch {
	case k == nil:
		return nil, nil, fmt.Errorf("the provider runkeeper has no kind %q", kindName)
	case p.accounts == nil:
		return nil, nil, errors.New("the provider runkeeper is not configured")
	}
	if name := where.Value("account").Text(); name != "" {
		a := p.accounts[name]
		if a == nil {
			return nil, nil, p.noAccount(name)
		}
		return k, []*account{a}, nil
	}
	all := make([]*account, len(p.names))
	for i, name := range p.names {
		all[i] = p.accounts[name]
	}
	return k, all, nil
}

func (p *Provider) noAccount(name string) *providers.FieldError { return noAccount(name, p.names) }

// noAccount is the error for a name without an account; it lists the names that
// there are.
func noAccount(name string, names []string) *providers.FieldError {
	return &providers.FieldError{
		Path: "account", Problem: fmt.Sprintf("the provider runkeeper has no account %q", name),
		Advice: strings.TrimSpace(schema.DidYouMean(name, names) + fmt.Sprintf(` Write account %q { export = "…" } in the provider block.`, name)),
	}
}

func (p *Provider) read(ctx context.Context, k *kind, a *account, where schema.Fields) ([]schema.Object, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	objects, err := func() ([]schema.Object, error) {
		a.Lock()
		defer a.Unlock()
		if err := a.load(ctx); err != nil {
			return nil, err
		}
		q, err := newQuery(ctx, k, where, a, p.now)
		if err != nil {
			return nil, err
		}
		return k.objects(ctx, a, q)
	}()
	if err != nil {
		failed := a.unread(err)
		if k.Name == kindAthlete {
			failed.ID = a.name
		}
		return nil, failed
	}
	return objects, nil
}

// Get reads single objects, by id or by the arguments of a data source.
func (p *Provider) Get(ctx context.Context, kindName string, keys []providers.Key) ([]schema.Object, error) {
	if k := p.kinds[kindName]; k != nil && k.reads != nil && p.forPlan(keys) {
		return p.getLive(ctx, k, keys)
	}
	found := map[string]schema.Object{}
	var order []string
	for _, key := range keys {
		k, accounts, err := p.selected(kindName, key.Fields)
		if err != nil {
			return nil, err
		}
		for _, a := range accounts {
			objects, err := p.read(ctx, k, a, key.Fields)
			if err != nil {
				return nil, err
			}
			for _, o := range objects {
				_, twice := found[o.ID]
				if twice || key.ID != "" && key.ID != o.ID || !fits(&o, key.Fields) {
					continue
				}
				found[o.ID], order = o, append(order, o.ID)
			}
		}
	}
	out := make([]schema.Object, len(order))
	for i, id := range order {
		out[i] = found[id]
	}
	return out, nil
}

// fits reports whether an object has the values that are asked for. Bounds of
// time and the like are no attributes and have been minded before.
func fits(o *schema.Object, fields schema.Fields) bool {
	return !slices.ContainsFunc(fields, func(f schema.Field) bool {
		v := o.Value(f.Path)
		return !v.IsAbsent() && !v.Equal(f.Value)
	})
}

// Normalize checks the arguments of data sources, and spells what is to be
// written.
func (p *Provider) Normalize(_ context.Context, kindName string, fields schema.Fields) (schema.Fields, error) {
	for _, path := range []string{"since", "until"} {
		if v := fields.Value(path); v.IsKnown() && !v.IsAbsent() {
			if _, err := parseBound(path, v.Text(), time.UTC); err != nil {
				return nil, err
			}
		}
	}
	if name := fields.Value("account").Text(); name != "" && p.accounts != nil && p.accounts[name] == nil {
		return nil, p.noAccount(name)
	}
	if k := p.kinds[kindName]; k != nil {
		return k.spell(fields)
	}
	return fields, nil
}

// sorted are the keys of a map in their order.
func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
