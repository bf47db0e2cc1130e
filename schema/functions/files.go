package functions

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"lockstep/schema"
	"lockstep/schema/bounds"
)

// file is a file that was read once.
type file struct {
	bytes string
	// value is the text as a cty value, in the spelling of CanonicalText; made
	// when first asked for.
	value cty.Value
	// exact is set when a function was given the bytes as they are.
	exact bool
}

// FileDigests are the hexadecimal SHA-256 of every file that was read, by its
// path. A file that was only read as a text has the same digest with the ends of
// lines of Unix and of Windows.
func (l *Library) FileDigests() map[string]string {
	found := make(map[string]string, len(l.files))
	for path, f := range l.files {
		read := f.bytes
		if !f.exact && f.value != cty.NilVal {
			read = f.value.AsString()
		}
		sum := sha256.Sum256([]byte(read))
		found[path] = hex.EncodeToString(sum[:])
	}
	return found
}

// ReadOutside is the path of a file that was read so far from a folder which only
// the caller allowed, "" when there is none.
func (l *Library) ReadOutside() string {
	for _, name := range slices.Sorted(maps.Keys(l.files)) {
		if !l.project.Own(name) {
			return name
		}
	}
	return ""
}

// read reads a file once. The error names the file as the configuration does.
func (l *Library) read(name string) (*file, error) {
	name = filepath.ToSlash(filepath.Clean(name))
	if f, ok := l.files[name]; ok {
		return f, nil
	}
	src, err := l.project.ReadText(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("there is no file %s; paths are relative to the folder of the root module, and ${path.module} is the folder of the module itself", name)
	case err != nil:
		return nil, unreadable(name, err)
	}
	f := &file{bytes: src}
	l.files[name] = f
	return f, nil
}

// unreadable names a file that cannot be read as the configuration does.
func unreadable(name string, err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return fmt.Errorf("%s cannot be read: %w", name, path.Err)
	}
	return err
}

func (l *Library) readText(name string) (cty.Value, error) {
	f, err := l.read(name)
	if err != nil {
		return cty.UnknownVal(cty.String), err
	}
	if why := notText(name, f.bytes); why != "" {
		return cty.UnknownVal(cty.String), errors.New(why)
	}
	if f.value == cty.NilVal {
		f.value = cty.StringVal(schema.CanonicalText(f.bytes))
		l.origin[f.value.AsString()] = filepath.ToSlash(filepath.Clean(name))
	}
	return f.value, nil
}

// HasRead reports whether a text is that of a file that was read.
func (l *Library) HasRead(text string) bool {
	for _, f := range l.files {
		if f.value != cty.NilVal && f.value.AsString() == text {
			return true
		}
	}
	return false
}

// Twin reports whether another file was read that has the text of the file with a
// path: then nothing tells which of the two a table is made of.
func (l *Library) Twin(path string) bool {
	f := l.files[path]
	if f == nil || f.value == cty.NilVal {
		return false
	}
	for name, other := range l.files {
		if name != path && other.value != cty.NilVal && other.value.AsString() == f.value.AsString() {
			return true
		}
	}
	return false
}

func (l *Library) fileFunctions() map[string]function.Function {
	table := map[string]function.Function{
		"file": function.New(&function.Spec{
			Params: []function.Parameter{{Name: "path", Type: cty.String}},
			Type:   function.StaticReturnType(cty.String),
			Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
				return l.readText(args[0].AsString())
			},
		}),
		"filebase64": l.fileText(func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }),
		"fileexists": function.New(&function.Spec{
			Params: []function.Parameter{{Name: "path", Type: cty.String}},
			Type:   function.StaticReturnType(cty.Bool),
			Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
				found, err := l.project.IsFile(args[0].AsString())
				return cty.BoolVal(found), err
			},
		}),
		"fileset":      l.filesetFunc(),
		"templatefile": l.templateFunc(),
		"csvdecode":    l.csvdecodeFunc(),
		"csvrows":      l.csvrowsFunc(),
		"basename":     textFunc(func(s string) (string, error) { return filepath.Base(s), nil }),
		"dirname":      textFunc(func(s string) (string, error) { return filepath.Dir(s), nil }),
		"abspath": textFunc(func(s string) (string, error) {
			abs, err := l.project.Absolute(s)
			return filepath.ToSlash(abs), err
		}),
		"pathexpand": textFunc(expandHome),
	}
	for name, newHash := range digests {
		table["file"+name] = l.fileText(func(text string) string { return hex.EncodeToString(sumOf(newHash, text)) })
	}
	for _, name := range []string{"sha256", "sha512"} {
		newHash := digests[name]
		table["filebase64"+name] = l.fileText(func(text string) string { return base64.StdEncoding.EncodeToString(sumOf(newHash, text)) })
	}
	return table
}

