# Of all turns that a model was to answer, those that one did answer within 6 s. Two counters and no distribution,
# because a turn that a fallback answered is bad however quick it was.
resource "google_monitoring_custom_service" "interviews" {
  service_id   = "interviews"
  display_name = "Interviews"

  depends_on = [google_project_service.apis]
}

resource "google_monitoring_slo" "turns_in_time" {
  service             = google_monitoring_custom_service.interviews.service_id
  slo_id              = "turns-in-time"
  display_name        = "Turns answered by a model within 6 s"
  goal                = var.slo_goal
  rolling_period_days = 28

  request_based_sli {
    good_total_ratio {
      good_service_filter  = "metric.type=\"logging.googleapis.com/user/${google_logging_metric.counted["turns_in_time"].name}\" resource.type=\"cloud_run_revision\""
      total_service_filter = "metric.type=\"logging.googleapis.com/user/${google_logging_metric.counted["turns_asked"].name}\" resource.type=\"cloud_run_revision\""
    }
  }

  # A metric that was made a moment ago is unknown to it.
  depends_on = [terraform_data.granted]
}

# The page and, behind it, a function that is ready for a turn.
resource "google_monitoring_uptime_check_config" "interviews" {
  for_each = toset(local.watched ? ["page"] : [])

  display_name = "Interviews can be held"
  period       = "300s"
  timeout      = "10s"

  monitored_resource {
    type   = "uptime_url"
    labels = { project_id = var.project_id, host = trimprefix(local.page_origin, "https://") }
  }

  http_check {
    path         = "/api/interview/engine/next_turn/health"
    use_ssl      = true
    validate_ssl = true
  }

  depends_on = [google_project_service.apis]
}
