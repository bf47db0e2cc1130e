package command

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"
)

// choiceFlag takes one of a few words.
type choiceFlag struct {
	*cli.StringFlag
	choices []string
}

// choice declares a flag that takes one of a few words: the first one when it is
// not given, or none where that is empty.
func choice(name, usage string, choices ...string) *choiceFlag {
	f := &choiceFlag{StringFlag: &cli.StringFlag{Name: name, Usage: usage, Value: choices[0]}}
	for _, word := range choices {
		if word != "" {
			f.choices = append(f.choices, word)
		}
	}
	f.Validator = func(given string) error {
		if slices.Contains(f.choices, given) {
			return nil
		}
		last := len(f.choices) - 1
		return fmt.Errorf("it is %s or %s", strings.Join(f.choices[:last], ", "), f.choices[last])
	}
	return f
}
