package schematest

import (
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

// Catalog declares a small provider shaped like a CRM.
func Catalog() []*schema.Provider {
	contact := &schema.Kind{Name: "ghl_contact", Noun: "contact", Plural: "contacts", Attributes: []schema.Attribute{
		{Name: "email", Type: cty.String},
		{Name: "phone", Type: cty.String},
		{Name: "first_name", Type: cty.String},
		{Name: "dnd", Type: cty.Bool},
		{Name: "score", Type: cty.Number},
		{Name: "source", Type: cty.String, OneOf: []string{"web", "walk-in"}},
		{Name: "tags", Type: cty.Set(cty.String), Own: schema.OwnMembers},
		{Name: "followers", Type: cty.Set(cty.String)},
		{Name: "custom_fields", Type: cty.Map(cty.DynamicPseudoType), Own: schema.OwnKeys},
		{Name: "date_added", Type: cty.String, Computed: true},
	}, Keys: []schema.NaturalKey{{"email"}}, Personal: true}
	task := &schema.Kind{Name: "ghl_task", Noun: "task", Plural: "tasks", Parent: "contact_id", Attributes: []schema.Attribute{
		{Name: "contact_id", Type: cty.String, Required: true, Doc: "The contact it belongs to."},
		{Name: "title", Type: cty.String, Required: true, Doc: "What is to be done."},
		{Name: "due", Type: cty.String},
	}}
	tag := &schema.Kind{Name: "ghl_tag", Noun: "tag", Plural: "tags", Attributes: []schema.Attribute{
		{Name: "name", Type: cty.String, Required: true, Doc: "The tag."},
	}}
	user := &schema.Kind{Name: "ghl_user", Noun: "user", Plural: "users", ReadOnly: true, Attributes: []schema.Attribute{
		{Name: "email", Type: cty.String}, {Name: "name", Type: cty.String},
	}}
	return []*schema.Provider{{
		Name: "ghl",
		Config: []schema.ProviderArgument{
			{Name: "location_id", Type: cty.String, Required: true, Env: "GHL_LOCATION_ID", Doc: "The sub-account."},
			{Name: "token", Type: cty.String, Required: true, Sensitive: true, Env: "GHL_TOKEN", Doc: "The token."},
			{Name: "sandbox", Type: cty.Bool},
			{Name: "account", Type: cty.Map(cty.ObjectWithOptionalAttrs(map[string]cty.Type{"export": cty.String, "token": cty.String}, []string{"export", "token"}))},
		},
		Kinds: []*schema.Kind{contact, tag, task, user},
		Data: []*schema.DataSource{
			{Name: "ghl_contacts", Kind: "ghl_contact", Many: "contacts", Arguments: []schema.Attribute{{Name: "tag", Type: cty.String}}},
			{Name: "ghl_user", Kind: "ghl_user", OneOf: true, Arguments: []schema.Attribute{{Name: "id", Type: cty.String}, {Name: "email", Type: cty.String}}},
		},
	}}
}
