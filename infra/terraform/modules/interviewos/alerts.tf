# What wakes a person, and what the person does then. Each condition is PromQL, over the metrics of metrics.tf and
# those of the platform; each waits until there is something to judge by.
locals {
  user_metric = { for name in concat(keys(local.counted), keys(local.measured), ["voice_ms"]) : name => "logging_googleapis_com:user_interview_${name}" }
  on_run      = "monitored_resource=\"cloud_run_revision\""
  on_worker   = "monitored_resource=\"${var.worker_home == "gke" ? "k8s_container" : "cloud_run_worker_pool"}\""

  late = { for window in ["5m", "1h", "6h"] : window =>
    "1 - (sum(increase(${local.user_metric.turns_in_time}{${local.on_run}}[${window}])) or vector(0)) / sum(increase(${local.user_metric.turns_asked}{${local.on_run}}[${window}]))"
  }
  error_budget = 1 - var.slo_goal

  alerts = merge(
    {
      turns_late_now = {
        title    = "Turns are late or by a fallback: the error budget is gone within two days"
        severity = "CRITICAL"
        lasting  = "0s"
        query    = "(${local.late["1h"]}) > ${min(0.9, 14.4 * local.error_budget)} and (${local.late["5m"]}) > ${min(0.9, 14.4 * local.error_budget)} and sum(increase(${local.user_metric.turns_asked}{${local.on_run}}[1h])) > 10"
        runbook  = "See on the dashboard whether the model is slow (asked_ms) or the functions are (before_ms, after_ms). The model: look at status.cloud.google.com; set gemini_model to the first of gemini_fallback_models and apply. The functions: roll back as infra/README.md says."
      }
      turns_late = {
        title    = "Turns are late or by a fallback: the error budget is gone within five days"
        severity = "WARNING"
        lasting  = "0s"
        query    = "(${local.late["6h"]}) > ${min(0.9, 6 * local.error_budget)} and sum(increase(${local.user_metric.turns_asked}{${local.on_run}}[6h])) > 30"
        runbook  = "The same as for the quick one, by day. A model that is slower since some day: compare asked_ms by week, then try another gemini_model. More than warm_instances are busy: raise warm_instances."
      }
      model_fails = {
        title    = "The model fails: every tenth turn is by a fallback"
        severity = "CRITICAL"
        lasting  = "300s"
        query    = "sum(increase(${local.user_metric.turns}{${local.on_run},source=\"fallback\"}[15m])) / sum(increase(${local.user_metric.turns_asked}{${local.on_run}}[15m])) > 0.1 and sum(increase(${local.user_metric.turns_asked}{${local.on_run}}[15m])) > 10"
        runbook  = "Read the reason: Logs Explorer, severity>=WARNING on the services next-turn and stage-timeout. 429 is the quota of Vertex AI, or the spend cap of the key: ask for more, or lower limits.interviews_per_day. 403 is the role aiplatform.user, or the secret GOOGLE_API_KEY. 404 is a model that retired: set gemini_model. Interviews go on by script meanwhile and say so."
      }
      functions_fail = {
        title    = "The functions fail"
        severity = "CRITICAL"
        lasting  = "0s"
        query    = "sum(increase(${local.user_metric.failures}{${local.on_run}}[10m])) > 3 or sum(increase(${local.user_metric.refusals}{${local.on_run},why=~\"store-unavailable|voice-unavailable|app-check-unavailable\"}[10m])) > 10 or sum(increase(run_googleapis_com:request_count{${local.on_run},response_code=~\"500|502|504\"}[10m])) > 10 or sum(increase(run_googleapis_com:request_count{${local.on_run},response_code=~\"429|503\"}[10m])) - (sum(increase(${local.user_metric.refusals}{${local.on_run},status=~\"429|503\"}[10m])) or vector(0)) > 10"
        runbook  = "Logs Explorer, severity>=ERROR, by service. Since a deployment: roll back as infra/README.md says. `request refused` with a status of 503 says by `why` what is down behind us: `store-unavailable` is Firestore; nothing is lost, callers try again; see status.cloud.google.com. A service that does not start names the variable it misses in its log. 429 or 503 without a line of ours are the platform's: no instance starts, or max_instances is reached."
      }
      functions_slow = {
        title    = "The functions are slow without the model"
        severity = "WARNING"
        lasting  = "600s"
        query    = "histogram_quantile(0.95, sum by (le) (rate(${local.user_metric.before_ms}_bucket{${local.on_run}}[15m]))) > 1500 or histogram_quantile(0.95, sum by (le) (rate(${local.user_metric.after_ms}_bucket{${local.on_run}}[15m]))) > 1500"
        runbook  = "before_ms and after_ms are Firestore and Cloud Tasks. Slow only at the start of instances: raise warm_instances. Slow always: is the database in the functions' region (firestore_location), and what does its latency say in the console? At the bound of max_instances: raise it."
      }
      clock_late = {
        title    = "Stages are moved by the sweep, not by their alarms"
        severity = "WARNING"
        lasting  = "0s"
        query    = "sum(increase(${local.user_metric.turns}{${local.on_run},service_name=\"sweep\"}[15m])) > 3 or sum(increase(${local.user_metric.alarms_left}{${local.on_run}}[15m])) > 3"
        runbook  = "Interviews go on, up to a minute late. Is the queue running: `gcloud tasks queues describe ${google_cloud_tasks_queue.alarms.name} --location=${local.region}`? Does it get 401 or 403 from stage-timeout (the queue's log)? Then TASKS_TARGET_URL, the custom audience and the invoker's role no longer agree: apply again. `alarm left to the sweep` in the log of next-turn tells why an alarm could not be made."
      }
      queue_grows = {
        title    = "Alarms wait in the queue beyond their time"
        severity = "WARNING"
        lasting  = "300s"
        query    = "histogram_quantile(0.95, sum by (le) (rate(cloudtasks_googleapis_com:queue_task_attempt_delays_bucket{queue_id=\"${google_cloud_tasks_queue.alarms.name}\"}[10m]))) > 60000 or max(cloudtasks_googleapis_com:queue_depth{queue_id=\"${google_cloud_tasks_queue.alarms.name}\"}) > 20000"
        runbook  = "stage-timeout does not keep up, or refuses. See its log and its instances; raise its max_instances in locals.tf, with which the queue's bound rises. Do not purge the queue: while it takes nothing, the sweep moves 20 interviews a minute and no more."
      }
      overdue = {
        title    = "Interviews are overdue, and the sweep does not keep up"
        severity = "CRITICAL"
        lasting  = "300s"
        query    = "sum(increase(${local.user_metric.left}_sum{${local.on_run}}[10m])) > 100"
        runbook  = "Candidates wait in silence. The sweep hands all that is due to the queue and wakes twenty a minute itself: what it says is left, the queue did not take. `alarm left to the sweep` in its log tells why: the queue is paused or deleted, or sweep has lost roles/cloudtasks.enqueuer. Mend that, and 10,000 are cleared in ten minutes. Until then raise nothing: twenty a minute is what there is."
      }
      sweep_silent = {
        title    = "The sweep has not run for ten minutes"
        severity = "CRITICAL"
        lasting  = "300s"
        query    = "absent_over_time(run_googleapis_com:request_count{${local.on_run},service_name=\"sweep\",response_code_class=\"2xx\"}[10m])"
        runbook  = "An interview whose alarm is lost stands still now. Resume and try: `gcloud scheduler jobs resume interview-sweep --location=${local.region}`, `gcloud scheduler jobs run interview-sweep --location=${local.region}`, then the log of the service sweep. 401: SWEEP_INVOKER and the job's account differ. 403: the job's account has lost run.invoker. Apply again."
      }
      cap_reached = {
        title    = "Strangers are turned away: a daily cap is reached"
        severity = "WARNING"
        lasting  = "0s"
        query    = "sum(increase(${local.user_metric.refusals}{${local.on_run},why=~\"daily-interviews-reached|daily-budget-reached\"}[15m])) > 0"
        runbook  = "Interviews that run go on, and callers with the secret are served. So many people: raise limits.interviews_per_day or limits.tokens_per_day, and the budget with them. One caller again and again: set app_check to enforce. Either takes an apply and the page deployed again, for Hosting leads to the old create until then. The counts begin again at midnight UTC."
      }
      model_retires = {
        title    = "${var.gemini_model} retires on ${var.gemini_model_retires_on}"
        severity = "WARNING"
        lasting  = "0s"
        query    = "year() * 10000 + month() * 100 + day_of_month() >= ${formatdate("YYYYMMDD", timeadd("${var.gemini_model_retires_on}T00:00:00Z", "-720h"))}"
        runbook  = "Choose the next model, hold an interview with it, set gemini_model and gemini_model_retires_on, apply. After the day calls answer 404 and every turn is by a fallback model, or by script."
      }
    },
    # Nobody can look from outside where IAM lets nobody in.
    local.watched ? {
      page_down = {
        title    = "Interviews cannot be held: the page's way to next_turn is closed"
        severity = "CRITICAL"
        lasting  = "300s"
        query    = "avg(avg_over_time(monitoring_googleapis_com:uptime_check_check_passed{monitored_resource=\"uptime_url\",check_id=\"${google_monitoring_uptime_check_config.interviews["page"].uptime_check_id}\"}[10m])) < 0.5"
        runbook  = "Open ${local.page_origin}/api/interview/engine/next_turn/health, then ${local.function_url["next_turn"]}/api/interview/engine/next_turn/health. The second one answers: it is Hosting, its rewrites or the domain; deploy hosting again. Neither does: it is the function; see its log, and roll back as infra/README.md says."
      }
    } : {},
    local.worker_here ? {
      worker_gone = {
        title    = "No voice worker is there"
        severity = "CRITICAL"
        lasting  = "300s"
        query = {
          gke       = "absent_over_time(kubernetes_io:container_uptime{monitored_resource=\"k8s_container\",namespace_name=\"interviewos\",container_name=\"worker\"}[10m])"
          cloud_run = "absent_over_time(run_googleapis_com:container_instance_count{monitored_resource=\"cloud_run_worker_pool\"}[10m])"
        }[var.worker_home]
        runbook = "The page offers to go on in writing, and interviews do. gke: `kubectl -n interviewos get pods` and `describe`; a pod that cannot start says in its log which variable is wrong, one that waits for its volume which secret. cloud_run: the worker pool's log. A new image is at fault: set worker_image back and apply."
      }
      voice_slow = {
        title    = "The voice is slow to answer"
        severity = "WARNING"
        lasting  = "600s"
        query    = "histogram_quantile(0.95, sum by (le) (rate(${local.user_metric.voice_ms}_bucket{${local.on_worker}}[15m]))) > 8000"
        runbook  = "A log line `voice turn` tells where the time went. function_ms: the functions or the model. recognition_ms, synthesis_ms: Google's speech services, and speech_location. worker_ms: too few workers; raise worker_instances."
      }
    } : {},
  )

  # Who is named, by severity; those that are addresses get a channel.
  on_call = {
    CRITICAL = var.on_call.critical
    WARNING  = length(var.on_call.warning) > 0 ? var.on_call.warning : var.on_call.critical
  }
  channels = {
    for severity, people in local.on_call : severity => [
      for whom in people : strcontains(whom, "@") ? google_monitoring_notification_channel.emails[whom].id : whom
    ]
  }
}

