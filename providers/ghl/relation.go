package ghl

import (
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

const kindRelation = "ghl_relation"

// relationKind declares relations, the links between single records (HighLevel
// associations API, relations). They are listed by the record that they begin at.
func relationKind() *kind {
	return declared(&kind{
		Kind: schema.Kind{
			Name: kindRelation, Noun: "relation", Plural: "relations",
			Scopes: schema.Scopes{Read: []string{"associations/relation.readonly"}, Write: []string{"associations/relation.write"}},
			Doc: "A link between two records, of the type that an association declares. It is matched by all three ids, and another id replaces it. " +
				"HighLevel does not list relations from the side of an opportunity, so the first object of the association should not be one.",
			Content: []string{"association_id", "second_id"},
			Parent:  "first_id",
			After:   []string{kindAssociation, kindContact, kindBusiness, kindOpportunity},
			Listing: schema.Listing{Page: 100, PerParent: true},
		},
		attributes: []attribute{
			relative("association_id", "associationId", kindAssociation, "Id of the association."),
			relative("first_id", "firstRecordId", "", "Id of the record of the association's first object."),
			relative("second_id", "secondRecordId", "", "Id of the record of its second object."),
		},
		data: []*schema.DataSource{
			{Name: "ghl_relations", Kind: kindRelation, Many: "relations", Doc: "Relations of a record.",
				Arguments: []schema.Attribute{{Name: "first_id", Type: cty.String, Required: true, Doc: "Id of the record."}}},
		},
		list: listing{
			call: call{method: "GET", path: "/associations/relations/{parent}", envelope: "relations|.", located: inQuery},
			page: paging{limit: "limit", skip: "skip", begin: true}, parents: 1,
		},
		create:  call{method: "POST", path: "/associations/relations", located: inBody},
		remove:  call{method: "DELETE", path: "/associations/relations/{id}", located: inQuery},
		answers: answers{gone: []string{"relation not found", "relation with id", "relation does not exist"}},
	})
}

// relative declares the id of one end of a relation.
func relative(name, wire, refers, doc string) attribute {
	return attribute{
		Attribute: schema.Attribute{Name: name, Type: cty.String, Required: true, Immutable: true, Refers: refers, Doc: doc},
		wire:      wire, form: text,
	}
}
