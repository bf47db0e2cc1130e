package engine

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"lockstep/providers"
	"lockstep/schema"
)

// Inspection is what a look at one provider of the files found.
type Inspection struct {
	// Provider is its reference, such as ghl or ghl.branch.
	Provider string
	// Place is the account as people know it; zero when the provider has no name
	// for it.
	Place providers.Place
	// Accounts are those behind the provider, where it has several.
	Accounts []providers.Inspection
	// Usage is what the provider tells of its limits after that.
	Usage providers.Usage
}

// Inspect asks each provider once who answers, and once more for each permission to
// read that the kinds of the files need. What is wrong is in the diagnostics, all of
// it. It reads no list to its end and writes nothing.
func (e *Engine) Inspect(ctx context.Context) ([]Inspection, hcl.Diagnostics) {
	kinds := inspecting{e}.kindsUsed()
	var found []Inspection
	var diags hcl.Diagnostics
	for _, ref := range slices.Sorted(maps.Keys(e.accounts)) {
		i, more := inspecting{e}.inspect(ctx, ref, kinds[ref])
		found, diags = append(found, i), append(diags, more...)
	}
	return found, diags
}

// inspecting looks at providers before anything is planned.
type inspecting struct{ *Engine }

// kindsUsed are the kinds of the files by the provider that has them, with those
// whose objects name the keys of their maps.
func (e inspecting) kindsUsed() map[string][]*schema.Kind {
	used := map[string][]*schema.Kind{}
	for _, b := range e.Evaluator.Blocks() {
		ref := b.Resource.Provider.String()
		a := e.accounts[ref]
		if b.Resource.Kind == nil || a == nil {
			continue
		}
		kinds := []*schema.Kind{b.Resource.Kind}
		for _, attribute := range b.Resource.Kind.Attributes {
			if attribute.KeysOf != nil {
				kinds = append(kinds, a.schema.Kind(attribute.KeysOf.Kind))
			}
		}
		for _, k := range kinds {
			if k != nil && !slices.Contains(used[ref], k) {
				used[ref] = append(used[ref], k)
			}
		}
	}
	return used
}

func (e inspecting) inspect(ctx context.Context, ref string, kinds []*schema.Kind) (Inspection, hcl.Diagnostics) {
	i := Inspection{Provider: ref}
	provider := e.accounts[ref].provider
	var diags hcl.Diagnostics
	note := func(err error) {
		if err != nil {
			diags = append(diags, e.failure(ref, "Cannot use the provider "+ref, err))
		}
	}
	if placed, ok := provider.(providers.Placed); ok {
		var err error
		i.Place, err = placed.Place(ctx)
		note(err)
	}
	if inspected, ok := provider.(providers.Inspected); ok {
		i.Accounts = inspected.Inspect(ctx)
		for _, account := range i.Accounts {
			note(account.Err)
		}
	}
	asked := map[string]bool{}
	for _, k := range kinds {
		scopes := strings.Join(k.Scopes.Read, " ")
		if len(diags) > 0 && !lacksScope(diags) || scopes == "" || k.Listing.Blind || k.Listing.PerParent || asked[scopes] {
			continue
		}
		asked[scopes] = true
		for _, err := range provider.List(ctx, providers.Query{Kind: k.Name, First: true}) {
			note(err)
			break
		}
	}
	if counter, ok := provider.(providers.Counter); ok {
		i.Usage = counter.Usage()
	}
	return i, diags
}

// lacksScope reports whether the last thing that went wrong is a missing scope: then
// others may be missing as well, and it is no use to find them one run at a time.
func lacksScope(diags hcl.Diagnostics) bool {
	detail, _ := DetailOf(diags[len(diags)-1])
	return detail.API != nil && len(detail.API.Scopes) > 0
}
