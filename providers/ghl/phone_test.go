package ghl

import (
	"errors"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/nyaruka/phonenumbers"

	"lockstep/providers"
	"lockstep/providers/ghl/sandbox"
)

func TestPhone(t *testing.T) {
	cases := map[string]struct{ reason, region, in, want, problem string }{
		"spaces":     {reason: "a number has many spellings", region: "US", in: " +1 (202) 555-0111", want: "+12025550111"},
		"link":       {reason: "a number may come from a link", region: "US", in: "tel:+1-202-555-0111", want: "+12025550111"},
		"letters":    {reason: "letters are on the keys", region: "US", in: "1-800-FLOWERS", want: "+18003569377"},
		"trunk":      {reason: "a zero stands for the country", region: "GB", in: "020 7946 0958", want: "+442079460958"},
		"zero":       {reason: "some write it beside the country code", region: "US", in: "+44 (0)20 7946 0958", want: "+442079460958"},
		"mobile":     {reason: "some countries write mobile numbers otherwise abroad", region: "AR", in: "0 11 15-2345-6789", want: "+5491123456789"},
		"extension":  {reason: "an extension would be dropped", region: "US", in: "202-555-0111x752", problem: "extension 752"},
		"words":      {reason: "an extension would be dropped", region: "US", in: "202.555.0111 ext. 7", problem: "extension 7"},
		"pause":      {reason: "an extension would be dropped", region: "US", in: "202-555-0111,,123", problem: "extension 123"},
		"hash":       {reason: "an extension would be dropped", region: "US", in: "202-555-0111#12", problem: "extension 12"},
		"parameter":  {reason: "an extension would be dropped", region: "US", in: "+12025550111;ext=9", problem: "extension 9"},
		"local":      {reason: "an area code would be made up", region: "US", in: "555-0142", problem: "no area code"},
		"local GB":   {reason: "an area code would be made up", region: "GB", in: "7946 0958", problem: "no area code"},
		"local code": {reason: "a country code does not make it whole", region: "US", in: "+44 7946 0958", problem: "no area code"},
		"two":        {reason: "one attribute, one number", region: "US", in: "202-555-0111 / 202-555-0112", problem: "not a phone number"},
		"behind":     {reason: "what is behind the number is not read", region: "US", in: "202-555-0111 (new: 0112)", problem: "not a phone number"},
		"nothing":    {reason: "no number", region: "US", in: "unknown", problem: "not a phone number"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p, _ := openSandboxed(t, sandbox.Options{}, nil)
			p.account.region = tc.region
			got, err := p.Normalize(t.Context(), kindContact, texts2fields("phone", tc.in))
			var field *providers.FieldError
			if tc.problem != "" {
				if !errors.As(err, &field) || !strings.Contains(field.Problem, tc.problem) || field.Path != "phone" {
					t.Fatalf("%s: %v, %v, want a FieldError with %q", tc.reason, got, err, tc.problem)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got.Value("phone").Text()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// TestIsPlainNumber compares the fast way with the library.
func TestIsPlainNumber(t *testing.T) {
	source := rand.New(rand.NewPCG(1, 2))
	codes := append(slices.Sorted(maps.Keys(plainCodes)), "1")
	checked := map[string]int{}
	for _, code := range codes {
		for range 200 {
			number := "+" + code
			for range 8 + source.IntN(3) {
				number += strconv.Itoa(source.IntN(10))
			}
			if !isPlainNumber(number) {
				continue
			}
			checked[code]++
			parsed, err := phonenumbers.Parse(number, "")
			if err != nil || phonenumbers.IsPossibleNumberWithReason(parsed) != phonenumbers.IS_POSSIBLE {
				t.Errorf("%s is taken as it is, but cannot be called (%v)", number, err)
				continue
			}
			if want := phonenumbers.Format(parsed, phonenumbers.E164); want != number {
				t.Errorf("%s is taken as it is, but the library writes %s", number, want)
			}
		}
	}
	for _, code := range codes {
		if checked[code] < 30 {
			t.Errorf("only %d numbers of +%s were compared", checked[code], code)
		}
	}
}
