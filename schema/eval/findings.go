package eval

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"lockstep/schema"
)

// shownKeys is how many instances with the same error are named.
const shownKeys = 5

// findings gathers the diagnostics of many instances, the same one once.
type findings struct {
	order  []*finding
	byKind map[string]*finding
	// count is how many diagnostics were added.
	count int
}

type finding struct {
	diagnostic *hcl.Diagnostic
	keys       []string
	more       int
}

func (f *findings) add(key schema.Key, diags hcl.Diagnostics) {
	if f.byKind == nil {
		f.byKind = map[string]*finding{}
	}
	f.count += len(diags)
	for _, d := range diags {
		kind := d.Summary
		if d.Subject != nil {
			kind += d.Subject.String()
		}
		known := f.byKind[kind]
		if known == nil {
			known = &finding{diagnostic: d}
			f.byKind[kind] = known
			f.order = append(f.order, known)
		}
		known.count(key)
	}
}

func (f *finding) count(key schema.Key) {
	text := strings.Trim(key.String(), "[]")
	switch {
	case key.Type == schema.NoKey:
	case len(f.keys) > 0 && f.keys[len(f.keys)-1] == text:
	case len(f.keys) < shownKeys:
		f.keys = append(f.keys, text)
	default:
		f.more++
	}
}

// diagnostics are the findings with the keys of the instances they are about.
func (f *findings) diagnostics() hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, found := range f.order {
		d := found.diagnostic
		if len(found.keys) > 0 {
			// A copy, because others may hold the same diagnostic.
			named := *d
			named.Detail += "\n\n" + found.instances()
			d = &named
		}
		diags = append(diags, d)
	}
	return diags
}

func (f *finding) instances() string {
	switch {
	case len(f.keys) == 1:
		return "This is in the instance " + f.keys[0] + "."
	case f.more == 0:
		return "This is in the instances " + strings.Join(f.keys, ", ") + "."
	default:
		return fmt.Sprintf("This is in the instances %s and %d more.", strings.Join(f.keys, ", "), f.more)
	}
}
