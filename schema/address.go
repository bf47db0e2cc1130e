package schema

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// KeyType is the type of the key of an instance.
type KeyType uint8

// The types of an instance key.
const (
	NoKey KeyType = iota
	IntKey
	StringKey
)

// Key tells the instances of one block apart: none, a count index or a
// for_each key. It is comparable.
type Key struct {
	Type KeyType
	Int  int32
	Text string
}

// String renders the key as it stands in an address: "", "[3]" or `["ann"]`.
func (k Key) String() string {
	switch k.Type {
	case IntKey:
		return "[" + strconv.Itoa(int(k.Int)) + "]"
	case StringKey:
		return "[" + quote(k.Text) + "]"
	default:
		return ""
	}
}

// Compare orders keys: none, then integers, then texts.
func (k Key) Compare(l Key) int {
	if c := cmp.Compare(k.Type, l.Type); c != 0 {
		return c
	}
	if c := cmp.Compare(k.Int, l.Int); c != 0 {
		return c
	}
	return strings.Compare(k.Text, l.Text)
}

// MappingKind is the first word of the addresses of mappings.
const MappingKind = "mapping"

// ActionPrefix begins the Kind of the addresses of actions: what follows is the
// name of the action.
const ActionPrefix = "action."

// Address is where an object, or an action, is declared. It is comparable.
type Address struct {
	// Module is the rendered path of modules, `module.a.module.b["x"]`, empty
	// for the root module.
	Module string
	// Data is set for data sources.
	Data bool
	// Source is set for the source of an instance of a mapping, to which values
	// are written back: `mapping.club["ada"].source`.
	Source bool
	// Kind is the object's kind, MappingKind, or ActionPrefix and the name of an
	// action.
	Kind string
	Name string
	Key  Key
}

// Mapping reports whether a mapping declares what is written.
func (a Address) Mapping() bool { return a.Kind == MappingKind }

// Action returns the name of the action that is declared, empty for anything else.
func (a Address) Action() string {
	name, ok := strings.CutPrefix(a.Kind, ActionPrefix)
	if !ok {
		return ""
	}
	return name
}

// Block is the address without its instance key.
func (a Address) Block() Address {
	a.Key = Key{}
	return a
}

// WithKeys returns the address with what replace makes of each text that is a
// key: of the instance, and of the modules on the way to it. Numbers stay.
func (a Address) WithKeys(replace func(text string) string) Address {
	if a.Key.Type == StringKey {
		a.Key.Text = replace(a.Key.Text)
	}
	a.Module = WithModuleKeys(a.Module, replace)
	return a
}

// ParentModule returns the rendered path of the module that calls another one; empty
// for the root module.
func ParentModule(path string) string {
	p := addressParser{rest: path}
	steps, err := p.modules()
	if err != nil || len(steps) == 0 {
		return "" // which Address never renders
	}
	return joinModules(steps[:len(steps)-1])
}

// ParseModule reads the path of a module, as in module.club; ok is false for any
// other text.
func ParseModule(s string) (path string, ok bool) {
	p := addressParser{rest: cty.NormalizeString(s)}
	steps, err := p.modules()
	return joinModules(steps), err == nil && len(steps) > 0 && p.rest == ""
}

