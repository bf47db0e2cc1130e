package planner

import (
	"iter"
	"slices"
	"strings"

	"lockstep/schema"
)

// Live is the picture of one kind's live objects, found by id, by natural key
// or by parent. Indexes are built when they are first asked for, because a
// plan without anything new needs none but the ids.
type Live struct {
	kind     *schema.Kind
	subjects []*Subject
	// free has room for more subjects, and awaited are those that a list was
	// expected to have.
	free, awaited []Subject
	ids           ids
	byKey         []map[string][]*Subject
	byParent      map[string][]*Subject
	// byFurther finds objects by further values of a key.
	byFurther []map[string][]*Subject
	// byPaths has an index for each set of paths that mappings match by.
	byPaths pathIndex
}

// NewLive makes an empty picture.
func NewLive(kind *schema.Kind) *Live {
	return &Live{kind: kind}
}

// maxExpected bounds the room that is made for what a server announces.
const maxExpected = 1 << 20

// Expect makes room for a number of objects before the first is added.
func (l *Live) Expect(n int) {
	n = min(n, maxExpected)
	if len(l.subjects) > 0 || n <= 0 {
		return
	}
	l.subjects = make([]*Subject, 0, n)
	l.ids.grow(n)
}

// Add puts objects into the picture. One with an id that is there already
// takes its place.
func (l *Live) Add(objects []schema.Object) {
	for i := range objects {
		l.put(&objects[i])
	}
	l.forgetIndexes()
}

// put puts one object into the picture, whole.
func (l *Live) put(o *schema.Object) {
	s := l.ids.get(o.ID)
	known := s != nil
	if !known {
		s = l.room()
	}
	if s.owner == nil {
		s.inStep, s.record = nil, nil
	}
	if s.live != nil {
		*s.live = *o
		return
	}
	s.live = o
	l.subjects = append(l.subjects, s)
	if !known {
		l.ids.add(s)
	}
}

// Remove takes an object out of the picture.
func (l *Live) Remove(id string) {
	s := l.find(id)
	if s == nil {
		return
	}
	l.ids.drop(id)
	l.awaited = nil
	l.subjects = slices.DeleteFunc(l.subjects, func(other *Subject) bool { return other == s })
	l.forgetIndexes()
}

func (l *Live) forgetIndexes() {
	l.byKey, l.byFurther, l.byParent, l.byPaths = nil, nil, nil, pathIndex{}
}

// Complete reports whether a number of objects was expected, and the list had
// each of them.
func (l *Live) Complete(n int) bool {
	return n == len(l.awaited) && !slices.ContainsFunc(l.awaited, func(s Subject) bool { return s.live == nil })
}

// Len returns how many objects there are.
func (l *Live) Len() int { return len(l.subjects) }

// room returns a new subject; many share one allocation.
func (l *Live) room() *Subject {
	if len(l.free) == cap(l.free) {
		l.free = make([]Subject, 0, min(max(len(l.subjects), 16), pageRoom))
	}
	l.free = l.free[:len(l.free)+1]
	return &l.free[len(l.free)-1]
}

// find finds a subject by its remote id, nil when there is none.
func (l *Live) find(id string) *Subject {
	if s := l.ids.get(id); s.Live() != nil {
		return s
	}
	return nil
}

// ID finds an object by its remote id, nil when there is none.
func (l *Live) ID(id string) *schema.Object { return l.ids.get(id).Live() }

// All yields the objects in the order in which they were added.
func (l *Live) All() iter.Seq[*schema.Object] {
	return func(yield func(*schema.Object) bool) {
		for _, s := range l.subjects {
			if !yield(s.live) {
				return
			}
		}
	}
}

// key finds the objects that have a natural key's values.
func (l *Live) key(rank int, text string) []*Subject {
	if text == "" {
		return nil
	}
	if l.byKey == nil {
		l.byKey = make([]map[string][]*Subject, len(l.kind.Keys))
	}
	if l.byKey[rank] == nil {
		index := make(map[string][]*Subject, len(l.subjects))
		for _, s := range l.subjects {
			if k := keyText(l.kind.Keys[rank], s.live.Value); k != "" {
				index[k] = append(index[k], s)
			}
		}
		l.byKey[rank] = index
	}
	return l.byKey[rank][text]
}

// children finds the objects of a parent that have the same content, in the
// order of their ids.
func (l *Live) children(parent, content string) []*Subject {
	if l.byParent == nil {
		l.byParent = make(map[string][]*Subject, len(l.subjects))
		for _, s := range l.subjects {
			k := contentText(l.kind, l.kind.ParentOf(s.live.Value).Text(), s.live.Value)
			l.byParent[k] = append(l.byParent[k], s)
		}
		for _, same := range l.byParent {
			slices.SortFunc(same, func(a, b *Subject) int { return strings.Compare(a.live.ID, b.live.ID) })
		}
	}
	return l.byParent[parent+"\x00"+content]
}

// matching finds the objects that have the same values under some paths.
func (l *Live) matching(paths []string, text string) []*Subject {
	return l.byPaths.find(paths, text, l.subjects, func(s *Subject, path string) schema.Value { return s.live.Value(path) })
}

// keyText joins the values of a natural key; it is empty unless every one of
// them is known and not empty.
func keyText(key schema.NaturalKey, value func(path string) schema.Value) string {
	texts := make([]string, len(key))
	for i, path := range key {
		texts[i] = value(path).Text()
		if texts[i] == "" {
			return ""
		}
	}
	return strings.Join(texts, "\x00")
}

func contentText(kind *schema.Kind, parent string, value func(path string) schema.Value) string {
	texts := make([]string, 0, 1+len(kind.Content))
	texts = append(texts, parent)
	for _, path := range kind.Content {
		texts = append(texts, value(path).Text())
	}
	return strings.Join(texts, "\x00")
}

// pathIndex finds subjects by the values that they have under some paths. It
// has an index for each list of paths that was ever asked for.
type pathIndex struct {
	byPaths map[string]map[string][]*Subject
}

// find looks in all subjects, which must be the same at each call but for those
// that were added.
func (x *pathIndex) find(paths []string, text string, all []*Subject, value func(*Subject, string) schema.Value) []*Subject {
	name := strings.Join(paths, "\x00")
	index := x.byPaths[name]
	if index == nil {
		index = make(map[string][]*Subject, len(all))
		for _, s := range all {
			if k := keyText(paths, func(path string) schema.Value { return value(s, path) }); k != "" {
				index[k] = append(index[k], s)
			}
		}
		if x.byPaths == nil {
			x.byPaths = map[string]map[string][]*Subject{}
		}
		x.byPaths[name] = index
	}
	return index[text]
}

// add takes one more subject into the indexes that there are.
func (x *pathIndex) add(s *Subject, value func(*Subject, string) schema.Value) {
	for name, index := range x.byPaths {
		if k := keyText(strings.Split(name, "\x00"), func(path string) schema.Value { return value(s, path) }); k != "" {
			index[k] = append(index[k], s)
		}
	}
}
