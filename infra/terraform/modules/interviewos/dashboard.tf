# One page to look at: is it quick, is it the model, is the clock right, what does it cost.
locals {
  charts = [
    { title = "Turns an hour, by who answered", query = "sum by (source) (increase(${local.user_metric.turns}{${local.on_run}}[1h]))" },
    { title = "Turns late or by a fallback, share of an hour", query = local.late["1h"] },
    { title = "With the model, p95 in ms", query = "histogram_quantile(0.95, sum by (le) (rate(${local.user_metric.asked_ms}_bucket{${local.on_run}}[10m])))" },
    { title = "Before the model, p95 in ms", query = "histogram_quantile(0.95, sum by (le) (rate(${local.user_metric.before_ms}_bucket{${local.on_run}}[10m])))" },
    { title = "After the model, p95 in ms", query = "histogram_quantile(0.95, sum by (le) (rate(${local.user_metric.after_ms}_bucket{${local.on_run}}[10m])))" },
    { title = "Stages moved without a caller, an hour", query = "sum by (service_name) (increase(${local.user_metric.turns}{${local.on_run},service_name!=\"next-turn\"}[1h]))" },
    { title = "Tokens read, a day", query = "sum(increase(${local.user_metric.input_tokens}_sum{${local.on_run}}[1d]))" },
    { title = "Tokens written, a day", query = "sum(increase(${local.user_metric.output_tokens}_sum{${local.on_run}}[1d]))" },
    { title = "Refusals an hour, by problem type", query = "sum by (why, status) (increase(${local.user_metric.refusals}{${local.on_run}}[1h]))" },
    { title = "Answers an hour, by service and class", query = "sum by (service_name, response_code_class) (increase(run_googleapis_com:request_count{${local.on_run}}[1h]))" },
    { title = "Instances, by service", query = "sum by (service_name) (run_googleapis_com:container_instance_count{${local.on_run}})" },
    { title = "Alarms in the queue", query = "max(cloudtasks_googleapis_com:queue_depth{queue_id=\"${google_cloud_tasks_queue.alarms.name}\"})" },
  ]
}

resource "google_monitoring_dashboard" "interviews" {
  dashboard_json = jsonencode({
    displayName = "InterviewOS"
    mosaicLayout = {
      columns = 48
      tiles = [
        for place, chart in local.charts : {
          xPos   = place % 2 * 24
          yPos   = floor(place / 2) * 12
          width  = 24
          height = 12
          widget = {
            title = chart.title
            xyChart = {
              dataSets = [{
                plotType        = "LINE"
                timeSeriesQuery = { prometheusQuery = chart.query }
              }]
            }
          }
        }
      ]
    }
  })

  depends_on = [google_project_service.apis]
}
