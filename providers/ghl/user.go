package ghl

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"lockstep/providers"
	"lockstep/schema"
)

const kindUser = "ghl_user"

// userKind declares users (HighLevel users API). A location lists its own, by a call
// that needs no id of the agency; an agency searches all of its.
func userKind() *kind {
	return declared(&kind{
		Kind: schema.Kind{
			Name: kindUser, Noun: "user", Plural: "users",
			Scopes: schema.Scopes{Read: []string{"users.readonly"}, Write: []string{"users.write"}, Level: schema.EveryLevel},
			Doc: "A user of the location, to be named by id in assigned_to and followers, or a user of the agency. It is matched by its e-mail address, which cannot change. " +
				"HighLevel sends a new user an invitation by e-mail. A user outlives its block, unless that says lifecycle { on_destroy = \"delete\" }; " +
				"one that has other locations is then only taken out of this one. A delete takes HighLevel some minutes, in which the user is still listed: a block that is put back so soon is refused, and says until when.",
			Keys:     []schema.NaturalKey{{"email"}},
			Loss:     schema.Loss{Lasting: schema.Kept},
			Personal: true,
			Listing:  schema.Listing{Lingers: 600},
		},
		attributes: userAttributes(),
		data:       userData(),
		list:       listing{call: call{method: "GET", path: "/users/", envelope: "users", located: inQuery}},
		lists: map[string][]listing{
			"": {userSearch("", 0)}, "ghl_users": {userSearch("query", inQuery), userSearch("role", inQuery), userSearch("location_id", inQuery)},
			"ghl_users_by_email": {{
				call:   call{method: "POST", path: "/users/search/filter-by-email", envelope: "users", company: inBody},
				agency: true, query: usersByEmail,
			}},
		},
		get:     call{method: "GET", path: "/users/{id}"},
		create:  call{method: "POST", path: "/users/", company: inBody, invites: "email"},
		update:  call{method: "PUT", path: "/users/{id}", company: inBody},
		remove:  call{method: "DELETE", path: "/users/{id}"},
		answers: answers{gone: []string{"user not found", "user with id"}},
	})
}

// userSearch lists the users whom the search finds. A location, which has a place for
// its id, uses it when an argument is given.
func userSearch(needs string, located place) listing {
	return listing{
		call:  call{method: "GET", path: "/users/search", envelope: "users", located: located, company: inQuery},
		needs: needs, agency: located == 0, parameters: map[string]string{"query": "query", "role": "role", "location_id": "locationId"},
		page: paging{limit: "limit", skip: "skip", total: "count"}, size: 100,
	}
}

// maxByEmail is how many addresses are asked for at once.
const maxByEmail = 100

// usersByEmail asks for users by a list of addresses, which is one text. Only
// "all" shows more than their ids.
func usersByEmail(_ context.Context, _ *account, q providers.Query, r *request) (keep, error) {
	addresses := q.Where.Value("emails").Strings()
	if len(addresses) == 0 || len(addresses) > maxByEmail {
		return nil, &providers.FieldError{Path: "emails", Problem: fmt.Sprintf("%d addresses are given", len(addresses)), Advice: fmt.Sprintf("Give 1 to %d.", maxByEmail)}
	}
	r.setBody("emails", strings.Join(addresses, ","))
	r.setBody("limit", strconv.Itoa(len(addresses)))
	r.setBody("projection", "all")
	return nil, nil
}

func userAttributes() []attribute {
	needed := func(called, wire, doc string, f form) attribute {
		return attribute{Attribute: schema.Attribute{Name: called, Type: cty.String, Required: true, Personal: true, Doc: doc}, wire: wire, form: f}
	}
	address := needed("email", "email", "E-mail address, compared without regard to case. It cannot change.", email)
	address.Immutable = true
	return []attribute{
		address,
		needed("first_name", "firstName", "First name.", name),
		needed("last_name", "lastName", "Last name.", name),
		{Attribute: schema.Attribute{Name: "password", Type: cty.String, Optional: true, CreateOnly: true, Sensitive: true, Needed: &schema.Needed{}, Doc: "Password of a new user, who needs one. It is never kept."}, wire: "password", form: text},
		{Attribute: schema.Attribute{Name: "phone", Type: cty.String, Optional: true, Personal: true, Doc: "Phone number, in any spelling; stored as E.164."}, wire: "phone", form: phone},
		{Attribute: schema.Attribute{Name: "type", Type: cty.String, Optional: true, Immutable: true, OneOf: []string{"account", "agency"}, Default: schema.StringValue("account"), Doc: "account for a user of locations, or agency."},
			wire: "type", read: "roles.type", form: lower, always: "account"},
		{Attribute: schema.Attribute{Name: "role", Type: cty.String, Optional: true, OneOf: []string{"admin", "user"}, Default: schema.StringValue("user"), Doc: "Role in the locations: admin or user."},
			wire: "role", read: "roles.role", form: lower, always: "user"},
		{Attribute: schema.Attribute{Name: "location_ids", Type: cty.Set(cty.String), Optional: true, Own: schema.OwnMembers, Refers: kindLocation, Example: `["LOCa1b2c3d4e5f6g7h8i"]`,
			Doc: "Ids of the locations that the user has. A location gives its own, also when nothing is written; an agency gives any of its."},
			wire: "locationIds", read: "roles.locationIds", form: form{decode: setBy(liveMember), normalize: normalLocations}, shares: true},
		{Attribute: schema.Attribute{Name: "scopes", Type: cty.Set(cty.String), Optional: true, Example: `["contacts.write", "calendars.readonly"]`,
			Doc: "All that the user may do, by the names of HighLevel's users API. What is not named is taken away. Left out, nothing of it is written."},
			wire: "scopes", form: form{decode: setBy(liveMember), normalize: normalUserScopes}},
		{Attribute: schema.Attribute{Name: "scopes_assigned_only", Type: cty.Set(cty.String), Optional: true, WriteOnly: true, Example: `["contacts.write"]`,
			Doc: "What of it the user may do with what is assigned to them only."}, wire: "scopesAssignedToOnly", form: form{decode: setBy(liveMember), normalize: normalUserScopes}},
		{Attribute: schema.Attribute{Name: "permissions", Type: cty.Map(cty.Bool), Optional: true, Own: schema.OwnKeys, Example: "{ campaignsEnabled = false }",
			Doc: "Which parts of the application the user sees, by their API names, such as campaignsEnabled. Only the keys that are written are managed."},
			wire: "permissions", form: members, together: true, keys: userPermissions},
		{Attribute: schema.Attribute{Name: "twilio_phone", Type: cty.Map(cty.String), Optional: true, WriteOnly: true, Personal: true, Example: `{ LOCa1b2c3d4e5f6g7h8i = "+12025550101" }`,
			Doc: "Numbers at Twilio for incoming calls, by the ids of locations. All are written together."}, wire: "twilioPhone", form: members},
		{Attribute: schema.Attribute{Name: "photo", Type: cty.String, Optional: true, WriteOnly: true, Doc: "Address of a picture of the user."}, wire: "profilePhoto", form: text},
		{Attribute: schema.Attribute{Name: "language", Type: cty.String, Optional: true, OneOf: userLanguages, Doc: "Language of the application."}, wire: "platformLanguage", form: text},
		computed("name", "name", "Full name.", text),
		computed("extension", "extension", "Phone extension.", text),
	}
}

