package engine

import (
	"context"
	"fmt"
	"slices"

	"lockstep/providers"
	"lockstep/schema"
)

// normal spells the fields of a desired object as its provider does, and
// refuses those of an object that cannot be written. Errors are as those of
// providers.Normalizer.
func (a *account) normal(ctx context.Context, kind string, fields schema.Fields) (schema.Fields, error) {
	fields, err := a.spelt(ctx, kind, fields)
	if err != nil {
		return nil, err
	}
	if err := a.writable(kind, fields); err != nil {
		return nil, err
	}
	return fields, contradiction(fields)
}

// spelt are fields as the provider spells them.
func (a *account) spelt(ctx context.Context, kind string, fields schema.Fields) (schema.Fields, error) {
	n, ok := a.provider.(providers.Normalizer)
	if !ok {
		return fields, nil
	}
	return n.Normalize(ctx, kind, fields)
}

// writable says why an object with some fields cannot be written.
func (a *account) writable(kind string, fields schema.Fields) error {
	if a.canWrite == nil {
		return nil
	}
	return a.canWrite(kind, fields)
}

// contradiction refuses a member that is excluded in another spelling: it
// would be added and removed by turns.
func contradiction(fields schema.Fields) error {
	for _, excluded := range fields {
		if excluded.Claim != schema.ClaimExcludes {
			continue
		}
		for _, f := range fields {
			if f.Path != excluded.Path || f.Claim == schema.ClaimExcludes || !f.Value.IsKnown() {
				continue
			}
			for _, name := range f.Value.Strings() {
				if slices.Contains(excluded.Value.Strings(), name) {
					return &providers.FieldError{Path: f.Path, Problem: fmt.Sprintf("%q is both a member of %s and excluded from it", name, f.Path),
						Advice: "Spelling aside, it can be only one of the two."}
				}
			}
		}
	}
	return nil
}
