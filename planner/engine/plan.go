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
}

// maxSame is how many errors of one block are shown before they are counted.
const maxSame = 10

// kindState is what a run knows of one kind of one account.
type kindState struct {
	account *account
	kind    *schema.Kind
	reading *reading
	// roster says who is who, and decision what is to be done.
	roster   *planner.Roster
	decision *planner.Decision
}

// Plan evaluates the files, reads the live objects and compares. The plan is
// nil when there are errors.
func (e *Engine) Plan(ctx context.Context, o PlanOptions) (*planner.Plan, hcl.Diagnostics) {
	work := planning{e}
	if !work.begin(o) {
		return nil, e.finish(ctx)
	}
	r := e.run
	if o.Destroy {
		r.names = Names(e.Evaluator, e.Store.Sealer())
	} else {
		work.planBlocks(ctx)
	}
	work.decide(ctx)
	// Whose account it is may have been read only now.
	r.diags = append(r.diags, work.checkBindings()...)
	r.diags = append(r.diags, work.checkKeys(ctx)...)
	r.strays = r.leftIntents(e.Store.Snapshot().Intents)
	r.diags = append(r.diags, strayWarnings(r.strays)...)
	if !r.diags.HasErrors() {
		r.diags = append(r.diags, work.readBelow(ctx)...)
	}
	if r.diags.HasErrors() || ctx.Err() != nil {
		return nil, e.finish(ctx)
	}
	p := assembly{work}.assemble()
	if !o.Destroy {
		r.diags = append(r.diags, e.postconditions(expect(p).before)...)
	}
	diags := e.finish(ctx)
	if diags.HasErrors() {
		return nil, diags
	}
	return p, diags
}

// planning is one plan or look under way: it pairs what the blocks want with what
// is live, kind by kind.
type planning struct{ *Engine }

// begin starts a run. It says whether the state is one of these accounts.
func (e planning) begin(o PlanOptions) bool {
	r := &run{
		kinds: map[kindRef]*kindState{}, blocks: map[*eval.Block]*blockState{}, declared: map[schema.Address]*blockState{},
		imports: map[schema.Address]string{}, removals: map[schema.Address]bool{}, destroy: o.Destroy, begun: e.Now(),
	}
	e.run = r
	maps.Copy(r.imports, o.Imports)
	r.diags = append(r.diags, cutWarning(e.Store)...)
	r.records = byKind(e.Store.Snapshot())
	if r.diags = append(r.diags, e.checkBindings()...); r.diags.HasErrors() {
		return false
	}
	r.order = e.Evaluator.Blocks()
	r.levels = levels(r.order)
	r.reader = e.newReader(r)
	return true
}

// planBlocks joins what the files declare with what is live.
func (e planning) planBlocks(ctx context.Context) {
	e.declare()
	for _, b := range e.run.byLevel() {
		if b.Resource.Mapping == nil {
			e.planBlock(ctx, b)
		}
	}
	for _, b := range e.run.byLevel() {
		if b.Resource.Mapping != nil {
			mappingBlocks{e}.planMapping(ctx, b)
		}
	}
}

func (e *Engine) finish(ctx context.Context) hcl.Diagnostics {
	if err := ctx.Err(); err != nil && !e.run.diags.HasErrors() {
		e.run.diags = append(e.run.diags, failure("Interrupted", fmt.Errorf("the run was stopped while it read (%w)", err), nil))
	}
	return distinct(e.run.diags)
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
		if detail, ok := d.Extra.(*Detail); ok {
			key += "\x00" + detail.Address
		}
		twice := seen[key]
		seen[key] = true
		return twice
	})
}

// declare collects what import, moved and removed blocks say.
func (e planning) declare() {
	r := e.run
	for _, b := range r.order {
		if !b.Resource.Data {
			bs := &blockState{block: b}
			r.blocks[b], r.declared[b.Address()] = bs, bs
		}
	}
	imports, diags := e.Evaluator.Imports()
	r.diags = append(r.diags, diags...)
	for _, i := range imports {
		r.imports[i.To] = i.ID
	}
	r.moves = e.Evaluator.Moves()
	for _, m := range e.Evaluator.Removals() {
		r.removals[m.From] = m.Destroy
	}
}

