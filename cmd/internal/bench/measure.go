package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
)

const (
	mostCreates = 2000   // an apply of single creates adds no more
	smallSize   = 10_000 // up to here each measurement is made thrice, above it twice
)

// The names of the measurements, as the tables show them.
const (
	nameVersion     = "`version`"
	nameFirstPlan   = "first plan"
	nameFirstApply  = "first apply (adopts)"
	nameNoOpPlan    = "no-op plan"
	nameChangedRead = "no-op plan `-refresh=changed`"
	nameChangePlan  = "plan, 1 % changed"
	nameChangeApply = "apply, 1 % changed"
	nameTagPlan     = "plan, one tag on all"
	nameTagSave     = "the same with `-out`"
	nameTagShow     = "`show -json` of it"
	nameTagApply    = "apply, one tag on all"
	nameCreateApply = "apply, 10 % new (at most 2,000)"
	nameMappingPlan = "no-op plan of a mapping"
	nameDealsPlan   = "no-op plan, opportunities"
	nameSharedPlan  = "no-op plan, state in PostgreSQL"
	nameSharedApply = "apply, 1 % changed, state in PostgreSQL"
	nameHTTPPlan    = "no-op plan, state over HTTP"
	nameHTTPApply   = "apply, 1 % changed, state over HTTP"
	nameBucketPlan  = "no-op plan, state in a bucket"
	nameBucketApply = "apply, 1 % changed, state in a bucket"
	nameSealedPlan  = "no-op plan, state encrypted"
	nameSealedApply = "apply, 1 % changed, state encrypted"
)

// step is one measured command of a group.
type step struct {
	name string
	exit int // the exit code that it must have
	args func(*project) []string
}

// group is what is measured together, because one step needs the one before.
type group struct {
	name   string
	files  string               // what the files want; configuration when it is empty
	adopt  bool                 // everybody is adopted anew before each round
	before func(*project) error // runs before each round; nil is nothing
	most   int                  // with more contacts it is not measured; 0 is no limit
	keeper keeper               // of the state; without it there is no measurement
	steps  []step
}

// first adopts everybody; the groups after it need that.
const first = "first"

// adopt brings the state in step by an apply that writes nothing to the CRM.
// What was written in the last minutes is confirmed by id, because searches lag;
// so a round begins without memory of what the round before wrote.
func (p *project) adopt(ctx context.Context) error {
	if err := p.forget(); err != nil {
		return err
	}
	_, err := p.measure(ctx, 0, "apply", "-auto-approve")
	return err
}

// groups are all measurements in their order.
func groups() []group {
	words := func(args ...string) func(*project) []string { return func(*project) []string { return args } }
	all := []group{
		{name: "version", steps: []step{{name: nameVersion, args: words("version")}}},
		{name: first, before: (*project).forget, steps: []step{
			{name: nameFirstPlan, args: words("plan")},
			{name: nameFirstApply, args: words("apply", "-auto-approve")},
		}},
		{name: "noop", steps: []step{{name: nameNoOpPlan, args: words("plan", "-detailed-exitcode")}}},
		{name: "refresh", steps: []step{{name: nameChangedRead, args: words("plan", "-detailed-exitcode", "-refresh=changed")}}},
		{name: "change", adopt: true, before: func(p *project) error { return p.change(100) }, steps: []step{
			{name: nameChangePlan, exit: 2, args: words("plan", "-detailed-exitcode")},
			{name: nameChangeApply, args: words("apply", "-auto-approve")},
		}},
		{name: "tag", adopt: true, before: (*project).tag, steps: []step{
			{name: nameTagPlan, exit: 2, args: accepting("plan", "-detailed-exitcode")},
			{name: nameTagSave, args: accepting("plan", "-out="+planFile)},
			{name: nameTagShow, args: words("show", "-json", planFile)},
			{name: nameTagApply, args: accepting("apply", "-auto-approve")},
		}},
		{name: "create", adopt: true, before: (*project).create, steps: []step{
			{name: nameCreateApply, args: words("apply", "-auto-approve")},
		}},
		{name: "mapping", files: mapping, adopt: true, steps: []step{{name: nameMappingPlan, args: words("plan", "-detailed-exitcode")}}},
		{name: "opportunities", files: deals, adopt: true, most: smallSize, steps: []step{{name: nameDealsPlan, args: words("plan", "-detailed-exitcode")}}},
	}
	for _, k := range []struct {
		name        string
		keeper      keeper
		plan, apply string
		most        int
	}{
		// Every write over HTTP sends the whole state.
		{"http", overHTTP, nameHTTPPlan, nameHTTPApply, smallSize},
		{"postgres", inPostgres, nameSharedPlan, nameSharedApply, 0},
		{"s3", inBucket, nameBucketPlan, nameBucketApply, 0},
		{"encrypted", encrypted, nameSealedPlan, nameSealedApply, 0},
	} {
		all = append(all,
			group{name: k.name, keeper: k.keeper, adopt: true, steps: []step{{name: k.plan, args: words("plan", "-detailed-exitcode")}}},
			group{name: k.name + "-change", keeper: k.keeper, adopt: true, most: k.most, before: func(p *project) error { return p.change(100) }, steps: []step{{name: k.apply, args: words("apply", "-auto-approve")}}})
	}
	return all
}

