package view

import (
	"strconv"
	"strings"

	"lockstep/planner"
	"lockstep/schema"
)

// Placeholders for what is not shown.
const (
	sensitiveText = "(sensitive value)"
	personalText  = "(personal value)"
	unknownText   = "(known after apply)"
	hashedText    = "(kept as a hash)"
)

// maxText is how many characters of a text a folded view shows, and maxItems how
// many items of a list or members of a set.
const maxText, maxItems = 100, 30

// text renders a value the way HCL writes it.
func (o Options) text(v schema.Value) string {
	switch v.Type() {
	case schema.Absent:
		return "null"
	case schema.Unknown:
		return unknownText
	case schema.String:
		return o.quote(v.Written())
	case schema.List:
		var items []string
		for _, item := range v.Items()[:o.items(len(v.Items()))] {
			items = append(items, o.text(item))
		}
		return "[" + strings.Join(items, ", ") + o.rest(len(v.Items())) + "]"
	case schema.Map:
		if len(v.Keys()) == 0 {
			return "{}"
		}
		var entries []string
		for i, key := range v.Keys()[:o.items(len(v.Keys()))] {
			entries = append(entries, key+" = "+o.text(v.Items()[i]))
		}
		return "{ " + strings.Join(entries, ", ") + o.rest(len(v.Keys())) + " }"
	default:
		return v.Text()
	}
}

// items is how many of n items are shown.
func (o Options) items(n int) int {
	if o.Full {
		return n
	}
	return min(n, maxItems)
}

// rest counts the items that are not shown.
func (o Options) rest(n int) string {
	if more := n - o.items(n); more > 0 {
		return " and " + thousands(more) + " more"
	}
	return ""
}

// change renders a value and what it becomes. What two long texts have in common at
// their beginning is cut, so that their difference is seen.
func (o Options) change(from, to schema.Value) string {
	a, b := []rune(from.Written()), []rune(to.Written())
	if o.Full || from.Type() != schema.String || to.Type() != schema.String || len(a) <= maxText && len(b) <= maxText {
		return o.text(from) + " -> " + o.text(to)
	}
	same := 0
	for same < min(len(a), len(b)) && a[same] == b[same] {
		same++
	}
	if same < maxText/2 {
		return o.text(from) + " -> " + o.text(to)
	}
	cut := same - maxText/4
	return "…" + o.quote(string(a[cut:])) + " -> …" + o.quote(string(b[cut:]))
}

func (o Options) quote(s string) string {
	if runes := []rune(s); !o.Full && len(runes) > maxText {
		return strconv.Quote(string(runes[:maxText])) + "…"
	}
	return strconv.Quote(s)
}

// fieldLine is one field of a change, ready to be laid out.
type fieldLine struct {
	sign, path, text string
}

// mask is what is written instead of a field's values, empty when they may be
// shown.
func (o Options) mask(f *planner.FieldChange) string {
	switch {
	case f.Sensitive:
		return sensitiveText
	case f.Personal && o.Redact:
		return personalText
	default:
		return ""
	}
}

// field renders a field of a change. The text starts with "= ", by which tools know
// the line of a diff; the members of a set have signs of their own.
func (o Options) field(action planner.Action, f *planner.FieldChange) fieldLine {
	line := fieldLine{sign: fieldSign(action, f), path: f.Path}
	mask := o.mask(f)
	show := func(v schema.Value) string {
		if mask != "" && v.IsKnown() && (f.Sensitive || !v.IsAbsent()) {
			return mask
		}
		return o.text(v)
	}
	switch {
	case f.Sensitive && line.sign == "~":
		line.text = "= " + sensitiveText
	case f.IsSet() && action != planner.Create && action != planner.Delete:
		if members := o.members(f, mask); members != "" {
			line.text = "= " + members
		}
	case line.sign == "+" || f.LostWith != "" && f.Desired.Equal(f.Live):
		line.text = "= " + show(f.Desired)
	case action == planner.Delete:
		line.text = "= " + show(f.Live)
	case line.sign == "-":
		line.text = "= " + show(f.Live) + " -> null"
	default:
		line.text = "= " + show(f.Live) + " -> " + show(f.Desired)
		if mask == "" {
			line.text = "= " + o.change(f.Live, f.Desired)
		}
	}
	if f.Replaces {
		line.text += " # forces replacement"
	}
	if f.LostWith != "" {
		line.text += " # lost with " + f.LostWith + ", and written again"
	}
	if f.Note != "" {
		line.text += " # " + f.Note
	}
	return line
}

func fieldSign(action planner.Action, f *planner.FieldChange) string {
	empty := func(v schema.Value) bool {
		return v.IsAbsent() || v.Type() == schema.String && v.Text() == ""
	}
	switch {
	case action == planner.Create || action == planner.Read:
		return "+"
	case action == planner.Delete:
		return "-"
	case f.IsSet() || f.Sensitive:
		// A saved plan does not even tell whether a sensitive value exists.
		return "~"
	case empty(f.Live):
		return "+"
	case empty(f.Desired):
		return "-"
	default:
		return "~"
	}
}

func (o Options) members(f *planner.FieldChange, mask string) string {
	if mask != "" {
		return mask
	}
	added, removed := o.signed("+ ", f.Add), o.signed("- ", f.Remove)
	if added != "" && removed != "" {
		added += " "
	}
	return added + removed
}

// signed are members of a set with what becomes of them.
func (o Options) signed(sign string, members []string) string {
	var parts []string
	for _, m := range members[:o.items(len(members))] {
		parts = append(parts, sign+o.quote(m))
	}
	return strings.Join(parts, " ") + o.rest(len(members))
}
