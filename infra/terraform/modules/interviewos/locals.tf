locals {
  voice = var.livekit != null

  region          = coalesce(var.region, var.residency == "eu" ? "europe-west1" : "us-central1")
  gemini_location = coalesce(var.gemini_location, var.residency)
  speech_location = coalesce(var.speech_location, var.residency == "eu" ? "eu" : "us")

  # Regions of members of the European Union: neither London nor Zurich.
  resident_region = lookup({
    us = "^us-[a-z]+[0-9]+$"
    eu = "^europe-(west(1|3|4|8|9|10|12)|north[12]|southwest1|central2)$"
  }, var.residency, "")
  resident_multi_regions = lookup({ us = ["nam5", "nam7"], eu = ["eur3"] }, var.residency, ["nam5", "nam7", "eur3"])

  watched = length(var.invokers) == 0
  # Hosting reaches functions that everybody may call, and no others.
  public_ingress = var.ingress == "load_balancer" ? "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER" : "INGRESS_TRAFFIC_ALL"
  hosted         = var.ingress == "all" && length(var.invokers) == 0

  site_id     = coalesce(var.site_id, var.project_id)
  site_origin = "https://${local.site_id}.web.app"
  page_origin = var.domain == null ? local.site_origin : "https://${var.domain}"

  # Known before anything is made, so that two services can name each other.
  function_url     = { for name in keys(local.functions) : name => "https://${replace(name, "_", "-")}-${data.google_project.this.number}.${local.region}.run.app" }
  next_turn_url    = var.ingress == "all" ? local.function_url["next_turn"] : local.page_origin # Hosting may buffer a stream
  tasks_target_url = "${local.function_url["stage_timeout"]}/api/interview/tasks/stage_timeout"
  sweep_url        = "${local.function_url["sweep"]}/api/interview/tasks/sweep"

  request_seconds = 60
}

# What each function may do, is told and has to carry.
#
# `asks` is a function that takes turns: it asks the model and sets alarms. `roles` are on the project. A processor less
# than whole would allow one request at a time, so each has one; a turn waits for its model most of its time.
locals {
  functions = {
    create = {
      public        = true
      asks          = false
      health        = "sessions/create/health"
      memory        = "512Mi"
      concurrency   = 80
      min_instances = 0
      max_instances = var.max_instances
      roles         = ["roles/datastore.user"]
      secrets       = local.caller_secrets
    }
    messages = {
      public        = true
      asks          = false
      health        = "sessions/messages/health"
      memory        = "512Mi"
      concurrency   = 80
      min_instances = 0
      max_instances = var.max_instances
      roles         = ["roles/datastore.user"] # DELETE is here, too
      secrets       = concat(local.caller_secrets, local.voice_secrets)
    }
    next_turn = {
      public        = true
      asks          = true
      health        = "engine/next_turn/health"
      memory        = "1Gi"
      concurrency   = 20
      min_instances = var.warm_instances
      max_instances = var.max_instances
      roles         = concat(["roles/datastore.user"], local.model_roles)
      secrets       = concat(local.caller_secrets, local.voice_secrets, local.model_secrets)
    }
    token = {
      public        = true
      asks          = false
      health        = "livekit/token/health"
      memory        = "512Mi"
      concurrency   = 80
      min_instances = 0
      max_instances = var.max_instances
      roles         = ["roles/datastore.viewer"]
      secrets       = concat(local.caller_secrets, local.voice_secrets)
    }
    stage_timeout = {
      public        = false
      asks          = true
      health        = "tasks/stage_timeout/health"
      memory        = "1Gi"
      concurrency   = 20
      min_instances = 0
      max_instances = 5
      roles         = concat(["roles/datastore.user"], local.model_roles)
      secrets       = concat(local.voice_secrets, local.model_secrets)
    }
    sweep = {
      public        = false
      asks          = true
      health        = "tasks/sweep/health"
      memory        = "1Gi"
      concurrency   = 2 # one a minute, and the next one where it is slow
      min_instances = 0
      max_instances = 1
      roles         = concat(["roles/datastore.user"], local.model_roles)
      secrets       = concat(local.voice_secrets, local.model_secrets)
    }
  }

  model_roles = var.gemini == "vertex" ? ["roles/aiplatform.user"] : []
}

data "google_project" "this" {
  project_id = var.project_id
}
