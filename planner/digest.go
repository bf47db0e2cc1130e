package planner

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// Digest is a keyed hash of what a change does and of the live version that it
// was computed from. It differs whenever either does.
func (c *Change) Digest(salt string) string {
	mac := hmac.New(sha256.New, []byte(salt))
	version := ""
	if c.Live != nil {
		version = c.Live.Version
	}
	fmt.Fprintf(mac, "%s\x00%s\x00%s\x00%s\x00", c.Address, c.Action, c.ID, version)
	if c.Previous != nil {
		fmt.Fprintf(mac, "%s\x00", c.Previous)
	}
	if c.Unrecorded {
		fmt.Fprint(mac, "unrecorded\x00")
	}
	for i := range c.Others {
		fmt.Fprintf(mac, "by %s\x00", c.Others[i].Address)
	}
	for _, a := range c.Along {
		fmt.Fprintf(mac, "along %s %s %d %d\x00", a.Kind.Name, a.Attribute, a.Count, a.Again)
	}
	for i := range c.Fields {
		f := &c.Fields[i]
		fmt.Fprintf(mac, "%s\x00%d\x00%d\x00%s\x00%s\x00%q\x00%q\x00%t\x00", f.Path, f.By, f.Claim, f.Live, f.Desired, f.Add, f.Remove, f.Conflict)
	}
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// ParseAction is the reverse of Action.String.
func ParseAction(s string) (Action, error) {
	for a := NoOp; a <= Read; a++ {
		if a.String() == s {
			return a, nil
		}
	}
	return NoOp, fmt.Errorf("%q is no action", s)
}

// Sum is a keyed hash of all that the plan does: the same for two plans that change the
// same objects, of the same live versions, in the same way, and invoke the same
// actions. Outputs do not count, as they change nothing but the state.
func (p *Plan) Sum(key string) string {
	mac := hmac.New(sha256.New, []byte(key))
	fmt.Fprintf(mac, "%t\x00", p.Destroy)
	for i := range p.Changes {
		fmt.Fprintf(mac, "%s\x00%s\x00", p.Changes[i].Provider, p.Changes[i].Digest(key))
	}
	for i := range p.Invocations {
		fmt.Fprintf(mac, "%s\x00", p.Invocations[i].Digest(key))
	}
	return hex.EncodeToString(mac.Sum(nil)[:16])
}
