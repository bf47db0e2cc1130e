package ghl

import (
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
		},
		data: []*schema.DataSource{
			{Name: "ghl_users", Kind: kindUser, Many: "users", Doc: "All users of the location."},
		},
		list: listing{
			call: call{method: "GET", path: "/users/", envelope: "users", located: inQuery},
		},
	})
}
