# One page for whoever is called: five questions, and the voice where there is one.
locals {
  sections = concat(
    [
      {
        question = "Are turns answered?"
        charts = [
          { title = "Turns an hour, by who answered", query = "sum by (source) (increase(${local.user_metric.turns}{${local.on_run}}[1h]))" },
          { title = "Late or by a fallback, share of an hour", query = local.late["1h"] },
          { title = "In time, share of 28 days: ${var.slo_goal} is wanted", query = "sum(increase(${local.user_metric.turns_in_time}{${local.on_run}}[28d])) / sum(increase(${local.user_metric.turns_asked}{${local.on_run}}[28d]))" },
          { title = "Interviews ended, an hour", query = "sum(increase(${local.user_metric.turns}{${local.on_run},status=\"ended\"}[1h]))" },
        ]
      },
      {
        question = "How fast?"
        charts = [
          { title = "With the model, p95 in ms", query = "histogram_quantile(0.95, sum by (le) (rate(${local.user_metric.asked_ms}_bucket{${local.on_run}}[10m])))" },
          { title = "Before the model, p95 in ms", query = "histogram_quantile(0.95, sum by (le) (rate(${local.user_metric.before_ms}_bucket{${local.on_run}}[10m])))" },
          { title = "After the model, p95 in ms", query = "histogram_quantile(0.95, sum by (le) (rate(${local.user_metric.after_ms}_bucket{${local.on_run}}[10m])))" },
          { title = "Instances, by service", query = "sum by (service_name) (run_googleapis_com:container_instance_count{${local.on_run}})" },
        ]
      },
      {
        question = "By whom, and who is turned away?"
        charts = [
          { title = "Model calls that failed, an hour: 429 is the quota", query = "sum by (model, why) (increase(${local.user_metric.model_failures}{${local.on_run}}[1h]))" },
          { title = "Refusals an hour, by problem type", query = "sum by (why, status) (increase(${local.user_metric.refusals}{${local.on_run}}[1h]))" },
          { title = "Answers an hour, by service and class", query = "sum by (service_name, response_code_class) (increase(run_googleapis_com:request_count{${local.on_run}}[1h]))" },
          { title = "Faults of our own, an hour", query = "sum(increase(${local.user_metric.failures}{${local.on_run}}[1h]))" },
        ]
      },
      {
        question = "What is stuck?"
        charts = [
          { title = "Alarms in the queue", query = "max(cloudtasks_googleapis_com:queue_depth{queue_id=\"${google_cloud_tasks_queue.alarms.name}\"})" },
          { title = "Moved without a caller, an hour", query = "sum by (service_name) (increase(${local.user_metric.turns}{${local.on_run},service_name!=\"next-turn\"}[1h]))" },
          { title = "Alarms that the queue did not take, an hour", query = "sum(increase(${local.user_metric.alarms_left}{${local.on_run}}[1h]))" },
          { title = "Overdue, and left by the sweep, an hour", query = "sum(increase(${local.user_metric.left}_sum{${local.on_run}}[1h]))" },
        ]
      },
      {
        question = "What does it cost?"
        charts = [
          { title = "Tokens read, a day", query = "sum(increase(${local.user_metric.input_tokens}_sum{${local.on_run}}[1d]))" },
          { title = "Tokens written, a day", query = "sum(increase(${local.user_metric.output_tokens}_sum{${local.on_run}}[1d]))" },
          { title = "Turns a day", query = "sum(increase(${local.user_metric.turns}{${local.on_run}}[1d]))" },
          { title = "Turned away by a daily cap, a day", query = "sum by (why) (increase(${local.user_metric.refusals}{${local.on_run},why=~\"daily-.*\"}[1d]))" },
        ]
      },
    ],
    local.worker_here ? [
      {
        question = "And by voice?"
        charts = [
          { title = "From the answer to the first sound, p95 in ms", query = "histogram_quantile(0.95, sum by (le) (rate(${local.user_metric.voice_ms}_bucket{${local.on_worker}}[10m])))" },
          { title = "Spoken turns, an hour", query = "sum(increase(${local.user_metric.voice_ms}_count{${local.on_worker}}[1h]))" },
          { title = "Workers", query = { gke = "count(kubernetes_io:container_uptime{monitored_resource=\"k8s_container\",namespace_name=\"interviewos\",container_name=\"worker\"})", cloud_run = "sum(run_googleapis_com:container_instance_count{monitored_resource=\"cloud_run_worker_pool\"})" }[var.worker_home] },
          { title = "Refused a room, an hour", query = "sum by (why) (increase(${local.user_metric.refusals}{${local.on_run},why=~\"voice-.*\"}[1h]))" },
        ]
      },
    ] : [],
  )

  tiles = flatten([
    for row, section in local.sections : concat(
      [{ xPos = 0, yPos = row * 16, width = 48, height = 4, widget = { title = section.question, sectionHeader = {} } }],
      [for place, chart in section.charts : {
        xPos   = place * 12
        yPos   = row * 16 + 4
        width  = 12
        height = 12
        widget = {
          title   = chart.title
          xyChart = { dataSets = [{ plotType = "LINE", timeSeriesQuery = { prometheusQuery = chart.query } }] }
        }
      }],
    )
  ])
}

resource "google_monitoring_dashboard" "interviews" {
  dashboard_json = jsonencode({
    displayName  = "InterviewOS"
    mosaicLayout = { columns = 48, tiles = local.tiles }
  })

  depends_on = [google_project_service.apis]
}
