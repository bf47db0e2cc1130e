package engine

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner/state"
	"lockstep/providers"
	"lockstep/schema"
)

// binding is what objects are bound to: a provider, or a part of its ids.
type binding struct {
	provider, part string
}

// name is how the state calls it.
func (b binding) name() string {
	if b.part == "" {
		return b.provider
	}
	return b.provider + "/" + b.part
}

// holds reports whether an object of the state is bound to it.
func (b binding) holds(r *state.Record) bool {
	return b.part == "" || r.ID == b.part || strings.HasPrefix(r.ID, b.part+"/")
}

// bindings returns the accounts that objects lie in, as far as they are known.
func (e *Engine) bindings() map[binding]string {
	found := map[binding]string{}
	for name, a := range e.accounts {
		if b, ok := a.provider.(providers.Bound); ok {
			for part, account := range b.Bindings() {
				found[binding{name, part}] = account
			}
		}
	}
	return found
}

// newBindings returns the accounts to record, nil if the state has them.
func (e *Engine) newBindings() map[string]string {
	was := e.Store.Snapshot().Accounts
	now := maps.Clone(was)
	for b, account := range e.bindings() {
		now[b.name()] = account
	}
	if maps.Equal(was, now) {
		return nil
	}
	return now
}

// checkBindings refuses a state whose objects lie in another account: none of
// them would be found, and all of them be made a second time.
func (e planning) checkBindings() hcl.Diagnostics {
	now := e.bindings()
	sorted := slices.SortedFunc(maps.Keys(now), func(a, b binding) int { return strings.Compare(a.name(), b.name()) })
	diags := checkParts(sorted, now)
	for _, b := range sorted {
		was := e.Store.Snapshot().Accounts[b.name()]
		if was == "" || was == now[b] {
			continue
		}
		if n := e.run.bound(b); n > 0 {
			diags = append(diags, b.elsewhere(e.Store.Backend().Name(), n, was, now[b]))
		}
	}
	return diags
}

// elsewhere is the problem of a state with n objects in an account that is not
// the one of now.
func (b binding) elsewhere(stateName string, n int, was, now string) *hcl.Diagnostic {
	whose, advice := b.provider, "Go back to that account, or move the state away and begin a new one: what exists already is found and adopted."
	if b.part != "" {
		whose = fmt.Sprintf("%s under %q", b.provider, b.part)
		advice = fmt.Sprintf("Give %q its own token again. For another person, write another account; or take what is of %q out with `lockstep state rm`: what exists already is found and adopted.", b.part, b.part)
	}
	return &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "A state of another account",
		Detail: fmt.Sprintf("%s has %s objects of the provider %s that lie in %s, and the provider now is for %s. %s",
			stateName, schema.Thousands(n), whose, was, now, advice)}
}

// checkParts refuses two parts that are one account: each would take what the
// other writes for its own.
func checkParts(sorted []binding, now map[binding]string) hcl.Diagnostics {
	var diags hcl.Diagnostics
	first := map[string]binding{}
	for _, b := range sorted {
		if b.part == "" {
			continue
		}
		other, twice := first[now[b]]
		if !twice {
			first[now[b]] = b
			continue
		}
		diags = append(diags, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Two names for one account",
			Detail: fmt.Sprintf("%s under %q and %s under %q are both %s, so each would take what the other writes for its own. Give each the token of its own person.",
				other.provider, other.part, b.provider, b.part, now[b])})
	}
	return diags
}

// bound counts the objects of the state that a binding is about.
func (r *run) bound(b binding) int {
	n := 0
	for ref, records := range r.records {
		if ref.provider != b.provider {
			continue
		}
		for _, known := range records.All() {
			if b.holds(known) {
				n++
			}
		}
	}
	return n
}
