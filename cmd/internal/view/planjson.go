package view

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"lockstep/planner"
	"lockstep/schema"
)

// TerraformVersion is the version of Terraform whose forms plans, states and events
// have. Programs that read them ask for it.
const TerraformVersion = "1.14.0"

// planFormat is the version of the plan representation: the one that readers
// of Terraform's plans accept.
const planFormat = "1.2"

// changeJSON is the "change" of a resource or an output. It is always whole:
// readers fail on a missing one.
type changeJSON struct {
	Actions         []string       `json:"actions"`
	Before          any            `json:"before"`
	After           any            `json:"after"`
	AfterUnknown    any            `json:"after_unknown"`
	BeforeSensitive any            `json:"before_sensitive"`
	AfterSensitive  any            `json:"after_sensitive"`
	ReplacePaths    [][]string     `json:"replace_paths,omitempty"`
	Importing       *importingJSON `json:"importing,omitempty"`
}

type importingJSON struct {
	ID string `json:"id"`
}

type resourceChangeJSON struct {
	Address         string     `json:"address"`
	PreviousAddress string     `json:"previous_address,omitempty"`
	ModuleAddress   string     `json:"module_address,omitempty"`
	Mode            string     `json:"mode"`
	Type            string     `json:"type"`
	Name            string     `json:"name"`
	Index           any        `json:"index,omitempty"`
	ProviderName    string     `json:"provider_name"`
	Change          changeJSON `json:"change"`
	ActionReason    string     `json:"action_reason,omitempty"`
}

// PlanDocument is what a plan representation has beside the plan.
type PlanDocument struct {
	// Version is that of the lockstep that made the plan.
	Version string
	// Variables are the values of the root module's variables.
	Variables map[string]cty.Value
	// Configuration is as Configuration returns it; nil where it is not known.
	Configuration json.RawMessage
}

// PlanJSON writes the plan representation. Sensitive values, and personal ones
// of a redacted plan, are masked in the data itself. Changes are encoded
// one by one, so that a large plan is never held twice.
func PlanJSON(w io.Writer, p *planner.Plan, d PlanDocument, o Options) error {
	out := bufio.NewWriterSize(w, 64<<10)
	v := &planJSON{o: o}
	fmt.Fprintf(out, `{"format_version":%q,"terraform_version":%q,"applyable":%t,"complete":true,"errored":false,`,
		planFormat, TerraformVersion, !p.Empty())
	if err := v.planned(out, p, d); err != nil {
		return err
	}
	out.WriteString(`,"resource_drift":[`)
	if err := v.list(out, slices.Values(p.Changes), v.drift); err != nil {
		return err
	}
	out.WriteString(`],"resource_changes":[`)
	if err := v.list(out, byAuthor(p), v.resource); err != nil {
		return err
	}
	out.WriteByte(']')
	if len(p.Invocations) > 0 {
		out.WriteString(`,"action_invocations":`)
		if err := v.encode(out, invocationsJSON(p)); err != nil {
			return err
		}
	}
	out.WriteString(`,"output_changes":`)
	if err := v.encode(out, v.outputs(p)); err != nil {
		return err
	}
	if err := v.prior(out, p, d); err != nil {
		return err
	}
	out.WriteString(`,"lockstep":`)
	own := v.own(p)
	own.Version = d.Version
	if err := v.encode(out, own); err != nil {
		return err
	}
	out.WriteString("}\n")
	return out.Flush()
}

type planJSON struct {
	o    Options
	text bytes.Buffer // of one value
}

// byAuthor yields each change whole, and then for each mapping that takes part in
// it what the mapping writes: readers look for a mapping by its address.
func byAuthor(p *planner.Plan) iter.Seq[planner.Change] {
	return func(yield func(planner.Change) bool) {
		for _, c := range p.Changes {
			if !yield(c) {
				return
			}
			for n := range c.Others {
				part := planner.Change{Author: c.Others[n], Kind: c.Kind, Provider: c.Provider, Action: planner.Update, ID: c.ID, Live: c.Live}
				if c.Action == planner.Create {
					part.Action = planner.Create
				}
				for _, f := range c.Fields {
					if f.By == n+1 {
						f.By = 0
						part.Fields = append(part.Fields, f)
					}
				}
				if !yield(part) {
					return
				}
			}
		}
	}
}

// list writes what make returns for each change, separated by commas.
func (v *planJSON) list(out *bufio.Writer, changes iter.Seq[planner.Change], make func(*planner.Change) (resourceChangeJSON, bool)) error {
	first := true
	for c := range changes {
		item, ok := make(&c)
		if !ok {
			continue
		}
		if !first {
			out.WriteByte(',')
		}
		first = false
		if err := v.encode(out, item); err != nil {
			return err
		}
	}
	return nil
}

// encode writes one JSON value without the newline of an Encoder.
func (v *planJSON) encode(out *bufio.Writer, value any) error {
	v.text.Reset()
	return encodeInto(out, &v.text, value)
}

