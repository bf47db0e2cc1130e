package config

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
	"lockstep/schema/bounds"
	"lockstep/schema/files"
)

// Config is what the files of a folder say, before anything is evaluated.
type Config struct {
	// Dir is the folder of the root module, and Files what it may read.
	Dir   string
	Files *files.Project
	// Root is the module of that folder.
	Root *Module
	// Catalog declares the providers that the files were checked against.
	Catalog []*schema.Provider
	// Sources are the files by the name that diagnostics carry, which is
	// relative to Dir: what a renderer needs to show the lines.
	Sources map[string]*hcl.File
	// broken are the names of files with syntax errors.
	broken map[string]bool
	// Digest is the hexadecimal SHA-256 over names and texts of all files, the same
	// for every checkout of them.
	Digest string
	// Settings is the lockstep block. It is never nil.
	Settings *Settings

	graph *graph
}

// Settings are the expressions of the lockstep block; nil ones are not
// written.
type Settings struct {
	RequiredVersion hclsyntax.Expression
	// Backend is nil when there is no backend block.
	Backend *Backend
	// Encryption is nil when there is no encryption block.
	Encryption *Encryption
	// MaxDeletes and MaxChanges stand in the guard block.
	MaxDeletes, MaxChanges hclsyntax.Expression
	// PersonalData stands in the state block.
	PersonalData hclsyntax.Expression
	// Report stands in the report block.
	Report Report
	Range  hcl.Range
}

// Report is a report block: the keys of custom fields of contacts that tell what
// a person wants to reach.
type Report struct {
	GoalField, RaceField, RaceDateField hclsyntax.Expression
}

// expressions are all that are written, but those of the backend.
func (s *Settings) expressions() []hclsyntax.Expression {
	all := []hclsyntax.Expression{s.RequiredVersion, s.MaxDeletes, s.MaxChanges, s.PersonalData, s.Report.GoalField, s.Report.RaceField, s.Report.RaceDateField}
	if s.Encryption != nil {
		all = append(all, s.Encryption.Recipients)
	}
	return slices.DeleteFunc(all, func(e hclsyntax.Expression) bool { return e == nil })
}

// Encryption is an encryption block: who can open the state and saved plans.
type Encryption struct {
	// Recipients are public keys; nil when they are not written.
	Recipients hclsyntax.Expression
	Range      hcl.Range
}

// Backend is a backend block: where the state lives.
type Backend struct {
	Type       string
	Attributes map[string]*hclsyntax.Attribute
	Body       hcl.Body
	Range      hcl.Range
}

// Module is one module as a call of it sees it: a module that is called twice
// is there twice.
type Module struct {
	// Path are the names of the calls that lead here, empty for the root.
	Path []string
	// Dir is the folder, relative to the root module's folder; "." for the root.
	Dir string
	// Parent is the calling module and Call its block; nil for the root.
	Parent *Module
	Call   *Call

	Variables map[string]*Variable
	Locals    map[string]*Local
	Outputs   map[string]*Output
	// Providers are the provider blocks, in the root module only.
	Providers []*ProviderBlock
	// Resources and Data are in the order of their addresses.
	Resources []*Resource
	Data      []*Resource
	// Actions are the action blocks, in the order of their addresses.
	Actions []*Resource
	Calls   map[string]*Call
	Rearrangements
	Checks []*Check
}

// Rearrangements are the blocks of a module that say what becomes of objects which
// exist.
type Rearrangements struct {
	Imports []*Import
	Moved   []*Moved
	Removed []*Removed
}

// Address is the static path of the module as it stands in addresses, without
// instance keys: "module.a.module.b", empty for the root.
func (m *Module) Address() string {
	var b strings.Builder
	for i, name := range m.Path {
		if i > 0 {
			b.WriteByte('.')
		}
		b.WriteString("module." + name)
	}
	return b.String()
}

// Action finds the action block of an action and name; nil when there is none.
func (m *Module) Action(action, name string) *Resource {
	for _, r := range m.Actions {
		if r.Action.Name == action && r.Name == name {
			return r
		}
	}
	return nil
}

// Resource finds the resource, or data block, of a type and name; nil when
// there is none.
func (m *Module) Resource(data bool, typ, name string) *Resource {
	blocks := m.Resources
	if data {
		blocks = m.Data
	}
	for _, r := range blocks {
		if r.Type == typ && r.Name == name {
			return r
		}
	}
	return nil
}

// Constraint is what values of a variable or an output are made to fit.
type Constraint struct {
	// Type is cty.DynamicPseudoType when the block has none.
	Type cty.Type
	// Typed is set when the block has a type.
	Typed bool
	// Defaults fill optional attributes within Type; may be nil.
	Defaults *typeexpr.Defaults
}

// Convert makes a value fit.
func (c Constraint) Convert(v cty.Value) (cty.Value, error) {
	if c.Defaults != nil && !v.IsNull() {
		v = c.Defaults.Apply(v)
	}
	return bounds.Convert(v, c.Type)
}

