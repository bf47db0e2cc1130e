package ghl

import (
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

const kindCustomValue = "ghl_custom_value"

// customValueKind declares the location's custom values (HighLevel locations
// API, custom values).
func customValueKind() *kind {
	return declared(&kind{
		Kind: schema.Kind{
			Name: kindCustomValue, Noun: "custom value", Plural: "custom values",
			Scopes: schema.Scopes{Read: []string{"locations/customValues.readonly"}, Write: []string{"locations/customValues.write"}},
			Doc:    "A named text of the location, for use in messages and pages as {{ custom_values.key }}.",
			Keys:   []schema.NaturalKey{{"name"}},
		},
		attributes: []attribute{
			{Attribute: schema.Attribute{Name: "name", Type: cty.String, Required: true, Folded: true, Doc: "Name that people see."},
				wire: "name", form: name, withUpdate: true},
			{Attribute: schema.Attribute{Name: "value", Type: cty.String, Required: true, Doc: "The text."},
				wire: "value", form: text, withUpdate: true},
			computed("field_key", "fieldKey", "The placeholder to use in messages; it stays when the name changes.", text),
		},
		data: []*schema.DataSource{
			{Name: "ghl_custom_values", Kind: kindCustomValue, Many: "custom_values", Doc: "All custom values."},
		},
		list:    listing{call: call{method: "GET", path: "/locations/{location}/customValues", envelope: "customValues"}},
		create:  call{method: "POST", path: "/locations/{location}/customValues", envelope: "customValue"},
		update:  call{method: "PUT", path: "/locations/{location}/customValues/{id}", envelope: "customValue"},
		remove:  call{method: "DELETE", path: "/locations/{location}/customValues/{id}"},
		answers: answers{gone: []string{"custom value not found", "custom value with id", "customvalue not found"}},
	})
}
