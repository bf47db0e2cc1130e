package eval

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
)

// Invalid is a field of an instance of a mapping that has no usable value.
type Invalid struct {
	// Path of the target; empty for what finds the target, without which nothing
	// of the instance can be carried.
	Path string
	// Problem says why, as an error.
	Problem *hcl.Diagnostic

	// failed reports that the expression could not be evaluated at all.
	failed bool
}

// refuseCommon makes errors of what cannot be evaluated in any instance of a module
// instance: then the mistake is in the file, and not in a value. It wants all
// instances.
func (x *Instances) refuseCommon(instances []Instance) {
	for i := range x.parts {
		n := len(x.parts[i].items)
		x.parts[i].refuseCommon(instances[:n])
		instances = instances[n:]
	}
}

func (in *expansion) refuseCommon(instances []Instance) {
	failed := map[string]int{}
	for i := range instances {
		for _, v := range instances[i].Invalid {
			if v.failed {
				failed[v.Path]++
			}
		}
	}
	if len(failed) == 0 {
		return
	}
	for i := range instances {
		inst := &instances[i]
		inst.Invalid = slices.DeleteFunc(inst.Invalid, func(v Invalid) bool {
			common := v.failed && failed[v.Path] == len(instances)
			if common {
				in.found.add(&in.items[i], hcl.Diagnostics{v.Problem})
			}
			return common
		})
	}
}

// firstError is the first error among diagnostics that have one.
func firstError(diags hcl.Diagnostics) *hcl.Diagnostic {
	i := slices.IndexFunc(diags, func(d *hcl.Diagnostic) bool { return d.Severity == hcl.DiagError })
	return diags[i]
}
