# The alarms of the stages. A queue that is deleted leaves its name blocked for a week.
resource "google_cloud_tasks_queue" "alarms" {
  name     = "interview-alarms"
  location = local.region

  # Never more at once than stage_timeout takes: what it refused would slow down the whole queue.
  rate_limits {
    max_dispatches_per_second = 50
    max_concurrent_dispatches = local.functions.stage_timeout.concurrency * local.functions.stage_timeout.max_instances
  }

  # It gives up when both bounds are passed; what is left then the sweep finds.
  retry_config {
    max_attempts       = 8
    max_retry_duration = "300s"
    min_backoff        = "2s"
    max_backoff        = "30s"
    max_doublings      = 4
  }

  stackdriver_logging_config {
    sampling_ratio = 1
  }

  depends_on = [google_project_service.apis]
}

resource "google_cloud_tasks_queue_iam_binding" "alarm_setters" {
  name     = google_cloud_tasks_queue.alarms.name
  location = local.region
  role     = "roles/cloudtasks.enqueuer"
  members  = local.alarm_setters
}

# Finds what Cloud Tasks brought late or never, and what a dying process left behind.
resource "google_cloud_scheduler_job" "sweep" {
  name             = "interview-sweep"
  description      = "Moves on every interview that is overdue"
  region           = local.region
  schedule         = "* * * * *"
  time_zone        = "Etc/UTC"
  attempt_deadline = "${local.request_seconds}s"

  # The next minute is the next try.
  retry_config {
    retry_count = 0
  }

  http_target {
    uri         = local.sweep_url
    http_method = "POST"

    oidc_token {
      service_account_email = google_service_account.accounts["sweep_invoker"].email
      audience              = local.tasks_target_url
    }
  }

  depends_on = [google_cloud_run_v2_service_iam_member.invokers]
}
