# Custom fields that no plan may replace: with the field goes its value of every contact.
package main

import rego.v1

deny contains message if {
	some resource in input.resource_changes
	resource.type == "ghl_custom_field"
	"delete" in resource.change.actions
	"create" in resource.change.actions
	message := sprintf("%s would be replaced because of %s, and its value of every contact would be lost.", [resource.address, because(resource.change)])
}

because(change) := concat(", ", sort([concat(".", [sprintf("%v", [step]) | some step in path]) | some path in change.replace_paths]))
