package view

import (
	"fmt"

	"lockstep/planner"
	"lockstep/schema"
)

// itemLines render item by item what becomes of a list that is owned by its items;
// empty for any other field, and where the items are not shown.
func (o Options) itemLines(c *planner.Change, f *planner.FieldChange) []fieldLine {
	a := attributeOf(c.Kind, f.Path)
	if a == nil || a.Own != schema.OwnItems || o.mask(f) != "" || f.Desired.Type() == schema.Unknown {
		return nil
	}
	from, to := f.Live, f.Desired
	if c.Action == planner.Delete {
		to = schema.Value{}
	}
	var lines []fieldLine
	for _, change := range a.Items.Changes(from, to) {
		lines = append(lines, o.itemLine(a, change))
	}
	if len(lines) > 0 && c.Undoes(f) {
		lines[0].text += "  # " + revertsText(c.By(f).Address, f)
	}
	return lines
}

func (o Options) itemLine(a *schema.Attribute, change schema.ItemChange) fieldLine {
	path := fmt.Sprintf("%s[%q]", a.Name, change.Name)
	// The key stands before the item already.
	bare := func(item schema.Value) schema.Value { return item.With(a.Items.Key, schema.Value{}) }
	switch {
	case change.Property != "" && change.From.IsAbsent():
		return fieldLine{sign: "+", path: path + "." + change.Property, text: "= " + o.text(change.To)}
	case change.Property != "":
		return fieldLine{sign: "~", path: path + "." + change.Property, text: "= " + o.change(change.From, change.To)}
	case change.From.IsAbsent() && change.To.IsAbsent():
		return fieldLine{sign: "~", path: path, text: "comes to another place"}
	case change.From.IsAbsent():
		return fieldLine{sign: "+", path: path, text: "= " + o.text(bare(change.To))}
	default:
		return fieldLine{sign: "-", path: path, text: "= " + o.text(bare(change.From)) + " -> null"}
	}
}
