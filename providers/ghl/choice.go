package ghl

import (
	"fmt"
	"slices"
	"strings"

	"lockstep/providers"
	"lockstep/schema"
)

// KeyCheck returns what refuses values of a custom field that do not fit its
// data type or are none of its options, with a *providers.FieldError.
func (p *Provider) KeyCheck(named func(string) schema.Value) func(schema.Field) error {
	def := newDefinition("", named)
	return func(field schema.Field) error {
		if def.dataType == "" {
			return nil
		}
		v, err := spellCustom(def, field.Path, field.Value)
		if err != nil {
			return err
		}
		return def.choose(field.Path, v)
	}
}

// choose refuses what people could not choose. A text with commas is several
// options where the server joins them.
func (d *definition) choose(path string, v schema.Value) error {
	var chosen []string
	switch valuesOf(d.dataType) {
	case valueSet:
		chosen = v.Strings()
	case valueChoice:
		chosen = []string{v.Text()}
	default:
		return nil
	}
	for _, c := range chosen {
		several := valuesOf(d.dataType) == valueSet && strings.Contains(c, ",")
		switch {
		case c == "" || slices.Contains(d.options, c):
		case several:
			return &providers.FieldError{Path: path, Problem: fmt.Sprintf("%q has a comma, and is no option of the custom field %s", c, d.key),
				Advice: `Write each option as its own text, as in ["a", "b"] or split(",", …).`}
		case len(d.options) > 0:
			return &providers.FieldError{Path: path, Problem: fmt.Sprintf("%q is no option of the custom field %s", c, d.key),
				Advice: d.advice(c)}
		}
	}
	return nil
}

// advice names the options, as far as they are few.
func (d *definition) advice(chosen string) string {
	const few = 20
	if len(d.options) > few {
		return fmt.Sprintf("It has %d options.%s", len(d.options), schema.DidYouMean(chosen, d.options))
	}
	return "The options are " + strings.Join(d.options, ", ") + "." + schema.DidYouMean(chosen, d.options)
}
