package schema

// ParentOf returns the id of the parent of an object with the given attributes, as
// Parent and Within have it. It is Absent when the object has none.
func (k *Kind) ParentOf(value func(path string) Value) Value {
	if k.Parent == "" {
		return Value{}
	}
	v := value(k.Parent)
	if k.Within == "" || !v.IsKnown() || v.Text() != "" {
		return v
	}
	within := value(k.Within)
	if !within.IsKnown() || within.Text() == "" {
		return within
	}
	return StringValue(k.Within + "=" + within.Text())
}
