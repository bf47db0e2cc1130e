package main

import (
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// wait sets the clock of the CRM ahead: crm wait 3m.
func (c *crm) wait(ts *testscript.TestScript, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: crm wait DURATION")
	}
	by, err := time.ParseDuration(args[0])
	ts.Check(err)
	c.ahead.Add(int64(by))
}

// now is the time by the clock of the CRM.
func (c *crm) now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }
