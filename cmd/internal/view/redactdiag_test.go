package view

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"lockstep/planner/engine"
	"lockstep/providers"
)

type redactCase struct {
	reason   string
	in, want hcl.Diagnostic
}

// TestRedactedObject is about one object, or one account.
func TestRedactedObject(t *testing.T) {
	checkRedacted(t, map[string]redactCase{
		"Object": {
			reason: "about one object, whatever is quoted may be personal",
			in: hcl.Diagnostic{Summary: `Cannot create ghl_contact.lead["ann@example.com"]`, Detail: `"Ann" is odd. Write ann@example.com.`,
				Extra: &engine.Detail{Address: `ghl_contact.lead["ann@example.com"]`, API: &providers.APIError{Message: `duplicate of "Ann" +1 202-555-0123`}}},
			want: hcl.Diagnostic{Summary: `Cannot create ghl_contact.lead["(redacted)"]`, Detail: `"(redacted)" is odd. Write (redacted).`,
				Extra: &engine.Detail{Address: `ghl_contact.lead["(redacted)"]`, API: &providers.APIError{Message: `(redacted)`}}},
		},
		"Server": {
			reason: "a server may quote what it was sent, in its own way",
			in: hcl.Diagnostic{Summary: "Cannot create contacts", Detail: `POST /contacts/: 422 "last name wyvern is odd".`,
				Extra: &engine.Detail{API: &providers.APIError{Method: "POST", Path: "/contacts/", Status: 422, Message: "last name wyvern is odd", Field: "last_name"}}},
			want: hcl.Diagnostic{Summary: "Cannot create contacts", Detail: `POST /contacts/: 422 "(redacted)".`,
				Extra: &engine.Detail{API: &providers.APIError{Method: "POST", Path: "/contacts/", Status: 422, Message: "(redacted)", Field: "last_name"}}},
		},
		"Quotes": {
			reason: "a quote within the quoted text does not end it",
			in:     hcl.Diagnostic{Summary: "Odd", Detail: `"Ann \"Wyvern\" Lee" is odd.`, Extra: &engine.Detail{Address: "ghl_contact.ann"}},
			want:   hcl.Diagnostic{Summary: "Odd", Detail: `"(redacted)" is odd.`, Extra: &engine.Detail{Address: "ghl_contact.ann"}},
		},
		"Account": {
			reason: "about an account, a path or the words of a server may tell whose it is",
			in: hcl.Diagnostic{Summary: `The report lacks the account "ann"`, Detail: "exports/ann-lee.zip: is not a ZIP file.",
				Extra: &engine.Detail{Account: "ann", API: &providers.APIError{Method: "GET", Path: "/user", Status: 403, Message: "Ann has left"}}},
			want: hcl.Diagnostic{Summary: `The report lacks the account "(redacted)"`, Detail: "Why is not shown, because it may tell whose account it is.",
				Extra: &engine.Detail{Account: "(redacted)", API: &providers.APIError{Method: "GET", Path: "/user", Status: 403, Message: "(redacted)"}}},
		},
	})
}

func TestRedacted(t *testing.T) {
	checkRedacted(t, map[string]redactCase{
		"File": {
			reason: "elsewhere, names of attributes stay readable; what is no known word may be a value",
			in:     hcl.Diagnostic{Summary: "Unsupported attribute", Detail: `No attribute "emial". Did you mean "email"? Line 17 of bob@example.com, (202) 555-0142.`},
			want:   hcl.Diagnostic{Summary: "Unsupported attribute", Detail: `No attribute "(redacted)". Did you mean "email"? Line 17 of (redacted), (redacted).`},
		},
		"Accounts": {
			reason: "names of accounts are hidden where they stand alone, quoted or not",
			in:     hcl.Diagnostic{Summary: "A state of another account", Detail: `They lie in runkeeper:ada,lin; "ada" has adapted. See exports/ada.zip.`},
			want:   hcl.Diagnostic{Summary: "A state of another account", Detail: `They lie in runkeeper:(redacted),(redacted); "(redacted)" has adapted. See exports/(redacted).zip.`},
		},
		"Value": {
			reason: "a value is quoted as a name is",
			in:     hcl.Diagnostic{Summary: "Invalid function argument", Detail: `Cannot parse "wyvern" as a number, for "value" of var "days".`},
			want:   hcl.Diagnostic{Summary: "Invalid function argument", Detail: `Cannot parse "(redacted)" as a number, for "value" of var "days".`},
		},
		"Refusal": {
			reason: "a list of objects names their keys",
			in:     hcl.Diagnostic{Summary: "Apply refused", Detail: `ghl_contact.lead["Ann \"A\" Lee"]: city changed in the files; say "yes".`},
			want:   hcl.Diagnostic{Summary: "Apply refused", Detail: `ghl_contact.lead["(redacted)"]: city changed in the files; say "yes".`},
		},
		"Rule": {
			reason: "a rule words its message itself, with any value",
			in:     hcl.Diagnostic{Summary: "Check failed", Detail: "Ann has no phone.", Expression: hcl.StaticExpr(cty.False, hcl.Range{})},
			want:   hcl.Diagnostic{Summary: "Check failed", Detail: "What the rule says is not shown, because it may be about a person."},
		},
		"Type": {
			reason: "what is wrong with a variable's type is not worded by a rule",
			in:     hcl.Diagnostic{Summary: "Invalid value for variable", Detail: "-var for \"days\" does not fit its type."},
			want:   hcl.Diagnostic{Summary: "Invalid value for variable", Detail: "-var for \"days\" does not fit its type."},
		},
	})
}

func checkRedacted(t *testing.T, cases map[string]redactCase) {
	t.Helper()
	words := Words{Known: map[string]bool{"email": true, "value": true, "days": true, "yes": true}, Accounts: []string{"ada", "lin"}}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := words.Redacted(hcl.Diagnostics{&tc.in})
			if diff := cmp.Diff(tc.want, *got[0]); diff != "" {
				t.Errorf("%s: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
