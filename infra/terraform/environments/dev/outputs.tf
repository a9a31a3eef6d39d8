output "page_origin" {
  description = "Where the page is, and what integrators call."
  value       = module.interviewos.page_origin
}

output "function_urls" {
  description = "Origin of each function."
  value       = module.interviewos.function_urls
}

output "page" {
  description = "What infra/deploy-hosting needs to know."
  value       = module.interviewos.page
}

output "images" {
  description = "What is deployed: give it again with an apply that is not to deploy anything else."
  value       = { functions = var.functions_image, worker = var.worker_image }
}

output "ingest_secret" {
  description = "The version of INGEST_SECRET that is deployed, for `gcloud secrets versions access`."
  value       = "projects/${local.project_id}/secrets/INGEST_SECRET/versions/${module.interviewos.secrets["INGEST_SECRET"]}"
}

output "not_resident" {
  description = "What residency does not hold, in a sentence each."
  value       = module.interviewos.not_resident
}

output "secrets" {
  description = "Secrets that infra/set-secrets gives their values, and the version of each that is used."
  value       = module.interviewos.secrets
}

output "worker_environment" {
  description = "What the worker is told, wherever it runs; its secrets are not in it."
  value       = module.interviewos.worker_environment
}

output "worker_secrets" {
  description = "Secrets that the worker reads."
  value       = module.interviewos.worker_secrets
}

output "worker_manifest" {
  description = "For worker_home gke: what `kubectl apply -f -` takes."
  value       = module.interviewos.worker_manifest
}

output "worker_next_step" {
  description = "What is left to do for the worker."
  value       = module.interviewos.worker_next_step
}