resource "google_monitoring_notification_channel" "emails" {
  for_each = toset([for whom in setunion(var.on_call.critical, var.on_call.warning) : whom if strcontains(whom, "@")])

  display_name = each.key
  type         = "email"
  labels       = { email_address = each.key }

  depends_on = [google_project_service.apis]
}

resource "google_monitoring_alert_policy" "alerts" {
  for_each = local.alerts

  display_name          = each.value.title
  severity              = each.value.severity
  combiner              = "OR"
  notification_channels = local.channels[each.value.severity]

  conditions {
    display_name = each.value.title
    condition_prometheus_query_language {
      query                     = each.value.query
      duration                  = each.value.lasting
      evaluation_interval       = "60s"
      disable_metric_validation = true # a metric of the log is there after its first line
    }
  }

  documentation {
    content   = each.value.runbook
    mime_type = "text/markdown"
  }

  depends_on = [google_logging_metric.counted, google_logging_metric.measured, google_logging_metric.voice]
}

# A paused queue makes no metric at all, but whoever pauses it is in the audit log.
resource "google_monitoring_alert_policy" "queue_paused" {
  display_name          = "The queue of the alarms was paused, purged or deleted"
  severity              = "WARNING"
  combiner              = "OR"
  notification_channels = local.channels["WARNING"]

  conditions {
    display_name = "Somebody stopped the queue"
    condition_matched_log {
      filter = "logName=\"projects/${var.project_id}/logs/cloudaudit.googleapis.com%2Factivity\" AND protoPayload.serviceName=\"cloudtasks.googleapis.com\" AND protoPayload.methodName=~\"(Pause|Purge|Delete)Queue$\""
    }
  }

  alert_strategy {
    auto_close = "3600s"
    notification_rate_limit {
      period = "300s"
    }
  }

  documentation {
    content   = "Interviews move on by the sweep alone: late, and 20 a minute. If nobody meant it: `gcloud tasks queues resume ${google_cloud_tasks_queue.alarms.name} --location=${local.region}`. What was purged or deleted the sweep makes good; a deleted queue's name is blocked for a week, so give it another one in tasks.tf."
    mime_type = "text/markdown"
  }
}
