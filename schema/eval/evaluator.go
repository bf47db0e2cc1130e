package eval

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
	"lockstep/schema/config"
	"lockstep/schema/functions"
)

// Input is what a run brings to a Config.
type Input struct {
	// Vars assign values to variables; later ones win.
	Vars []Assignment
	// Now is what timestamp() returns.
	Now time.Time
	// Env looks up an environment variable for provider arguments; nil means
	// that none is set.
	Env func(name string) string
}

// Evaluator evaluates one Config. Its methods may be called concurrently, but
// they exclude each other, and a Source must not call back.
type Evaluator struct {
	mu      sync.Mutex
	cfg     *config.Config
	in      Input
	library *functions.Library
	ctx     *hcl.EvalContext
	root    *scope
	vars    map[string]cty.Value
	blocks  []*Block
	byBlock map[*config.Resource]*Block
	sources map[*config.Resource]Source
	// versions count how often the values of a block were provided.
	versions map[*config.Resource]int
	refs     map[hclsyntax.Expression][]config.Reference
	// duplicates are the keys that were explained for one expression.
	duplicates map[string]bool
	// searches counts the near keys that were searched for one block.
	searches int
	// moreDuplicates counts those that were not.
	moreDuplicates int
}

// Block is one resource, data or mapping block.
type Block struct {
	Resource *config.Resource
	// Module is the static path: "module.a.module.b", or "".
	Module string
	// Level is 0 for a block that needs no other, and one more than the
	// highest level of those it needs.
	Level int
	// Needs are the direct dependencies.
	Needs []*Block
}

// Address is the block's address, without any keys.
func (b *Block) Address() schema.Address { return b.Resource.Address() }

// Instance is one desired object, the arguments of one read, or what a mapping
// wants of one target.
type Instance struct {
	Address schema.Address
	Block   *Block
	Fields  schema.Fields
	// Match is by what an instance of a mapping finds its target, and Source the
	// remote id of the object that it is made of, empty when there is none.
	Match  schema.Fields
	Source string
}

// Source tells the values of a block's objects.
type Source interface {
	// Keys are the keys of the instances within a module instance, whose path
	// is "module.a[\"x\"]", or "" for the root module.
	Keys(module string) []schema.Key
	// Value is the value of one object, an object of its attributes. ok is
	// false when there is no such instance.
	Value(a schema.Address) (value cty.Value, ok bool)
}

// New prepares the evaluation of a Config that was loaded without errors.
func New(cfg *config.Config, in Input) (*Evaluator, hcl.Diagnostics) {
	if in.Env == nil {
		in.Env = func(string) string { return "" }
	}
	e := &Evaluator{
		cfg: cfg, in: in, library: functions.New(cfg.Dir, in.Now), vars: map[string]cty.Value{},
		byBlock: map[*config.Resource]*Block{}, sources: map[*config.Resource]Source{},
		versions: map[*config.Resource]int{}, refs: map[hclsyntax.Expression][]config.Reference{},
	}
	e.ctx = &hcl.EvalContext{Functions: e.library.Functions()}
	e.root = newScope(e, cfg.Root, nil, "")
	diags := e.assign()
	e.orderBlocks()
	return e, diags
}

// Blocks are all resource and data blocks, those that are needed before those
// that need them.
func (e *Evaluator) Blocks() []*Block { return e.blocks }

// Referenced says that an expression somewhere refers to a block's objects.
func (e *Evaluator) Referenced(b *Block) bool { return e.cfg.Referenced(b.Resource) }

func (e *Evaluator) orderBlocks() {
	for _, r := range e.cfg.AllBlocks() {
		e.byBlock[r] = &Block{Resource: r, Module: r.Module.Address(), Level: -1}
	}
	for r, b := range e.byBlock {
		for _, need := range e.cfg.Needs(config.BlockNode(r)) {
			b.Needs = append(b.Needs, e.byBlock[need])
		}
		e.blocks = append(e.blocks, b)
	}
	for _, b := range e.blocks {
		b.level()
	}
	slices.SortFunc(e.blocks, func(a, b *Block) int {
		if a.Level != b.Level {
			return a.Level - b.Level
		}
		return a.Address().Compare(b.Address())
	})
}

// level ends because cycles were refused when the Config was loaded.
func (b *Block) level() int {
	if b.Level >= 0 {
		return b.Level
	}
	b.Level = 0
	for _, need := range b.Needs {
		b.Level = max(b.Level, need.level()+1)
	}
	return b.Level
}

// Provide tells the values of a block's objects. Calling it again replaces
// them, and whatever was derived from them is evaluated anew.
func (e *Evaluator) Provide(b *Block, s Source) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.sources[b.Resource] = s
	e.versions[b.Resource]++
}

// Digest covers the files of the configuration, every file that a function has
// read so far, and the values of all variables that are not sensitive.
func (e *Evaluator) Digest() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	sum := sha256.New()
	put := func(name, value string) {
		// Writing to a hash never fails.
		_, _ = io.WriteString(sum, fmt.Sprintf("%d %s %d %s\n", len(name), name, len(value), value))
	}
	put("config", e.cfg.Digest)
	files := e.library.FileDigests()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		put("file "+name, files[name])
	}
	for _, name := range slices.Sorted(maps.Keys(e.vars)) {
		v := e.vars[name]
		if v.ContainsMarked() || e.cfg.Root.Variables[name].Sensitive {
			continue
		}
		put("var "+name, fmt.Sprintf("%#v", v))
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// Variables are the values of the root module's variables; sensitive ones
// carry functions.Sensitive.
func (e *Evaluator) Variables() map[string]cty.Value { return e.vars }

// dedupe drops diagnostics that are in the list already: a local value that
// fails reports the same diagnostic to everybody who needs it.
func dedupe(diags hcl.Diagnostics) hcl.Diagnostics {
	seen := map[*hcl.Diagnostic]bool{}
	var kept hcl.Diagnostics
	for _, d := range diags {
		if !seen[d] {
			seen[d] = true
			kept = append(kept, d)
		}
	}
	return kept
}