// planBlock expands a block and joins its instances with live objects.
func (e planning) planBlock(ctx context.Context, b *eval.Block) {
	if ctx.Err() != nil || e.blocked(b) {
		return
	}
	if b.Resource.Data {
		dataBlocks{e}.planData(ctx, b)
		return
	}
	bs := e.run.blocks[b]
	instances, diags, ok := e.expand(b)
	e.run.diags = append(e.run.diags, diags...)
	if !ok {
		bs.failed = true
		return
	}
	ks := e.kind(b.Resource.Provider.String(), b.Resource.Kind)
	if ks == nil {
		bs.failed = true
		return
	}
	bs.kind = ks
	bs.desired = e.desire(ctx, bs, instances)
	if bs.failed || !(losses{e}).prepare(ctx, ks) || !e.readFor(ctx, ks, bs.desired) {
		bs.failed = true
		return
	}
	before := len(ks.roster.Problems)
	bs.subjects = ks.roster.Pair(bs.desired)
	e.problems(hcl.DiagError, ks.roster.Problems[before:])
	e.Evaluator.Provide(b, bs)
}

// blocked reports whether something that the block needs could not be planned.
func (e planning) blocked(b *eval.Block) bool {
	for _, need := range b.Needs {
		bs := e.run.blocks[need]
		if bs == nil || bs.failed {
			if own := e.run.blocks[b]; own != nil {
				own.failed = true
			}
			return true
		}
	}
	return false
}

// desire normalises the instances of a block.
func (e planning) desire(ctx context.Context, bs *blockState, instances []eval.Instance) []planner.Desired {
	b := bs.block
	shared := &planner.Block{
		Place: b.Resource.Range, Level: e.run.levels[b], Ignore: b.Resource.Lifecycle.IgnoreChanges,
		Waits: len(b.Resource.DependsOn) > 0, PreventDestroy: b.Resource.Lifecycle.PreventDestroy, OnExists: b.Resource.Lifecycle.OnExists, OnDestroy: b.Resource.Lifecycle.OnDestroy,
	}
	desired := make([]planner.Desired, 0, len(instances))
	wrong := 0
	for i := range instances {
		d := planner.Desired{Block: shared, Address: instances[i].Address, Fields: instances[i].Fields}
		d.Sealed = e.Store.Sealer().Address(bs.kind.kind, d.Address)
		d.ImportID = e.importID(bs.kind, d.Address, d.Sealed)
		fields, err := bs.kind.account.normal(ctx, bs.kind.kind, d.Fields)
		if err == nil && b.Resource.Mapping != nil {
			err = otherKey(d.Fields, fields)
		}
		var field *providers.FieldError
		if err != nil && !errors.As(err, &field) {
			// The account could not be asked, and the next object has no
			// better chance.
			bs.failed = true
			e.run.diags = append(e.run.diags, e.objectFailure("Cannot check "+bs.kind.kind.Plural, d.Address, b, err))
			return desired
		}
		if err != nil {
			bs.failed = true
			if wrong++; wrong <= maxSame {
				e.run.diags = append(e.run.diags, e.objectFailure("Invalid value", d.Address, b, err))
			}
			continue
		}
		d.Fields = fields
		desired = append(desired, d)
	}
	if wrong > maxSame {
		e.run.diags = append(e.run.diags, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Invalid values",
			Detail: fmt.Sprintf("%d more instances of %s have values that cannot be used.", wrong-maxSame, b.Address()), Subject: &b.Resource.Range})
	}
	return desired
}

// objectFailure makes a diagnostic about one object: it points at the line of
// the attribute at fault, or at the block, and names the row of a CSV file.
func (e *Engine) objectFailure(summary string, a schema.Address, b *eval.Block, err error) *hcl.Diagnostic {
	d := failure(summary, err, nil)
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
	d.Subject = &place
	detail.Origin = e.Evaluator.Origin(a)
	return d
}

