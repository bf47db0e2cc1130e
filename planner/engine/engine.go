package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"lockstep/planner"
	"lockstep/planner/state"
	"lockstep/planner/targeting"
	"lockstep/providers"
	"lockstep/schema"
	"lockstep/schema/config"
	"lockstep/schema/eval"
)

// Options of an Engine.
type Options struct {
	// Evaluator of the files.
	Evaluator *eval.Evaluator
	// Settings of the lockstep block.
	Settings eval.Settings
	// Factories make an unconfigured provider, by the provider's name.
	Factories map[string]func() providers.Provider
	// Store is the open state.
	Store *state.Store
	// Files takes what data sources read into files; nil takes nothing.
	Files Files
	// Override, when set, gives instances of data blocks an object of attributes and
	// where it is written, or cty.NilVal for those that are to be read.
	Override func(a schema.Address) (cty.Value, hcl.Range)
	// SandboxFolder is a folder for emulated APIs, which then take the place of the real
	// ones whatever the files say; empty reaches what the files name.
	SandboxFolder string
	// Refresh is how much to read; empty means RefreshAll.
	Refresh Refresh
	// Now is the clock.
	Now func() time.Time
	// OnProgress, when set, hears how long work goes on. It may be called by
	// several goroutines at once.
	OnProgress func(Progress)
	// OnSettled, when set, hears of each change that made calls, once the state
	// has it. It may be called by several goroutines, one after the other.
	OnSettled func(Settled)
	// OnInvoking, when set, hears of each action that is about to be sent, and
	// OnInvoked what became of it: err is nil when it ran. They may be called by
	// several goroutines at once.
	OnInvoking func(*planner.Invocation)
	OnInvoked  func(i *planner.Invocation, err error)
}

// Engine carries out one run over one configuration. It is used by one
// goroutine.
type Engine struct {
	Options
	accounts map[string]*account
	run      *run
}

// account is one configured provider.
type account struct {
	name     string
	provider providers.Provider
	schema   *schema.Provider
	// config is the provider block, which may hold secrets.
	config cty.Value
	// canWrite returns why an object cannot be written; it is nil when all can.
	canWrite func(kind string, fields schema.Fields) error
	// lingering is what of it was deleted lately; nil when nothing was.
	lingering *lingering
}

// Open configures the providers that the files and the state need. The engine
// must be closed even when there are errors.
func Open(ctx context.Context, o Options) (*Engine, hcl.Diagnostics) {
	e := &Engine{Options: o, accounts: map[string]*account{}}
	var diags hcl.Diagnostics
	declared := o.Evaluator.ProviderConfigs()
	for _, ref := range declared {
		diags = append(diags, e.configure(ctx, ref)...)
	}
	left := renamed(e, former(declared, o.Store.Snapshot()))
	for _, ref := range left {
		diags = append(diags, e.configure(ctx, ref)...)
	}
	linger(e.accounts, o.Store.Snapshot(), o.Now().Unix())
	diags = append(diags, reached(e)...)
	return e, append(diags, shared(slices.Concat(declared, left), e.Accounts())...)
}

func parseRef(s string) config.ProviderRef {
	name, alias, _ := strings.Cut(s, ".")
	return config.ProviderRef{Name: name, Alias: alias}
}

func (e *Engine) configure(ctx context.Context, ref config.ProviderRef) hcl.Diagnostics {
	factory := e.Factories[ref.Name]
	if factory == nil {
		return hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "Unknown provider",
			Detail: fmt.Sprintf("There is no provider %q in this lockstep.", ref.Name)}}
	}
	value, diags := e.Evaluator.ProviderConfig(ref)
	if diags.HasErrors() {
		return diags
	}
	p := factory()
	if e.SandboxFolder != "" {
		var err error
		if value, err = sandboxed(p.Schema(), ref.Alias, value, e.SandboxFolder); err != nil {
			return append(diags, failure("Cannot use the provider "+ref.String(), err, e.Evaluator.ProviderRange(ref)))
		}
	}
	a := &account{name: ref.String(), provider: p, schema: p.Schema(), config: value}
	if r, ok := p.(providers.Restricted); ok {
		a.canWrite = func(kind string, fields schema.Fields) error { return r.CanWrite(value, kind, fields) }
	}
	e.accounts[a.name] = a
	if err := p.Configure(ctx, value); err != nil {
		d := failure("Cannot use the provider "+ref.String(), err, e.Evaluator.ProviderRange(ref))
		if rest, ok := strings.CutPrefix(d.Detail, "the "); ok {
			d.Detail = "The " + rest
		}
		return append(diags, d)
	}
	return diags
}

