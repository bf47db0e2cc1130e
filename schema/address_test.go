package schema_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/schema"
)

func text(s string) schema.Key { return schema.Key{Type: schema.StringKey, Text: s} }

func number(n int32) schema.Key { return schema.Key{Type: schema.IntKey, Int: n} }

func TestAddress(t *testing.T) {
	cases := map[string]struct {
		in   schema.Address
		want string
	}{
		"Plain":  {in: schema.Address{Kind: "ghl_tag", Name: "vip"}, want: `ghl_tag.vip`},
		"Text":   {in: schema.Address{Kind: "ghl_contact", Name: "leads", Key: text("ann@example.com")}, want: `ghl_contact.leads["ann@example.com"]`},
		"Number": {in: schema.Address{Kind: "ghl_contact", Name: "leads", Key: number(3)}, want: `ghl_contact.leads[3]`},
		"Data":   {in: schema.Address{Data: true, Kind: "ghl_user", Name: "boss"}, want: `data.ghl_user.boss`},
		"Module": {in: schema.Address{Module: `module.a.module.b["x.y"]`, Kind: "ghl_tag", Name: "t", Key: number(0)}, want: `module.a.module.b["x.y"].ghl_tag.t[0]`},
		"Quotes": {in: schema.Address{Kind: "a", Name: "b", Key: text("say \"hi\"\\\n${x} %{y} ü]")}, want: "a.b[\"say \\\"hi\\\"\\\\\\n$${x} %%{y} ü]\"]"},
		"Empty":  {in: schema.Address{Kind: "a", Name: "b", Key: text("")}, want: `a.b[""]`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, tc.in.String()); diff != "" {
				t.Errorf("String(): -want, +got:\n%s", diff)
			}
			got, err := schema.ParseAddress(tc.want)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.in, got); diff != "" {
				t.Errorf("ParseAddress(%q): -want, +got:\n%s", tc.want, diff)
			}
		})
	}
}

func TestParseAddressErrors(t *testing.T) {
	for _, in := range []string{
		"", "ghl_tag", "ghl_tag.", ".vip", "ghl_tag.vip.name", "module.a", "module.a.", "module..ghl_tag.t", "data.ghl_user",
		"a.b[", "a.b[x]", "a.b[-1]", `a.b["x]`, `a.b["x"`, `a.b["x"]y`, "a b.c", `a.b['x']`, "a.b[1]2",
	} {
		if got, err := schema.ParseAddress(in); err == nil {
			t.Errorf("ParseAddress(%q) = %s, want an error", in, got)
		}
	}
}

func TestAddressOrder(t *testing.T) {
	want := []string{
		"data.ghl_user.a", "ghl_contact.a", "ghl_contact.a[2]", "ghl_contact.a[10]", `ghl_contact.a["10"]`, `ghl_contact.a["2"]`, "ghl_tag.a", "module.a.ghl_tag.a",
	}
	var addresses []schema.Address
	for _, s := range want {
		a, err := schema.ParseAddress(s)
		if err != nil {
			t.Fatal(err)
		}
		addresses = append(addresses, a)
	}
	slices.Reverse(addresses)
	slices.SortFunc(addresses, schema.Address.Compare)
	var got []string
	for _, a := range addresses {
		got = append(got, a.String())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("order: -want, +got:\n%s", diff)
	}
}

// FuzzAddress checks that whatever can be parsed is written back and parsed to
// the same.
func FuzzAddress(f *testing.F) {
	for _, seed := range []string{"ghl_tag.vip", `a.b["x"]`, `module.a["x.y"].data.b.c[3]`, `a.b["${x}"]`, `a.b["$${x}"]`, "a.b[01]", `a.b["\u00e4"]`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := schema.ParseAddress(s)
		if err != nil {
			return
		}
		again, err := schema.ParseAddress(a.String())
		if err != nil {
			t.Fatalf("ParseAddress(%q): %v", a.String(), err)
		}
		if diff := cmp.Diff(a, again); diff != "" {
			t.Errorf("%q: -first, +again:\n%s", s, diff)
		}
	})
}
