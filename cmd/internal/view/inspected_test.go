package view

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lockstep/planner/engine"
	"lockstep/providers"
)

func TestInspected(t *testing.T) {
	club := providers.Place{Noun: "location", ID: "L1", Name: "Run Club"}
	cases := map[string]struct {
		reason string
		in     engine.Inspection
		want   []string
	}{
		"place": {"the account, and what is left of the day", engine.Inspection{Provider: "ghl", Place: club, Usage: providers.Usage{DailyLimit: 200_000, DailyRemaining: 199_998}},
			[]string{`provider ghl is location "Run Club" (L1)`, "199,998 of 200,000 calls are left today"}},
		"nameless": {"the token may not read the name", engine.Inspection{Provider: "ghl.eu", Place: providers.Place{Noun: "location", ID: "L1"}, Usage: providers.Usage{DailyRemaining: -1}},
			[]string{"provider ghl.eu is configured for location L1"}},
		"accounts": {"what cannot be read is told elsewhere", engine.Inspection{Provider: "runkeeper", Accounts: []providers.Inspection{
			{Account: "ada", Found: "answers by the API"}, {Account: "lin", Err: errors.New("no")}}},
			[]string{`provider runkeeper: account "ada" answers by the API`}},
		"neither": {"there is nothing to look at", engine.Inspection{Provider: "runkeeper"}, []string{"provider runkeeper is configured"}},
		"ahead": {"a clock that is wrong", engine.Inspection{Provider: "ghl", Place: club, Usage: providers.Usage{Ahead: 90 * time.Second}},
			[]string{`provider ghl is location "Run Club" (L1)`, "the clock of this machine is 1m30s ahead of the server's: set it"}},
		"behind": {"a clock that is wrong", engine.Inspection{Provider: "ghl", Place: club, Usage: providers.Usage{Ahead: -time.Hour}},
			[]string{`provider ghl is location "Run Club" (L1)`, "the clock of this machine is 1h0m0s behind the server's: set it"}},
		"nearly": {"answers take time as well", engine.Inspection{Provider: "ghl", Place: club, Usage: providers.Usage{Ahead: 20 * time.Second}},
			[]string{`provider ghl is location "Run Club" (L1)`}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, Inspected(&tc.in)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
