package ghl

import (
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

const kindUser = "ghl_user"

// userKind declares the users of a location (HighLevel users API).
func userKind() *kind {
	return declared(&kind{
		Kind: schema.Kind{
			Name: kindUser, Noun: "user", Plural: "users",
			Scopes:   schema.Scopes{Read: []string{"users.readonly"}},
			Doc:      "A user of the location, to be named by id in assigned_to and followers. Users can only be read.",
			Keys:     []schema.NaturalKey{{"email"}},
			ReadOnly: true,
		},
		attributes: []attribute{
			computed("name", "name", "Full name.", text),
			computed("first_name", "firstName", "First name.", text),
			computed("last_name", "lastName", "Last name.", text),
			computed("email", "email", "E-mail address.", email),
			computed("phone", "phone", "Phone number.", text),
			computed("extension", "extension", "Phone extension.", text),
			{Attribute: schema.Attribute{Name: "role", Type: cty.String, Computed: true, Doc: "Role in the location: admin or user."}, read: "roles.role", form: text},
		},
		data: []*schema.DataSource{
			{Name: "ghl_user", Kind: kindUser, OneOf: true, Doc: "One user, by id or e-mail address.",
				Arguments: []schema.Attribute{argument("id", cty.String, "Id of the user."), argument("email", cty.String, "E-mail address of the user.")}},
			{Name: "ghl_users", Kind: kindUser, Many: "users", Doc: "Users of the location that meet every argument; without arguments all of them.",
				Arguments: []schema.Attribute{
					argument("query", cty.String, "Text to look for in name, e-mail and phone."),
					argument("role", cty.String, "Role in the location: admin or user."),
				}},
		},
		list: listing{
			call: call{method: "GET", path: "/users/", envelope: "users", located: inQuery},
		},
		lists:   map[string][]listing{"ghl_users": {userSearch("query"), userSearch("role")}},
		get:     call{method: "GET", path: "/users/{id}"},
		answers: answers{gone: []string{"user not found", "user with id"}},
	})
}

// userSearch lists the users whom the search finds, when an argument is given.
func userSearch(needs string) listing {
	return listing{
		call:  call{method: "GET", path: "/users/search", envelope: "users", located: inQuery, company: inQuery},
		needs: needs, parameters: map[string]string{"query": "query", "role": "role"},
		page: paging{limit: "limit", skip: "skip", total: "count"}, size: 100,
	}
}