// userLanguages are those of the application (HighLevel users API, CreateUserDto).
var userLanguages = []string{"en_US", "es", "fr_CA", "fr_FR", "nl", "de", "pt_PT", "pt_BR", "it", "sv", "da", "fi", "no"}

// userPermissions are the parts of the application (HighLevel users API,
// PermissionsDto).
var userPermissions = strings.Fields(`campaignsEnabled campaignsReadOnly contactsEnabled workflowsEnabled workflowsReadOnly triggersEnabled funnelsEnabled
	websitesEnabled opportunitiesEnabled dashboardStatsEnabled bulkRequestsEnabled appointmentsEnabled reviewsEnabled onlineListingsEnabled phoneCallEnabled
	conversationsEnabled assignedDataOnly adwordsReportingEnabled membershipEnabled facebookAdsReportingEnabled attributionsReportingEnabled settingsEnabled
	tagsEnabled leadValueEnabled marketingEnabled agentReportingEnabled botService socialPlanner bloggingEnabled invoiceEnabled affiliateManagerEnabled
	contentAiEnabled refundsEnabled recordPaymentEnabled cancelSubscriptionEnabled paymentsEnabled communitiesEnabled exportPaymentsEnabled`)

func userData() []*schema.DataSource {
	return []*schema.DataSource{
		{Name: "ghl_user", Kind: kindUser, Level: schema.EveryLevel, OneOf: true, Doc: "One user, by id or e-mail address.",
			Arguments: []schema.Attribute{argument("id", cty.String, "Id of the user."), argument("email", cty.String, "E-mail address of the user.")}},
		{Name: "ghl_users", Kind: kindUser, Level: schema.EveryLevel, Many: "users", Doc: "Users of the location, or of all locations of the agency, that meet every argument; without arguments all of them.",
			Arguments: []schema.Attribute{
				argument("query", cty.String, "Text to look for in name, e-mail and phone."),
				argument("role", cty.String, "Role in the location: admin or user."),
				argument("location_id", cty.String, "Id of one location of the agency."),
			}},
		{Name: "ghl_users_by_email", Kind: kindUser, Level: schema.AgencyLevel, Many: "users", Doc: "Users of the agency with these e-mail addresses.",
			Arguments: []schema.Attribute{{Name: "emails", Type: cty.Set(cty.String), Required: true, Doc: "The addresses, 100 at most."}}},
	}
}

// normalLocations refuses locations that a token of another one does not give.
func normalLocations(s *speller, path string, v schema.Value) (schema.Value, error) {
	v, err := normalSet(spellName)(s, path, v)
	if err != nil || !v.IsKnown() || !s.account.configured() || s.account.level() == theAgency {
		return v, err
	}
	if i := slices.IndexFunc(v.Strings(), func(id string) bool { return id != s.account.location }); i >= 0 {
		return v, &providers.FieldError{Path: path, Problem: fmt.Sprintf("%q is another location than that of the provider", v.Strings()[i]),
			Advice: "A location gives its own only: leave location_ids out, or give the block the provider of the agency, as in provider = ghl.agency."}
	}
	return v, nil
}

// normalUserScopes refuses an empty set, which would lock the user out.
func normalUserScopes(s *speller, path string, v schema.Value) (schema.Value, error) {
	if v.Type() == schema.List && v.IsKnown() && len(v.Items()) == 0 {
		return v, &providers.FieldError{Path: path, Problem: "no scope is named, which would take everything from the user",
			Advice: "Name what the user may do, or leave " + path + " out: then nothing of it is written."}
	}
	return normalSet(spellName)(s, path, v)
}
