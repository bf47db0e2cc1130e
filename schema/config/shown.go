package config

import (
	"bytes"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"lockstep/schema"
	"lockstep/schema/hcljson"
)

// Shown are the files for diagnostics to quote: as they are, but with stars for
// the letters of secrets that are written in them. Secrets belong into the
// environment, and people write them here all the same.
func (c *Config) Shown() map[string]*hcl.File {
	shown := maps.Clone(c.Sources)
	for name := range c.broken {
		file := *c.Sources[name]
		file.Bytes = c.maskedBroken(&file, name)
		shown[name] = &file
	}
	for _, expr := range c.secrets() {
		// The callback reports nothing.
		_ = hclsyntax.VisitAll(expr, func(node hclsyntax.Node) hcl.Diagnostics {
			switch node := node.(type) {
			case *hclsyntax.LiteralValueExpr:
				c.star(shown, node.SrcRange)
			case *hclsyntax.ScopeTraversalExpr:
				// A secret without quotes reads as sums of words.
				if c.noReference(node.Traversal.RootName()) {
					c.star(shown, node.SrcRange)
				}
			}
			return nil
		})
		c.starRest(shown, expr.Range())
	}
	return shown
}

// maskedBroken is what may be shown of a file with a syntax error, whose tree lacks
// parts: values stand where nothing tells what they are.
func (c *Config) maskedBroken(file *hcl.File, name string) []byte {
	text := bytes.Clone(file.Bytes)
	if strings.HasSuffix(name, jsonEnding) {
		return hcljson.Masked(text)
	}
	for _, at := range c.secretNames().FindAllSubmatchIndex(text, -1) {
		for i := at[2]; i < at[3]; i++ {
			if text[i] != '"' && text[i] != ' ' {
				text[i] = '*'
			}
		}
	}
	return text
}

// secretNames finds lines that give a secret a value in a way that is not HCL's; its
// group is the value.
func (c *Config) secretNames() *regexp.Regexp {
	var names []string
	for _, p := range c.Catalog {
		for i := range p.Config {
			if names = append(names, p.Config[i].SecretEntries...); p.Config[i].Sensitive {
				names = append(names, p.Config[i].Name)
			}
		}
	}
	for name, v := range c.Root.Variables {
		if v.Sensitive {
			names = append(names, regexp.QuoteMeta(name))
		}
	}
	return regexp.MustCompile(`(?m)(?:^|[\s{"])(?:` + strings.Join(names, "|") + `)(?:"\s*[:=]|\s*:)(.*)$`)
}

// starRest covers what follows a secret in its line, and belongs to nothing else.
func (c *Config) starRest(shown map[string]*hcl.File, at hcl.Range) {
	file := c.Sources[at.Filename]
	if file == nil || at.End.Byte > len(file.Bytes) {
		return
	}
	rest := file.Bytes[at.End.Byte:]
	if n := bytes.IndexAny(rest, "\n\r{}()[],#\""); n >= 0 {
		rest = rest[:n]
	}
	if rest = bytes.TrimRight(rest, " \t"); len(rest) > 0 {
		at.Start, at.End.Byte = at.End, at.End.Byte+len(rest)
		c.star(shown, at)
	}
}

// star covers a range of a file with stars. It makes a copy of the file first.
func (c *Config) star(shown map[string]*hcl.File, at hcl.Range) {
	file := shown[at.Filename]
	if file == nil || at.End.Byte > len(file.Bytes) {
		return
	}
	if file == c.Sources[at.Filename] { // not copied yet
		copied := *file
		copied.Bytes = bytes.Clone(file.Bytes)
		file = &copied
		shown[at.Filename] = file
	}
	text := file.Bytes[at.Start.Byte:]
	for i, b := range text {
		inside := i < at.End.Byte-at.Start.Byte
		switch {
		case !inside && !glued(b):
			return
		case b != '\n' && b != '\r':
			text[i] = '*'
		}
	}
}

// glued reports whether a byte after a literal still belongs to it: a number
// ends where the letters of a secret without quotes go on.
func glued(b byte) bool {
	return b == '-' || b == '_' || b == '.' || '0' <= b && b <= '9' || 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z'
}

// noReference reports whether no reference can start with a word.
func (c *Config) noReference(word string) bool {
	return rootNames[word] == 0 && catalog(c.Catalog).providerOf(word) == nil
}

// secrets are the expressions that give sensitive arguments their values.
func (c *Config) secrets() []hclsyntax.Expression {
	var found []hclsyntax.Expression
	for _, p := range c.Root.Providers {
		found = append(found, secretArguments(p)...)
	}
	for _, r := range append(c.AllBlocks(), c.AllActions()...) {
		for name, written := range r.Attributes {
			if a := r.Attribute(name); a != nil && a.Sensitive {
				found = append(found, written.Expr)
			}
		}
	}
	found = append(append(found, c.secretAssignments()...), c.Root.secretValues()...)
	return append(found, c.strays()...)
}

