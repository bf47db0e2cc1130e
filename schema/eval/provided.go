package eval

import (
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
	"lockstep/schema/config"
)

// Source tells the values of a block's objects.
type Source interface {
	// Keys are the keys of the instances within a module instance, whose path
	// is "module.a[\"x\"]", or "" for the root module.
	Keys(module string) []schema.Key
	// Value is the value of one object, an object of its attributes. ok is
	// false when there is no such instance.
	Value(a schema.Address) (value cty.Value, ok bool)
}

// provided is what the engine has told of the objects of blocks.
type provided struct {
	cfg     *config.Config
	sources map[*config.Resource]Source
	// versions count how often the values of a block were provided.
	versions map[*config.Resource]int
}

func newProvided(cfg *config.Config) *provided {
	return &provided{cfg: cfg, sources: map[*config.Resource]Source{}, versions: map[*config.Resource]int{}}
}

func (p *provided) add(r *config.Resource, s Source) {
	p.sources[r] = s
	p.versions[r]++
}

// source is nil until the block was provided.
func (p *provided) source(r *config.Resource) Source { return p.sources[r] }

// version changes whenever the block is provided.
func (p *provided) version(r *config.Resource) int { return p.versions[r] }

// stamp changes whenever a value that a node depends on is provided anew.
func (p *provided) stamp(n config.Node) int {
	stamp := 0
	for _, r := range p.cfg.Needs(n) {
		stamp += p.versions[r]
	}
	return stamp
}
