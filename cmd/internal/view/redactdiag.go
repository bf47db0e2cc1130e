package view

import (
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner/engine"
	"lockstep/schema/eval"
)

// redacted stands for what may be personal.
const redacted = `"(redacted)"`

var (
	quotedText = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)
	indexText  = regexp.MustCompile(`\["(?:[^"\\]|\\.)*"\]`)
	emailText  = regexp.MustCompile(`[^\s"'<>(),;:]+@[^\s"'<>(),;:]*[^\s"'<>(),;:.]`)
	phoneText  = regexp.MustCompile(`\+?\(?\d[\d\s().-]{5,}\d`)
)

// rules are the summaries of diagnostics that a rule of the files words.
var rules = []string{eval.BrokenVariable, eval.BrokenPrecondition, eval.BrokenPostcondition, eval.BrokenOutput, eval.BrokenCheck}

// Redacted are the diagnostics as they may be shown to others: without values
// of expressions, and without what looks like a person. What is quoted about
// one object is always hidden.
func Redacted(diags hcl.Diagnostics) hcl.Diagnostics {
	out := make(hcl.Diagnostics, len(diags))
	for i, d := range diags {
		c := *d
		c.Expression, c.EvalContext = nil, nil
		detail, about := detailOf(d)
		about = about && (detail.Address != "" || detail.Account != "")
		c.Summary, c.Detail = redactText(d.Summary, about), redactText(d.Detail, about)
		if d.Expression != nil && slices.Contains(rules, d.Summary) {
			c.Detail = "What the rule says is not shown, because it may be about a person."
		}
		if detail.Account != "" {
			c.Detail = "Why is not shown, because it may tell whose account it is."
		}
		if extra, ok := detailOf(d); ok {
			c.Extra = redactDetail(extra)
		}
		out[i] = &c
	}
	return out
}

func redactDetail(d engine.Detail) *engine.Detail {
	d.Address = redactText(d.Address, true)
	if d.Account != "" {
		d.Account = hide("")
	}
	if d.API != nil {
		api := *d.API
		api.Message = redactText(api.Message, true)
		if d.Account != "" {
			api.Message, api.Err = hide(""), nil
		}
		d.API = &api
	}
	return &d
}

// redactText hides e-mail addresses, phone numbers and instance keys, and in a text about one
// object everything that is quoted.
func redactText(s string, about bool) string {
	if about {
		s = quotedText.ReplaceAllString(s, redacted)
	}
	s = indexText.ReplaceAllString(s, "["+redacted+"]")
	s = emailText.ReplaceAllStringFunc(s, hide)
	return phoneText.ReplaceAllStringFunc(s, hide)
}

func hide(string) string { return strings.Trim(redacted, `"`) }
