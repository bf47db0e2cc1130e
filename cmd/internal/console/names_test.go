package console_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/cmd/internal/console"
)

func TestWord(t *testing.T) {
	cases := map[string]struct{ reason, text, want string }{
		"name":        {"letters and dots are a name", "1 + local.mem", "local.mem"},
		"none":        {"a space ends a name", "local.members ", ""},
		"call":        {"a parenthesis begins an argument", "length(var.a", "var.a"},
		"key":         {"a key belongs to the name", `ghl_contact.leads["ann@ex`, `ghl_contact.leads["ann@ex`},
		"space":       {"a key may hold a space", `ghl_tag.t["a b`, `ghl_tag.t["a b`},
		"after key":   {"an attribute follows a key", `upper(ghl_contact.leads["ann@ex.com"].fi`, `ghl_contact.leads["ann@ex.com"].fi`},
		"two keys":    {"only the last name counts", `a.b["x"].c == d.e["y`, `d.e["y`},
		"text":        {"within a text there are no names", `"local.a`, ""},
		"after text":  {"behind a text there are", `"x" == var.b`, "var.b"},
		"list":        {"a text in a list is no key", `["ann`, ""},
		"template":    {"names stand in a template", `"x ${local.a`, "local.a"},
		"brace":       {"an object within a template has braces of its own", `"${merge({ a = 1 }, local.b`, "local.b"},
		"end of it":   {"behind the template the text goes on", `"${local.a} b`, ""},
		"index":       {"a number in brackets is part of the name", "ghl_tag.t[0].na", "ghl_tag.t[0].na"},
		"other index": {"brackets hold a name of their own only with a space", "a.b[ var.c", "var.c"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := console.Word(tc.text); got != tc.want {
				t.Errorf("%s: Word(%q) = %q, want %q", tc.reason, tc.text, got, tc.want)
			}
		})
	}
}

func TestExtend(t *testing.T) {
	names := []string{
		"local.members", "local.rows", "length(", `ghl_contact.leads["ann@example.com"].email`, `ghl_contact.leads["ann@example.com"].id`,
		`ghl_contact.leads["bob@example.com"].id`, "ghl_tag.vip.id",
	}
	cases := map[string]struct{ reason, text, want, list string }{
		"unique":   {"what is left of the only candidate is added", "1 + local.m", "1 + local.members", ""},
		"step":     {"a name is completed up to its next part", "loc", "local.", ""},
		"common":   {"what all have in common is added", "g", "ghl_", ""},
		"list":     {"where nothing can be added, all are listed", "ghl_", "ghl_", "ghl_contact.  ghl_tag.\n"},
		"keys":     {"a block with keys opens one", "ghl_contact.l", "ghl_contact.leads[", ""},
		"quote":    {"keys are offered one by one", "ghl_contact.leads[", `ghl_contact.leads["`, ""},
		"key":      {"the key is closed", `ghl_contact.leads["a`, `ghl_contact.leads["ann@example.com"]`, ""},
		"behind":   {"attributes follow", `ghl_contact.leads["ann@example.com"].`, `ghl_contact.leads["ann@example.com"].`, `ghl_contact.leads["ann@example.com"].email  ghl_contact.leads["ann@example.com"].id` + "\n"},
		"no such":  {"without a candidate the text stays", "nope", "nope", ""},
		"function": {"a function opens its parenthesis", "len", "length(", ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got, list := console.Extend(tc.text, console.Next(console.Word(tc.text), names))
			if diff := cmp.Diff([]string{tc.want, tc.list}, []string{got, list}); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
