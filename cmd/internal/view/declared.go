package view

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

// TypeName is a type as HCL writes it.
func TypeName(ty cty.Type) string { return typeexpr.TypeString(ty) }

// KnownBy tells how an object of a kind is found again.
func KnownBy(k *schema.Kind) string {
	var keys []string
	for _, key := range k.Keys {
		keys = append(keys, "`"+strings.Join(key, "` and `")+"`")
	}
	if len(k.Content) > 0 {
		content := slices.Concat([]string{k.Parent}, k.Content)
		keys = append(keys, "`"+strings.Join(content, "` and `")+"`")
	}
	return cmp.Or(strings.Join(keys, ", then "), "its id")
}

// KindTraits tells what cannot be done with the objects of a kind, and what it
// costs to list them.
func KindTraits(k *schema.Kind) string {
	var out []string
	if k.ReadOnly {
		out = append(out, "can only be read")
	}
	switch k.Scopes.Level {
	case schema.AgencyLevel:
		out = append(out, "needs a token of the agency")
	case schema.EveryLevel:
		out = append(out, "takes a token of the agency as well")
	}
	if k.Lasting == schema.Permanent {
		out = append(out, "cannot be deleted")
	}
	if k.Lasting == schema.Irreplaceable || k.Lasting == schema.Kept {
		out = append(out, "never replaced")
	}
	if k.Listing.Blind {
		out = append(out, "cannot be read without `"+k.Listing.Evidence+"`")
	}
	if k.Lasting == schema.Kept {
		out = append(out, "forgotten with its block")
	}
	if k.Listing.PerParent {
		out = append(out, "listed one `"+k.Parent+"` at a time")
	}
	if k.Listing.Page > 0 {
		out = append(out, fmt.Sprintf("up to %d in a call", k.Listing.Page))
	}
	return strings.Join(out, ", ")
}

// Traits tells who writes an attribute, and when.
func Traits(a *schema.Attribute) []string {
	var out []string
	for _, t := range []struct {
		is   bool
		word string
	}{
		{a.Required, "required"},
		{!a.Writable(), "read only"},
		{a.Immutable, "a new value replaces the object"},
		{a.CreateOnly, "only when it is created"},
		{a.WriteOnly, "cannot be read"},
		{a.Sensitive, "sensitive"},
		{a.Personal, "personal"},
		{a.Own == schema.OwnMembers, "owned by members"},
		{a.Own == schema.OwnKeys, "owned by keys"},
		{a.Own == schema.OwnItems, "owned by items"},
	} {
		if t.is {
			out = append(out, t.word)
		}
	}
	if len(a.OneOf) > 0 {
		out = append(out, "one of `"+strings.Join(a.OneOf, "`, `")+"`")
	}
	if a.Needed != nil {
		out = append(out, "required "+a.Needed.String())
	}
	if a.Refers != "" {
		out = append(out, "the id of a `"+a.Refers+"`")
	}
	return out
}
