package command

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"lockstep/cmd/internal/view"
	"lockstep/planner"
	"lockstep/planner/engine"
	"lockstep/planner/planfile"
	"lockstep/schema/eval"
)

// savePlan writes the plan for a later apply.
func (p *project) savePlan(path string, e *engine.Engine, plan *planner.Plan) error {
	f := planfile.New(plan, uuid.NewString())
	f.ToolVersion, f.ConfigDigest, f.Accounts, f.Time, f.Workspace = Version, p.eval.Digest(), e.Accounts(), p.now, p.workspace
	var err error
	if f.Variables, err = p.savedVariables(); err != nil {
		return failed(problem("Cannot save the plan", "%s.", capital(err.Error())))
	}
	if f.Configuration, err = view.Configuration(p.config, plan); err != nil {
		return failed(problem("Cannot save the plan", "%s.", capital(err.Error())))
	}
	if e.Store.Begun() {
		f.Lineage, f.Serial = e.Store.Snapshot().Lineage(), e.Store.Snapshot().Serial
	}
	keys, err := p.keys(p.settings.Encryption)
	if err != nil {
		return err
	}
	if err = planfile.Write(path, f, keys); err != nil {
		return failed(problem("Cannot save the plan", "%s.", capital(err.Error())))
	}
	if p.reviews() {
		p.note("Saved the plan to: %s", path) // stdout is the review, and nothing else
		return nil
	}
	p.say("\nSaved the plan to: %s\n\nTo perform exactly these actions, run the following command to apply:\n    lockstep apply %s", path, strings.Join(append(planner.Flags(plan.Refusals), strconv.Quote(path)), " "))
	return nil
}

// savedVariables are the values of variables that may be kept in a file.
func (p *project) savedVariables() (map[string]json.RawMessage, error) {
	saved := map[string]json.RawMessage{}
	for name, v := range p.eval.Variables() {
		if v.ContainsMarked() || p.config.Root.Variables[name].Sensitive {
			continue
		}
		data, err := ctyjson.Marshal(v, cty.DynamicPseudoType)
		if err != nil {
			return nil, fmt.Errorf("the variable %s cannot be saved: %w", name, err)
		}
		saved[name] = data
	}
	return saved, nil
}

// assignments give variables the values that a plan was made with.
func assignments(f *planfile.File) ([]eval.Assignment, error) {
	var found []eval.Assignment
	for _, name := range slices.Sorted(maps.Keys(f.Variables)) {
		v, err := ctyjson.Unmarshal(f.Variables[name], cty.DynamicPseudoType)
		if err != nil {
			return nil, failed(problem("Cannot use the plan", "The value of the variable %s cannot be read: %s.", name, err))
		}
		found = append(found, eval.Assignment{Name: name, Value: v, From: eval.FromFile, Source: "the saved plan"})
	}
	return found, nil
}

// readPlan reads a saved plan.
func (s *session) readPlan(path string) (*planfile.File, error) {
	keys, err := s.keys(eval.Encryption{})
	if err != nil {
		return nil, err
	}
	f, err := planfile.Read(path, s.catalog(), keys)
	if err != nil {
		return nil, failed(problem("Cannot use the plan", "%s.", capital(err.Error())))
	}
	return f, nil
}

// applySaved applies a saved plan, if planning again gives the same. The files
// are evaluated as of the time of the plan, so that timestamp() does not make
// a difference.
func (a *applying) applySaved(ctx context.Context, path string) error {
	f, err := a.readPlan(path)
	if err != nil {
		return err
	}
	if err := mayReport(a.flags.String("report"), f.Plan.Destroy); err != nil {
		return err
	}
	if f.ToolVersion != Version {
		return failed(problem("Cannot use the plan", "lockstep %s saved it, and this is %s. Plan again.", f.ToolVersion, Version))
	}
	if err := a.env.sameWorkspace(f); err != nil {
		return err
	}
	variables, err := assignments(f)
	if err != nil {
		return err
	}
	p, err := a.loadAt(a.flags, f.Time, variables)
	if err != nil {
		return err
	}
	e, release, err := p.openLocked(ctx, "apply")
	if err != nil {
		return err
	}
	defer release()
	if err := sameProject(f, e); err != nil {
		return err
	}
	fresh, err := p.makePlan(ctx, e, engine.PlanOptions{Destroy: f.Plan.Destroy, Selection: f.Plan.Selection, Invoke: f.Plan.Invoked()})
	if err != nil {
		return err
	}
	if err := a.expected(fresh); err != nil {
		return err
	}
	moved := f.Moved(fresh)
	if f.ConfigDigest != p.eval.Digest() {
		moved = append([]string{"the files, or the values of variables, changed since the plan was made"}, moved...)
	}
	if len(moved) > 0 {
		return &outcome{code: ExitStale, diags: view.Stale(&engine.StaleError{Moved: moved})}
	}
	a.note("The plan is current.")
	a.options.Saved = true
	return a.carryOut(ctx, p, e, fresh)
}

// sameWorkspace refuses a plan of another workspace than the selected one.
func (e *Env) sameWorkspace(f *planfile.File) error {
	workspace, diags := e.workspace()
	if diags.HasErrors() || f.Workspace == workspace {
		return failed(diags)
	}
	return failed(problem("A plan of another workspace", "It was made in the workspace %q, and %q is selected: run `lockstep workspace select %s`, or set %s.",
		f.Workspace, workspace, f.Workspace, workspaceVariable))
}

// sameProject refuses a plan of another state or of other accounts.
func sameProject(f *planfile.File, e *engine.Engine) error {
	if f.Lineage != "" && f.Lineage != e.Store.Snapshot().Lineage() {
		return failed(problem("A plan of another project", "It was made with another state than %s. Plan again here.", e.Store.Backend().Name()))
	}
	now := e.Accounts()
	for _, ref := range slices.Sorted(maps.Keys(f.Accounts)) {
		if now[ref] != f.Accounts[ref] {
			return failed(problem("A plan of another account", "It was made for %s, and provider %s now is %s. Plan again here.",
				f.Accounts[ref], ref, orNone(now[ref])))
		}
	}
	return nil
}

func orNone(account string) string {
	if account == "" {
		return "not configured"
	}
	return account
}

// age tells how old a saved plan is.
func age(f *planfile.File, now time.Time) string {
	return fmt.Sprintf("Saved by lockstep %s, %s ago.", f.ToolVersion, now.Sub(f.Time).Round(time.Second))
}
