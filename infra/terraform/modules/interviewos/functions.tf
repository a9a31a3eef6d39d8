resource "google_cloud_run_v2_service" "functions" {
  for_each = local.functions

  name        = replace(each.key, "_", "-")
  description = "InterviewOS: ${each.key}"
  location    = local.region

  # Whoever calls a public function proves who they are to the function itself. This needs no grant to `allUsers`, which
  # many organisations forbid; those that forbid this, too, name invokers.
  invoker_iam_disabled = each.value.public && length(var.invokers) == 0
  ingress              = each.value.public ? local.public_ingress : "INGRESS_TRAFFIC_INTERNAL_ONLY"
  custom_audiences     = each.value.public ? [] : [local.tasks_target_url]
  deletion_protection  = false # it holds nothing, and a first revision that fails is only mended by a second service

  scaling {
    min_instance_count = each.value.min_instances
    max_instance_count = each.value.max_instances
  }

  template {
    labels                           = { granted = terraform_data.granted.id }
    service_account                  = google_service_account.accounts[each.key].email
    timeout                          = "${local.request_seconds}s"
    max_instance_request_concurrency = each.value.concurrency

    containers {
      image = var.functions_image

      resources {
        limits            = { cpu = "1", memory = each.value.memory }
        cpu_idle          = true
        startup_cpu_boost = true
      }

      # It says yes when the settings are good and what the first request needs is imported.
      startup_probe {
        period_seconds    = 1
        timeout_seconds   = 1
        failure_threshold = 60
        http_get {
          path = "/api/interview/${each.value.health}"
        }
      }

      dynamic "env" {
        for_each = merge(local.common_environment, local.environment[each.key], {
          FUNCTION_TARGET = each.key
          THREADS         = each.value.concurrency
        })
        content {
          name  = env.key
          value = env.value
        }
      }

      dynamic "env" {
        for_each = { for name, read in local.secret_environment : name => read if contains(each.value.secrets, read.secret) }
        content {
          name = env.key
          value_source {
            secret_key_ref {
              secret  = google_secret_manager_secret.secrets[env.value.secret].secret_id
              version = env.value.version
            }
          }
        }
      }
    }
  }

  depends_on = [google_project_iam_member.functions]
}

# A revision that fails is no error to an apply that comes after it: the one before serves on, and nothing is left to
# change. It is read when all services are as they should be, so a mend that changes one is never in its own way.
# tflint-ignore: terraform_unused_declarations # read for its postcondition alone
data "google_cloud_run_v2_service" "functions" {
  for_each = local.functions

  name     = replace(each.key, "_", "-")
  location = local.region

  depends_on = [google_cloud_run_v2_service.functions]

  lifecycle {
    postcondition {
      condition     = self.latest_ready_revision == self.latest_created_revision
      error_message = "The newest revision of ${replace(each.key, "_", "-")} is not ready, and the one before serves on. Its log says why. When that is mended, make another: `terraform apply -replace=module.interviewos.terraform_data.granted`."
    }
  }
}

# Nobody but the service account that Cloud Tasks, or Cloud Scheduler, calls with.
resource "google_cloud_run_v2_service_iam_member" "invokers" {
  for_each = { stage_timeout = "tasks_invoker", sweep = "sweep_invoker" }

  name     = google_cloud_run_v2_service.functions[each.key].name
  location = local.region
  role     = "roles/run.invoker"
  member   = google_service_account.accounts[each.value].member
}

resource "google_cloud_run_v2_service_iam_binding" "public" {
  for_each = toset([for name, function in local.functions : name if function.public && length(var.invokers) > 0])

  name     = google_cloud_run_v2_service.functions[each.key].name
  location = local.region
  role     = "roles/run.invoker"
  members  = var.invokers
}

# What the functions are told; functions/interviewos/settings.py refuses what cannot work.
locals {
  environment = {
    create        = local.create_environment
    messages      = local.voice_environment
    next_turn     = merge(local.turn_environment, local.voice_environment)
    token         = merge(local.voice_environment, local.room_environment)
    stage_timeout = merge(local.turn_environment, local.voice_environment)
    sweep         = merge(local.turn_environment, local.voice_environment, local.sweep_environment)
  }

  common_environment = merge(local.plan_environment, {
    GOOGLE_CLOUD_PROJECT = var.project_id
    FIRESTORE_DATABASE   = google_firestore_database.this.name
    ALLOWED_ORIGINS      = join(",", distinct(local.hosted ? [local.page_origin, local.site_origin] : [local.page_origin]))
    RETENTION_DAYS       = var.interview.retention_days
  })

  # What is not set is as the plan says.
  plan_environment = {
    for name, value in {
      INTRO_TIMEOUT_S      = var.interview.intro_timeout_s
      EXPERIENCE_TIMEOUT_S = var.interview.experience_timeout_s
      STAGE_GRACE_S        = var.interview.stage_grace_s
      MAX_INTRO_TURNS      = var.interview.max_intro_turns
      MAX_EXP_TURNS        = var.interview.max_exp_turns
    } : name => value if value != null
  }

  create_environment = {
    APP_CHECK          = var.app_check
    CREATES_PER_MINUTE = var.limits.creates_per_minute
    INTERVIEWS_PER_DAY = var.limits.interviews_per_day
    TOKENS_PER_DAY     = var.limits.tokens_per_day
  }

  voice_environment = local.voice ? {
    LIVEKIT_URL     = var.livekit.url
    LIVEKIT_API_KEY = var.livekit.api_key
    AGENT_NAME      = var.agent_name
  } : {}

  # As many rooms as there are workers for; a Cloud Run worker pool stays at the fewest.
  room_environment = local.voice ? {
    MAX_VOICE_ROOMS = 10 * (var.worker_home == "cloud_run" ? local.fewest_workers : var.worker_instances.max)
  } : {}

  turn_environment = {
    GOOGLE_GENAI_USE_VERTEXAI = var.gemini == "vertex"
    GOOGLE_CLOUD_LOCATION     = local.gemini_location
    GEMINI_MODEL              = var.gemini_model
    GEMINI_FALLBACK_MODELS    = join(",", var.gemini_fallback_models)
    TASKS_QUEUE               = google_cloud_tasks_queue.alarms.name
    TASKS_LOCATION            = local.region
    TASKS_TARGET_URL          = local.tasks_target_url
    TASKS_INVOKER             = google_service_account.accounts["tasks_invoker"].email
    TOKENS_PER_DAY            = var.limits.tokens_per_day
    TOKENS_PER_INTERVIEW      = var.limits.tokens_per_interview
    REPORT_READINGS           = var.report_readings
  }

  sweep_environment = { SWEEP_INVOKER = google_service_account.accounts["sweep_invoker"].email }
}
