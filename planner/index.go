package planner

import (
	"strings"

	"lockstep/schema"
)

// matching finds the objects that have the same values under some paths.
func (l *Live) matching(paths []string, text string) []*schema.Object {
	return l.byPaths.find(paths, text, l.objects, (*schema.Object).Value)
}

// pathIndex finds things by the values that they have under some paths. It has
// an index for each list of paths that was ever asked for.
type pathIndex[T any] struct {
	byPaths map[string]map[string][]T
}

// find looks in all things, which must be the same at each call but for those
// that were added.
func (x *pathIndex[T]) find(paths []string, text string, all []T, value func(T, string) schema.Value) []T {
	name := strings.Join(paths, "\x00")
	index := x.byPaths[name]
	if index == nil {
		index = make(map[string][]T, len(all))
		for _, thing := range all {
			if k := keyText(paths, func(path string) schema.Value { return value(thing, path) }); k != "" {
				index[k] = append(index[k], thing)
			}
		}
		if x.byPaths == nil {
			x.byPaths = map[string]map[string][]T{}
		}
		x.byPaths[name] = index
	}
	return index[text]
}

// add takes one more thing into the indexes that there are.
func (x *pathIndex[T]) add(thing T, value func(T, string) schema.Value) {
	for name, index := range x.byPaths {
		if k := keyText(strings.Split(name, "\x00"), func(path string) schema.Value { return value(thing, path) }); k != "" {
			index[k] = append(index[k], thing)
		}
	}
}
