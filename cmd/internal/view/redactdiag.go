package view

import (
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner/engine"
	"lockstep/providers"
	"lockstep/schema/eval"
)

// redacted stands for what may be personal.
const redacted = `"(redacted)"`

var (
	quotedText = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)
	indexText  = regexp.MustCompile(`\["(?:[^"\\]|\\.)*"\]`)
	emailText  = regexp.MustCompile(`[^\s"'<>(),;:]+@[^\s"'<>(),;:]*[^\s"'<>(),;:.]`)
	// phoneText does not begin within a word: ids have many digits.
	phoneText = regexp.MustCompile(`(^|[^\pL\pN])\+?\(?\d[\d\s().-]{5,}\d`)
)

// rules are the summaries of diagnostics that a rule of the files words.
var rules = []string{eval.BrokenVariable, eval.BrokenPrecondition, eval.BrokenPostcondition, eval.BrokenOutput, eval.BrokenCheck}

// Words are what a text may say, and what it must not.
type Words struct {
	// Known are names of the language, of the declarations and of the files, which
	// may be quoted: of what else is quoted, nothing tells whether it is a value.
	Known map[string]bool
	// Accounts are the names that the files give to accounts. They are hidden also
	// where they are not quoted.
	Accounts []string
}

// Redacted are the diagnostics as they may be shown to others: without values
// of expressions, without the words of servers, and without what looks like a
// person. What is quoted about one object is always hidden, and elsewhere what is no
// known word.
func (w Words) Redacted(diags hcl.Diagnostics) hcl.Diagnostics {
	r := textRedactor{known: w.Known, accounts: anyOf(w.Accounts)}
	out := make(hcl.Diagnostics, len(diags))
	for i, d := range diags {
		out[i] = r.diagnostic(d)
	}
	return out
}

// anyOf finds any of some words; nil finds none.
func anyOf(words []string) *regexp.Regexp {
	var quoted []string
	for _, word := range words {
		if word != "" {
			quoted = append(quoted, regexp.QuoteMeta(word))
		}
	}
	if len(quoted) == 0 {
		return nil
	}
	slices.SortFunc(quoted, func(a, b string) int { return len(b) - len(a) })
	return regexp.MustCompile(`(^|[^\pL\pN_])(?:` + strings.Join(quoted, "|") + `)($|[^\pL\pN_])`)
}

// textRedactor hides what may be personal in texts.
type textRedactor struct {
	known    map[string]bool
	accounts *regexp.Regexp
	// all hides everything that is quoted.
	all bool
}

func (r textRedactor) diagnostic(d *hcl.Diagnostic) *hcl.Diagnostic {
	c := *d
	c.Expression, c.EvalContext = nil, nil
	detail, has := engine.DetailOf(d)
	r.all = detail.Address != "" || detail.Account != "" || detail.Origin != ""
	summary, text := d.Summary, d.Detail
	if api := detail.API; api != nil && api.Message != "" {
		summary, text = strings.ReplaceAll(summary, api.Message, hide("")), strings.ReplaceAll(text, api.Message, hide(""))
	}
	c.Summary, c.Detail = r.text(summary), r.text(text)
	if d.Expression != nil && slices.Contains(rules, d.Summary) {
		c.Detail = "What the rule says is not shown, because it may be about a person."
	}
	if detail.Account != "" {
		c.Detail = "Why is not shown, because it may tell whose account it is."
	}
	if has {
		c.Extra = r.detail(detail)
	}
	return &c
}

func (r textRedactor) detail(d engine.Detail) *engine.Detail {
	d.Address, d.Origin = r.text(d.Address), r.text(d.Origin)
	if d.API != nil {
		d.API = r.api(d.API, d.Account != "")
	}
	if d.Account != "" {
		d.Account = hide("")
	}
	return &d
}

// api leaves out the server's own words, which may quote what it was sent, and about
// an account why it did not answer.
func (r textRedactor) api(e *providers.APIError, account bool) *providers.APIError {
	api := *e
	api.Path = r.text(api.Path) // as it stands in the text
	if api.Message != "" {
		api.Message = hide("")
	}
	if account {
		api.Err = nil
	}
	return &api
}

// text hides e-mail addresses, phone numbers, names of accounts, instance keys, and
// what is quoted unless it is known.
func (r textRedactor) text(s string) string {
	s = indexText.ReplaceAllString(s, "["+redacted+"]")
	s = quotedText.ReplaceAllStringFunc(s, func(quoted string) string {
		if !r.all && r.known[strings.Trim(quoted, `"`)] {
			return quoted
		}
		return redacted
	})
	s = hidePeople(s)
	if r.accounts != nil {
		// Two names may share what is between them.
		for range 2 {
			s = r.accounts.ReplaceAllString(s, "${1}"+hide("")+"${2}")
		}
	}
	return s
}

// hidePeople hides e-mail addresses and phone numbers.
func hidePeople(s string) string {
	return phoneText.ReplaceAllString(emailText.ReplaceAllStringFunc(s, hide), "${1}"+hide(""))
}

func hide(string) string { return strings.Trim(redacted, `"`) }
