package view

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/planner"
	"lockstep/providers"
)

func TestIn(t *testing.T) {
	account := func(n int, name string) planner.Account {
		return planner.Account{Provider: fmt.Sprintf("ghl.a%d", n), Place: providers.Place{Noun: "location", ID: fmt.Sprintf("L%d", n), Name: name}}
	}
	four := []planner.Account{account(1, ""), account(2, ""), account(3, ""), account(4, "")}
	cases := map[string]struct {
		reason string
		in     []planner.Account
		want   string
	}{
		"None":    {reason: "nothing is written"},
		"One":     {reason: "name and id", in: []planner.Account{account(1, "Run Club")}, want: ` in the location "Run Club" (L1)`},
		"NoName":  {reason: "the token may not read the location", in: four[:1], want: " in the location L1"},
		"Several": {reason: "each is named", in: []planner.Account{account(1, "Bern"), account(2, "Chur")}, want: ` in the location "Bern" (L1) and the location "Chur" (L2)`},
		"Many":    {reason: "a question has room for a few", in: four, want: " in the 4 accounts that are listed above"},
		"Other":   {reason: "a provider without places", in: []planner.Account{{Provider: "runkeeper"}}, want: " in the accounts of the provider runkeeper"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, In(&planner.Plan{WritesTo: tc.in})); diff != "" {
				t.Errorf("%s: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestHeading(t *testing.T) {
	p := mixed()
	p.Changes[7].Provider = "ghl.eu"
	p.WritesTo = []planner.Account{
		{Provider: "ghl", Place: providers.Place{Noun: "location", ID: "L1", Name: "Run Club"}},
		{Provider: "ghl.eu", Place: providers.Place{Noun: "location", ID: "L2", Name: "Run Club EU"}},
	}
	want := `lockstep will perform the following actions:

  ghl      location "Run Club" (L1)      1 to import, 3 to add, 2 to change, 2 to destroy, 1 to move
  ghl.eu   location "Run Club EU" (L2)   1 to forget

`
	if got := render(t, p, Options{}); !strings.Contains(got, want) {
		t.Errorf("several accounts are listed with their numbers: want\n%s\ngot\n%.600s", want, got)
	}
}
