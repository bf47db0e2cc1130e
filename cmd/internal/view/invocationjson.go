package view

import (
	"fmt"
	"strings"

	"lockstep/planner"
	"lockstep/schema"
)

// invocationJSON is an entry of action_invocations, as Terraform 1.14 has it.
type invocationJSON struct {
	Address         string         `json:"address"`
	Type            string         `json:"type"`
	Name            string         `json:"name"`
	ConfigValues    any            `json:"config_values,omitempty"`
	ConfigSensitive any            `json:"config_sensitive,omitempty"`
	ConfigUnknown   any            `json:"config_unknown,omitempty"`
	ProviderName    string         `json:"provider_name"`
	Lifecycle       *lifecycleJSON `json:"lifecycle_action_trigger,omitempty"`
	Invoke          *struct{}      `json:"invoke_action_trigger,omitempty"`
}

type lifecycleJSON struct {
	Address string `json:"triggering_resource_address"`
	Event   string `json:"action_trigger_event"`
	Block   int    `json:"action_trigger_block_index"`
	Index   int    `json:"actions_list_index"`
}

func invocationsJSON(p *planner.Plan) []invocationJSON {
	out := make([]invocationJSON, 0, len(p.Invocations))
	for i := range p.Invocations {
		one := &p.Invocations[i]
		config := tree{}
		for _, f := range one.Fields {
			config.put(f.Path, leaf{value: f.Value, sensitive: secretArgument(one.Action, f)})
		}
		item := invocationJSON{Address: one.Address.String(), Type: one.Action.Name, Name: one.Address.Name, ProviderName: one.Provider,
			ConfigValues: config.value(), ConfigSensitive: config.sensitiveMask(), ConfigUnknown: config.unknownMask()}
		if t := one.Trigger; t != nil {
			item.Lifecycle = &lifecycleJSON{t.Address.String(), eventWord(t), t.Block, t.Index}
		} else {
			item.Invoke = &struct{}{}
		}
		out = append(out, item)
	}
	return out
}

// secretArgument reports whether the value of an argument is masked everywhere.
func secretArgument(a *schema.Action, f schema.Field) bool {
	declared := a.Argument(schema.PathAttribute(f.Path))
	return f.Sensitive || declared != nil && declared.Sensitive
}

// eventWord is the word that Terraform's JSON has for an event: AfterCreate.
func eventWord(t *planner.Trigger) string {
	word := ""
	for part := range strings.SplitSeq(string(t.Event), "_") {
		word += strings.ToUpper(part[:1]) + part[1:]
	}
	return word
}

// actionEvent is what the events of an action tell of it.
func (s *Stream) actionEvent(i *planner.Invocation) map[string]any {
	address := s.redact.address(i.Address)
	local := address
	local.Module = ""
	out := map[string]any{"action": map[string]any{
		"addr": address.String(), "module": address.Module, "action": local.String(), "implied_provider": i.Provider,
		"action_type": i.Action.Name, "action_name": i.Address.Name, "action_key": index(address.Key),
	}}
	if t := i.Trigger; t != nil {
		out["lifecycle"] = map[string]any{"resource": resourceEvent(s.redact.address(t.Address), i.Provider),
			"trigger_index": t.Block, "actions_index": t.Index, "trigger_event": eventWord(t)}
	} else {
		out["invoke"] = map[string]any{}
	}
	return out
}

// planned writes the events of the actions of a plan.
func (s *Stream) planned(p *planner.Plan) {
	for i := range p.Invocations {
		one := &p.Invocations[i]
		s.emit("info", fmt.Sprintf("planned action invocation: %s %s", one.Address, one.When()), "planned_action_invocation",
			map[string]any{"invocation": s.actionEvent(one)})
	}
}

// Invoking writes the event of an action that is about to be sent.
func (s *Stream) Invoking(i *planner.Invocation) {
	s.emit("info", s.called(i, "Action started"), "action_start", map[string]any{"hook": s.actionEvent(i)})
}

// Invoked writes the event of an action that ran, or that failed with an error.
func (s *Stream) Invoked(i *planner.Invocation, err error) {
	hook := s.actionEvent(i)
	if err == nil {
		s.emit("info", s.called(i, "Action complete"), "action_complete", map[string]any{"hook": hook})
		return
	}
	text := s.redact.text(err.Error())
	hook["error"] = text
	s.emit("error", s.called(i, "Action errored")+" - "+text, "action_errored", map[string]any{"hook": hook})
}

// called names an invocation at the beginning of a message.
func (s *Stream) called(i *planner.Invocation, what string) string {
	address := s.redact.address(i.Address)
	if i.Trigger == nil {
		return what + ": " + address.String()
	}
	return fmt.Sprintf("%s.trigger[%d]: %s: %s", s.redact.address(i.Trigger.Address), i.Trigger.Block, what, address)
}