// accepting lets a change of everybody past the guard.
func accepting(args ...string) func(*project) []string {
	return func(p *project) []string {
		return append(slices.Clone(args), fmt.Sprintf("-accept-changes=%d", p.people()))
	}
}

// groupNames lists what can be measured alone.
func groupNames() []string {
	var names []string
	for _, g := range groups() {
		names = append(names, g.name)
	}
	return names
}

// Row is one line of a table: the medians of some processes.
type Row struct {
	Name string
	Size int // contacts
	Sample
}

// Run measures all groups at all sizes. With an error, the report has what was
// measured before it.
func Run(ctx context.Context, o Options) (*Report, error) {
	report := &Report{Machine: machine()}
	info, err := os.Stat(o.Binary)
	if err != nil {
		return report, err
	}
	report.Binary = info.Size()
	for _, size := range o.Sizes {
		fmt.Fprintf(o.Log, "%s contacts\n", count(size))
		rows, err := o.runSize(ctx, size)
		report.Rows, report.Floor = append(report.Rows, rows...), ownPeak()
		if err != nil {
			return report, fmt.Errorf("%d contacts: %w", size, err)
		}
	}
	return report, nil
}

// runSize measures against a sandbox of its own.
func (o Options) runSize(ctx context.Context, size int) (rows []Row, err error) {
	p, err := o.open(ctx, size)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	all := groups()
	if i := slices.IndexFunc(all, func(g group) bool { return g.name == o.Only }); i >= 0 {
		if o.Only != "version" && o.Only != first {
			if err := p.adopt(ctx); err != nil {
				return nil, err
			}
		}
		all = all[i : i+1]
	}
	for _, g := range all {
		if g.most > 0 && size > g.most || !g.keeper.installed() {
			continue
		}
		measured, err := p.runGroup(ctx, g)
		if err != nil {
			return rows, err
		}
		rows = append(rows, measured...)
	}
	return rows, nil
}

// prepare makes the folder and the CRM ready for a round.
func (p *project) prepare(ctx context.Context, g group) error {
	if err := p.configure(g.keeper.settings() + cmp.Or(g.files, configuration)); err != nil {
		return err
	}
	env, err := p.keepers.begin(ctx, g.keeper)
	if err != nil {
		return err
	}
	p.env = append(p.env, env...)
	if g.adopt {
		if err := p.adopt(ctx); err != nil {
			return err
		}
	}
	if g.before == nil {
		return nil
	}
	return g.before(p)
}

// runGroup repeats a group and takes the medians.
func (p *project) runGroup(ctx context.Context, g group) ([]Row, error) {
	rounds := 2
	if p.size <= smallSize {
		rounds = 3
	}
	samples := make([][]Sample, len(g.steps))
	for range rounds {
		if err := p.prepare(ctx, g); err != nil {
			return nil, err
		}
		for i, s := range g.steps {
			sample, err := p.measure(ctx, s.exit, s.args(p)...)
			if err != nil {
				return nil, err
			}
			samples[i] = append(samples[i], sample)
		}
	}
	var rows []Row
	for i, s := range g.steps {
		row := Row{Name: s.name, Size: p.size, Sample: median(samples[i])}
		fmt.Fprintf(p.opts.Log, "  %-32s %8s wall %8s CPU %6s calls\n", s.name, seconds(row.Wall), seconds(row.CPU), count(row.Calls))
		rows = append(rows, row)
	}
	return rows, nil
}
