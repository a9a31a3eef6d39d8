# Logs hold no words of candidates, but their ids and addresses. The bucket _Default is where Google says, so within a
# residency there is another; metrics count what is excluded from _Default all the same.
locals {
  logs_of_ours = "resource.type=(\"cloud_run_revision\" OR \"cloud_run_worker_pool\" OR \"k8s_container\" OR \"cloud_tasks_queue\" OR \"cloud_scheduler_job\")"

  not_resident = var.residency == "global" ? ["residency is global: nothing is promised."] : concat(
    local.hosted ? ["Firebase Hosting and its network are everywhere: what a page sends to `create` and reads from `messages` passes through them and is not kept; turns go to their function itself."] : [],
    local.voice ? ["Voices pass through the LiveKit server that livekit.url names: where it is, you decide."] : [],
    [
      "Audit logs, metrics and alerts are where Google keeps them: they hold ids and figures, and no words.",
      "Terraform's state and the images are where you put them: they hold no words.",
      "What is in a candidate's browser stays there.",
    ],
  )
}

resource "google_logging_project_bucket_config" "interviews" {
  for_each = toset(var.residency == "global" ? [] : ["interviews"])

  project        = var.project_id
  location       = local.region
  bucket_id      = each.key
  retention_days = 30

  depends_on = [google_project_service.apis]
}

resource "google_logging_project_sink" "interviews" {
  for_each = google_logging_project_bucket_config.interviews

  name                   = "interviews"
  destination            = "logging.googleapis.com/${each.value.id}"
  filter                 = local.logs_of_ours
  unique_writer_identity = true
}

resource "google_logging_project_exclusion" "interviews" {
  for_each = google_logging_project_sink.interviews

  name        = "interviews"
  description = "Kept in the bucket interviews, in ${local.region}"
  filter      = local.logs_of_ours
}
