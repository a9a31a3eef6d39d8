# One image for all functions, built by Google's buildpacks from one zip file, and named after what is in it.
locals {
  functions_image = "${local.registry}/functions:${substr(filesha256(var.functions_archive), 0, 12)}"
  registry        = "${var.region}-docker.pkg.dev/${var.project_id}/${google_artifact_registry_repository.images.repository_id}"
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
  #checkov:skip=CKV_GCP_78:an upload has a name of its own, and is of no use after its build
  name                        = "${var.project_id}-interviewos-sources"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = true # sources are in git

  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      age = 30
    }
  }

  depends_on = [google_project_service.apis]
}

# No resource of the provider runs a build, so gcloud does, once for each content. What the builder's account was
# granted a moment ago takes minutes to be true everywhere, hence the tries.
resource "terraform_data" "functions_image" {
  triggers_replace = [local.functions_image]

  provisioner "local-exec" {
    command = <<-SHELL
      for pause in 60 120 0; do
        gcloud builds submit "$ARCHIVE" --gcs-source-staging-dir="$STAGING" --project="$PROJECT" --region="$REGION" \
          --config="$CONFIG" --service-account="$ACCOUNT" --substitutions=_IMAGE="$IMAGE" && exit
        sleep "$pause"
      done
      exit 1
    SHELL
    environment = {
      ARCHIVE = var.functions_archive
      STAGING = "${google_storage_bucket.sources.url}/builds"
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
