package config

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"lockstep/schema"
)

// RefKind is the kind of thing that a reference names.
type RefKind uint8

// The things a reference can name.
const (
	RefVariable RefKind = iota + 1
	RefLocal
	RefModule
	RefBlock
	RefPath
	RefEach
	RefCount
	RefSelf
	RefAction
	RefLockstep
)

// rootNames are the first words of references other than kinds.
var rootNames = map[string]RefKind{
	"var": RefVariable, "local": RefLocal, "module": RefModule, "data": RefBlock,
	"path": RefPath, "each": RefEach, "count": RefCount, "self": RefSelf, "action": RefAction, "lockstep": RefLockstep,
}

// Reference is one use of something declared elsewhere.
type Reference struct {
	Kind RefKind
	// Data and Type tell which resource or data block is meant.
	Data bool
	Type string
	// Name is empty when the reference stops before the name.
	Name string
	// Key picks one instance of a block or module; nil when there is no key
	// or when it changes within the expression, so that all are needed.
	Key hclsyntax.Expression
	// Varies is set when there is a key that changes within the expression.
	Varies bool
	// Attribute is the first attribute of the block, or output of the module;
	// empty when the whole is meant.
	Attribute string
	Range     hcl.Range
}

// References lists what an expression refers to, in the order of the text.
func References(expr hclsyntax.Expression) []Reference {
	w := &referenceWalker{done: map[hclsyntax.Node]bool{}}
	// The walker reports nothing.
	_ = hclsyntax.Walk(expr, w)
	return w.found
}

type referenceWalker struct {
	scopes []map[string]struct{}
	// done are nodes that were seen as part of a larger reference.
	done  map[hclsyntax.Node]bool
	found []Reference
}

// Enter collects the reference that starts at a node.
func (w *referenceWalker) Enter(node hclsyntax.Node) hcl.Diagnostics {
	switch node := node.(type) {
	case hclsyntax.ChildScope:
		w.scopes = append(w.scopes, node.LocalNames)
	case *hclsyntax.RelativeTraversalExpr:
		if index, ok := node.Source.(*hclsyntax.IndexExpr); ok {
			w.index(index, node.Traversal, node.SrcRange)
		}
	case *hclsyntax.IndexExpr:
		w.index(node, nil, node.SrcRange)
	case *hclsyntax.ScopeTraversalExpr:
		if !w.done[node] && !w.isLocal(node.Traversal.RootName()) {
			w.found = append(w.found, TraversalReference(node.Traversal))
		}
	}
	return nil
}

// Exit leaves the scope of a for expression.
func (w *referenceWalker) Exit(node hclsyntax.Node) hcl.Diagnostics {
	if _, ok := node.(hclsyntax.ChildScope); ok {
		w.scopes = w.scopes[:len(w.scopes)-1]
	}
	return nil
}

// index handles collection[key] and collection[key].attribute.
func (w *referenceWalker) index(node *hclsyntax.IndexExpr, rest hcl.Traversal, rng hcl.Range) {
	collection, ok := node.Collection.(*hclsyntax.ScopeTraversalExpr)
	if !ok || w.done[collection] || w.isLocal(collection.Traversal.RootName()) {
		return
	}
	ref := TraversalReference(collection.Traversal)
	if ref.Name == "" || ref.Attribute != "" || ref.Key != nil || !ref.keyed() {
		return
	}
	w.done[collection] = true
	ref.Key, ref.Range = node.Key, rng
	if w.varies(node.Key) {
		ref.Key, ref.Varies = nil, true
	}
	if len(rest) > 0 {
		ref.Attribute, _ = stepKey(rest[0])
	}
	w.found = append(w.found, ref)
}

func (w *referenceWalker) isLocal(name string) bool {
	return slices.ContainsFunc(w.scopes, func(s map[string]struct{}) bool { _, ok := s[name]; return ok })
}

// varies reports whether a key uses a name that a for expression binds.
func (w *referenceWalker) varies(key hclsyntax.Expression) bool {
	return slices.ContainsFunc(key.Variables(), func(t hcl.Traversal) bool { return w.isLocal(t.RootName()) }) || usesSplatItem(key)
}

func usesSplatItem(key hclsyntax.Expression) bool {
	found := false
	// The callback reports nothing.
	_ = hclsyntax.VisitAll(key, func(node hclsyntax.Node) hcl.Diagnostics {
		if _, ok := node.(*hclsyntax.AnonSymbolExpr); ok {
			found = true
		}
		return nil
	})
	return found
}

// TraversalReference reads a reference whose keys are constants.
func TraversalReference(t hcl.Traversal) Reference {
	root := t.RootName()
	ref := Reference{Kind: rootNames[root], Range: t.SourceRange()}
	rest := t[1:]
	next := func() string {
		if len(rest) == 0 {
			return ""
		}
		step, ok := rest[0].(hcl.TraverseAttr)
		if !ok {
			return ""
		}
		rest = rest[1:]
		return step.Name
	}
	switch {
	case root == "data":
		ref.Data, ref.Type = true, next()
	case ref.Kind == RefAction:
		ref.Type = next()
	case ref.Kind == 0:
		ref.Kind, ref.Type = RefBlock, root
	}
	ref.Name = next()
	if !ref.keyed() || ref.Name == "" {
		return ref
	}
	if len(rest) > 0 {
		if index, ok := rest[0].(hcl.TraverseIndex); ok {
			ref.Key = &hclsyntax.LiteralValueExpr{Val: index.Key, SrcRange: index.SrcRange}
			rest = rest[1:]
		}
	}
	ref.Attribute = next()
	return ref
}

// keyed reports whether a key can follow the name.
func (r Reference) keyed() bool {
	return r.Kind == RefBlock || r.Kind == RefModule || r.Kind == RefAction
}

// String names the block, variable or other thing without key and attribute.
func (r Reference) String() string {
	switch r.Kind {
	case RefVariable:
		return "var." + r.Name
	case RefLocal:
		return "local." + r.Name
	case RefModule:
		return "module." + r.Name
	case RefAction:
		return schema.ActionPrefix + r.Type + "." + r.Name
	case RefBlock:
		if r.Data {
			return "data." + r.Type + "." + r.Name
		}
		return r.Type + "." + r.Name
	default:
		for name, kind := range rootNames {
			if kind == r.Kind {
				return name + "." + r.Name
			}
		}
		return r.Name
	}
}
