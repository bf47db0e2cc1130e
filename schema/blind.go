package schema

import (
	"net/url"
	"strings"
)

// Identity returns the id of an object of a Blind kind, which is made of the values
// of its natural key. known is false when one of them is not known, or empty.
func (k *Kind) Identity(value func(path string) Value) (id string, known bool) {
	parts := make([]string, len(k.Keys[0]))
	for i, path := range k.Keys[0] {
		v := value(path)
		if !v.IsKnown() || v.Text() == "" {
			return "", false
		}
		parts[i] = url.PathEscape(v.Text())
	}
	return strings.Join(parts, "/"), true
}

// Identified returns the object of a Blind kind that has an id, with the values of
// its natural key, which are all that the id tells. ok is false for any other text.
func (k *Kind) Identified(id string) (o Object, ok bool) {
	parts := strings.Split(id, "/")
	if len(parts) != len(k.Keys[0]) {
		return o, false
	}
	o = Object{Kind: k.Name, ID: id}
	for i, path := range k.Keys[0] {
		text, err := url.PathUnescape(parts[i])
		if err != nil || text == "" {
			return Object{}, false
		}
		o.Fields = append(o.Fields, Field{Path: path, Value: StringValue(text)})
	}
	o.Fields.Sort()
	return o, true
}

// Evident reports whether something that can be read tells that an object of a Blind
// kind exists.
func (k *Kind) Evident(o *Object) bool {
	return k.Listing.Evidence != "" && o.Value(k.Listing.Evidence).Text() != ""
}
