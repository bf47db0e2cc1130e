# Values for these stand in lockstep.vars.hcl, which is read by itself. Others
# win over it: `-var coach=kim@example.com`, or LOCKSTEP_VAR_coach in the
# environment.
variable "club" {
  type        = string
  description = "Name of the club, as the location spells it."
}

variable "coach" {
  type        = string
  description = "E-mail address of the user who gets new tasks."

  validation {
    condition     = strcontains(var.coach, "@")
    error_message = "The coach is named by an e-mail address."
  }
}

variable "campaigns" {
  type = map(object({
    starts   = string
    discount = optional(number, 0)
    tags     = optional(list(string), [])
  }))
  description = "The campaigns of the season, by a short key."

  validation {
    condition     = alltrue([for c in var.campaigns : c.discount >= 0 && c.discount <= 50])
    error_message = "A discount is a percentage from 0 to 50."
  }
}
