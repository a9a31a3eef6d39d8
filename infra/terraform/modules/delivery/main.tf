# Where images are built and kept, for all environments: what was tried in one is what runs in the next, by its digest.
resource "google_project_service" "apis" {
  for_each = toset(["artifactregistry.googleapis.com", "cloudbuild.googleapis.com", "iam.googleapis.com", "logging.googleapis.com"])

  service = each.key
  # Others may have switched it on before us.
  disable_on_destroy = false
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

# What is in git needs no key of one's own.
#trivy:ignore:GCP-0066 #trivy:ignore:GCP-0077 #trivy:ignore:GCP-0078
resource "google_storage_bucket" "sources" {
  #checkov:skip=CKV_GCP_62:who reads the sources of an open project needs no log
  #checkov:skip=CKV_GCP_78:an upload has a name of its own, and is of no use after its build
  name                        = "${var.project_id}-interviewos-sources"
  location                    = local.build_region
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

resource "google_service_account" "builder" {
  account_id   = "interview-builder"
  display_name = "Builds the images of InterviewOS"

  depends_on = [google_project_service.apis]
}

resource "google_artifact_registry_repository_iam_member" "builder" {
  repository = google_artifact_registry_repository.images.name
  location   = var.region
  role       = "roles/artifactregistry.writer"
  member     = google_service_account.builder.member
}

resource "google_storage_bucket_iam_member" "builder" {
  bucket = google_storage_bucket.sources.name
  role   = "roles/storage.objectViewer"
  member = google_service_account.builder.member
}

resource "google_project_iam_member" "builder" {
  project = var.project_id
  role    = "roles/logging.logWriter"
  member  = google_service_account.builder.member
}

# Cloud Run fetches an image of another project as its own agent there.
resource "google_artifact_registry_repository_iam_member" "readers" {
  for_each = var.project_numbers

  repository = google_artifact_registry_repository.images.name
  location   = var.region
  role       = "roles/artifactregistry.reader"
  member     = "serviceAccount:service-${each.key}@serverless-robot-prod.iam.gserviceaccount.com"
}

locals {
  build_region = coalesce(var.build_region, var.region)
}
