package schema

// KeysOf names where the keys of a map, or the members of a set, come from.
type KeysOf struct {
	// Kind is the kind of the objects that they name.
	Kind string
	// Attribute of that kind holds the key.
	Attribute string
	// Where restricts the objects: attribute name to value.
	Where map[string]string
}

// KeyPath returns the path of an attribute's values under the key that an object
// has, such as "custom_fields.tier". value gives the object's attributes. It is
// empty when the attribute's keys do not name such objects, or the key is not
// known.
func (a *Attribute) KeyPath(value func(name string) Value) string {
	if a.KeysOf == nil {
		return ""
	}
	key := a.KeysOf.Name(value)
	if key == "" {
		return ""
	}
	return a.Name + "." + key
}

// Name returns the key of an object with the given attributes. It is empty for
// objects that are not named, and when the key is not known.
func (k *KeysOf) Name(value func(name string) Value) string {
	for name, want := range k.Where {
		if got := value(name); got.Text() != want && !got.IsAbsent() {
			return ""
		}
	}
	return value(k.Attribute).Text()
}