// strays are what provider, variable, backend and encryption blocks say beside their arguments:
// people write secrets there under names that do not exist, and secret keys in the
// place of public ones.
func (c *Config) strays() []hclsyntax.Expression {
	var found []hclsyntax.Expression
	for _, file := range c.Sources {
		body, ok := file.Body.(*hclsyntax.Body)
		if !ok {
			continue
		}
		for _, b := range body.Blocks {
			switch {
			case b.Type == "lockstep":
				found = append(found, straysOfSettings(b.Body)...)
			case b.Type == "variable" && b.Body.Attributes["sensitive"] != nil:
				found = append(found, strays(b.Body, func(name string) bool { return slices.Contains(variableArguments, name) })...)
			case b.Type == "provider" && len(b.Labels) == 1:
				if p := catalog(c.Catalog).provider(b.Labels[0]); p != nil {
					found = append(found, strays(b.Body, func(name string) bool { return name == "alias" || p.Argument(name) != nil })...)
				}
			}
		}
	}
	return found
}

func straysOfSettings(settings *hclsyntax.Body) []hclsyntax.Expression {
	var found []hclsyntax.Expression
	for _, b := range settings.Blocks {
		switch {
		case b.Type == "backend" && len(b.Labels) == 1:
			arguments := BackendArguments()[b.Labels[0]]
			found = append(found, strays(b.Body, func(name string) bool { return slices.Contains(arguments, name) })...)
		case b.Type == "encryption":
			found = append(found, strays(b.Body, func(string) bool { return false })...)
		}
	}
	return found
}

// strays are the values of the arguments that a block does not have.
func strays(body *hclsyntax.Body, has func(name string) bool) []hclsyntax.Expression {
	var found []hclsyntax.Expression
	for _, a := range body.Attributes {
		if !has(a.Name) {
			found = append(found, a.Expr)
		}
	}
	return found
}

// secretAssignments are the values that files give to sensitive variables.
func (c *Config) secretAssignments() []hclsyntax.Expression {
	var found []hclsyntax.Expression
	for name, file := range c.Sources {
		body, ok := file.Body.(*hclsyntax.Body)
		switch {
		case ok && IsVariables(name):
			found = append(found, c.sensitiveValues(body)...)
		case ok && isTest(path.Base(name)):
			found = append(found, c.secretsOfTest(body)...)
		}
	}
	return found
}

// sensitiveValues are the values in a body that are for sensitive variables.
func (c *Config) sensitiveValues(body *hclsyntax.Body) []hclsyntax.Expression {
	var found []hclsyntax.Expression
	for _, a := range body.Attributes {
		if c.Root.secretive(a.Name) {
			found = append(found, a.Expr)
		}
	}
	return found
}

// secretsOfTest are the secrets in the blocks of a test file.
func (c *Config) secretsOfTest(body *hclsyntax.Body) []hclsyntax.Expression {
	var found []hclsyntax.Expression
	for _, b := range body.Blocks {
		if b.Type == "variables" {
			found = append(found, c.sensitiveValues(b.Body)...)
		}
		found = append(found, c.secretsOfTest(b.Body)...)
		if b.Type != "provider" || len(b.Labels) != 1 {
			continue
		}
		if p := catalog(c.Catalog).provider(b.Labels[0]); p != nil {
			found = append(found, secretArguments(&ProviderBlock{Provider: p, Attributes: b.Body.Attributes, Blocks: b.Body.Blocks})...)
		}
	}
	return found
}

// secretArguments are the secrets in a provider block.
func secretArguments(p *ProviderBlock) []hclsyntax.Expression {
	var found []hclsyntax.Expression
	for i := range p.Provider.Config {
		a := &p.Provider.Config[i]
		if written := p.Attributes[a.Name]; written != nil && a.Sensitive {
			found = append(found, written.Expr)
		}
		found = append(found, secretEntries(p, a)...)
	}
	return found
}

// secretEntries are the expressions of secrets within labelled blocks.
func secretEntries(p *ProviderBlock, a *schema.ProviderArgument) []hclsyntax.Expression {
	var found []hclsyntax.Expression
	for _, b := range p.Blocks {
		for _, name := range a.SecretEntries {
			if written := b.Body.Attributes[name]; written != nil && b.Type == a.Name {
				found = append(found, written.Expr)
			}
		}
	}
	return found
}

// secretValues are what the blocks of a module say of what is sensitive: defaults of
// variables, inputs of modules and values of outputs.
func (m *Module) secretValues() []hclsyntax.Expression {
	var found []hclsyntax.Expression
	for _, v := range m.Variables {
		if v.Sensitive && v.defaultExpr != nil {
			found = append(found, v.defaultExpr)
		}
	}
	for _, o := range m.Outputs {
		if o.Sensitive && o.Value != nil {
			found = append(found, o.Value)
		}
	}
	for _, c := range m.Calls {
		if c.Module == nil {
			continue
		}
		for name, a := range c.Inputs {
			if c.Module.secretive(name) {
				found = append(found, a.Expr)
			}
		}
		found = append(found, c.Module.secretValues()...)
	}
	return found
}

// secretive reports whether a value for a variable may be a secret: the variable is
// sensitive, or there is none of that name, and one that is sensitive may be meant.
func (m *Module) secretive(name string) bool {
	if v := m.Variables[name]; v != nil {
		return v.Sensitive
	}
	for _, v := range m.Variables {
		if v.Sensitive {
			return true
		}
	}
	return false
}
