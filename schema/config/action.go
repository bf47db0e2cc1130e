package config

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"lockstep/schema"
)

// Event is when an action is triggered.
type Event string

// The events of an action_trigger, as in Terraform 1.14.
const (
	BeforeCreate Event = "before_create"
	AfterCreate  Event = "after_create"
	BeforeUpdate Event = "before_update"
	AfterUpdate  Event = "after_update"
)

// events are the names of the events, in the order of an object's life.
func events() []string {
	return []string{string(BeforeCreate), string(AfterCreate), string(BeforeUpdate), string(AfterUpdate)}
}

// Before reports whether the action runs before the change is made.
func (e Event) Before() bool { return e == BeforeCreate || e == BeforeUpdate }

// Trigger is an action_trigger block.
type Trigger struct {
	Events []Event
	// Condition is nil when not written.
	Condition hclsyntax.Expression
	Actions   []ActionRef
	Range     hcl.Range
}

// ActionRef names one instance of an action in the list of a trigger.
type ActionRef struct {
	// Action is the name of the action, and Name that of its block.
	Action, Name string
	// Key picks the instance; nil when the block has but one.
	Key   hclsyntax.Expression
	Range hcl.Range
}

// String names the block.
func (r ActionRef) String() string { return schema.ActionPrefix + r.Action + "." + r.Name }

func (d *decoder) action(b block) {
	r := &Resource{
		Module: d.module, Type: schema.ActionPrefix + b.Labels[0], Name: b.Labels[1], Range: b.DefRange(),
		Repetition: Repetition{ForEach: b.optional("for_each"), Count: b.optional("count")},
		Attributes: map[string]*hclsyntax.Attribute{},
	}
	d.reject(r)
	if r.Action = d.catalog().action(b.Labels[0]); r.Action == nil {
		d.error("Unknown action", b.LabelRanges[0], "No provider offers the action %q.%s", b.Labels[0], d.catalog().adviceOnAction(b.Labels[0]))
		return
	}
	b.only([]string{"for_each", "count", "provider"}, []string{"config"})
	b.notBoth()
	b.provider(r, b.LabelRanges[0])
	b.config(r)
	for _, other := range d.module.Actions {
		if other.Type == r.Type && other.Name == r.Name {
			d.duplicate("address", r.Address().String(), other.Range, r.Range)
			return
		}
	}
	d.module.Actions = append(d.module.Actions, r)
}

// config reads the config block of an action.
func (b block) config(r *Resource) {
	inner, ok := b.single("config")
	if ok {
		inner.written(r, r.Action.Arguments, "The action "+r.Action.Name, nil)
		return
	}
	for i := range r.Action.Arguments {
		if a := &r.Action.Arguments[i]; a.Required {
			b.error("Missing config block", b.DefRange(), "The action %s needs the argument %q, which stands in a config block: config { %s = … }.", r.Action.Name, a.Name, a.Name)
			return
		}
	}
}

// triggers reads the action_trigger blocks of a lifecycle block.
func (b block) triggers() []*Trigger {
	var found []*Trigger
	for _, inner := range b.blocks("action_trigger") {
		inner.only([]string{"events", "condition", "actions"}, nil)
		t := &Trigger{Condition: inner.optional("condition"), Range: inner.DefRange()}
		if expr := inner.required("events"); expr != nil {
			t.Events = inner.events(expr)
		}
		if expr := inner.required("actions"); expr != nil {
			t.Actions = inner.actionRefs(expr)
		}
		found = append(found, t)
	}
	return found
}

