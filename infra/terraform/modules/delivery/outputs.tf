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
