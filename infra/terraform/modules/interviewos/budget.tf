resource "google_billing_budget" "monthly" {
  for_each = toset(var.budget == null ? [] : ["month"])

  billing_account = var.budget.billing_account
  display_name    = "InterviewOS in ${var.project_id}"

  budget_filter {
    projects        = ["projects/${data.google_project.this.number}"]
    calendar_period = "MONTH"
  }

  amount {
    specified_amount {
      units = tostring(var.budget.monthly)
    }
  }

  dynamic "threshold_rules" {
    for_each = [0.5, 0.8, 1]
    content {
      threshold_percent = threshold_rules.value
    }
  }
  threshold_rules {
    threshold_percent = 1
    spend_basis       = "FORECASTED_SPEND"
  }

  all_updates_rule {
    monitoring_notification_channels = local.channels["WARNING"]
  }

  depends_on = [google_project_service.apis]
}
