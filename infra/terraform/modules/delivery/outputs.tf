output "build" {
  description = "What infra/build needs to know."
  value = {
    project  = var.project_id
    region   = local.build_region
    registry = "${var.region}-docker.pkg.dev/${var.project_id}/${google_artifact_registry_repository.images.repository_id}"
    staging  = "${google_storage_bucket.sources.url}/builds"
    account  = google_service_account.builder.id
  }
}

output "pipeline" {
  description = "For the variables of the repository on GitHub: who it comes in as."
  value = var.github == null ? null : {
    WORKLOAD_IDENTITY_PROVIDER = google_iam_workload_identity_pool_provider.github["github"].name
    PLANNER                    = google_service_account.pipeline["planner"].email
    DEPLOYERS                  = { for environment in keys(local.environments) : environment => google_service_account.pipeline[environment].email }
  }
}
