# One account for each thing that runs, so that what one may do no other may.
locals {
  accounts = merge(
    { for name in keys(local.functions) : name => "Runs the function ${name}" },
    {
      tasks_invoker = "Calls stage_timeout, by Cloud Tasks"
      sweep_invoker = "Calls sweep, by Cloud Scheduler"
    },
    local.worker_here ? { worker = "Runs the voice worker" } : {},
    var.worker_home == "gke" ? { nodes = "Runs the cluster's nodes" } : {},
  )

  alarm_setters = [for name, function in local.functions : google_service_account.accounts[name].member if function.asks]

  project_roles = merge([
    for name, function in local.functions : {
      for role in function.roles : "${name} ${role}" => { account = name, role = role }
    }
  ]...)
}

resource "google_service_account" "accounts" {
  for_each = local.accounts

  account_id   = "interview-${replace(each.key, "_", "-")}"
  display_name = each.value

  depends_on = [google_project_service.apis]
}

resource "google_project_iam_member" "functions" {
  for_each = local.project_roles

  project = var.project_id
  role    = each.value.role
  member  = google_service_account.accounts[each.value.account].member
}

# To set an alarm is to have Cloud Tasks call in the name of tasks_invoker.
resource "google_service_account_iam_binding" "alarm_setters" {
  service_account_id = google_service_account.accounts["tasks_invoker"].name
  role               = "roles/iam.serviceAccountUser"
  members            = local.alarm_setters
}
