# One image for all functions, built by Google's buildpacks from one zip file, and named after what is in it.
locals {
  functions_hash   = filesha256(var.functions_archive)
  functions_image  = "${local.registry}/functions:${substr(local.functions_hash, 0, 12)}"
  functions_source = "gs://${google_storage_bucket.sources.name}/${google_storage_bucket_object.functions.name}"
  registry         = "${var.region}-docker.pkg.dev/${var.project_id}/${google_artifact_registry_repository.images.repository_id}"
}

resource "google_artifact_registry_repository" "images" {
  #checkov:skip=CKV_GCP_84:no secret is in an image; Google's own encryption will do
  repository_id = "interviewos"
  description   = "Images of the functions and of the voice worker"
  location      = var.region
  format        = "DOCKER"

  # Enough to roll back to; what runs is never older than the newest twenty.
  cleanup_policies {
    id     = "keep-the-newest"
    action = "KEEP"
    most_recent_versions {
      keep_count = 20
    }
  }
  cleanup_policies {
    id     = "delete-the-old"
    action = "DELETE"
    condition {
      older_than = "2592000s"
    }
  }

  depends_on = [google_project_service.apis]
}

resource "google_storage_bucket" "sources" {
  #checkov:skip=CKV_GCP_62:who reads the sources of an open project needs no log
  name                        = "${var.project_id}-interviewos-sources"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = true # sources are in git

  versioning {
    enabled = true
  }

  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      days_since_noncurrent_time = 30
    }
  }

  depends_on = [google_project_service.apis]
}

resource "google_storage_bucket_object" "functions" {
  name   = "functions-${local.functions_hash}.zip"
  bucket = google_storage_bucket.sources.name
  source = var.functions_archive

  # Its name says what is in it; where it lay on somebody's disk does not matter.
  lifecycle {
    ignore_changes = [source]
  }
}

# No resource of the provider runs a build, so gcloud does, once for each content.
resource "terraform_data" "functions_image" {
  triggers_replace = [local.functions_image]

  provisioner "local-exec" {
    command = "gcloud builds submit \"$SOURCE\" --project=\"$PROJECT\" --region=\"$REGION\" --config=\"$CONFIG\" --service-account=\"$ACCOUNT\" --substitutions=_IMAGE=\"$IMAGE\""
    environment = {
      SOURCE  = local.functions_source
      PROJECT = var.project_id
      REGION  = var.region
      CONFIG  = "${path.module}/functions-image.yaml"
      ACCOUNT = google_service_account.accounts["functions_builder"].id
      IMAGE   = local.functions_image
    }
  }

  depends_on = [
    google_artifact_registry_repository_iam_member.builder,
    google_project_iam_member.builder,
    google_storage_bucket_iam_member.builder,
  ]
}

resource "google_artifact_registry_repository_iam_member" "builder" {
  repository = google_artifact_registry_repository.images.name
  location   = var.region
  role       = "roles/artifactregistry.writer"
  member     = google_service_account.accounts["functions_builder"].member
}

resource "google_storage_bucket_iam_member" "builder" {
  bucket = google_storage_bucket.sources.name
  role   = "roles/storage.objectViewer"
  member = google_service_account.accounts["functions_builder"].member
}

resource "google_project_iam_member" "builder" {
  project = var.project_id
  role    = "roles/logging.logWriter"
  member  = google_service_account.accounts["functions_builder"].member
}
