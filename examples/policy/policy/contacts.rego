# Contacts that no plan may delete.
package main

import rego.v1

# A contact with this tag stays. Tags are in lower case, as the CRM keeps them.
kept := "vip"

# What counts is the tag that the contact has in the CRM now: a pull request that takes it
# out of the files and deletes the contact at once is denied too.
deny contains message if {
	some resource in deleted_contacts
	kept in resource.change.before.tags
	message := sprintf("%s has the tag %s, and would be deleted.", [resource.address, kept])
}

# A plan that is redacted does not tell the tags.
deny contains message if {
	some resource in deleted_contacts
	not is_array(object.get(resource.change.before, "tags", []))
	message := sprintf("%s would be deleted, and its tags are not told. Make the JSON without -redact.", [resource.address])
}

deleted_contacts contains resource if {
	some resource in input.resource_changes
	resource.mode == "managed"
	resource.type == "ghl_contact"
	"delete" in resource.change.actions
}
