package bounds

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v4"

	"lockstep/schema"
)

// maxValues is how many values a YAML text may stand for once its aliases are
// replaced, beside a text that spells out as many.
const maxValues = 1_000_000

// maxListed is how many values a text of JSON may list, and maxLines how many lines
// and members one of YAML: a hundred thousand people with all that is known of them.
const (
	maxListed = 5_000_000
	maxLines  = 2_500_000
)

// longNumber finds a plain YAML text that is a number of more than 9,999 digits.
var longNumber = regexp.MustCompile(`^[-+]?[\d_.]+` + longExponent.String() + `$`)

var errDeep = fmt.Errorf("it is nested more than %s deep", schema.Thousands(MaxDepth))

// JSON reports what in a text of JSON goes beyond the limits; nil when nothing does.
func JSON(text string) error {
	if n := strings.Count(text, ","); n > maxListed {
		return fmt.Errorf("it lists more than %s values", schema.Thousands(maxListed))
	}
	depth, plain := 0, 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			if longExponent.MatchString(text[plain:i]) {
				return errNumber
			}
			for i++; i < len(text) && text[i] != '"'; i++ {
				if text[i] == '\\' {
					i++
				}
			}
			plain = min(i+1, len(text))
		case '[', '{':
			if depth++; depth > MaxDepth {
				return errDeep
			}
		case ']', '}':
			depth--
		}
	}
	if longExponent.MatchString(text[plain:]) {
		return errNumber
	}
	return nil
}

// YAML reports what in a text of YAML goes beyond the limits; nil when nothing does
// or the text is malformed, which whoever decodes it tells.
func YAML(text string) error {
	if n := strings.Count(text, ",") + strings.Count(text, "\n"); n > maxLines {
		return fmt.Errorf("it has more than %d lines and members", maxLines)
	}
	var root yaml.Node
	if err := yaml.Unmarshal([]byte(text), &root); err != nil {
		return nil
	}
	c := counter{known: map[*yaml.Node]int{}}
	n, err := c.count(&root, 0)
	if err == nil && n > maxValues && n > c.spelt {
		err = fmt.Errorf("its aliases stand for more than %s values", schema.Thousands(maxValues))
	}
	return err
}

// counter counts the values that nodes stand for.
type counter struct {
	known map[*yaml.Node]int
	// spelt are the nodes of the text itself.
	spelt int
}

func (c *counter) count(n *yaml.Node, depth int) (int, error) {
	if depth > MaxDepth {
		return 0, errDeep
	}
	if found, ok := c.known[n]; ok {
		if found < 0 {
			return 0, errors.New("an alias stands for something that it is a part of")
		}
		return found, nil
	}
	c.known[n] = -1
	c.spelt++
	total := 1
	if n.Kind == yaml.ScalarNode && n.Style == 0 && longNumber.MatchString(n.Value) {
		return 0, errNumber
	}
	parts := n.Content
	if n.Kind == yaml.AliasNode && n.Alias != nil {
		parts = []*yaml.Node{n.Alias}
	}
	for _, part := range parts {
		found, err := c.count(part, depth+1)
		if err != nil {
			return 0, err
		}
		total = min(total+found, 1<<40)
	}
	c.known[n] = total
	return total, nil
}
