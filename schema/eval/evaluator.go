package eval

import (
	"cmp"
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
	// Workspace is what lockstep.workspace returns; empty is "default".
	Workspace string
	// Env looks up an environment variable for provider arguments; nil means
	// that none is set.
	Env func(name string) string
	// OnTask is told what is evaluated from now on, nil when nothing is. It may be
	// nil itself.
	OnTask func(*Task)
}

// Task is the part of the files that is being evaluated.
type Task struct {
	// What it is, such as local.rows or ghl_contact.members.
	What string
	At   hcl.Range
}

// Evaluator evaluates one Config. Its methods may be called concurrently, but
// they exclude each other, and a Source must not call back.
type Evaluator struct {
	mu         sync.Mutex
	cfg        *config.Config
	in         Input
	library    *functions.Library
	ctx        *hcl.EvalContext
	root       *scope
	vars       map[string]cty.Value
	blocks     []*Block
	provided   *provided
	refs       map[hclsyntax.Expression][]config.Reference
	duplicates *duplicates
	// task is what is being evaluated; nil when nothing is.
	task *Task
	// searches counts the near keys that were searched for one block.
	searches int
}

// Block is one resource, data, mapping or action block.
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
	// Match is what an instance of a mapping finds its target with, and Source the
	// remote id of the object that it is made of; empty when it has none.
	Match  schema.Fields
	Source string
	// Invalid are the fields of a mapping that have no usable value here, and stay
	// as they are; they are not among Fields.
	Invalid []Invalid
}

// New prepares the evaluation of a Config that was loaded without errors.
func New(cfg *config.Config, in Input) (*Evaluator, hcl.Diagnostics) {
	if in.Env == nil {
		in.Env = func(string) string { return "" }
	}
	in.Workspace = cmp.Or(in.Workspace, schema.DefaultWorkspace)
	if in.OnTask == nil {
		in.OnTask = func(*Task) {}
	}
	e := &Evaluator{
		cfg: cfg, in: in, library: functions.New(cfg.Files, in.Now), vars: map[string]cty.Value{},
		blocks: orderBlocks(cfg), provided: newProvided(cfg), refs: map[hclsyntax.Expression][]config.Reference{},
	}
	e.duplicates = &duplicates{tables: e.library.Tables}
	e.ctx = &hcl.EvalContext{Functions: e.library.Functions()}
	e.root = newScope(e, cfg.Root, nil, "")
	return e, e.assign()
}

// begin notes what is evaluated until the function that it returns is called.
func (e *Evaluator) begin(t *Task) (end func()) {
	outer := e.task
	e.task = t
	e.in.OnTask(t)
	return func() {
		e.task = outer
		e.in.OnTask(outer)
	}
}

// Busy reports whether something is being evaluated now.
func (e *Evaluator) Busy() bool {
	free := e.mu.TryLock()
	if free {
		e.mu.Unlock()
	}
	return !free
}

// Blocks are all resource and data blocks, those that are needed before those
// that need them.
func (e *Evaluator) Blocks() []*Block { return e.blocks }

// Referenced reports whether an expression somewhere refers to more of a block's
// objects than their ids.
func (e *Evaluator) Referenced(b *Block) bool { return e.cfg.Referenced(b.Resource) }

// orderBlocks returns the blocks of all modules with their levels, by level and
// address.
func orderBlocks(cfg *config.Config) []*Block {
	byResource := map[*config.Resource]*Block{}
	var blocks []*Block
	for _, r := range cfg.AllBlocks() {
		b := &Block{Resource: r, Module: r.Module.Address(), Level: -1}
		byResource[r] = b
		blocks = append(blocks, b)
	}
	for _, b := range blocks {
		for _, need := range cfg.Needs(config.BlockNode(b.Resource)) {
			b.Needs = append(b.Needs, byResource[need])
		}
	}
	for _, b := range blocks {
		b.level()
	}
	slices.SortFunc(blocks, func(a, b *Block) int {
		return cmp.Or(cmp.Compare(a.Level, b.Level), a.Address().Compare(b.Address()))
	})
	return blocks
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
	e.provided.add(b.Resource, s)
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
// fails reports the same diagnostic wherever it is needed.
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
