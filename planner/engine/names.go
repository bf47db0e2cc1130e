package engine

import (
	"lockstep/planner/state"
	"lockstep/schema"
	"lockstep/schema/eval"
)

// KeyTexts returns the texts of the keys that the files name, by the sealed keys
// that the state has instead. It needs no account: the keys of a block whose
// instances depend on something that is read are not among them.
func KeyTexts(ev *eval.Evaluator, s *state.Sealer) map[string]string {
	texts := map[string]string{}
	note := func(key string) string {
		texts[s.Key(key)] = key
		return key
	}
	for _, path := range ev.Modules() {
		schema.WithModuleKeys(path, note)
	}
	for _, b := range ev.Blocks() {
		if b.Resource.Data {
			continue
		}
		instances, diags := ev.Expand(b)
		if diags.HasErrors() {
			continue
		}
		for i := range instances {
			if a := instances[i].Address; a.Key.Type == schema.StringKey {
				note(a.Key.Text)
			}
		}
	}
	return texts
}
