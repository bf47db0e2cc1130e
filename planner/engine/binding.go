package engine

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner/state"
	"lockstep/providers"
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

// holds says that an object is one of it.
func (b binding) holds(r *state.Record) bool {
	return b.part == "" || r.ID == b.part || strings.HasPrefix(r.ID, b.part+"/")
}

// bindings are the accounts that objects lie in, as far as they are known.
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

// newBindings are what the state is to know of accounts; nil when it does.
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

// checkBindings refuses a state whose objects lie in another account: nothing
// of them would be found, and all of them be made a second time.
func (e *Engine) checkBindings() {
	now := e.bindings()
	sorted := slices.SortedFunc(maps.Keys(now), func(a, b binding) int { return strings.Compare(a.name(), b.name()) })
	e.checkParts(sorted, now)
	for _, b := range sorted {
		was := e.Store.Snapshot().Accounts[b.name()]
		if was == "" || was == now[b] {
			continue
		}
		n := e.bound(b)
		if n == 0 {
			continue
		}
		whose, advice := b.provider, "Go back to that account, or move the state away and begin a new one: what exists already is found and adopted."
		if b.part != "" {
			whose = fmt.Sprintf("%s under %q", b.provider, b.part)
			advice = fmt.Sprintf("Give %q its own token again. For another person, write another account; or take what is of %q out with `lockstep state rm`: what exists already is found and adopted.", b.part, b.part)
		}
		e.run.diags = append(e.run.diags, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "A state of another account",
			Detail: fmt.Sprintf("%s has %d objects of the provider %s that lie in %s, and the provider now is for %s. %s",
				e.Store.Backend().Name(), n, whose, was, now[b], advice)})
	}
}

// checkParts refuses two parts that are one account: each would take what the
// other writes for its own.
func (e *Engine) checkParts(sorted []binding, now map[binding]string) {
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
		e.run.diags = append(e.run.diags, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Two names for one account",
			Detail: fmt.Sprintf("%s under %q and %s under %q are both %s, so each would take what the other writes for its own. Give each the token of its own person.",
				other.provider, other.part, b.provider, b.part, now[b])})
	}
}

// bound counts the objects of the state that a binding is about.
func (e *Engine) bound(b binding) int {
	n := 0
	for ref, records := range e.run.records {
		if ref.provider != b.provider {
			continue
		}
		for _, r := range records {
			if b.holds(r) {
				n++
			}
		}
	}
	return n
}
