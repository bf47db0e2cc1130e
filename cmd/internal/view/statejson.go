package view

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	ctyjson "github.com/zclconf/go-cty/cty/json"

	"lockstep/planner/state"
	"lockstep/schema"
)

// stateFormat is the version of the state representation: the one that readers of
// Terraform's states accept.
const stateFormat = "1.0"

// StateDocument is a state as it may be shown.
type StateDocument struct {
	Version, Lineage string
	Serial           int
	Outputs          map[string]state.Output
	// Count objects are there, and Object returns one of them.
	Count  int
	Object func(i int) (StateObject, error)
}

// StateObject is an object of the state: its fields as last applied.
type StateObject struct {
	Address  schema.Address
	Provider string
	ID       string
	Base     []state.BaseField
	// Own is what Terraform's representation has no place for.
	Own any
}

// StateJSON writes the state in the form of Terraform's, and what that has no place
// for under a key of its own. Objects are written one by one.
func StateJSON(w io.Writer, d StateDocument) error {
	out := bufio.NewWriterSize(w, 64<<10)
	var failure error
	all := newModules(out, encodeJSON, func(i int) resourceJSON {
		o, err := d.Object(i)
		if err != nil && failure == nil {
			failure = err
		}
		return resourceOf(o.Address, o.Provider, o.tree())
	})
	for i := range d.Count {
		o, err := d.Object(i)
		if err != nil {
			return err
		}
		all.put(o.Address.Module, i)
	}
	fmt.Fprintf(out, `{"format_version":%q,"terraform_version":%q,"values":{"outputs":`, stateFormat, TerraformVersion)
	if err := encodeJSON(out, outputsJSON(d.Outputs)); err != nil {
		return err
	}
	out.WriteString(`,"root_module":{`)
	if err := all.write(""); err != nil {
		return err
	}
	lineage, _ := json.Marshal(d.Lineage)
	fmt.Fprintf(out, `}},"lockstep":{"format_version":"1.0","version":%q,"lineage":%s,"serial":%d,"resources":[`, d.Version, lineage, d.Serial)
	for i := range d.Count {
		o, err := d.Object(i)
		if err != nil {
			return err
		}
		if i > 0 {
			out.WriteByte(',')
		}
		if err := encodeJSON(out, o.Own); err != nil {
			return err
		}
	}
	out.WriteString("]}}\n")
	if failure != nil {
		return failure
	}
	return out.Flush()
}

// tree is the object with what the state keeps of its values.
func (o *StateObject) tree() tree {
	t := tree{"id": leaf{value: schema.StringValue(o.ID)}}
	for _, f := range o.Base {
		l := leaf{value: f.Value, sensitive: f.Sensitive}
		if f.Hidden() {
			l.value, l.hidden = schema.StringValue(hashedText), hashedText
		}
		if f.Claim == schema.ClaimExcludes {
			continue // members that are kept out
		}
		t.put(f.Path, l)
	}
	return t
}

// encodeJSON writes one JSON value without the newline of an Encoder.
func encodeJSON(out *bufio.Writer, value any) error {
	return encodeInto(out, &bytes.Buffer{}, value)
}

func encodeInto(out *bufio.Writer, text *bytes.Buffer, value any) error {
	if err := writeJSON(text, value, ""); err != nil {
		return err
	}
	_, err := out.Write(bytes.TrimRight(text.Bytes(), "\n"))
	return err
}

// outputsJSON are outputs with their types.
func outputsJSON(outputs map[string]state.Output) map[string]outputJSON {
	all := make(map[string]outputJSON, len(outputs))
	for name, o := range outputs {
		item := outputJSON{Sensitive: o.Sensitive, Type: typeOf(string(o.Value), o.Sensitive)}
		if !o.Sensitive && len(o.Value) > 0 {
			item.Value = o.Value
		}
		all[name] = item
	}
	return all
}

// typeOf is the type of a JSON text as Terraform writes types; "dynamic" where the
// value is not kept.
func typeOf(text string, sensitive bool) any {
	if sensitive || text == "" {
		return "dynamic"
	}
	t, err := ctyjson.ImpliedType([]byte(text))
	if err != nil {
		return "dynamic"
	}
	data, err := ctyjson.MarshalType(t)
	if err != nil {
		return "dynamic"
	}
	return json.RawMessage(data)
}
