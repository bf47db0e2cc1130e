package eval_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
	"lockstep/schema/config"
	"lockstep/schema/eval"
)

// catalog is a small provider shaped like a CRM.
func catalog() []*schema.Provider {
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

var runTime = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)

// folder writes files into a new folder.
func folder(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// render writes diagnostics as a terminal without colour shows them.
func render(t testing.TB, cfg *config.Config, diags hcl.Diagnostics) string {
	t.Helper()
	var b bytes.Buffer
	if err := hcl.NewDiagnosticTextWriter(&b, cfg.Sources, 0, false).WriteDiagnostics(diags); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// run loads and prepares files that are expected to be right.
func run(t testing.TB, files map[string]string, vars ...eval.Assignment) (*config.Config, *eval.Evaluator) {
	t.Helper()
	cfg, diags := config.Load(folder(t, files), catalog())
	if diags.HasErrors() {
		t.Fatalf("Load(...):\n%s", render(t, cfg, diags))
	}
	e, diags := eval.New(cfg, eval.Input{Vars: vars, Now: runTime})
	if diags.HasErrors() {
		t.Fatalf("New(...):\n%s", render(t, cfg, diags))
	}
	return cfg, e
}

// objects are the values of one block's instances; a fake of the engine.
type objects struct {
	keys   map[string][]schema.Key
	values map[schema.Address]cty.Value
	asked  *int
}

func (o objects) Keys(module string) []schema.Key { return o.keys[module] }

func (o objects) Value(a schema.Address) (cty.Value, bool) {
	if o.asked != nil {
		*o.asked++
	}
	v, ok := o.values[a]
	return v, ok
}

// planned makes the values of new objects: what is written, with unknown ids.
func planned(instances []eval.Instance, id func(schema.Address) cty.Value) objects {
	o := objects{keys: map[string][]schema.Key{}, values: map[schema.Address]cty.Value{}}
	for _, i := range instances {
		o.keys[i.Address.Module] = append(o.keys[i.Address.Module], i.Address.Key)
		attributes := map[string]cty.Value{"id": id(i.Address)}
		for _, a := range i.Block.Resource.Kind.Attributes {
			attributes[a.Name] = cty.NullVal(a.Type)
			if f, ok := i.Fields.Find(a.Name); ok {
				v, err := f.Value.ToCty(a.Type)
				if err == nil {
					attributes[a.Name] = v
				}
			}
		}
		o.values[i.Address] = cty.ObjectVal(attributes)
	}
	return o
}

func unknownID(schema.Address) cty.Value { return cty.UnknownVal(cty.String) }

// fixedID derives an id from the address.
func fixedID(a schema.Address) cty.Value { return cty.StringVal("id of " + a.String()) }

// expandAll expands every block as the engine does.
func expandAll(e *eval.Evaluator, id func(schema.Address) cty.Value) ([]eval.Instance, hcl.Diagnostics) {
	var all []eval.Instance
	var diags hcl.Diagnostics
	for _, b := range e.Blocks() {
		instances, more := e.Expand(b)
		all, diags = append(all, instances...), append(diags, more...)
		e.Provide(b, planned(instances, id))
	}
	return all, diags
}

// lines renders instances for comparison.
func lines(instances []eval.Instance) []string {
	claims := map[schema.Claim]string{schema.ClaimIncludes: "+", schema.ClaimExactly: "=", schema.ClaimExcludes: "-"}
	var out []string
	for _, i := range instances {
		line := i.Address.String()
		for _, f := range i.Match {
			line += " ?" + f.Path + ":" + f.Value.String()
		}
		if i.Source != "" {
			line += " of:" + i.Source
		}
		for _, f := range i.Fields {
			line += " " + f.Path + claims[f.Claim] + ":" + f.Value.String()
			if f.Sensitive {
				line += "!"
			}
		}
		out = append(out, line)
	}
	return out
}
