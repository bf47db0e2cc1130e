package ghl

import (
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

const kindTag = "ghl_tag"

// tagKind declares the tags that a location knows (HighLevel locations API,
// tags). The API lower-cases names; older tags may still have capitals.
func tagKind() *kind {
	return declared(&kind{
		Kind: schema.Kind{
			Name: kindTag, Noun: "tag", Plural: "tags",
			Scopes: schema.Scopes{Read: []string{"locations/tags.readonly"}, Write: []string{"locations/tags.write"}},
			Doc: "A tag that the location offers. Contacts name tags by their text: deleting a tag here does not take it from contacts, " +
				"and a new name does not rename it on them.",
			Keys: []schema.NaturalKey{{"name"}},
		},
		attributes: []attribute{
			{Attribute: schema.Attribute{Name: "name", Type: cty.String, Required: true, Doc: "The tag, in lower case."},
				wire: "name", form: lower},
		},
		data: []*schema.DataSource{
			{Name: "ghl_tags", Kind: kindTag, Many: "tags", Doc: "All tags that the location offers."},
		},
		list:    listing{call: call{method: "GET", path: "/locations/{location}/tags", envelope: "tags"}},
		create:  call{method: "POST", path: "/locations/{location}/tags", envelope: "tag"},
		update:  call{method: "PUT", path: "/locations/{location}/tags/{id}", envelope: "tag"},
		remove:  call{method: "DELETE", path: "/locations/{location}/tags/{id}"},
		answers: answers{gone: []string{"tag id is invalid", "tag with id", "tag not found"}},
	})
}
