package schema

// Action declares an operation of a provider that makes no object: it is run when
// the change of a resource triggers it, or when a person asks for it by name.
type Action struct {
	// Name is the word written in HCL: "ghl_enroll_workflow".
	Name string
	// Doc is one paragraph of plain text.
	Doc string
	// Arguments stand in the config block of an action.
	Arguments []Attribute
	// Repeatable is set when running it twice does what running it once does. An
	// action that is not is never run again by itself when its answer was lost.
	Repeatable bool
	// Disruptive tells what people outside notice of it, as a sentence part without
	// full stop; empty when they notice nothing.
	Disruptive string
	// Scopes are the permissions that a token needs.
	Scopes Scopes
}

// Argument finds an argument by its name; nil when there is none.
func (a *Action) Argument(name string) *Attribute { return find(a.Arguments, name) }

// Action finds an action by its name; nil when there is none.
func (p *Provider) Action(name string) *Action {
	for _, a := range p.Actions {
		if a.Name == name {
			return a
		}
	}
	return nil
}
