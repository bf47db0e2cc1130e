data "ghl_workflows" "all" {}

locals {
  workflows = { for workflow in data.ghl_workflows.all.workflows : workflow.name => workflow.id }
}

# HighLevel does not tell who is in a workflow. The tag is the evidence: it is put on
# after the enrolment, and with it nobody is enrolled twice, even if the state is lost.
resource "ghl_workflow_enrollment" "welcome" {
  for_each = ghl_contact.person

  contact_id  = each.value.id
  workflow_id = local.workflows["Welcome"]
  evidence    = "wf:welcome"
}
