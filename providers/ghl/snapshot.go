package ghl

import (
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

const kindSnapshot = "ghl_snapshot"

// snapshotKind declares the snapshots of an agency (HighLevel snapshots API). Its
// document names no scope.
func snapshotKind() *kind {
	return declared(&kind{
		Kind: schema.Kind{
			Name: kindSnapshot, Noun: "snapshot", Plural: "snapshots",
			Scopes:   schema.Scopes{Read: []string{"snapshots.readonly"}, Level: schema.AgencyLevel},
			Doc:      "A snapshot of the agency: a copy of a location that others are made from. It can only be read, with a token of the agency.",
			Keys:     []schema.NaturalKey{{"name"}},
			ReadOnly: true,
		},
		attributes: []attribute{
			computed("name", "name", "Name of the snapshot.", name),
			computed("type", "type", "own or imported.", text),
		},
		data: []*schema.DataSource{
			{Name: "ghl_snapshot", Kind: kindSnapshot, Level: schema.AgencyLevel, OneOf: true, Doc: "One snapshot, by its id or its name.",
				Arguments: []schema.Attribute{argument("id", cty.String, "Id of the snapshot."), argument("name", cty.String, "Name of the snapshot.")}},
			{Name: "ghl_snapshots", Kind: kindSnapshot, Level: schema.AgencyLevel, Many: "snapshots", Doc: "All snapshots of the agency."},
		},
		list: listing{call: call{method: "GET", path: "/snapshots/", envelope: "snapshots", company: inQuery}},
	})
}
