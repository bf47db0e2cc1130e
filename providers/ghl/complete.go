package ghl

import (
	"fmt"

	"lockstep/schema"
)

// shrink is how much of a list may go while it is read, as a part of it, before
// it is no list of objects that somebody deletes meanwhile.
const shrink = 100

// census checks that a list is complete: what it lacks would look deleted.
type census struct {
	plural string
	// read are the rows so far, and again those whose object came before.
	read, again int
	// most and least are the largest and the smallest number of all rows that the
	// answers stated; -1 when none did.
	most, least int
}

func newCensus(plural string) census { return census{plural: plural, most: -1, least: -1} }

// count takes in a page. again is how many of its objects came before.
func (c *census) count(a *answer, again int) {
	c.read, c.again = c.read+len(a.rows), c.again+again
	if a.total < 0 {
		return
	}
	if c.most < 0 {
		c.least = a.total
	}
	c.most, c.least = max(c.most, a.total), min(c.least, a.total)
}

// doubtful reports whether the total fell, so that it does not tell which page is
// the last.
func (c *census) doubtful() bool { return c.least < c.most }

// end checks the list at its end. Objects may come and go while it is read: what is
// new may stand before the place that was reached, and what goes is in no later total.
func (c *census) end() error {
	switch {
	case c.most < 0:
		return nil
	case c.read-c.again < c.least && c.again > 0:
		return fmt.Errorf("the list of %s has %s rows of %s objects, though there are %s: it repeats some and lacks others. Run the command again",
			c.plural, schema.Thousands(c.read), schema.Thousands(c.read-c.again), schema.Thousands(c.least))
	case c.read < c.least:
		return fmt.Errorf("the list of %s ends after %s of %s. Run the command again", c.plural, schema.Thousands(c.read), schema.Thousands(c.least))
	case c.read < c.most && c.most-c.least > 10+c.most/shrink:
		return fmt.Errorf("the list of %s shrank from %s to %s while it was read. Run the command again when nobody deletes", c.plural, schema.Thousands(c.most), schema.Thousands(c.least))
	}
	return nil
}
