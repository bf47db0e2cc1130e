package view

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/cmd/internal/accept"
	"lockstep/schema"
)

func TestNotAccepted(t *testing.T) {
	a := func(name string) schema.Address { return schema.Address{Kind: "ghl_contact", Name: name} }
	cases := map[string]struct {
		reason string
		left   []accept.Value
		want   string
	}{
		"Nothing": {"nothing is said of nothing", nil, ""},
		"Alike": {"values of one place with one reason are one line", []accept.Value{
			{Address: a("ann"), Path: "tags", At: "main.hcl:3", Why: "it is shared"},
			{Address: a("bob"), Path: "city", At: "main.hcl:4", Why: "a template makes it"},
			{Address: a("cid"), Path: "tags", At: "main.hcl:3", Why: "it is shared"},
			{Address: a("dan"), At: "main.hcl:9", Why: "it is gone"},
		}, `Not accepted (4 values):
  ghl_contact.ann tags and 1 value like it (main.hcl:3): it is shared.
  ghl_contact.bob city (main.hcl:4): a template makes it.
  ghl_contact.dan (main.hcl:9): it is gone.

`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			if err := NotAccepted(&b, tc.left); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, b.String()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
