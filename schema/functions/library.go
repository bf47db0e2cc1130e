// Package functions is the function library of the language: what people know
// from Terraform, from the libraries that Terraform uses, and a few of our own.
//
// A Library belongs to one run. It reads the files of one project, answers
// timestamp() with one time, and remembers which files were read and which
// tables were decoded from CSV, so that a digest can cover the files and an
// error can name the line of a row.
package functions

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/hashicorp/go-cty-funcs/collection"
	"github.com/hashicorp/go-cty-funcs/encoding"
	"github.com/hashicorp/go-cty-funcs/uuid"
	"github.com/hashicorp/hcl/v2/ext/tryfunc"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"lockstep/schema/bounds"
	"lockstep/schema/files"
)

// Library holds the functions of one run.
type Library struct {
	project *files.Project
	now     time.Time
	files   map[string]*file
	// origin names the file that a text was read from.
	origin map[string]string
	tables map[string]*Table
	order  []*Table
	table  map[string]function.Function
	// rendering are the templates under way, the innermost last.
	rendering []string
}

// New makes a library that reads the files of a project and takes now for the
// present time.
func New(project *files.Project, now time.Time) *Library {
	l := &Library{project: project, now: now, files: map[string]*file{}, origin: map[string]string{}, tables: map[string]*Table{}}
	l.table = together(numbers(), texts(), collections(), conversions(), encodings(), hashes(), l.times(), l.fileFunctions(), limited(), ours())
	for _, name := range []string{"jsondecode", "yamldecode"} {
		l.table[name] = l.naming(l.table[name])
	}
	return l
}

// Pure are the functions that read neither files nor a clock, by name.
func Pure() map[string]function.Function {
	return together(numbers(), texts(), collections(), conversions(), encodings(), hashes(), limited(), ours())
}

// together puts groups of functions together, within the limits of numbers.
func together(groups ...map[string]function.Function) map[string]function.Function {
	table := map[string]function.Function{}
	for _, group := range groups {
		maps.Copy(table, group)
	}
	for name, f := range table {
		if takesNumber(f) || name == "sum" {
			table[name] = bounds.Function(f)
		}
	}
	return table
}

// naming is a function of one text that names the file of that text in its errors.
func (l *Library) naming(f function.Function) function.Function {
	name := func(args []cty.Value, err error) error {
		text, _ := args[0].Unmark()
		if err == nil || !text.IsKnown() || text.IsNull() || l.origin[text.AsString()] == "" {
			return err
		}
		return fmt.Errorf("%s: %w", l.origin[text.AsString()], err)
	}
	return function.New(&function.Spec{
		Description: f.Description(), Params: f.Params(),
		Type: func(args []cty.Value) (cty.Type, error) {
			ty, err := f.ReturnTypeForValues(args)
			return ty, name(args, err)
		},
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			v, err := f.Call(args)
			return v, name(args, err)
		},
	})
}

// takesNumber reports whether a function has a parameter for numbers.
func takesNumber(f function.Function) bool {
	isNumber := func(p function.Parameter) bool { return p.Type == cty.Number }
	return slices.ContainsFunc(f.Params(), isNumber) || f.VarParam() != nil && isNumber(*f.VarParam())
}

// Functions are the functions by name. The map must not be changed.
func (l *Library) Functions() map[string]function.Function { return l.table }

// Names are the names of all functions, sorted.
func Names() []string {
	return slices.Sorted(maps.Keys(New(nil, time.Time{}).table))
}

func numbers() map[string]function.Function {
	return map[string]function.Function{
		"abs": stdlib.AbsoluteFunc, "ceil": stdlib.CeilFunc, "floor": stdlib.FloorFunc, "log": stdlib.LogFunc,
		"max": stdlib.MaxFunc, "min": stdlib.MinFunc, "pow": stdlib.PowFunc,
		"signum": stdlib.SignumFunc, "sum": sumFunc,
	}
}

func texts() map[string]function.Function {
	return map[string]function.Function{
		"chomp": stdlib.ChompFunc,
		"lower": stdlib.LowerFunc, "regex": stdlib.RegexFunc,
		"regexall": stdlib.RegexAllFunc, "replace": replaceFunc, "strrev": stdlib.ReverseFunc,
		"substr": stdlib.SubstrFunc, "title": stdlib.TitleFunc, "trim": stdlib.TrimFunc, "trimprefix": stdlib.TrimPrefixFunc,
		"trimspace": stdlib.TrimSpaceFunc, "trimsuffix": stdlib.TrimSuffixFunc, "upper": stdlib.UpperFunc,
		"startswith": textTest("prefix", hasPrefix), "endswith": textTest("suffix", hasSuffix),
		"strcontains": textTest("substr", containsText),
	}
}

func collections() map[string]function.Function {
	return map[string]function.Function{
		"alltrue": alltrueFunc, "anytrue": anytrueFunc, "chunklist": stdlib.ChunklistFunc,
		"coalesce": collection.CoalesceFunc, "coalescelist": stdlib.CoalesceListFunc, "compact": stdlib.CompactFunc,
		"contains": stdlib.ContainsFunc, "distinct": stdlib.DistinctFunc,
		"element": stdlib.ElementFunc, "index": indexFunc, "keys": stdlib.KeysFunc,
		"length": lengthFunc, "lookup": lookupFunc, "matchkeys": matchkeysFunc, "merge": stdlib.MergeFunc, "one": oneFunc,
		"range": stdlib.RangeFunc, "reverse": stdlib.ReverseListFunc, "setintersection": stdlib.SetIntersectionFunc,
		"setsubtract": stdlib.SetSubtractFunc, "setunion": stdlib.SetUnionFunc,
		"slice": stdlib.SliceFunc, "sort": stdlib.SortFunc, "transpose": transposeFunc, "values": stdlib.ValuesFunc,
		"zipmap": stdlib.ZipmapFunc,
	}
}

func conversions() map[string]function.Function {
	return map[string]function.Function{
		"can": tryfunc.CanFunc, "try": tryfunc.TryFunc,
		"tobool":   stdlib.MakeToFunc(cty.Bool),
		"tostring": stdlib.MakeToFunc(cty.String), "tolist": stdlib.MakeToFunc(cty.List(cty.DynamicPseudoType)),
		"tomap": stdlib.MakeToFunc(cty.Map(cty.DynamicPseudoType)), "toset": stdlib.MakeToFunc(cty.Set(cty.DynamicPseudoType)),
		"sensitive": sensitiveFunc, "nonsensitive": nonsensitiveFunc, "issensitive": issensitiveFunc,
	}
}

func encodings() map[string]function.Function {
	return map[string]function.Function{
		"base64decode": encoding.Base64DecodeFunc,
		"urldecode":    urldecodeFunc, "uuidv5": uuid.V5Func,
	}
}

func ours() map[string]function.Function {
	return map[string]function.Function{"exactly": exactlyFunc, "includes": includesFunc, "excludes": excludesFunc}
}
