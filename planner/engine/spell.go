package engine

import (
	"context"

	"lockstep/providers"
	"lockstep/schema"
)

// Spell returns fields as a provider spells what files say, or why it refuses them or
// the account cannot write them: as providers.Normalizer does.
func Spell(ctx context.Context, e *Engine, provider string, kind *schema.Kind, fields schema.Fields) (schema.Fields, error) {
	return e.accounts[provider].normal(ctx, kind, fields)
}

// Reaches returns why the account of a provider does not reach objects of a kind, as
// providers.Leveled does; nil when it does.
func Reaches(e *Engine, provider string, kind *schema.Kind) error {
	a := e.accounts[provider]
	leveled, ok := a.provider.(providers.Leveled)
	if !ok {
		return nil
	}
	return leveled.Reach(a.config, kind.Name, kind.Scopes.Level)
}