func (e planning) problems(severity hcl.DiagnosticSeverity, found []planner.Problem) {
	for i, p := range found {
		if i == 2*maxSame {
			e.run.diags = append(e.run.diags, &hcl.Diagnostic{Severity: severity, Summary: "More problems",
				Detail: fmt.Sprintf("%d more problems of this kind are not shown.", len(found)-i)})
			return
		}
		d := &hcl.Diagnostic{Severity: severity, Summary: p.Summary, Detail: p.Detail, Extra: &Detail{Address: p.Address.String(), Protected: p.Protected}}
		if bs := e.run.declared[blockOf(p.Address)]; bs != nil {
			place := bs.block.Resource.AttributeRange(p.Path)
			d.Subject = &place
			d.Extra = &Detail{Address: p.Address.String(), Protected: p.Protected, Origin: e.Evaluator.Origin(p.Address)}
		}
		e.run.diags = append(e.run.diags, d)
	}
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
		Past: planner.Past{Sealer: e.Store.Sealer(), Named: e.run.names, Intents: e.Store.Snapshot().Intents},
		Files: planner.Files{
			Removals: e.sealedRemovals(kind), Destroy: e.run.destroy,
			Declared: func(a schema.Address) bool { return e.run.declared[blockOf(a)] != nil && e.maybeDeclared(a) },
			Repeated: func(a schema.Address) bool { return e.run.declared[blockOf(a)] != nil },
		},
	}
	ks.roster.Records, ks.roster.Previous = e.records(ks.account.name, kind)
	ks.reading = e.run.reader.start(a, kind, ks.roster.Live, ks.roster.Records, ks.roster)
	e.run.kinds[ref] = ks
	return ks
}

// maybeDeclared reports whether a sealed address is declared, or may be because its
// block is not expanded yet.
func (e planning) maybeDeclared(a schema.Address) bool {
	bs := e.run.declared[blockOf(a)]
	if bs.desired == nil {
		return true
	}
	return slices.ContainsFunc(bs.desired, func(d planner.Desired) bool { return d.Sealed == a })
}

func (e planning) sealedRemovals(kind *schema.Kind) map[schema.Address]bool {
	sealed := map[schema.Address]bool{}
	for a, destroy := range e.run.removals {
		sealed[e.Store.Sealer().Address(kind, a)] = destroy
	}
	return sealed
}

// decide makes the changes of what the blocks and mappings want, and of the
// records that nothing declares.
func (e planning) decide(ctx context.Context) {
	for _, ref := range slices.SortedFunc(maps.Keys(e.run.records), kindRef.compare) {
		a := e.accounts[ref.provider]
		if a == nil {
			continue
		}
		kind := a.schema.Kind(ref.kind)
		if kind == nil {
			e.run.diags = append(e.run.diags, failure("Unknown kind in the state", fmt.Errorf(
				"the state has objects of the kind %s, which this lockstep does not know; take them out with `lockstep state rm`, or use the version that made them", ref.kind), nil))
			continue
		}
		e.kind(ref.provider, kind)
	}
	// What is refused is told with what else is wrong. What is left over is
	// looked at only when all else is right.
	failed := e.run.diags.HasErrors() || !(losses{e}).read(ctx)
	for _, ref := range e.run.sortedKinds() {
		ks := e.run.kinds[ref]
		before := len(ks.roster.Problems)
		ks.decision = ks.roster.Decide()
		e.problems(hcl.DiagError, ks.roster.Problems[before:])
	}
	if failed {
		return
	}
	for _, ref := range e.run.sortedKinds() {
		if !e.leave(ctx, e.run.kinds[ref]) {
			return
		}
	}
}

// leave decides about the records of a kind that nothing declares. It reports
// whether their objects could be read.
func (e planning) leave(ctx context.Context, ks *kindState) bool {
	if !e.readFor(ctx, ks, nil) {
		return false
	}
	e.run.diags = append(e.run.diags, ks.reading.confirmLeftovers(ctx, ks.roster.Leftovers())...)
	before := len(ks.roster.Problems)
	ks.decision.Leave()
	e.problems(hcl.DiagError, ks.roster.Problems[before:])
	e.problems(hcl.DiagWarning, ks.decision.Warnings)
	return true
}

func (r *run) sortedKinds() []kindRef {
	return slices.SortedFunc(maps.Keys(r.kinds), kindRef.compare)
}

func (a kindRef) compare(b kindRef) int {
	return cmp.Or(strings.Compare(a.provider, b.provider), strings.Compare(a.kind, b.kind))
}
