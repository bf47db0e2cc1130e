package ghl

import (
	"errors"
	"fmt"
	"strings"

	"github.com/nyaruka/phonenumbers"

	"lockstep/providers"
	"lockstep/schema"
)

// spellPhone spells a live number, which the server has made E.164 already.
func spellPhone(s string) string {
	if isE164(s) {
		return s
	}
	parsed, err := phonenumbers.Parse(s, "")
	if err != nil {
		return strings.TrimSpace(s)
	}
	return phonenumbers.Format(parsed, phonenumbers.E164)
}

// isE164 reports whether a text is a plus sign and 8 to 15 digits.
func isE164(s string) bool {
	if len(s) < 9 || len(s) > 16 || s[0] != '+' {
		return false
	}
	return isDigits(s[1:])
}

// plainCodes are country codes after which a number of so many digits is written
// in E.164 unless a zero follows: their plans have no trunk prefix, or 0, and
// numbers of these lengths can be called from anywhere.
var plainCodes = map[string]struct{ least, most int }{
	"27": {8, 10}, "31": {8, 10}, "32": {8, 9}, "33": {9, 9}, "34": {9, 9}, "41": {9, 9}, "43": {8, 10}, "44": {9, 10}, "45": {8, 8}, "46": {8, 10},
	"47": {8, 8}, "48": {8, 10}, "49": {8, 10}, "64": {8, 10}, "91": {8, 10}, "351": {9, 9}, "353": {8, 10}, "358": {8, 10}, "420": {9, 10},
}

// isPlainNumber reports whether the library would return a number as it is. It
// is asked for the rest only, because it takes a hundred times as long. The
// North American plan, 1, has ten digits.
func isPlainNumber(s string) bool {
	if !isE164(s) {
		return false
	}
	if s[1] == '1' {
		return len(s) == 12 && s[2] > '1'
	}
	for _, digits := range []int{2, 3} {
		lengths, known := plainCodes[s[1:1+digits]]
		if rest := s[1+digits:]; known {
			return len(rest) >= lengths.least && len(rest) <= lengths.most && rest[0] != '0'
		}
	}
	return false
}

// normalPhone spells a number as E.164.
func normalPhone(s *speller, path string, v schema.Value) (schema.Value, error) {
	number := strings.TrimSpace(v.Text())
	if number == "" {
		return schema.StringValue(""), nil
	}
	if isPlainNumber(number) {
		return schema.StringValue(number), nil
	}
	region := ""
	if !strings.HasPrefix(number, "+") {
		var err error
		if region, err = s.account.phoneRegion(s.ctx); err != nil {
			return v, err
		}
		if region == "" && !s.account.configured() {
			return s.account.anyPhone(path, v)
		}
	}
	parsed, err := phonenumbers.Parse(number, region)
	if err != nil {
		return v, s.account.phoneError(path, v.Text(), region)
	}
	possible := phonenumbers.IsPossibleNumberWithReason(parsed)
	switch {
	case parsed.GetExtension() != "":
		return v, &providers.FieldError{Path: path, Problem: fmt.Sprintf("%q has the extension %s, which a phone of a contact cannot keep", v.Text(), parsed.GetExtension()),
			Advice: "Write the number alone, and the extension in a custom field."}
	case possible == phonenumbers.IS_POSSIBLE_LOCAL_ONLY:
		return v, &providers.FieldError{Path: path, Problem: fmt.Sprintf("%q has no area code: it can only be called from nearby", v.Text()),
			Advice: "Write the whole number, with + and country code or as it is called from anywhere in the country."}
	case possible != phonenumbers.IS_POSSIBLE || !endsAlike(number, parsed):
		return v, s.account.phoneError(path, v.Text(), region)
	}
	return schema.StringValue(phonenumbers.Format(parsed, phonenumbers.E164)), nil
}

// anyPhone refuses what is a number in no country, while the country is not known.
func (a *account) anyPhone(path string, v schema.Value) (schema.Value, error) {
	if _, err := phonenumbers.Parse(v.Text(), "US"); errors.Is(err, phonenumbers.ErrNotANumber) {
		return v, a.phoneError(path, v.Text(), "")
	}
	return v, nil
}

// endsAlike reports whether a number that was read ends in the digits that are
// written, so that nothing behind it was left out. Letters stand for digits.
func endsAlike(written string, parsed *phonenumbers.PhoneNumber) bool {
	const enough = 4
	digits := phonenumbers.NormalizeDigitsOnly(phonenumbers.ConvertAlphaCharactersInNumber(written))
	national := phonenumbers.GetNationalSignificantNumber(parsed)
	return len(digits) >= enough && strings.HasSuffix(national, digits[len(digits)-enough:])
}

func (a *account) phoneError(path, number, region string) error {
	e := &providers.FieldError{Path: path, Problem: fmt.Sprintf("%q is not a phone number", number),
		Advice: "Write the number with + and country code, or set phone_region in the provider block."}
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case region != "":
		e.Problem += " of region " + region
		e.Advice = "Write the number with + and country code, or correct phone_region in the provider block."
	case a.self.hidden != nil && !strings.HasPrefix(strings.TrimSpace(number), "+"):
		e.Problem = fmt.Sprintf("%q has no country code, and the token may not read the country of the location", number)
		e.Advice = "Set phone_region in the provider block, give the token the scope locations.readonly, or write the number with + and country code."
	}
	return e
}
