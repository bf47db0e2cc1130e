package engine

import (
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"lockstep/providers"
)

// bindings are the accounts that objects lie in, by the reference of the
// provider.
func (e *Engine) bindings() map[string]string {
	found := map[string]string{}
	for name, a := range e.accounts {
		if b, ok := a.provider.(providers.Bound); ok && b.Binding() != "" {
			found[name] = b.Binding()
		}
	}
	return found
}

// newBindings are what the state is to know of accounts; nil when it does.
func (e *Engine) newBindings() map[string]string {
	was := e.Store.Snapshot().Accounts
	now := maps.Clone(was)
	maps.Copy(now, e.bindings())
	if maps.Equal(was, now) {
		return nil
	}
	return now
}

// checkBindings refuses a state whose objects lie in another account: nothing
// of them would be found, and all of them be made a second time.
func (e *Engine) checkBindings() {
	now := e.bindings()
	objects := map[string]int{}
	for ref, records := range e.run.records {
		objects[ref.provider] += len(records)
	}
	for _, name := range slices.Sorted(maps.Keys(now)) {
		was := e.Store.Snapshot().Accounts[name]
		if was == "" || was == now[name] || objects[name] == 0 {
			continue
		}
		e.run.diags = append(e.run.diags, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "A state of another account",
			Detail: fmt.Sprintf("%s has %d objects of the provider %s that lie in %s, and the provider now is for %s. Go back to that account, or move the state away and begin a new one: what exists already is found and adopted.",
				e.Store.Backend().Name(), objects[name], name, was, now[name])})
	}
}
