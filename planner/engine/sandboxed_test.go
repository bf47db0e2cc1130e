package engine

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
	"lockstep/schema/config"
)

// TestSandboxed holds that no test reaches a real API, nor a folder of its own choice.
func TestSandboxed(t *testing.T) {
	declared := &schema.Provider{Name: "crm", Config: []schema.ProviderArgument{
		{Name: "token", Type: cty.String}, {Name: "sandbox", Type: cty.Bool, Sandbox: schema.SandboxSwitch},
		{Name: "folder", Type: cty.String, Sandbox: schema.SandboxFolder},
	}}
	text := func(s string) cty.Value {
		if s == "" {
			return cty.NullVal(cty.String)
		}
		return cty.StringVal(s)
	}
	cases := map[string]struct {
		reason       string
		sandbox      cty.Value
		folder, want string
	}{
		"real":    {"a block that reaches the API is turned to the emulated one, and shares it with no other", cty.False, "", "real/eu"},
		"unset":   {"so is one that says nothing", cty.NullVal(cty.Bool), "", "real/eu"},
		"default": {"blocks of one emulated account share it", cty.True, "", "default"},
		"folder":  {"blocks that share a folder still do", cty.True, "mine", "mine"},
		"outside": {"no path leads out", cty.True, "../../etc", "etc"},
		"marked":  {"a mark does not hide the path", cty.True, "/abs/x", "abs/x"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			folder := text(tc.folder)
			if name == "marked" {
				folder = folder.Mark(schema.WrittenAddress{})
			}
			got, err := sandboxed(declared, "eu", cty.ObjectVal(map[string]cty.Value{"token": text("x"), "sandbox": tc.sandbox, "folder": folder}), "tmp")
			if err != nil {
				t.Fatal(err)
			}
			want := cty.ObjectVal(map[string]cty.Value{"token": text("x"), "sandbox": cty.True, "folder": text(filepath.Join("tmp", "crm", tc.want))})
			if !got.RawEquals(want) {
				t.Errorf("%s: got %#v, want %#v", tc.reason, got, want)
			}
		})
	}
	if _, err := sandboxed(&schema.Provider{Name: "real"}, "", cty.EmptyObjectVal, "tmp"); err == nil {
		t.Error("a provider without an emulated API is refused")
	}
}

func TestOverridden(t *testing.T) {
	kind := &schema.Kind{Name: "crm_person", Attributes: []schema.Attribute{{Name: "email", Type: cty.String}, {Name: "age", Type: cty.Number}}}
	arguments := []schema.Attribute{{Name: "tag", Type: cty.String, Optional: true}}
	one := &config.Resource{Type: "crm_person", Data: true, Kind: kind, DataSource: &schema.DataSource{Name: "crm_person", Arguments: arguments}}
	many := &config.Resource{Type: "crm_people", Data: true, Kind: kind, DataSource: &schema.DataSource{Name: "crm_people", Many: "people", Arguments: arguments}}
	object := func(values map[string]cty.Value) cty.Value { return cty.ObjectVal(values) }
	text := cty.StringVal
	cases := map[string]struct {
		reason string
		block  *config.Resource
		given  cty.Value
		want   cty.Value
		err    string
	}{
		"one": {"what is not given is null, and arguments stay", one, object(map[string]cty.Value{"email": text("a@example.com"), "age": text("7")}),
			object(map[string]cty.Value{"id": cty.NullVal(cty.String), "email": text("a@example.com"), "age": cty.NumberIntVal(7), "tag": text("vip")}), ""},
		"many": {"a list has its ids", many, object(map[string]cty.Value{"ids": cty.TupleVal([]cty.Value{text("1")})}),
			object(map[string]cty.Value{"ids": cty.ListVal([]cty.Value{text("1")}), "people": cty.NullVal(cty.DynamicPseudoType), "tag": text("vip")}), ""},
		"misspelt":  {"there is no such attribute", one, object(map[string]cty.Value{"emial": text("x")}), cty.NilVal, `the data source crm_person has no attribute "emial". Did you mean "email"?`},
		"no object": {"a text has no attributes", one, text("x"), cty.NilVal, "values is an object of attributes, as in { ids = [] }"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := overridden(tc.block, schema.Fields{{Path: "tag", Value: schema.StringValue("vip")}}, tc.given)
			if tc.err != "" || err != nil {
				if err == nil || err.Error() != tc.err {
					t.Errorf("%s: %v", tc.reason, err)
				}
				return
			}
			if diff := cmp.Diff(tc.want.GoString(), got.GoString()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
