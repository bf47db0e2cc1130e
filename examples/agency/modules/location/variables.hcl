variable "brand" {
  description = "What the customer is called in messages."
  type        = string
}

variable "coach" {
  description = "E-mail address of the user who leads the appointments."
  type        = string
}

data "ghl_user" "coach" {
  email = var.coach
}