func expandHome(s string) (string, error) {
	if s != "~" && !strings.HasPrefix(s, "~/") {
		return s, nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return s, fmt.Errorf("the home folder is not known: %w", err)
	}
	return filepath.Join(home, s[1:]), nil
}

// fileText makes a function from a path to a text made of the file's bytes.
func (l *Library) fileText(f func(text string) string) function.Function {
	return textFunc(func(name string) (string, error) {
		read, err := l.read(name)
		if err != nil {
			return "", err
		}
		read.exact = true
		return f(read.bytes), nil
	})
}

func (l *Library) filesetFunc() function.Function {
	return function.New(&function.Spec{
		Description: "The files below a folder that match a pattern; ** stands for any folders.",
		Params:      []function.Parameter{{Name: "path", Type: cty.String}, {Name: "pattern", Type: cty.String}},
		Type:        function.StaticReturnType(cty.Set(cty.String)),
		Impl: func(args []cty.Value, ty cty.Type) (cty.Value, error) {
			root, err := l.project.Locate(args[0].AsString())
			if err != nil {
				return cty.UnknownVal(ty), err
			}
			names, err := glob(root, args[1].AsString())
			if err != nil {
				return cty.UnknownVal(ty), err
			}
			if len(names) == 0 {
				return cty.SetValEmpty(cty.String), nil
			}
			return cty.SetVal(names), nil
		},
	})
}

func glob(root, pattern string) ([]cty.Value, error) {
	parts := strings.Split(pattern, "/")
	if _, err := path.Match(strings.Join(slices.DeleteFunc(slices.Clone(parts), func(p string) bool { return p == "**" }), "/"), ""); err != nil {
		return nil, fmt.Errorf("the pattern %q is malformed", pattern)
	}
	var names []cty.Value
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			return err
		}
		if entry.IsDir() && entry.Name() == ".git" {
			return fs.SkipDir
		}
		rel, err := filepath.Rel(root, name)
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		if rel = filepath.ToSlash(rel); matches(parts, strings.Split(rel, "/")) {
			names = append(names, cty.StringVal(rel))
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("the folder cannot be read: %w", err)
	}
	return names, nil
}

// matches compares the steps of a path with the steps of a pattern. It takes time
// that grows with the product of the two, however many ** there are.
func matches(pattern, name []string) bool {
	// fits[i] reports whether the pattern so far fits the first i steps of the path.
	fits := make([]bool, len(name)+1)
	fits[0] = true
	for _, step := range pattern {
		next := make([]bool, len(name)+1)
		next[0] = fits[0] && step == "**"
		for i := range name {
			if step == "**" {
				next[i+1] = fits[i+1] || next[i]
				continue
			}
			ok, err := path.Match(step, name[i])
			next[i+1] = err == nil && ok && fits[i]
		}
		fits = next
	}
	return fits[len(name)]
}

func (l *Library) templateFunc() function.Function {
	render := func(args []cty.Value) (cty.Value, error) {
		vars := args[1]
		if ty := vars.Type(); !ty.IsObjectType() && !ty.IsMapType() {
			return cty.DynamicVal, function.NewArgErrorf(1, "the variables of a template are a map, as in { name = \"Ann\" }")
		}
		if !vars.IsKnown() {
			return cty.DynamicVal, nil
		}
		name := args[0].AsString()
		text, err := l.readText(name)
		if err != nil {
			return cty.DynamicVal, function.NewArgError(0, err)
		}
		leave, err := l.enter(name)
		if err != nil {
			return cty.DynamicVal, function.NewArgError(0, err)
		}
		defer leave()
		src := []byte(text.AsString())
		expr, diags := bounds.ParseTemplate(src, name)
		if diags.HasErrors() {
			return cty.DynamicVal, diags
		}
		v, diags := expr.Value(&hcl.EvalContext{Variables: vars.AsValueMap(), Functions: l.table})
		if diags.HasErrors() {
			return cty.DynamicVal, diags
		}
		return v, nil
	}
	return function.New(&function.Spec{
		Description: "Renders a file as a template with the given variables.",
		Params:      []function.Parameter{{Name: "path", Type: cty.String}, {Name: "vars", Type: cty.DynamicPseudoType}},
		Type: func(args []cty.Value) (cty.Type, error) {
			if !args[0].IsKnown() || !args[1].IsKnown() {
				return cty.DynamicPseudoType, nil
			}
			v, err := render(args)
			return v.Type(), err
		},
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) { return render(args) },
	})
}
