package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner"
	"lockstep/providers"
	"lockstep/schema"
	"lockstep/schema/eval"
)

// PlanOptions of a plan.
type PlanOptions struct {
	// Destroy plans to delete everything that is managed.
	Destroy bool
	// Imports name live objects to adopt, beside those of import blocks.
	Imports map[schema.Address]string
	// Selection names what the plan is about; empty is about all.
	Selection planner.Selection
	// Invoke names actions to run. Nothing else is done then.
	Invoke []schema.Address
	// Unmanaged lists the live objects that are not managed.
	Unmanaged bool
}

// kindState is what a run knows of one kind of one account.
type kindState struct {
	account *account
	kind    *schema.Kind
	reading *reading
	// roster says who is who, and decision what is to be done.
	roster   *planner.Roster
	decision *planner.Decision
	// told is how many of the roster's problems were told.
	told int
}

// Plan evaluates the files, reads the live objects and compares. The plan is
// nil when there are errors.
func (e *Engine) Plan(ctx context.Context, o PlanOptions) (*planner.Plan, hcl.Diagnostics) {
	work := planning{e}
	diags := work.begin(o)
	if diags.HasErrors() {
		return nil, finish(ctx, diags)
	}
	if len(o.Invoke) > 0 {
		p, diags := newInvocations(work, &planner.Plan{Instances: map[schema.Address]int{}}).invoke(ctx, o.Invoke)
		return named(e, p), diags
	}
	if o.Destroy {
		e.run.keys = KeyTexts(e.Evaluator, e.Store.Sealer())
	} else {
		diags = append(diags, work.planBlocks(ctx)...)
	}
	diags = append(diags, scoping{work}.narrow(diags.HasErrors())...)
	diags = append(diags, work.decide(ctx, diags.HasErrors())...)
	// Whose account it is may have been read only now.
	diags = append(diags, work.checkBindings()...)
	diags = append(diags, work.checkKeys(ctx)...)
	diags = append(diags, work.checkReady(ctx)...)
	diags = append(diags, mirrors{work}.check()...)
	diags = append(diags, losses{work}.queried()...)
	if e.run.scope == nil {
		e.run.strays = e.run.blocks.leftIntents(e.Store.Snapshot().Intents)
		diags = append(diags, strayWarnings(e.run.strays)...)
	}
	if !diags.HasErrors() {
		diags = append(diags, work.readBelow(ctx)...)
		diags = append(diags, fullItems{work}.refuse(ctx)...)
	}
	if diags.HasErrors() || ctx.Err() != nil {
		return nil, finish(ctx, diags)
	}
	p, found := assembly{work}.assemble()
	p.Selection = o.Selection
	diags = append(diags, found...)
	diags = append(diags, foresight{work}.foresee(ctx, p)...)
	if !o.Destroy {
		diags = append(diags, e.postconditions(expect(p).before)...)
	}
	if diags = finish(ctx, diags); diags.HasErrors() {
		return nil, diags
	}
	return named(e, p), diags
}

// named gives a plan its digest. The key is made of the state, which others do not see,
// and of the accounts. Without a state there is nothing to make it of.
func named(e *Engine, p *planner.Plan) *planner.Plan {
	if p == nil {
		return nil
	}
	key := ""
	if e.Store.Begun() {
		key = e.Store.Sealer().Value("plan", schema.StringValue(e.Store.Snapshot().Lineage()))
	}
	accounts := e.Accounts()
	for _, ref := range slices.Sorted(maps.Keys(accounts)) {
		key += "\x00" + ref + "=" + accounts[ref]
	}
	p.Digest = p.Sum(key)
	return p
}

// planning is one plan or look under way: it pairs what the blocks want with what
// is live, kind by kind.
type planning struct{ *Engine }

// begin starts a run. It is an error when the state is not one of these accounts.
func (e planning) begin(o PlanOptions) hcl.Diagnostics {
	r := &run{
		kinds: map[kindRef]*kindState{}, blocks: newBlocks(e.Evaluator.Blocks()), begun: e.Now(), keys: map[string]string{},
		instructions: instructions{imports: map[schema.Address]string{}, removals: map[schema.Address]bool{}, destroy: o.Destroy, unmanaged: o.Unmanaged},
	}
	e.run = r
	linger(e.accounts, e.Store.Snapshot(), r.begun.Unix())
	maps.Copy(r.imports, o.Imports)
	r.records = byKind(e.Store.Snapshot())
	diags := r.selection.read(o.Selection, o.Destroy)
	r.reader = e.newReader(r)
	if len(r.selection.replace) > 0 {
		r.reader.refresh = RefreshAll // what is replaced is shown whole
	}
	return append(append(diags, cutWarning(e.Store)...), e.checkBindings()...)
}

