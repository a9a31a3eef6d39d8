# Interviews in text alone: what a team gets that fills in nothing but what has no default.

mock_provider "google" {
  source          = "./tests/mocks"
  override_during = plan
}

mock_provider "google-beta" {
  override_during = plan
}

variables {
  project_id              = "acme-interviews"
  functions_image         = "us-central1-docker.pkg.dev/acme-interviews/interviewos/functions@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  on_call                 = { critical = ["on-call@acme.example"] }
  budget                  = { billing_account = "0A1B2C-3D4E5F-6A7B8C", monthly = 200 }
  gemini_model_retires_on = "2027-06-30"
}

run "by_default" {
  command = plan

  # Who may call

  assert {
    condition = (
      toset([for name, service in google_cloud_run_v2_service.functions : name if service.invoker_iam_disabled])
      == toset(["create", "messages", "next_turn", "token"])
    )
    error_message = "Not exactly create, messages, next_turn and token are public."
  }
  assert {
    condition = alltrue([
      for service in google_cloud_run_v2_service.functions :
      service.ingress == (service.invoker_iam_disabled ? "INGRESS_TRAFFIC_ALL" : "INGRESS_TRAFFIC_INTERNAL_ONLY")
    ])
    error_message = "A function that is not public can be reached from the internet."
  }
  assert {
    condition = { for grant in google_cloud_run_v2_service_iam_member.invokers : "${grant.name} ${grant.role}" => grant.member } == {
      "stage-timeout roles/run.invoker" = "serviceAccount:interview-tasks-invoker@acme-interviews.iam.gserviceaccount.com"
      "sweep roles/run.invoker"         = "serviceAccount:interview-sweep-invoker@acme-interviews.iam.gserviceaccount.com"
    }
    error_message = "stage_timeout and sweep are invoked by others than their own accounts."
  }
  assert {
    condition = { for name, service in google_cloud_run_v2_service.functions : name => one(service.custom_audiences) if length(service.custom_audiences) > 0 } == {
      stage_timeout = "${output.function_urls["stage_timeout"]}/api/interview/tasks/stage_timeout"
      sweep         = "${output.function_urls["stage_timeout"]}/api/interview/tasks/stage_timeout"
    }
    error_message = "The tokens of Cloud Tasks and Cloud Scheduler are for another audience than the services take."
  }
  assert {
    condition = (
      google_cloud_scheduler_job.sweep.http_target[0].oidc_token[0].audience == google_cloud_run_v2_service.functions["sweep"].custom_audiences[0]
      && google_cloud_scheduler_job.sweep.http_target[0].oidc_token[0].service_account_email == google_service_account.accounts["sweep_invoker"].email
      && google_cloud_scheduler_job.sweep.http_target[0].uri == "https://sweep-123456789012.us-central1.run.app/api/interview/tasks/sweep"
      && google_cloud_scheduler_job.sweep.schedule == "* * * * *"
    )
    error_message = "Cloud Scheduler does not call sweep once a minute as who may."
  }

  # Who may do what

  assert {
    condition = { for grant in google_project_iam_member.functions :
      trimsuffix(trimprefix(grant.member, "serviceAccount:interview-"), "@acme-interviews.iam.gserviceaccount.com") => grant.role... } == {
      create        = ["roles/datastore.user"]
      messages      = ["roles/datastore.user"]
      next-turn     = ["roles/aiplatform.user", "roles/datastore.user"]
      stage-timeout = ["roles/aiplatform.user", "roles/datastore.user"]
      sweep         = ["roles/aiplatform.user", "roles/datastore.user"]
      token         = ["roles/datastore.viewer"]
    }
    error_message = "An account has more or less on the project than it needs; owner and editor are never needed."
  }
  assert {
    condition = (
      google_cloud_tasks_queue_iam_binding.alarm_setters.role == "roles/cloudtasks.enqueuer"
      && google_cloud_tasks_queue_iam_binding.alarm_setters.members == toset([for name in ["next-turn", "stage-timeout", "sweep"] : "serviceAccount:interview-${name}@acme-interviews.iam.gserviceaccount.com"])
    )
    error_message = "Not exactly the functions that take turns may set alarms."
  }
  assert {
    condition = (
      google_service_account_iam_binding.alarm_setters.role == "roles/iam.serviceAccountUser"
      && google_service_account_iam_binding.alarm_setters.members == google_cloud_tasks_queue_iam_binding.alarm_setters.members
      && strcontains(google_service_account_iam_binding.alarm_setters.service_account_id, "interview-tasks-invoker@")
    )
    error_message = "Alarms may be set in another name than that of tasks_invoker."
  }
  assert {
    condition = { for secret, grant in google_secret_manager_secret_iam_binding.readers : secret => toset([for member in grant.members : trimsuffix(trimprefix(member, "serviceAccount:interview-"), "@acme-interviews.iam.gserviceaccount.com")]) } == {
      for secret in ["INGEST_SECRET", "SESSION_SIGNING_KEY"] : secret => toset(["create", "messages", "next-turn", "token"])
    }
    error_message = "A secret is read by others than need it."
  }
  assert {
    condition = alltrue([for name, service in google_cloud_run_v2_service.functions :
    service.template[0].service_account == "interview-${replace(name, "_", "-")}@acme-interviews.iam.gserviceaccount.com"])
    error_message = "A function runs as somebody else."
  }

  # What a function is told, and has to carry

  assert {
    condition = alltrue([for name, service in google_cloud_run_v2_service.functions :
      one([for env in service.template[0].containers[0].env : env.value if env.name == "THREADS"]) == tostring(service.template[0].max_instance_request_concurrency)
      && one([for env in service.template[0].containers[0].env : env.value if env.name == "FUNCTION_TARGET"]) == name
    ])
    error_message = "A function has more requests at once than threads, or is another function than its service says."
  }
  assert {
    condition = alltrue([for service in google_cloud_run_v2_service.functions :
    service.template[0].timeout == "60s" && service.template[0].containers[0].resources[0].startup_cpu_boost && service.scaling[0].max_instance_count <= 10])
    error_message = "A function has no bound in time or number, or no boost at its start."
  }
  assert {
    condition = { for name, service in google_cloud_run_v2_service.functions : name => service.template[0].containers[0].startup_probe[0].http_get[0].path } == {
      create        = "/api/interview/sessions/create/health"
      messages      = "/api/interview/sessions/messages/health"
      next_turn     = "/api/interview/engine/next_turn/health"
      token         = "/api/interview/livekit/token/health"
      stage_timeout = "/api/interview/tasks/stage_timeout/health"
      sweep         = "/api/interview/tasks/sweep/health"
    }
    error_message = "A function is asked for its health at a path that it does not answer."
  }
  assert {
    condition = { for name, service in google_cloud_run_v2_service.functions : name => {
      for env in service.template[0].containers[0].env : env.name => env.value if startswith(env.name, "TASKS_") || env.name == "SWEEP_INVOKER"
      } if !contains(["create", "messages", "token"], name) } == {
      for name in ["next_turn", "stage_timeout", "sweep"] : name => merge({
        TASKS_INVOKER    = "interview-tasks-invoker@acme-interviews.iam.gserviceaccount.com"
        TASKS_LOCATION   = "us-central1"
        TASKS_QUEUE      = "interview-alarms"
        TASKS_TARGET_URL = "https://stage-timeout-123456789012.us-central1.run.app/api/interview/tasks/stage_timeout"
      }, name == "sweep" ? { SWEEP_INVOKER = "interview-sweep-invoker@acme-interviews.iam.gserviceaccount.com" } : {})
    }
    error_message = "A function that takes turns does not know its queue, or who may call it."
  }
  assert {
    condition = alltrue(flatten([for service in google_cloud_run_v2_service.functions : [
      for env in service.template[0].containers[0].env : can(regex("^[0-9]+$", one(env.value_source[*].secret_key_ref[0].version))) if length(env.value_source) > 0
    ]]))
    error_message = "A secret is read in another version than a numbered one."
  }
  assert {
    condition     = toset([for service in google_cloud_run_v2_service.functions : service.template[0].containers[0].image]) == toset([var.functions_image])
    error_message = "A function runs another image than was said."
  }
  assert {
    condition     = terraform_data.granted.triggers_replace == { INGEST_SECRET = ["create", "messages", "next_turn", "token"], SESSION_SIGNING_KEY = ["create", "messages", "next_turn", "token"] }
    error_message = "A grant is new and not waited for."
  }

  # What is kept, and how long

  assert {
    condition = (
      google_firestore_database.this.delete_protection_state == "DELETE_PROTECTION_ENABLED"
      && google_firestore_database.this.deletion_policy == "PREVENT"
      && google_firestore_database.this.point_in_time_recovery_enablement == "POINT_IN_TIME_RECOVERY_ENABLED"
      && google_firestore_database.this.location_id == "us-central1"
    )
    error_message = "The database can be deleted by a slip."
  }
  assert {
    condition     = !anytrue([for service in google_cloud_run_v2_service.functions : service.deletion_protection])
    error_message = "A service whose first revision failed can never be mended."
  }
  assert {
    condition     = length(google_firestore_backup_schedule.daily.daily_recurrence) == 1 && google_firestore_backup_schedule.daily.retention == "604800s"
    error_message = "There is no backup of each day, or it outlives a deleted interview by more than a week."
  }
  assert {
    condition = toset([for field in google_firestore_field.expire_at : "${field.collection}.${field.field}" if length(field.ttl_config) == 1 && length(field.index_config) == 1]
    ) == toset(["interviews.expire_at", "spending.expire_at"])
    error_message = "Interviews or counters are kept for ever, or their end is indexed."
  }
  assert {
    condition = (
      google_firestore_field.interviews.field == "*"
      && length(google_firestore_field.interviews.index_config[0].indexes) == 0
      && google_firestore_field.interviews_due_at.field == "due_at"
      && [for index in google_firestore_field.interviews_due_at.index_config[0].indexes : "${index.order} ${index.query_scope}"] == ["ASCENDING COLLECTION"]
      && [for field in google_firestore_index.spending_of_a_day.fields : field.field_path] == ["day", "interviews", "tokens"]
    )
    error_message = "More or less is indexed than is asked for."
  }
  assert {
    condition     = strcontains(google_firebaserules_ruleset.nobody.source[0].files[0].content, "allow read, write: if false;") && !strcontains(google_firebaserules_ruleset.nobody.source[0].files[0].content, "if true")
    error_message = "A browser may read the store."
  }
  assert {
    condition = (
      google_cloud_tasks_queue.alarms.rate_limits[0].max_dispatches_per_second <= 500
      && google_cloud_tasks_queue.alarms.rate_limits[0].max_concurrent_dispatches <= google_cloud_run_v2_service.functions["stage_timeout"].template[0].max_instance_request_concurrency * google_cloud_run_v2_service.functions["stage_timeout"].scaling[0].max_instance_count
      && google_cloud_tasks_queue.alarms.retry_config[0].max_attempts > 0
      && google_cloud_tasks_queue.alarms.retry_config[0].max_retry_duration == "300s"
    )
    error_message = "The queue has no bound, or asks more of stage_timeout than it takes."
  }

  # Who is told, and of what

  assert {
    condition     = google_billing_budget.monthly["month"].amount[0].specified_amount[0].units == "200" && toset([for rule in google_billing_budget.monthly["month"].threshold_rules : "${rule.threshold_percent} ${coalesce(rule.spend_basis, "CURRENT_SPEND")}"]) == toset(["0.5 CURRENT_SPEND", "0.8 CURRENT_SPEND", "1 CURRENT_SPEND", "1 FORECASTED_SPEND"])
    error_message = "There is no budget, or it is told too late."
  }
  assert {
    condition = toset(keys(google_monitoring_alert_policy.alerts)) == toset([
      "turns_late_now", "turns_late", "model_fails", "functions_fail", "functions_slow", "clock_late", "queue_grows", "overdue", "sweep_silent", "page_down", "cap_reached", "model_retires",
    ])
    error_message = "An alert is missing, or new and not looked at here."
  }
  assert {
    condition = alltrue([for alert in concat(values(google_monitoring_alert_policy.alerts), [google_monitoring_alert_policy.queue_paused]) :
    length(alert.documentation[0].content) > 100 && length(alert.notification_channels) == 1])
    error_message = "An alert reaches nobody, or does not say what to do."
  }
  assert {
    condition     = strcontains(google_monitoring_alert_policy.alerts["model_retires"].conditions[0].condition_prometheus_query_language[0].query, ">= 20270531")
    error_message = "The end of the model is not told 30 days before."
  }
  assert {
    condition     = google_monitoring_slo.turns_in_time.goal == 0.95 && google_monitoring_uptime_check_config.interviews["page"].monitored_resource[0].labels.host == "acme-interviews.web.app"
    error_message = "Nobody watches whether turns are in time and the page is up."
  }
  assert {
    condition     = length(google_cloud_run_v2_worker_pool.worker) + length(google_container_cluster.worker) == 0 && output.worker_manifest == "" && length(output.worker_environment) == 0
    error_message = "There is a worker where nobody speaks."
  }
}