// ModuleWithoutKeys removes the instance keys from a rendered path of modules.
func ModuleWithoutKeys(path string) string {
	if !strings.Contains(path, "[") {
		return path
	}
	var b strings.Builder
	quoted, depth := false, 0
	for i := 0; i < len(path); i++ {
		c := path[i]
		switch {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[':
			depth++
		case c == ']':
			depth--
		case depth == 0:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// WithModuleKeys returns a rendered path of modules with what replace makes of
// each text that is a key.
func WithModuleKeys(path string, replace func(text string) string) string {
	if !strings.Contains(path, `["`) {
		return path
	}
	p := addressParser{rest: path}
	steps, err := p.modules()
	if err != nil {
		return path // which Address never renders
	}
	for i, s := range steps {
		if s.Key.Type == StringKey {
			steps[i].Key.Text = replace(s.Key.Text)
		}
	}
	return joinModules(steps)
}

// String renders the address as people write it.
func (a Address) String() string {
	var b strings.Builder
	b.Grow(len(a.Module) + len(a.Kind) + len(a.Name) + len(a.Key.Text) + 16)
	if a.Module != "" {
		b.WriteString(a.Module)
		b.WriteByte('.')
	}
	if a.Data {
		b.WriteString("data.")
	}
	b.WriteString(a.Kind)
	b.WriteByte('.')
	b.WriteString(a.Name)
	b.WriteString(a.Key.String())
	if a.Source {
		b.WriteString(sourceStep)
	}
	return b.String()
}

const sourceStep = ".source"

// Compare orders addresses: by module, data sources first, kind, name, key, the
// source of a mapping after its target.
func (a Address) Compare(b Address) int {
	if c := strings.Compare(a.Module, b.Module); c != 0 {
		return c
	}
	if a.Data != b.Data {
		if a.Data {
			return -1
		}
		return 1
	}
	if c := strings.Compare(a.Kind, b.Kind); c != 0 {
		return c
	}
	if c := strings.Compare(a.Name, b.Name); c != 0 {
		return c
	}
	if c := a.Key.Compare(b.Key); c != 0 || a.Source == b.Source {
		return c
	}
	if b.Source {
		return -1
	}
	return 1
}

// ParseAddress reads what String writes. Names and keys are the same whichever
// way their accents are typed.
func ParseAddress(s string) (Address, error) {
	p := addressParser{rest: cty.NormalizeString(s)}
	a, err := p.parse()
	if err != nil {
		return Address{}, fmt.Errorf("%q is not an address: %w", s, err)
	}
	return a, nil
}

// ValidName reports whether a text can be the name of a kind or block. It is
// hclsyntax.ValidIdentifier with a short cut for plain names, because a state has
// an address on every line.
func ValidName(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
		if !letter && (i == 0 || c != '-' && (c < '0' || c > '9')) {
			return hclsyntax.ValidIdentifier(s)
		}
	}
	return s != ""
}

type addressParser struct {
	rest string
}

func (p *addressParser) parse() (Address, error) {
	var a Address
	steps, err := p.modules()
	if err != nil {
		return a, err
	}
	if n := len(steps); n > 0 && p.rest == "" {
		return a, fmt.Errorf("a module's path is followed by a resource, as in module.%s.ghl_tag.vip", steps[n-1].Name)
	}
	a.Module = joinModules(steps)
	if strings.HasPrefix(p.rest, "data.") {
		a.Data, p.rest = true, strings.TrimPrefix(p.rest, "data.")
	}
	prefix := ""
	if strings.HasPrefix(p.rest, ActionPrefix) && !a.Data {
		prefix, p.rest = ActionPrefix, strings.TrimPrefix(p.rest, ActionPrefix)
	}
	kind, rest, ok := strings.Cut(p.rest, ".")
	if !ok || !ValidName(kind) {
		return a, fmt.Errorf(`an address is a kind and a name, as in ghl_contact.ann or ghl_contact.leads["ann@example.com"]`)
	}
	a.Kind, p.rest = prefix+kind, rest
	if a.Name, a.Key, err = p.step(); err != nil {
		return a, err
	}
	if a.Mapping() && p.rest == sourceStep {
		a.Source, p.rest = true, ""
	}
	if p.rest != "" {
		return a, fmt.Errorf("%q at its end is one step too many", p.rest)
	}
	return a, nil
}

// moduleStep is one module on the way to an object.
type moduleStep struct {
	Name string
	Key  Key
}

func joinModules(steps []moduleStep) string {
	texts := make([]string, len(steps))
	for i, s := range steps {
		texts[i] = "module." + s.Name + s.Key.String()
	}
	return strings.Join(texts, ".")
}

// modules reads the path of modules at the start of an address, and the dot
// behind it.
func (p *addressParser) modules() (steps []moduleStep, err error) {
	for strings.HasPrefix(p.rest, "module.") {
		p.rest = strings.TrimPrefix(p.rest, "module.")
		var s moduleStep
		if s.Name, s.Key, err = p.step(); err != nil {
			return nil, err
		}
		steps = append(steps, s)
		if p.rest == "" {
			break
		}
		if p.rest[0] != '.' {
			return nil, fmt.Errorf("%q behind a module is not a step", p.rest)
		}
		p.rest = p.rest[1:]
	}
	return steps, nil
}

// step reads a name and an optional key.
func (p *addressParser) step() (string, Key, error) {
	end := strings.IndexAny(p.rest, ".[")
	if end < 0 {
		end = len(p.rest)
	}
	name := p.rest[:end]
	if !ValidName(name) {
		return "", Key{}, fmt.Errorf("%q is not a name", name)
	}
	p.rest = p.rest[end:]
	if !strings.HasPrefix(p.rest, "[") {
		return name, Key{}, nil
	}
	key, err := p.key()
	return name, key, err
}

func (p *addressParser) key() (Key, error) {
	if !strings.HasPrefix(p.rest, `["`) {
		end := strings.IndexByte(p.rest, ']')
		if end < 0 {
			return Key{}, fmt.Errorf("a closing ] is missing")
		}
		n, err := strconv.ParseInt(p.rest[1:end], 10, 32)
		if err != nil || n < 0 {
			return Key{}, fmt.Errorf("a key is a whole number or a quoted text, not %s (does the shell need '…' around the address?)", p.rest[1:end])
		}
		p.rest = p.rest[end+1:]
		return Key{Type: IntKey, Int: int32(n)}, nil
	}
	text, n, err := unquote(p.rest[1:])
	if err != nil {
		return Key{}, err
	}
	p.rest = p.rest[1+n:]
	if !strings.HasPrefix(p.rest, "]") {
		return Key{}, fmt.Errorf("a closing ] is missing")
	}
	p.rest = p.rest[1:]
	return Key{Type: StringKey, Text: text}, nil
}

// quote writes a text the way HCL does, so that an address can be pasted into
// a file: interpolation markers are doubled.
func quote(s string) string {
	s = strconv.Quote(s)
	s = strings.ReplaceAll(s, "${", "$${")
	return strings.ReplaceAll(s, "%{", "%%{")
}

// unquote reads a quoted text at the start of s and says how long it was.
func unquote(s string) (string, int, error) {
	quoted, err := strconv.QuotedPrefix(s)
	if err != nil {
		return "", 0, fmt.Errorf("the key is not a well-formed quoted text")
	}
	text, err := strconv.Unquote(quoted)
	if err != nil {
		return "", 0, fmt.Errorf("the key is not a well-formed quoted text")
	}
	text = strings.ReplaceAll(text, "$${", "${")
	return strings.ReplaceAll(text, "%%{", "%{"), len(quoted), nil
}