// planBlocks pairs what resource blocks declare with what is live, and joins
// mappings with their targets.
func (e planning) planBlocks(ctx context.Context) hcl.Diagnostics {
	blocks := e.run.blocks
	blocks.declare()
	diags := e.learn()
	for _, b := range blocks.byLevel() {
		switch {
		case ctx.Err() != nil || blocks.blocked(b):
		case blocks.data[b] != nil:
			diags = append(diags, dataBlocks{e}.planData(ctx, blocks.data[b])...)
		case blocks.resources[b] != nil:
			diags = append(diags, e.planResource(ctx, blocks.resources[b])...)
		}
	}
	for _, b := range blocks.byLevel() {
		if m := blocks.mappings[b]; m != nil && ctx.Err() == nil && !blocks.blocked(b) {
			diags = append(diags, mappingBlocks{e}.planMapping(ctx, m)...)
		}
	}
	return diags
}

// finish adds that the run was stopped, and drops what was said before.
func finish(ctx context.Context, diags hcl.Diagnostics) hcl.Diagnostics {
	if err := ctx.Err(); err != nil && !diags.HasErrors() {
		diags = append(diags, failure("Interrupted", fmt.Errorf("the run was stopped while it read (%w)", err), nil))
	}
	return distinct(diags)
}

// distinct drops what was reported before: what several blocks need fails for
// each of them.
func distinct(diags hcl.Diagnostics) hcl.Diagnostics {
	seen := map[string]bool{}
	return slices.DeleteFunc(diags, func(d *hcl.Diagnostic) bool {
		key := d.Summary + "\x00" + d.Detail
		if d.Subject != nil {
			key += "\x00" + d.Subject.String()
		}
		if detail, ok := DetailOf(d); ok {
			key += "\x00" + detail.Address + "\x00" + detail.Origin
			if detail.API != nil && len(detail.API.Scopes) > 0 {
				key += "\x00" + detail.API.Path
			}
		}
		twice := seen[key]
		seen[key] = true
		return twice
	})
}

// learn collects what import, moved and removed blocks tell.
func (e planning) learn() hcl.Diagnostics {
	imports, diags := e.Evaluator.Imports()
	for _, i := range imports {
		e.run.imports[i.To] = i.ID
	}
	e.run.moves = e.Evaluator.Moves()
	for _, m := range e.Evaluator.Removals() {
		e.run.removals[m.From] = m.Destroy
	}
	return diags
}

// objectFailure makes a diagnostic about one object: it points at the line of
// the attribute at fault, or at the block, and names the row of a CSV file.
func (e *Engine) objectFailure(summary string, a schema.Address, b *eval.Block, err error) *hcl.Diagnostic {
	d := failure(summary, err, nil)
	if b != nil {
		d = e.failure(b.Resource.Provider.String(), summary, err)
	}
	if d.Subject != nil {
		return d // it is about the provider
	}
	detail, _ := d.Extra.(*Detail)
	if detail == nil {
		detail = &Detail{}
		d.Extra = detail
	}
	detail.Address = a.String()
	if b == nil {
		return d
	}
	path := ""
	var field *providers.FieldError
	switch {
	case errors.As(err, &field):
		path = field.Path
	case detail.API != nil:
		path = detail.API.Field
	}
	place := b.Resource.AttributeRange(path)
	d.Subject, detail.Path = &place, path
	detail.Origin = e.Evaluator.Origin(a)
	return d
}

// problems tells of what the planner refuses, or warns of.
func (e planning) problems(severity hcl.DiagnosticSeverity, found []planner.Problem) hcl.Diagnostics {
	var all Alike
	for _, p := range found {
		all.Add(func() *hcl.Diagnostic {
			detail := &Detail{Address: p.Address.String(), Path: p.Path, Protected: p.Protected}
			d := &hcl.Diagnostic{Severity: severity, Summary: p.Summary, Detail: p.Detail, Extra: detail}
			if b := e.run.blocks.declaring(p.Address); b != nil {
				place := b.block.Resource.AttributeRange(p.Path)
				d.Subject, detail.Origin = &place, e.Evaluator.Origin(p.Address)
			}
			return d
		})
	}
	return all.All()
}

