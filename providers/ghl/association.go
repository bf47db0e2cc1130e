package ghl

import (
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

const kindAssociation = "ghl_association"

// associationKind declares associations, the types of links between records
// (HighLevel associations API).
func associationKind() *kind {
	return declared(&kind{
		Kind: schema.Kind{
			Name: kindAssociation, Noun: "association", Plural: "associations",
			Scopes: schema.Scopes{Read: []string{"associations.readonly"}, Write: []string{"associations.write"}},
			Doc: "A type of link between two kinds of record, such as contacts and businesses. It is matched by its key. Only its labels can change. " +
				"With an association all relations of it are deleted. HighLevel lists them by record only, so a plan that deletes one counts those of records that the files or the state name.",
			Keys: []schema.NaturalKey{{"key"}},
			Loss: schema.Loss{Lasting: schema.Irreplaceable,
				Cascades: []schema.Holder{{Kind: kindRelation, Attribute: "association_id"}}},
			Listing: schema.Listing{Page: 100},
		},
		attributes: []attribute{
			fixedName("key", "key", "Key of the association: letters, digits and underscores."),
			fixedName("first_object", "firstObjectKey", "First kind of record: contact, opportunity, business or custom_objects.NAME."),
			fixedName("second_object", "secondObjectKey", "Second kind of record."),
			{Attribute: schema.Attribute{Name: "first_label", Type: cty.String, Required: true, Doc: "What the first record is to the second."},
				wire: "firstObjectLabel", form: name, withUpdate: true},
			{Attribute: schema.Attribute{Name: "second_label", Type: cty.String, Required: true, Doc: "What the second record is to the first."},
				wire: "secondObjectLabel", form: name, withUpdate: true},
			computed("type", "associationType", "USER_DEFINED, or SYSTEM_DEFINED for those that HighLevel makes, which cannot be changed.", text),
		},
		data: []*schema.DataSource{
			{Name: "ghl_association", Kind: kindAssociation, OneOf: true, Doc: "One association, by its id or its key.",
				Arguments: []schema.Attribute{argument("id", cty.String, "Id of the association."), argument("key", cty.String, "Key of the association.")}},
			{Name: "ghl_associations", Kind: kindAssociation, Many: "associations", Doc: "Associations of the location.",
				Arguments: []schema.Attribute{argument("object", cty.String, "Those that link this kind of record, such as contact.")}},
		},
		list: listing{
			call: call{method: "GET", path: "/associations/", envelope: "associations|.", located: inQuery},
			page: paging{limit: "limit", skip: "skip", begin: true},
		},
		lists: map[string][]listing{"ghl_associations": {{
			call:  call{method: "GET", path: "/associations/objectKey/{object}", envelope: "associations|.", located: inQuery},
			needs: "object",
		}}},
		find:    lookup{call: call{method: "GET", path: "/associations/key/{key}", located: inQuery}},
		get:     call{method: "GET", path: "/associations/{id}"},
		create:  call{method: "POST", path: "/associations/", located: inBody},
		update:  call{method: "PUT", path: "/associations/{id}"},
		remove:  call{method: "DELETE", path: "/associations/{id}"},
		answers: answers{gone: []string{"association not found", "association with id", "association does not exist"}},
	})
}

// fixedName declares a name that never changes.
func fixedName(called, wire, doc string) attribute {
	return attribute{
		Attribute: schema.Attribute{Name: called, Type: cty.String, Required: true, Immutable: true, Doc: doc},
		wire:      wire, form: name,
	}
}
