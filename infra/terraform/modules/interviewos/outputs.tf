output "page_origin" {
  description = "Where the page is, and what integrators call."
  value       = local.page_origin
}

output "function_urls" {
  description = "Origin of each function."
  value       = local.function_url
}

output "page" {
  description = "What infra/deploy-hosting needs to know."
  value = {
    project       = var.project_id
    region        = local.region
    site          = local.site_id
    next_turn_url = local.next_turn_url
    livekit_url   = local.voice ? var.livekit.url : ""
    app_check = var.app_check == "off" ? null : {
      site_key = var.recaptcha_site_key
      app_id   = google_firebase_web_app.page.app_id
      api_key  = var.firebase_api_key
    }
  }
}

output "not_resident" {
  description = "What residency does not hold, in a sentence each."
  value       = local.not_resident
}

output "secrets" {
  description = "Secrets that infra/set-secrets gives their values, and the version of each that is used."
  value       = local.secret_version
}

output "worker_environment" {
  description = "What the worker is told, wherever it runs; its secrets are not in it."
  value       = local.worker_environment
}

output "worker_secrets" {
  description = "Secrets that the worker reads."
  value       = local.voice ? local.worker_secrets : []
}

output "worker_manifest" {
  description = "For worker_home gke: what `kubectl apply -f -` takes."
  value       = local.worker_manifest
}

output "worker_next_step" {
  description = "What is left to do for the worker."
  value = {
    none          = "Nothing: interviews are in text."
    cloud_run     = "Nothing: the worker pool runs."
    gke           = "gcloud container clusters get-credentials interviews --region=${local.region} --project=${var.project_id} --dns-endpoint && terraform -chdir=$ENVIRONMENT output -raw worker_manifest | kubectl apply -f -"
    livekit_cloud = "From agent_service/: `lk agent create` the first time, `lk agent deploy` later, with `--secrets NAME=VALUE` for each line of the outputs worker_environment and worker_secrets."
  }[var.worker_home]
}
