# Each campaign is the same few objects: a module says them once.
module "campaign" {
  source   = "./modules/campaign"
  for_each = var.campaigns

  name     = each.key
  starts   = each.value.starts
  discount = each.value.discount
  tags     = each.value.tags
}

output "campaigns" {
  description = "What to write into messages, by campaign."
  value       = { for name, campaign in module.campaign : name => campaign.placeholder }
}