// Close ends what the providers hold.
func (e *Engine) Close() error {
	var errs []error
	for _, a := range e.accounts {
		if c, ok := a.provider.(providers.Closer); ok {
			errs = append(errs, c.Close())
		}
	}
	return errors.Join(errs...)
}

// Accounts returns the account that each provider was configured for.
func (e *Engine) Accounts() map[string]string {
	names := map[string]string{}
	for ref, a := range e.accounts {
		if i, ok := a.provider.(providers.Identified); ok {
			names[ref] = i.Account()
		}
	}
	return names
}

// identity returns the account that a provider was configured for, or its
// reference when it does not tell.
func (a *account) identity() string {
	if i, ok := a.provider.(providers.Identified); ok && i.Account() != "" {
		return i.Account()
	}
	return a.name
}

// Calls returns the number of API calls made so far by all providers.
func (e *Engine) Calls() int {
	calls := 0
	for _, a := range e.accounts {
		calls += a.calls()
	}
	return calls
}

func (a *account) calls() int {
	u, _ := a.usage()
	return u.Calls
}

func (a *account) usage() (providers.Usage, bool) {
	c, ok := a.provider.(providers.Counter)
	if !ok {
		return providers.Usage{}, false
	}
	return c.Usage(), true
}

func (e *Engine) progress(p Progress) {
	if e.OnProgress != nil {
		e.OnProgress(p)
	}
}

// reads tells how far reading is.
func (e *Engine) reads(p Progress) {
	p.Phase, p.Calls = "Reading", e.Calls()
	e.progress(p)
}

// run is what one plan found, which applying it goes on from.
type run struct {
	instructions
	// begun is when the run began to read.
	begun  time.Time
	blocks *blocks
	kinds  map[kindRef]*kindState
	reader *reader
	// records of the state by account and kind.
	records map[kindRef]*state.Records
	// looking goes on without the accounts that cannot be read; nothing is
	// planned then.
	looking bool
	// downloads are the files that data blocks name.
	downloads downloads
	// strays are unfinished creates that are no longer declared.
	strays []schema.Address
	// selection is what the command line says that the plan is about, and scope what
	// that comes to; nil is about all.
	selection selection
	scope     *targeting.Scope
	// dropped are runs of actions that the state knows and that are not run again.
	dropped []state.Run
	// suspected are creates that a state which was cut off may have lost.
	suspected map[schema.Address]bool
	// keys are the texts of sealed keys, as files and live objects showed them.
	keys map[string]string
}

// instructions are what import, moved and removed blocks and the command line tell a
// run to do with objects.
type instructions struct {
	imports  map[schema.Address]string
	moves    []eval.Move
	removals map[schema.Address]bool
	destroy  bool
	// invoking runs actions by name and changes nothing.
	invoking bool
	// unmanaged lists what is live and not managed.
	unmanaged bool
}

// kindRef names one kind of one account.
type kindRef struct{ provider, kind string }

// failure makes a diagnostic of an error that a provider returned.
func failure(summary string, err error, subject *hcl.Range) *hcl.Diagnostic {
	d := &hcl.Diagnostic{Severity: hcl.DiagError, Summary: summary, Detail: sentence(err.Error()), Subject: subject}
	var api *providers.APIError
	if errors.As(err, &api) {
		d.Extra = &Detail{API: api}
		if api.Advice != "" {
			d.Detail += " " + api.Advice
		}
	}
	if account := unreadable(err); account != nil {
		d.Extra = &Detail{API: api, Account: account.Account}
	}
	var field *providers.FieldError
	if errors.As(err, &field) && api == nil {
		d.Detail = sentence(field.Problem)
		if field.Advice != "" {
			d.Detail += " " + field.Advice
		}
	}
	return d
}

// sentence ends a text with a full stop.
func sentence(s string) string {
	if s == "" || strings.HasSuffix(s, ".") || strings.HasSuffix(s, "?") || strings.HasSuffix(s, "!") {
		return s
	}
	return s + "."
}
