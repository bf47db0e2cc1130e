package engine

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner"
	"lockstep/planner/state"
	"lockstep/providers"
	"lockstep/schema"
	"lockstep/schema/config"
)

// shared refuses two providers for one account: each would take the other's objects
// for its own, and delete what the other one manages.
func shared(refs []config.ProviderRef, names map[string]string) hcl.Diagnostics {
	var diags hcl.Diagnostics
	first := map[string]config.ProviderRef{}
	for _, ref := range refs {
		name := names[ref.String()]
		if name == "" {
			continue
		}
		other, twice := first[name]
		if !twice {
			first[name] = ref
			continue
		}
		diags = append(diags, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Two providers for one account",
			Detail: fmt.Sprintf("%s and %s are both %s. Give one of them another account, or use one provider for both.", other, ref, name)})
	}
	return diags
}

// former returns the references of the providers that only the state names, sorted.
func former(declared []config.ProviderRef, s *state.Snapshot) []config.ProviderRef {
	var refs []config.ProviderRef
	last := ""
	for _, r := range s.Records.All() {
		if r.Provider == last {
			continue
		}
		last = r.Provider
		if ref := parseRef(last); !slices.Contains(declared, ref) && !slices.Contains(refs, ref) {
			refs = append(refs, ref)
		}
	}
	slices.SortFunc(refs, func(a, b config.ProviderRef) int { return strings.Compare(a.String(), b.String()) })
	return refs
}

// renamed gives what the state has of former providers to those that are for the same
// account now: another alias makes no other objects. It returns the former providers
// that are left.
func renamed(e *Engine, refs []config.ProviderRef) []config.ProviderRef {
	known := e.Store.Snapshot()
	return slices.DeleteFunc(refs, func(ref config.ProviderRef) bool {
		now := boundTo(e, ref.Name, known.Accounts[ref.String()])
		if len(now) != 1 {
			return false
		}
		known.Rename(ref.String(), now[0])
		return true
	})
}

// boundTo returns the references of the providers of a name whose objects all lie in
// an account.
func boundTo(e *Engine, name, account string) []string {
	var refs []string
	for ref, a := range e.accounts {
		b, ok := a.provider.(providers.Bound)
		if ok && account != "" && parseRef(ref).Name == name && b.Bindings()[""] == account {
			refs = append(refs, ref)
		}
	}
	return refs
}

// elsewhere returns the provider by which the run wants an object that another account
// shows as well: an agency has the objects of the accounts that belong to it. It is
// empty when there is none.
func elsewhere(e planning, a *account, kind *schema.Kind, id string) string {
	if kind.Scopes.Level != schema.EveryLevel {
		return ""
	}
	for _, ref := range e.run.sortedKinds() {
		other := e.run.kinds[ref]
		same := ref.kind == kind.Name && parseRef(ref.provider).Name == parseRef(a.name).Name
		if same && other.account.above() != a.above() && planner.Wants(other.roster, id) {
			return ref.provider
		}
	}
	return ""
}

// above reports whether other accounts belong to this one.
func (a *account) above() bool {
	l, ok := a.provider.(providers.Leveled)
	return ok && l.Reach(a.config, a.name, schema.AgencyLevel) == nil
}
