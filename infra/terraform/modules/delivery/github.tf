# GitHub Actions come in by Workload Identity Federation: no key is made that somebody could lose. A pull request may
# look; a deployment may change its own environment, and GitHub says which one that is.
locals {
  environments = var.github == null ? {} : merge({ delivery = var.project_id }, var.github.environments)

  viewer_roles = ["roles/viewer", "roles/iam.securityReviewer"]
  # What the resources of modules/interviewos, and of this module, need; whoever can grant roles can grant any.
  deployer_roles = [
    "roles/artifactregistry.admin",
    "roles/cloudbuild.builds.editor",
    "roles/cloudscheduler.admin",
    "roles/cloudtasks.admin",
    "roles/container.admin",
    "roles/datastore.owner",
    "roles/firebase.admin",
    "roles/iam.serviceAccountAdmin",
    "roles/iam.serviceAccountUser",
    "roles/logging.configWriter",
    "roles/monitoring.admin",
    "roles/resourcemanager.projectIamAdmin",
    "roles/run.admin",
    "roles/secretmanager.admin",
    "roles/serviceusage.serviceUsageAdmin",
    "roles/storage.admin",
  ]

  pipeline_grants = merge(
    { for environment, project in local.environments : "planner ${environment}" => { account = "planner", project = project, roles = local.viewer_roles } },
    { for environment, project in local.environments : "deployer ${environment}" => { account = environment, project = project, roles = local.deployer_roles } },
  )
  pipeline_roles = merge([
    for grant in values(local.pipeline_grants) : {
      for role in grant.roles : "${grant.account} ${grant.project} ${role}" => { account = grant.account, project = grant.project, role = role }
    }
  ]...)
}

resource "google_iam_workload_identity_pool" "github" {
  for_each = toset(var.github == null ? [] : ["github"])

  workload_identity_pool_id = "interviewos-github"
  display_name              = "GitHub Actions of InterviewOS"

  depends_on = [google_project_service.apis]
}

resource "google_iam_workload_identity_pool_provider" "github" {
  #checkov:skip=CKV_GCP_125:it wants one subject, and each environment has its own: the bindings name them, the condition the repository
  for_each = google_iam_workload_identity_pool.github

  workload_identity_pool_id          = each.value.workload_identity_pool_id
  workload_identity_pool_provider_id = "actions"
  attribute_condition                = "assertion.repository == \"${var.github.repository}\""
  attribute_mapping = {
    "google.subject"       = "assertion.sub"
    "attribute.repository" = "assertion.repository"
  }

  oidc {
    issuer_uri = "https://token.actions.githubusercontent.com"
  }
}

resource "google_service_account" "pipeline" {
  for_each = toset(var.github == null ? [] : concat(["planner"], keys(local.environments)))

  account_id   = each.key == "planner" ? "interview-planner" : "interview-deployer-${each.key}"
  display_name = each.key == "planner" ? "Plans, for pull requests and at night" : "Deploys to ${each.key}"

  depends_on = [google_project_service.apis]
}

resource "google_service_account_iam_binding" "pipeline" {
  for_each = google_service_account.pipeline

  service_account_id = each.value.name
  role               = "roles/iam.workloadIdentityUser"
  members = [each.key == "planner"
    ? "principalSet://iam.googleapis.com/${google_iam_workload_identity_pool.github["github"].name}/attribute.repository/${var.github.repository}"
    : "principal://iam.googleapis.com/${google_iam_workload_identity_pool.github["github"].name}/subject/repo:${var.github.repository}:environment:${each.key}"
  ]
}

resource "google_project_iam_member" "pipeline" {
  #checkov:skip=CKV_GCP_49:who deploys makes service accounts and grants them their roles; environments ask a person first
  for_each = local.pipeline_roles

  project = each.value.project
  role    = each.value.role
  member  = google_service_account.pipeline[each.value.account].member
}

# Cloud Run lets nobody deploy an image that they may not read.
resource "google_artifact_registry_repository_iam_member" "deployers" {
  for_each = toset(var.github == null ? [] : keys(var.github.environments))

  repository = google_artifact_registry_repository.images.name
  location   = var.region
  role       = "roles/artifactregistry.reader"
  member     = google_service_account.pipeline[each.key].member
}