// events reads a list of words without quotes.
func (b block) events(expr hclsyntax.Expression) []Event {
	items, diags := hcl.ExprList(expr)
	if diags.HasErrors() {
		b.error("Invalid events", expr.Range(), "events is a list of words, such as [after_create, after_update].")
		return nil
	}
	var found []Event
	for _, item := range items {
		switch word := hcl.ExprAsKeyword(item); {
		case slices.Contains(events(), word):
			if !slices.Contains(found, Event(word)) {
				found = append(found, Event(word))
			}
		case strings.HasSuffix(word, "_destroy"):
			b.error("Unsupported event", item.Range(), "No action is triggered by a destroy: what an action is about may be gone by then. The events are %s. Run the action by its name before you take the block out: lockstep apply -invoke=ADDRESS.", strings.Join(events(), ", "))
		default:
			b.error("Unsupported event", item.Range(), "An event is one of %s, without quotes.%s", strings.Join(events(), ", "), schema.DidYouMean(word, events()))
		}
	}
	return found
}

// actionRefs reads a list of references such as action.ghl_typing.hello and
// action.ghl_typing.hello[each.key].
func (b block) actionRefs(expr hclsyntax.Expression) []ActionRef {
	items, diags := hcl.ExprList(expr)
	if diags.HasErrors() || len(items) == 0 {
		b.error("Invalid actions", expr.Range(), "actions is a list of references to action blocks, such as [action.ghl_typing.hello].")
		return nil
	}
	var found []ActionRef
	for _, item := range items {
		var refs []Reference
		if node, ok := item.(hclsyntax.Expression); ok {
			refs = References(node)
		}
		if len(refs) == 0 || refs[0].Kind != RefAction || refs[0].Name == "" || refs[0].Attribute != "" || refs[0].Varies {
			b.error("Invalid actions", item.Range(), "An action is named by its block, as in action.ghl_typing.hello, or action.ghl_typing.hello[each.key] where it has for_each.")
			continue
		}
		found = append(found, ActionRef{Action: refs[0].Type, Name: refs[0].Name, Key: refs[0].Key, Range: refs[0].Range})
	}
	return found
}

// action checks what an action block refers to.
func (k *checker) action(r *Resource) {
	outside := place{module: r.Module}
	k.expression(outside, r.ForEach)
	k.expression(outside, r.Count)
	inside := place{module: r.Module, each: r.ForEach != nil, count: r.Count != nil}
	for _, a := range sortedAttributes(r.Attributes) {
		k.expression(inside, a.Expr)
	}
}

// triggers checks the action_trigger blocks of a resource.
func (k *checker) triggers(r *Resource) {
	inside := place{module: r.Module, each: r.ForEach != nil, count: r.Count != nil}
	for _, t := range r.Lifecycle.Triggers {
		k.expression(inside, t.Condition)
		for _, ref := range t.Actions {
			if ref.Key != nil {
				k.expression(inside, ref.Key)
			}
			k.triggered(r, t, ref)
		}
	}
}

// triggered checks one action of a trigger.
func (k *checker) triggered(r *Resource, t *Trigger, ref ActionRef) {
	a := r.Module.Action(ref.Action, ref.Name)
	switch {
	case a == nil && k.rejected[Node{r.Module, NodeBlock, ref.String()}]:
	case a == nil:
		var names []string
		for _, other := range r.Module.Actions {
			names = append(names, other.Type+"."+other.Name)
		}
		advice := schema.DidYouMean(ref.String(), names)
		if advice == "" {
			advice = " Declare it with a block: action \"" + ref.Action + "\" \"" + ref.Name + "\" { config { … } }."
		}
		k.error("Undeclared action", ref.Range, "%s is not declared.%s", ref, advice)
	case a.Repeated() && ref.Key == nil:
		k.error("Missing instance key", ref.Range, "%s has for_each or count, so there are many. Name one by its key, as in %s[each.key].", ref, ref)
	case !a.Repeated() && ref.Key != nil:
		k.error("Unexpected key", ref.Range, "%s has neither for_each nor count, so it is named without a key: %s.", ref, ref)
	case slices.Contains(t.Events, BeforeCreate) && slices.Contains(k.cfg.Needs(BlockNode(a)), r):
		k.error("Action needs what does not exist yet", ref.Range, "%s uses %s, which does not exist before it is created. Write after_create.", ref, r.Address())
	}
}