// actions are Terraform's names of what is done.
func actions(a planner.Action, writes bool) []string {
	switch a {
	case planner.Create:
		return []string{"create"}
	case planner.Update:
		return []string{"update"}
	case planner.Adopt:
		if writes {
			return []string{"update"}
		}
		return []string{"no-op"}
	case planner.Replace:
		return []string{"delete", "create"}
	case planner.Delete:
		return []string{"delete"}
	case planner.Forget:
		return []string{"forget"}
	case planner.Read:
		return []string{"read"}
	default:
		return []string{"no-op"}
	}
}

func (v *planJSON) resource(c *planner.Change) (resourceChangeJSON, bool) {
	out := v.head(c)
	before, after := v.values(c)
	out.Change = changeJSON{
		Actions: actions(c.Action, len(c.Fields) > 0),
		Before:  before.value(), After: after.value(),
		AfterUnknown: after.unknownMask(), BeforeSensitive: before.sensitiveMask(), AfterSensitive: after.sensitiveMask(),
	}
	if c.Action == planner.Adopt {
		out.Change.Importing = &importingJSON{ID: c.ID}
	}
	for _, f := range c.Fields {
		if f.Replaces {
			out.Change.ReplacePaths = append(out.Change.ReplacePaths, strings.SplitN(f.Path, ".", 2))
		}
	}
	out.ActionReason = actionReason(c)
	return out, true
}

// actionReason is Terraform's word for why, where it has one.
func actionReason(c *planner.Change) string {
	switch c.Action {
	case planner.Replace:
		if c.Reason == planner.ReasonRequested {
			return "replace_by_request"
		}
		return "replace_because_cannot_update"
	case planner.Delete:
		return deleteReason(c)
	case planner.Read:
		return "read_because_config_unknown"
	default:
		return ""
	}
}

// deleteReason is Terraform's word for why an object is deleted; empty when
// all is destroyed, which needs none.
func deleteReason(c *planner.Change) string {
	switch {
	case c.Reason == "":
		return ""
	case c.Reason != planner.ReasonNoKey:
		return "delete_because_no_resource_config"
	case c.Address.Key.Type == schema.IntKey:
		return "delete_because_count_index"
	default:
		return "delete_because_each_key"
	}
}

func (v *planJSON) head(c *planner.Change) resourceChangeJSON {
	a := c.Address
	out := resourceChangeJSON{
		Address: a.String(), ModuleAddress: a.Module, Mode: mode(a), Type: a.Kind, Name: a.Name,
		Index: index(a.Key), ProviderName: c.Provider,
	}
	if c.Previous != nil {
		out.PreviousAddress = c.Previous.String()
	}
	return out
}

func mode(a schema.Address) string {
	if a.Data {
		return "data"
	}
	return "managed"
}

func index(k schema.Key) any {
	switch k.Type {
	case schema.IntKey:
		return int(k.Int)
	case schema.StringKey:
		return k.Text
	default:
		return nil
	}
}

// driftAction is what happened to an object in the CRM since the last apply;
// empty when nothing did.
func driftAction(c *planner.Change) string {
	switch {
	case c.Gone:
		return "delete"
	case slices.ContainsFunc(c.Fields, func(f planner.FieldChange) bool { return f.LiveMoved }):
		return "update"
	default:
		return ""
	}
}

// drift describes what moved in the CRM since the last apply.
func (v *planJSON) drift(c *planner.Change) (resourceChangeJSON, bool) {
	out, action := v.head(c), driftAction(c)
	if action == "" {
		return out, false
	}
	before, after := tree{}, tree{}
	if action == "delete" {
		after = nil
	}
	for i := range c.Fields {
		f := &c.Fields[i]
		if !f.LiveMoved {
			continue
		}
		base := f.Base
		if f.BaseHidden {
			base = schema.StringValue(hashedText)
		}
		if !f.IsSet() {
			before.put(f.Path, v.leaf(f, base))
		}
		after.put(f.Path, v.leaf(f, f.Live))
	}
	out.Change = changeJSON{Actions: []string{action}, Before: before.value(), After: after.value(),
		AfterUnknown: after.unknownMask(), BeforeSensitive: before.sensitiveMask(), AfterSensitive: after.sensitiveMask()}
	return out, true
}

func (v *planJSON) outputs(p *planner.Plan) map[string]changeJSON {
	out := make(map[string]changeJSON, len(p.Outputs))
	for _, o := range p.Outputs {
		c := changeJSON{Actions: []string{"update"}, Before: rawJSON(o.Before, o.Sensitive), After: rawJSON(o.After, o.Sensitive),
			AfterUnknown: o.Unknown, BeforeSensitive: o.Sensitive, AfterSensitive: o.Sensitive}
		if o.Unknown {
			c.After = nil
		}
		switch {
		case o.Before == "":
			c.Actions = []string{"create"}
		case o.After == "" && !o.Unknown:
			c.Actions = []string{"delete"}
		}
		out[o.Name] = c
	}
	return out
}

func rawJSON(text string, sensitive bool) any {
	switch {
	case text == "":
		return nil
	case sensitive:
		return sensitiveText
	case !json.Valid([]byte(text)):
		return text
	default:
		return json.RawMessage(text)
	}
}
