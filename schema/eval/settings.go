package eval

import (
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"lockstep/schema"
	"lockstep/schema/config"
	"lockstep/schema/files"
)

// The values of the setting personal_data.
const (
	PersonalDataHashed = "hashed"
	PersonalDataPlain  = "plain"
)

// Settings are the evaluated settings with their defaults.
type Settings struct {
	// RequiredVersion is a constraint such as ">= 0.1"; empty when not given.
	RequiredVersion string
	// Backend is the type of the backend: "local" when there is no block.
	Backend string
	// BackendArguments are what the backend block says.
	BackendArguments map[string]string
	// BackendAt is where the block begins; zero without one.
	BackendAt hcl.Range
	// StatePath is the file of the local backend.
	StatePath  string
	Encryption Encryption
	Guard      Guard
	// PersonalData is PersonalDataHashed or PersonalDataPlain.
	PersonalData string
	Report       Report
}

// Report has the keys of custom fields of contacts that a report tells of; empty
// ones are not asked for.
type Report struct {
	GoalField, RaceField, RaceDateField string
}

// Guard is how much a run may delete and change of one kind.
type Guard struct {
	MaxDeletes, MaxChanges Limit
}

// Limit is a share of the objects of a kind. MaxDeletes is exceeded by more
// than Count deletes that are also more than Percent; MaxChanges by changes of
// more than Percent of a kind that has at least Count objects.
type Limit struct {
	Percent float64
	Count   int
}

// BackendLocal is the type of the backend that keeps the state in a file.
const BackendLocal = "local"

// DefaultStatePath is the file of the local backend when none is named.
const DefaultStatePath = "lockstep.state.jsonl"

// Settings evaluates the lockstep block.
func (e *Evaluator) Settings() (Settings, hcl.Diagnostics) {
	e.mu.Lock()
	defer e.mu.Unlock()
	written, r := e.cfg.Settings, &settingsReader{root: e.root, project: e.cfg.Files}
	s := Settings{
		Backend: BackendLocal, StatePath: DefaultStatePath, PersonalData: PersonalDataHashed,
		Guard: Guard{MaxDeletes: Limit{Percent: 5, Count: 10}, MaxChanges: Limit{Percent: 50, Count: 50}},
	}
	var diags hcl.Diagnostics
	s.RequiredVersion, diags = r.text(written.RequiredVersion, "", nil)
	personal, more := r.text(written.PersonalData, PersonalDataHashed, []string{PersonalDataHashed, PersonalDataPlain})
	s.PersonalData, diags = personal, append(diags, more...)
	diags = append(diags, r.limit(written.MaxDeletes, &s.Guard.MaxDeletes, true)...)
	diags = append(diags, r.limit(written.MaxChanges, &s.Guard.MaxChanges, false)...)
	diags = append(diags, r.report(written.Report, &s.Report)...)
	if written.Backend != nil {
		diags = append(diags, r.backend(written.Backend, &s)...)
	}
	if written.Encryption != nil {
		diags = append(diags, r.encryption(written.Encryption, &s.Encryption)...)
	}
	return s, diags
}

// settingsReader evaluates the expressions of the lockstep block.
type settingsReader struct {
	root    *scope
	project *files.Project
}

// report reads the keys of custom fields.
func (r *settingsReader) report(written config.Report, s *Report) (diags hcl.Diagnostics) {
	for _, key := range []struct {
		expr hclsyntax.Expression
		to   *string
	}{{written.GoalField, &s.GoalField}, {written.RaceField, &s.RaceField}, {written.RaceDateField, &s.RaceDateField}} {
		text, more := r.text(key.expr, "", nil)
		*key.to, diags = text, append(diags, more...)
	}
	return diags
}

// text evaluates a text; allowed nil takes any.
func (r *settingsReader) text(expr hclsyntax.Expression, otherwise string, allowed []string) (string, hcl.Diagnostics) {
	if expr == nil {
		return otherwise, nil
	}
	v, diags := r.root.eval(expr, nil)
	if diags.HasErrors() {
		return otherwise, diags
	}
	v, _ = v.UnmarkDeep()
	text, err := convert.Convert(v, cty.String)
	switch {
	case err != nil || !text.IsKnown():
		return otherwise, errorAt(expr.Range(), "Invalid setting", "A text is needed here.")
	case text.IsNull():
		return otherwise, nil
	case allowed != nil && !slices.Contains(allowed, text.AsString()):
		return otherwise, errorAt(expr.Range(), "Invalid setting", "The value is %q or %q, not %q.%s",
			allowed[0], allowed[1], text.AsString(), schema.DidYouMean(text.AsString(), allowed))
	}
	return text.AsString(), nil
}

// limit reads "5%" or, where counts make sense, a number of objects.
func (r *settingsReader) limit(expr hclsyntax.Expression, limit *Limit, counts bool) hcl.Diagnostics {
	text, diags := r.text(expr, "", nil)
	if text == "" {
		return diags
	}
	if percent, ok := strings.CutSuffix(strings.TrimSpace(text), "%"); ok {
		n, err := strconv.ParseFloat(strings.TrimSpace(percent), 64)
		if err == nil && n >= 0 && n <= 100 {
			limit.Percent = n
			return diags
		}
	} else if n, err := strconv.Atoi(text); counts && err == nil && n >= 0 {
		*limit = Limit{Count: n}
		return diags
	}
	forms := `A limit is a percentage of the objects of a kind, such as "5%"`
	if counts {
		forms += ", or a number of objects, such as 20"
	}
	return append(diags, errorAt(expr.Range(), "Invalid setting", "%s, not %q.", forms, text)...)
}
