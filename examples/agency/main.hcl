# What an agency sets up in each location of its customers, said once in a module: the
# pipeline, the calendars with their group and notifications, fields, tags and values.
#
# The location is emulated on this machine. For real ones delete the two sandbox lines
# and the state, give each location a provider block of its own with an alias, and pass
# it to a module block: providers = { ghl = ghl.riverside }.
lockstep {
  required_version = ">= 0.1"
}

provider "ghl" {
  sandbox      = true
  sandbox_seed = "seed.json"
}

variable "coach" {
  description = "E-mail address of the user who leads the appointments."
  type        = string
  default     = "kim@example.com"
}

module "location" {
  source = "./modules/location"
  brand  = "Riverside Running"
  coach  = var.coach
}

output "stages" {
  description = "Ids of the stages of the pipeline, for files that put opportunities into them."
  value       = module.location.stages
}

output "calendars" {
  description = "Ids of the calendars."
  value       = module.location.calendars
}
