# A stage is known by its key. Another name renames it, and its cards stay where they
# are. A stage that a person added in HighLevel is kept as it is.
resource "ghl_pipeline" "members" {
  name = "Members"
  stage = [
    { key = "asked", name = "Asked" },
    { key = "trial", name = "Trial run" },
    { key = "joined", name = "Joined" },
  ]
}

output "stages" {
  value = ghl_pipeline.members.stages
}
