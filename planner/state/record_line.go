package state

import (
	"encoding/json"
	"fmt"
	"strconv"

	"lockstep/schema"
)

// recordLine is a Record as it stands in the log.
type recordLine struct {
	Address  string          `json:"object"`
	Target   string          `json:"target,omitempty"`
	Provider string          `json:"provider"`
	ID       string          `json:"id"`
	Parent   string          `json:"parent,omitempty"`
	Version  string          `json:"version,omitempty"`
	Written  int64           `json:"written,omitempty"`
	Sum      string          `json:"sum,omitempty"`
	Flags    *Flags          `json:"flags,omitempty"`
	Base     json.RawMessage `json:"base,omitempty"`
}

// appendLine writes the record as recordLine reads it, without reflection,
// because a state has a line for every object.
func (r *Record) appendLine(b []byte) ([]byte, error) {
	b = schema.AppendJSONString(append(b, `{"object":`...), r.Address().String())
	if r.Target != "" {
		b = schema.AppendJSONString(append(b, `,"target":`...), r.Target)
	}
	b = schema.AppendJSONString(append(b, `,"provider":`...), r.Provider)
	b = schema.AppendJSONString(append(b, `,"id":`...), r.ID)
	if r.Parent != "" {
		b = schema.AppendJSONString(append(b, `,"parent":`...), r.Parent)
	}
	if r.Version != "" {
		b = schema.AppendJSONString(append(b, `,"version":`...), r.Version)
	}
	if r.Written != 0 {
		b = strconv.AppendInt(append(b, `,"written":`...), r.Written, 10)
	}
	if r.Sum != (Digest{}) {
		b = schema.AppendJSONString(append(b, `,"sum":`...), r.Sum.String())
	}
	if r.Flags() != (Flags{}) {
		b = r.Flags().append(append(b, `,"flags":`...))
	}
	if r.base != (piece{}) {
		var err error
		if b, err = r.base.read(append(b, `,"base":`...)); err != nil {
			return nil, fmt.Errorf("cannot read the base of %s: %w", r.Address(), err)
		}
	}
	return append(b, "}\n"...), nil
}

// size is about how long the line is, in bytes.
func (r *Record) size() int { return len(r.Address().Key.Text) + int(r.base.n) + 256 }

func (f Flags) append(b []byte) []byte {
	b = append(b, '{')
	if f.Adopted {
		b = append(b, `"adopted":true,`...)
	}
	if f.Protected {
		b = append(b, `"protected":true,`...)
	}
	if f.OnDestroy != "" {
		b = append(schema.AppendJSONString(append(b, `"on_destroy":`...), f.OnDestroy), ',')
	}
	if f.Ignored != "" {
		b = append(schema.AppendJSONString(append(b, `"ignored":`...), f.Ignored), ',')
	}
	if f.Match != (Digest{}) {
		b = append(schema.AppendJSONString(append(b, `"match":`...), f.Match.String()), ',')
	}
	if f.Unfinished {
		b = append(b, `"unfinished":true,`...)
	}
	return append(b[:len(b)-1], '}')
}

func (l *recordLine) record() (*Record, error) {
	a, err := schema.ParseAddress(l.Address)
	if err != nil {
		return nil, err
	}
	switch {
	case l.ID == "" || l.Provider == "":
		return nil, fmt.Errorf("%s has no id or no provider", l.Address)
	case a.Mapping() != (l.Target != ""):
		return nil, fmt.Errorf("%s has a kind that does not belong to its address", l.Address)
	}
	r := NewRecord(a)
	r.Target, r.Provider, r.ID, r.Parent, r.Version, r.Written = l.Target, l.Provider, l.ID, l.Parent, l.Version, l.Written
	r.Sum, r.base = digestOf([]byte(l.Sum)), inMemory(string(l.Base))
	if l.Flags != nil {
		r.SetFlags(*l.Flags)
	}
	return r, nil
}