// refused tells what the planner has refused of a kind since the last time.
func (e planning) refused(ks *kindState) hcl.Diagnostics {
	found := ks.roster.Problems[ks.told:]
	ks.told += len(found)
	return e.problems(hcl.DiagError, found)
}

// kind finds or starts the roster of a kind; nil when its provider could not
// be configured, which was reported then.
func (e planning) kind(provider string, kind *schema.Kind) *kindState {
	ref := kindRef{provider, kind.Name}
	if ks := e.run.kinds[ref]; ks != nil {
		return ks
	}
	a := e.accounts[provider]
	if a == nil {
		return nil
	}
	ks := &kindState{account: a, kind: kind, decision: &planner.Decision{}}
	ks.roster = &planner.Roster{
		Provider: provider, Kind: kind, Live: planner.NewLive(kind),
		Past: planner.Past{Sealer: e.Store.Sealer(), Keys: e.run.keys, Intents: e.Store.Snapshot().Intents},
		Files: planner.Files{
			Removals: e.sealedRemovals(), Destroy: e.run.destroy,
			Declared: func(sealed schema.Address) bool {
				b := e.run.blocks.declaring(sealed)
				return b != nil && b.mayDeclare(sealed)
			},
			Held: func(sealed schema.Address) bool {
				b := e.run.blocks.declaring(sealed)
				return b != nil && b.holds(sealed)
			},
			Repeated:  func(sealed schema.Address) bool { return e.run.blocks.declaring(sealed) != nil },
			Elsewhere: func(id string) string { return elsewhere(e, a, kind, id) },
		},
	}
	ks.roster.Records, ks.roster.Previous = e.records(ks.account.name, kind)
	ks.reading = e.run.reader.start(a, kind, ks.roster.Live, ks.roster.Records, ks.roster)
	e.run.kinds[ref] = ks
	return ks
}

func (e planning) sealedRemovals() map[schema.Address]bool {
	sealed := map[schema.Address]bool{}
	for a, destroy := range e.run.removals {
		sealed[e.seal(a)] = destroy
	}
	return sealed
}

// decide makes the changes of what the blocks and mappings want, and of the
// records that nothing declares. What is refused is told with what else is wrong.
// What is left over is looked at only when all else is right.
func (e planning) decide(ctx context.Context, failed bool) (diags hcl.Diagnostics) {
	for _, ref := range slices.SortedFunc(maps.Keys(e.run.records), kindRef.compare) {
		a := e.accounts[ref.provider]
		if a == nil {
			continue
		}
		kind := a.schema.Kind(ref.kind)
		if kind == nil {
			diags = append(diags, failure("Unknown kind in the state", fmt.Errorf(
				"the state has objects of the kind %s, which this lockstep does not know; take them out with `lockstep state rm`, or use the version that made them", ref.kind), nil))
			continue
		}
		e.kind(ref.provider, kind)
	}
	unread, ok := losses{e}.read(ctx)
	diags = append(diags, unread...)
	failed = failed || diags.HasErrors() || !ok
	for _, ref := range e.run.sortedKinds() {
		ks := e.run.kinds[ref]
		ks.roster.Planned, ks.roster.Lingering = scoping{e}.planned(), ks.account.still(ref.kind)
		ks.decision = ks.roster.Decide()
		diags = append(diags, e.refused(ks)...)
	}
	if failed {
		return
	}
	for _, ref := range e.run.sortedKinds() {
		if failed {
			break
		}
		left, ok := e.leave(ctx, e.run.kinds[ref])
		diags, failed = append(diags, left...), !ok
	}
	return diags
}

// leave decides about the records of a kind that nothing declares. It reports
// whether their objects could be read.
func (e planning) leave(ctx context.Context, ks *kindState) (diags hcl.Diagnostics, ok bool) {
	if diags, ok = e.readFor(ctx, ks, nil); !ok {
		return diags, false
	}
	if ks.kind.Listing.Blind {
		diags = append(diags, e.leaveBlind(ks)...)
	} else {
		diags = append(diags, ks.reading.confirmLeftovers(ctx, ks.roster.Leftovers())...)
	}
	ks.decision.Leave()
	diags = append(diags, e.refused(ks)...)
	return append(diags, e.problems(hcl.DiagWarning, ks.decision.Warnings)...), true
}

func (r *run) sortedKinds() []kindRef {
	return slices.SortedFunc(maps.Keys(r.kinds), kindRef.compare)
}

func (a kindRef) compare(b kindRef) int {
	return cmp.Or(strings.Compare(a.provider, b.provider), strings.Compare(a.kind, b.kind))
}
