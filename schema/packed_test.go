package schema

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// aValue draws values that are alike and values that are not, of all types.
func aValue(t *rapid.T) Value {
	text := rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "text")
	switch rapid.IntRange(0, 7).Draw(t, "type") {
	case 0:
		return Value{}
	case 1:
		return WrittenValue(text, text+rapid.SampledFrom([]string{"", " "}).Draw(t, "space"))
	case 2:
		return SetOf([]string{text})
	case 3:
		return NumberValue("1")
	case 4:
		return UnknownValue()
	case 5:
		return MapValue(map[string]Value{text: WrittenValue(text, text+" ")})
	default:
		return StringValue(text)
	}
}

func someFields(t *rapid.T) Fields {
	var fields Fields
	for _, path := range []string{"a", "b", "c"} {
		for range rapid.SampledFrom([]int{1, 1, 1, 0, 2}).Draw(t, "fields of "+path) {
			fields = append(fields, Field{Path: path, Value: aValue(t), Claim: Claim(rapid.SampledFrom([]int{0, 0, 0, 1}).Draw(t, "claim")), Sensitive: rapid.IntRange(0, 9).Draw(t, "sensitive") == 0})
		}
	}
	fields.Sort()
	return fields
}

// spelt shows fields with all that tells them apart.
func spelt(fields Fields) []string {
	texts := make([]string, len(fields))
	for i, f := range fields {
		texts[i] = fmt.Sprintf("%s %d %t %t %d %q %q %v", f.Path, f.Claim, f.Sensitive, f.Derived, f.Value.Type(), f.Value.Text(), f.Value, f.Value.Written())
	}
	return texts
}

// TestPacked packs many objects, and finds in each what went in.
func TestPacked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var packer Packer
		var all []Fields
		var packed []Packed
		for range rapid.IntRange(1, 60).Draw(t, "objects") {
			fields := someFields(t)
			all, packed = append(all, fields), append(packed, packer.Pack(append(Fields{}, fields...)))
		}
		for i, want := range all {
			p := packed[i]
			if diff := cmp.Diff(spelt(want), spelt(p.Fields())); diff != "" || p.Len() != len(want) {
				t.Fatalf("object %d: -want +got:\n%s", i, diff)
			}
			if diff := cmp.Diff(spelt(append(Fields{{Path: "x"}}, want...)), spelt(p.Append(Fields{{Path: "x"}}))); diff != "" {
				t.Fatalf("object %d, appended: -want +got:\n%s", i, diff)
			}
			for _, path := range []string{"a", "b", "c", "d"} {
				wanted, is := want.Find(path)
				got, found := p.Find(path)
				if diff := cmp.Diff(spelt(Fields{wanted}), spelt(Fields{got})); diff != "" || is != found || !p.Value(path).same(wanted.Value) {
					t.Fatalf("object %d, %s: -want +got:\n%s", i, path, diff)
				}
			}
		}
	})
}

// TestPackedOnce holds that what objects have in common is kept once.
func TestPackedOnce(t *testing.T) {
	var packer Packer
	person := func(i int) Fields {
		return Fields{{Path: "email", Value: StringValue(fmt.Sprint(i))}, {Path: "tags", Claim: ClaimIncludes, Value: SetOf([]string{"vip"})}}
	}
	first := packer.Pack(person(0))
	for i := range 100 {
		if p := packer.Pack(person(i)); p.shape != first.shape || len(p.texts) != 1 {
			t.Fatalf("object %d has a shape of its own, or %d texts", i, len(p.texts))
		}
	}
	for i := range 100 {
		// Each has a number of its own.
		packer.Pack(Fields{{Path: "age", Value: NumberValue(fmt.Sprint(i))}})
	}
	if len(packer.shapes) != mostShapes {
		t.Errorf("%d shapes are kept, want %d", len(packer.shapes), mostShapes)
	}
	if got := packer.Pack(nil); got.Len() != 0 || got.Fields() != nil {
		t.Errorf("no fields became %v", got)
	}
}
