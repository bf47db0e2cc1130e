package eval

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"lockstep/schema"
	"lockstep/schema/config"
)

// CheckBackend says what is wrong with the name of a backend or with the names
// of its arguments; empty when nothing is.
func CheckBackend(name string, arguments map[string]string) string {
	all := config.BackendArguments()
	if _, ok := all[name]; !ok {
		return fmt.Sprintf("There is no backend %q, only %s.%s", name, quoted(slices.Sorted(maps.Keys(all))), schema.DidYouMean(name, slices.Sorted(maps.Keys(all))))
	}
	for _, argument := range slices.Sorted(maps.Keys(arguments)) {
		if !slices.Contains(all[name], argument) {
			return noArgument(name, argument)
		}
	}
	return ""
}

func noArgument(backend, name string) string {
	allowed := config.BackendArguments()[backend]
	return fmt.Sprintf("The backend %q has no argument %q, only %s.%s", backend, name, quoted(allowed), schema.DidYouMean(name, allowed))
}

func (r *settingsReader) backend(b *config.Backend, s *Settings) hcl.Diagnostics {
	if why := CheckBackend(b.Type, nil); why != "" {
		// A state that is kept elsewhere than the file says would be lost.
		return errorAt(b.Range, "Unknown backend", "%s", why)
	}
	s.Backend, s.BackendArguments, s.BackendAt = b.Type, map[string]string{}, b.Range
	var diags hcl.Diagnostics
	for _, name := range slices.Sorted(maps.Keys(b.Attributes)) {
		if !slices.Contains(config.BackendArguments()[b.Type], name) {
			diags = append(diags, errorAt(b.Attributes[name].NameRange, "Unsupported argument", "%s", noArgument(b.Type, name))...)
			continue
		}
		text, more := r.text(b.Attributes[name].Expr, "", nil)
		diags = append(diags, more...)
		if text == "" && !more.HasErrors() {
			diags = append(diags, errorAt(b.Attributes[name].Expr.Range(), "Invalid setting", "%s of the backend %q is a text that is not empty.", name, b.Type)...)
		}
		s.BackendArguments[name] = text
	}
	if path := s.BackendArguments["path"]; path != "" {
		inside, err := r.project.Inside(path)
		if err != nil {
			return append(diags, errorAt(b.Attributes["path"].Expr.Range(), "Invalid setting", "The state cannot be there: %s.", err)...)
		}
		s.StatePath = inside
	}
	return diags
}

// quoted lists names.
func quoted(names []string) string {
	return `"` + strings.Join(names, `", "`) + `"`
}
