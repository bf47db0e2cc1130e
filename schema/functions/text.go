package functions

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash"
	"net/url"
	"strings"
	"time"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// textTest makes a function of two texts that answers yes or no.
func textTest(name string, test func(s, part string) bool) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "str", Type: cty.String}, {Name: name, Type: cty.String}},
		Type:   function.StaticReturnType(cty.Bool),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			return cty.BoolVal(test(args[0].AsString(), args[1].AsString())), nil
		},
	})
}

func hasPrefix(s, part string) bool    { return strings.HasPrefix(s, part) }
func hasSuffix(s, part string) bool    { return strings.HasSuffix(s, part) }
func containsText(s, part string) bool { return strings.Contains(s, part) }

// textFunc makes a function from text to text.
func textFunc(f func(string) (string, error)) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "str", Type: cty.String}},
		Type:   function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			text, err := f(args[0].AsString())
			if err != nil {
				return cty.UnknownVal(cty.String), err
			}
			return cty.StringVal(text), nil
		},
	})
}

var urldecodeFunc = textFunc(url.QueryUnescape)

// replaceFunc takes a text between slashes for a regular expression.
var replaceFunc = function.New(&function.Spec{
	Description: "Replaces a text, or what a regular expression between slashes matches.",
	Params: []function.Parameter{
		{Name: "str", Type: cty.String}, {Name: "substr", Type: cty.String}, {Name: "replace", Type: cty.String},
	},
	Type: function.StaticReturnType(cty.String),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		pattern := args[1].AsString()
		if err := replaced(args[0].AsString(), pattern, args[2].AsString()); err != nil {
			return cty.UnknownVal(cty.String), err
		}
		if len(pattern) > 1 && strings.HasPrefix(pattern, "/") && strings.HasSuffix(pattern, "/") {
			return stdlib.RegexReplace(args[0], cty.StringVal(pattern[1:len(pattern)-1]), args[2])
		}
		return stdlib.Replace(args[0], args[1], args[2])
	},
})

// Plain returns the function of a name as plain Go, without values of the
// language: the few that nearly every row calls, which give the same either way.
// It is nil for all others.
func Plain(name string) func(string) string {
	switch name {
	case "lower":
		return strings.ToLower
	case "upper":
		return strings.ToUpper
	case "trimspace":
		return strings.TrimSpace
	default:
		return nil
	}
}

// digests are the hash functions by their name.
var digests = map[string]func() hash.Hash{"md5": md5.New, "sha1": sha1.New, "sha256": sha256.New, "sha512": sha512.New}

func hashes() map[string]function.Function {
	table := map[string]function.Function{}
	for name, newHash := range digests {
		table[name] = textFunc(func(s string) (string, error) { return hex.EncodeToString(sumOf(newHash, s)), nil })
	}
	for _, name := range []string{"sha256", "sha512"} {
		newHash := digests[name]
		table["base64"+name] = textFunc(func(s string) (string, error) {
			return base64.StdEncoding.EncodeToString(sumOf(newHash, s)), nil
		})
	}
	return table
}

func sumOf(newHash func() hash.Hash, s string) []byte {
	h := newHash()
	// Writing to a hash never fails.
	_, _ = h.Write([]byte(s))
	return h.Sum(nil)
}

func (l *Library) times() map[string]function.Function {
	now := function.New(&function.Spec{
		Description: "The time of this run. It is the same wherever it is asked for.",
		Type:        function.StaticReturnType(cty.String),
		Impl: func([]cty.Value, cty.Type) (cty.Value, error) {
			return cty.StringVal(l.now.UTC().Format(time.RFC3339)), nil
		},
	})
	return map[string]function.Function{
		"timestamp": now, "plantimestamp": now, "timeadd": stdlib.TimeAddFunc, "formatdate": stdlib.FormatDateFunc, "timecmp": timecmpFunc,
	}
}

var timecmpFunc = function.New(&function.Spec{
	Description: "-1, 0 or 1: whether a time is before, at or after another.",
	Params:      []function.Parameter{{Name: "a", Type: cty.String}, {Name: "b", Type: cty.String}},
	Type:        function.StaticReturnType(cty.Number),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		var times [2]time.Time
		for i, arg := range args {
			var err error
			if times[i], err = time.Parse(time.RFC3339, arg.AsString()); err != nil {
				return cty.UnknownVal(cty.Number), function.NewArgError(i, fmt.Errorf("%q is not a time such as 2026-01-31T08:00:00Z", arg.AsString()))
			}
		}
		return cty.NumberIntVal(int64(times[0].Compare(times[1]))), nil
	},
})
