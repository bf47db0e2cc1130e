package command

import (
	"maps"

	"github.com/zclconf/go-cty/cty"

	"lockstep/cmd/internal/view"
	"lockstep/schema"
	"lockstep/schema/config"
	"lockstep/schema/eval"
	"lockstep/schema/functions"
)

// language are the words of blocks and of what every block may have.
var language = [...]string{
	"alias", "account", "backend", "check", "conflict", "count", "data", "default", "depends_on", "direction", "each", "encryption", "field", "for_each", "guard", "id",
	"ignore_changes", "import", "lifecycle", "locals", "lockstep", "mapping", "match", "missing", "module", "moved", "on_destroy", "on_exists", "output",
	"path", "personal_data", "postcondition", "precondition", "prevent_destroy", "provider", "providers", "recipients", "removed", "required_version", "resource",
	"sensitive", "source", "target", "type", "validation", "value", "variable", "yes",
}

// knownWords are the names that every folder shares: of the language, its functions,
// and of what providers declare.
func (s *session) knownWords() view.Words {
	known := map[string]bool{}
	add := func(names ...string) {
		for _, name := range names {
			known[name] = true
		}
	}
	add(language[:]...)
	add(functions.Names()...)
	attributes := func(all []schema.Attribute) {
		for i := range all {
			add(all[i].Name)
			add(all[i].OneOf...)
		}
	}
	for _, p := range s.catalog() {
		add(p.Name)
		for i := range p.Config {
			add(p.Config[i].Name)
		}
		for _, k := range p.Kinds {
			add(k.Name, k.Noun, k.Plural)
			attributes(k.Attributes)
		}
		for _, d := range p.Data {
			add(d.Name, d.Many)
			attributes(d.Arguments)
		}
	}
	return view.Words{Known: known}
}

// learnWords adds the names of what the files declare.
func learnWords(w *view.Words, cfg *config.Config) {
	if cfg.Root != nil {
		learnModule(w.Known, cfg.Root)
	}
}

// accountNames are the keys of the maps in provider blocks, which name accounts:
// account "ada" { … }, or account = { ada = { … } }. What a block has wrong is told
// when its provider is configured.
func accountNames(e *eval.Evaluator) (names []string) {
	for _, ref := range e.ProviderConfigs() {
		given, _ := e.ProviderConfig(ref)
		given, _ = given.UnmarkDeep()
		if given == cty.NilVal || !given.IsKnown() || given.IsNull() || !given.Type().IsObjectType() {
			continue
		}
		for _, argument := range given.AsValueMap() {
			if !argument.IsKnown() || argument.IsNull() || !argument.CanIterateElements() || !argument.Type().IsMapType() && !argument.Type().IsObjectType() {
				continue
			}
			for name := range argument.AsValueMap() {
				names = append(names, name)
			}
		}
	}
	return names
}

func learnModule(known map[string]bool, m *config.Module) {
	for _, names := range []func(func(string) bool){maps.Keys(m.Variables), maps.Keys(m.Locals), maps.Keys(m.Outputs), maps.Keys(m.Calls)} {
		for name := range names {
			known[name] = true
		}
	}
	for _, blocks := range [][]*config.Resource{m.Resources, m.Data, m.Actions} {
		for _, r := range blocks {
			known[r.Name] = true
		}
	}
	for _, c := range m.Calls {
		if c.Module != nil {
			learnModule(known, c.Module)
		}
	}
}
