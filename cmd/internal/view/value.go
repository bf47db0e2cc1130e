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

// maxText is how many characters of a text a folded view shows.
const maxText = 100

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
		items := make([]string, len(v.Items()))
		for i, item := range v.Items() {
			items[i] = o.text(item)
		}
		return "[" + strings.Join(items, ", ") + "]"
	case schema.Map:
		if len(v.Keys()) == 0 {
			return "{}"
		}
		entries := make([]string, len(v.Keys()))
		for i, key := range v.Keys() {
			entries[i] = key + " = " + o.text(v.Items()[i])
		}
		return "{ " + strings.Join(entries, ", ") + " }"
	default:
		return v.Text()
	}
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

// field renders a field of a change. The text starts with "= " for values and
// with the signs of the members for sets.
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
		line.text = o.members(f, mask)
	case line.sign == "+" || f.LostWith != "" && f.Desired.Equal(f.Live):
		line.text = "= " + show(f.Desired)
	case action == planner.Delete:
		line.text = "= " + show(f.Live)
	case line.sign == "-":
		line.text = "= " + show(f.Live) + " -> null"
	default:
		line.text = "= " + show(f.Live) + " -> " + show(f.Desired)
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
	var parts []string
	for _, m := range f.Add {
		parts = append(parts, "+ "+o.quote(m))
	}
	for _, m := range f.Remove {
		parts = append(parts, "- "+o.quote(m))
	}
	return strings.Join(parts, " ")
}
