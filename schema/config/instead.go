package config

import (
	"slices"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"lockstep/schema"
)

// insteads say what takes the place of words that Terraform has and this language
// has not: types of blocks, and arguments.
func insteads() map[string]string {
	const provider = "Providers are part of the program and need not be required: write only provider \"ghl\" { … }."
	const lifecycle = "The order follows from the API: an attribute that cannot be changed in place replaces its object, and the plan says so."
	return map[string]string{
		"terraform":          "Settings stand in a lockstep block: required_version, backend, guard, state. Providers are part of the program and need not be required.",
		"required_providers": provider,
		"cloud":              "The state is a file, which can be kept under version control: backend \"local\" { path = \"lockstep.state.jsonl\" }.",
		"workspaces":         "Workspaces are made and selected with `lockstep workspace`; every backend but \"http\" keeps them.",
		"ephemeral":          "Secrets stand in variables with sensitive = true, or in the environment.",
		"deprecated":         "Say in the description what to use instead.",
		"const":              "What is known before anything is read stands in a locals block.",
		"enabled":            "Write count = 0 to have no object, or for_each.",
		"provisioner":        "A program is run before or after lockstep, not by it.",
		"connection":         "A program is run before or after lockstep, not by it.",
		"timeouts":           "A request is repeated as long as its API asks for; nothing need be set.",
		"dynamic":            "dynamic makes items of lists of objects in a resource, and field blocks of a mapping: elsewhere write the blocks one by one, or an attribute with a for expression.",

		"version":               "A provider is part of the program, whose version is set by required_version in a lockstep block.",
		"create_before_destroy": lifecycle,
		"replace_triggered_by":  lifecycle,
		"triggers":              lifecycle,
		"on_failure":            "A change is not made when an action before it fails, and stays when one after it does: the apply says so, and the next one runs the action again where that is safe.",
		"experiments":           "Nothing of the language is experimental.",
	}
}

// instead says what to write instead of a name that there is not: what takes the place
// of a word of Terraform, or else the name that is spelt most like it.
func instead(name string, names []string) string {
	if text := insteads()[name]; text != "" && !slices.Contains(names, name) {
		return " " + text
	}
	return schema.DidYouMean(name, names)
}

// misspelt reports whether a block has an argument that was told to be a misspelling
// of another one, which then is not missing as well.
func misspelt(body *hclsyntax.Body, name string, names []string) bool {
	for written := range body.Attributes {
		if !slices.Contains(names, written) && schema.Near(written, names) == name {
			return true
		}
	}
	return false
}
