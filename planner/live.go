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
	kind    *schema.Kind
	objects []*schema.Object
	byID    map[string]*schema.Object
	byKey   []map[string][]*schema.Object
	// byFurther finds objects by further values of a key.
	byFurther []map[string][]*schema.Object
	byParent  map[string][]*schema.Object
	// byPaths has an index for each set of paths that mappings match by.
	byPaths pathIndex[*schema.Object]
}

// NewLive makes an empty picture.
func NewLive(kind *schema.Kind) *Live {
	return &Live{kind: kind, byID: map[string]*schema.Object{}}
}

// maxExpected bounds the room that is made for what a server announces.
const maxExpected = 1 << 20

// Expect makes room for a number of objects before the first is added.
func (l *Live) Expect(n int) {
	if n = min(n, maxExpected); len(l.objects) == 0 && n > 0 {
		l.byID = make(map[string]*schema.Object, n)
		l.objects = make([]*schema.Object, 0, n)
	}
}

// Add puts objects into the picture. One with an id that is there already
// takes its place.
func (l *Live) Add(objects []schema.Object) {
	for i := range objects {
		o := &objects[i]
		if old, ok := l.byID[o.ID]; ok {
			*old = *o
			continue
		}
		l.byID[o.ID] = o
		l.objects = append(l.objects, o)
	}
	l.byKey, l.byFurther, l.byParent, l.byPaths = nil, nil, nil, pathIndex[*schema.Object]{}
}

// Remove takes an object out of the picture.
func (l *Live) Remove(id string) {
	o, ok := l.byID[id]
	if !ok {
		return
	}
	delete(l.byID, id)
	l.objects = slices.DeleteFunc(l.objects, func(p *schema.Object) bool { return p == o })
	l.byKey, l.byFurther, l.byParent, l.byPaths = nil, nil, nil, pathIndex[*schema.Object]{}
}

// Len is how many objects there are.
func (l *Live) Len() int { return len(l.objects) }

// ID finds an object by its remote id, nil when there is none.
func (l *Live) ID(id string) *schema.Object { return l.byID[id] }

// key finds the objects that have a natural key's values.
func (l *Live) key(rank int, text string) []*schema.Object {
	if l.byKey == nil {
		l.byKey = make([]map[string][]*schema.Object, len(l.kind.Keys))
	}
	if l.byKey[rank] == nil {
		index := make(map[string][]*schema.Object, len(l.objects))
		for _, o := range l.objects {
			if k := keyText(l.kind.Keys[rank], o.Value); k != "" {
				index[k] = append(index[k], o)
			}
		}
		l.byKey[rank] = index
	}
	return l.byKey[rank][text]
}

// children finds the objects of a parent that have the same content.
func (l *Live) children(parent, content string) []*schema.Object {
	if l.byParent == nil {
		l.byParent = make(map[string][]*schema.Object, len(l.objects))
		for _, o := range l.objects {
			k := contentText(l.kind, o.Value(l.kind.Parent).Text(), o.Value)
			l.byParent[k] = append(l.byParent[k], o)
		}
		for _, same := range l.byParent {
			slices.SortFunc(same, func(a, b *schema.Object) int { return strings.Compare(a.ID, b.ID) })
		}
	}
	return l.byParent[parent+"\x00"+content]
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

// All yields the objects in the order in which they were added.
func (l *Live) All() iter.Seq[*schema.Object] { return slices.Values(l.objects) }