// Variable is a variable block.
type Variable struct {
	Name string
	Constraint
	// Default is cty.NilVal for a required variable.
	Default             cty.Value
	Description         string
	Sensitive, Nullable bool
	Validations         []*Condition
	Range               hcl.Range

	defaultExpr hclsyntax.Expression
}

// Local is one entry of a locals block.
type Local struct {
	Name  string
	Expr  hclsyntax.Expression
	Range hcl.Range
}

// Output is an output block.
type Output struct {
	Name string
	Constraint
	Value         hclsyntax.Expression
	Description   string
	Sensitive     bool
	DependsOn     []hcl.Traversal
	Preconditions []*Condition
	Range         hcl.Range
}

// Condition is a rule with the message that is shown when it does not hold.
type Condition struct {
	Condition, Message hclsyntax.Expression
	Range              hcl.Range
}

// ProviderBlock is a provider block.
type ProviderBlock struct {
	Ref        ProviderRef
	Provider   *schema.Provider
	Attributes map[string]*hclsyntax.Attribute
	// Blocks are arguments written as blocks: `account "ada" { … }`.
	Blocks []*hclsyntax.Block
	Range  hcl.Range
}

// ProviderRef names one configuration of a provider. It is comparable.
type ProviderRef struct {
	Name, Alias string
}

// String renders it as files do: "ghl" or "ghl.eu".
func (r ProviderRef) String() string {
	if r.Alias == "" {
		return r.Name
	}
	return r.Name + "." + r.Alias
}

// Repetition says how many instances a block has. ForEach and Count are nil when
// not written.
type Repetition struct{ ForEach, Count hclsyntax.Expression }

// Repeated reports whether there may be any number of instances.
func (r Repetition) Repeated() bool { return r.ForEach != nil || r.Count != nil }

// Resource is a resource block, a data block when Data is set, a mapping block or
// an action block.
type Resource struct {
	Data   bool
	Module *Module
	// Kind is the kind of the objects; for a data block the kind it reads, and nil
	// for an action.
	Kind *schema.Kind
	// DataSource is set for data blocks.
	DataSource *schema.DataSource
	// Action is set for action blocks; their Attributes stand in the config block.
	Action *schema.Action
	// Type is the first label; for an action schema.ActionPrefix and the label.
	Type, Name string
	Repetition
	DependsOn []hcl.Traversal
	// Provider is the configuration used, module calls' providers resolved.
	Provider   ProviderRef
	Attributes map[string]*hclsyntax.Attribute
	Lifecycle  Lifecycle
	// Mapping is set for mapping blocks; their Kind is the kind of the targets.
	Mapping *Mapping
	// Range is the block's header.
	Range hcl.Range

	providerRange hcl.Range
}

// Address is where the block stands, without instance keys.
func (r *Resource) Address() schema.Address {
	return schema.Address{Module: r.Module.Address(), Data: r.Data, Kind: r.Type, Name: r.Name}
}

// The values of on_exists and on_destroy.
const (
	OnExistsAdopt   = "adopt"
	OnExistsError   = "error"
	OnDestroyDelete = "delete"
	OnDestroyForget = "forget"
	// OnDestroyRetire is for kinds with schema.Kind.Retire only.
	OnDestroyRetire = "retire"
)

// Lifecycle is a lifecycle block with its defaults.
type Lifecycle struct {
	PreventDestroy bool
	// IgnoreChanges are paths such as "email" and "custom_fields.tier", or
	// "all" alone.
	IgnoreChanges []string
	// OnExists is OnExistsAdopt (the default) or OnExistsError.
	OnExists string
	// OnDestroy is empty when not written.
	OnDestroy                     string
	Preconditions, Postconditions []*Condition
	// Triggers are the actions that changes of the resource run.
	Triggers []*Trigger
}

// Call is a module block.
type Call struct {
	Name string
	// Module is the called module; nil when it could not be loaded.
	Module         *Module
	Source         string
	ForEach, Count hclsyntax.Expression
	DependsOn      []hcl.Traversal
	// Providers say which configuration the module uses under a name.
	Providers map[string]ProviderRef
	Inputs    map[string]*hclsyntax.Attribute
	Range     hcl.Range
}

// Import is an import block.
type Import struct {
	To       hclsyntax.Expression
	ID       hclsyntax.Expression
	ForEach  hclsyntax.Expression
	Provider ProviderRef
	Range    hcl.Range

	target  schema.Address
	modules []string // the names of the module calls that lead to the target
}

// Undeclared is the Extra of the error that an import block has no resource block.
type Undeclared struct{ Import *Import }

// Moved is a moved block. An address without kind means a whole module.
type Moved struct {
	From, To schema.Address
	Range    hcl.Range
}

// Removed is a removed block.
type Removed struct {
	From    schema.Address
	Destroy bool
	Range   hcl.Range
}

// Check is a check block.
type Check struct {
	Name    string
	Asserts []*Condition
	Range   hcl.Range
}
