package engine_test

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"lockstep/providers"
	"lockstep/schema"
)

// catalog declares a small CRM with one kind for every way of reading and
// writing.
func catalog() *schema.Provider {
	text := func(name string) schema.Attribute {
		return schema.Attribute{Name: name, Type: cty.String, Optional: true}
	}
	required := func(name string, immutable bool) schema.Attribute {
		return schema.Attribute{Name: name, Type: cty.String, Required: true, Immutable: immutable}
	}
	computed := func(name string) schema.Attribute {
		return schema.Attribute{Name: name, Type: cty.String, Computed: true}
	}
	email := text("email")
	email.Personal = true
	source := text("source")
	source.Immutable = true
	return &schema.Provider{
		Name:   "crm",
		Config: []schema.ProviderArgument{{Name: "account", Type: cty.String}},
		Kinds: []*schema.Kind{
			{
				Name: "crm_contact", Noun: "contact", Plural: "contacts", Personal: true,
				Keys: []schema.NaturalKey{{"email"}, {"phone"}}, After: []string{"crm_field", "crm_tag"},
				Listing: schema.Listing{Page: 2, Changed: "updated_since", Added: "added"},
				Attributes: []schema.Attribute{
					email, text("phone"), text("first_name"), text("manager_id"), source,
					{Name: "tags", Type: cty.Set(cty.String), Optional: true, Own: schema.OwnMembers, Channel: "tags"},
					{Name: "custom", Type: cty.Map(cty.String), Optional: true, Own: schema.OwnKeys,
						KeysOf: &schema.KeysOf{Kind: "crm_field", Attribute: "key"}},
					computed("added"), computed("updated"),
				},
			},
			{
				Name: "crm_field", Noun: "field", Plural: "fields", Keys: []schema.NaturalKey{{"key"}},
				Attributes: []schema.Attribute{required("key", true), text("label")},
			},
			{
				Name: "crm_note", Noun: "note", Plural: "notes", Parent: "contact_id", Content: []string{"body"},
				After: []string{"crm_contact"}, Listing: schema.Listing{PerParent: true},
				Attributes: []schema.Attribute{required("contact_id", true), required("body", false)},
			},
			{
				Name: "crm_tag", Noun: "tag", Plural: "tags", Keys: []schema.NaturalKey{{"name"}},
				Attributes: []schema.Attribute{required("name", true), text("color")},
			},
			{
				Name: "crm_task", Noun: "task", Plural: "tasks", Parent: "contact_id", Content: []string{"title"},
				After: []string{"crm_contact"}, Listing: schema.Listing{Page: 2},
				Attributes: []schema.Attribute{
					required("contact_id", true), required("title", false),
					{Name: "done", Type: cty.Bool, Optional: true, Default: schema.BoolValue(false)},
				},
			},
		},
		Data: []*schema.DataSource{
			{Name: "crm_contact", Kind: "crm_contact", OneOf: true, Arguments: []schema.Attribute{text("id"), text("email")}},
			{Name: "crm_contacts", Kind: "crm_contact", Many: "contacts", Arguments: []schema.Attribute{text("first_name")}},
		},
	}
}

// crm is the provider of one account on the server.
type crm struct {
	server *server
	schema *schema.Provider
	// account is empty until the provider is configured.
	account string
}

func (c *crm) Schema() *schema.Provider { return c.schema }

func (c *crm) Configure(_ context.Context, config cty.Value) error {
	c.account = "main"
	if v := config.GetAttr("account"); !v.IsNull() {
		c.account = v.AsString()
	}
	return nil
}

func (c *crm) Account() string { return c.account }

func (c *crm) Usage() providers.Usage {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	return providers.Usage{Calls: c.server.used[c.account], Max: 10, IntervalSeconds: 1, DailyLimit: 1000, DailyRemaining: 900}
}

// Normalize spells e-mail addresses in lower case and refuses what is none.
func (c *crm) Normalize(_ context.Context, _ string, fields schema.Fields) (schema.Fields, error) {
	fields = slices.Clone(fields)
	c.server.mu.Lock()
	mute := c.server.mute
	c.server.mu.Unlock()
	if mute {
		return nil, &providers.APIError{Method: "GET", Path: "/fields", Status: 401, Message: "no"}
	}
	for i := range fields {
		if fields[i].Path != "email" || fields[i].Value.Type() != schema.String {
			continue
		}
		text := strings.ToLower(fields[i].Value.Text())
		if !strings.Contains(text, "@") {
			return nil, &providers.FieldError{Path: "email", Problem: `"` + text + `" is no e-mail address`}
		}
		fields[i].Value = schema.StringValue(text)
	}
	return fields, nil
}

// Group sends a tag to any number of contacts by one call, and everything
// else alone.
func (c *crm) Group(changes []providers.Write) []providers.Operation {
	var operations []providers.Operation
	bulk := map[string]int{}
	for _, change := range changes {
		name := change.Action.String() + " " + strings.TrimPrefix(change.Kind, "crm_")
		if change.Channel != "" {
			name = strings.Join(append(prefixed("+", change.Add), prefixed("-", change.Remove)...), " ")
		}
		if i, ok := bulk[name]; ok {
			operations[i].Writes = append(operations[i].Writes, change)
			continue
		}
		if change.Channel != "" {
			bulk[name] = len(operations)
		}
		operations = append(operations, providers.Operation{Kind: change.Kind, Name: name, Method: "POST", Path: "/" + change.Kind,
			Action: change.Action, Channel: change.Channel, Bulk: change.Channel != "", Writes: []providers.Write{change}})
	}
	slices.SortStableFunc(operations, func(a, b providers.Operation) int { return cmp.Compare(a.Name, b.Name) })
	return operations
}

func prefixed(prefix string, texts []string) []string {
	var out []string
	for _, t := range texts {
		out = append(out, prefix+t)
	}
	return out
}
