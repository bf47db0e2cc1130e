package ghl

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"lockstep/providers"
	"lockstep/schema"
)

// members are maps whose keys are the names that the API gives them.
var members = form{decodeKeys: decodeMembers, encode: schema.Value.ToJSON, normalize: normalMembers}

// decodeMembers reads an object into one field per member. What is empty is left
// out.
func decodeMembers(d *decoder, attribute string, raw jsontext.Value, into schema.Fields) schema.Fields {
	if len(raw) <= 2 || raw[0] != '{' {
		return into
	}
	var found map[string]json.RawMessage
	if err := json.Unmarshal(raw, &found); err != nil {
		return into
	}
	for _, name := range slices.Sorted(maps.Keys(found)) {
		if v := decodeAny(d, jsontext.Value(found[name])); !v.IsAbsent() {
			into = append(into, schema.Field{Path: attribute + "." + name, Value: v})
		}
	}
	return into
}

// normalMembers refuses keys that cannot be written.
func normalMembers(s *speller, path string, v schema.Value) (schema.Value, error) {
	written := []string{schema.PathKey(path)}
	if path == s.attribute.Name {
		written = v.Keys()
	}
	for _, key := range written {
		if !s.attribute.takes(key) {
			return v, &providers.FieldError{Path: path, Problem: fmt.Sprintf("%q cannot be written in %s", key, s.attribute.Name),
				Advice: "What can be written is " + strings.Join(s.attribute.keys, ", ") + "." + schema.DidYouMean(key, s.attribute.keys)}
		}
	}
	return v, nil
}

// normalFlags spells members that are true or false.
func normalFlags(s *speller, path string, v schema.Value) (schema.Value, error) {
	if _, err := normalMembers(s, path, v); err != nil || v.Type() == schema.Bool {
		return v, err
	}
	flag, err := strconv.ParseBool(spellName(v.Text()))
	if err != nil {
		return v, &providers.FieldError{Path: path, Problem: fmt.Sprintf("%s is neither true nor false", v), Advice: "Write true or false."}
	}
	return schema.BoolValue(flag), nil
}

// takes reports whether a map can be written under a key.
func (a *attribute) takes(key string) bool { return len(a.keys) == 0 || slices.Contains(a.keys, key) }
