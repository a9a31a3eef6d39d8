# The voice worker, in one of its homes; what each is told is the same.
locals {
  worker_here = contains(["gke", "cloud_run"], var.worker_home)
  speech      = local.worker_here && var.voice_stack == "google_cloud"

  # A worker more takes minutes to come, so those who come together must find their places.
  fewest_workers = max(var.worker_instances.min, ceil(var.worker_instances.spare / 10))

  worker_repository = try(regex("^(?P<location>[a-z0-9-]+)-docker\\.pkg\\.dev/(?P<project>[^/]+)/(?P<name>[^/]+)/", var.worker_image), null)

  worker_environment = local.voice ? {
    LIVEKIT_URL           = var.livekit.url
    LIVEKIT_API_KEY       = var.livekit.api_key
    AGENT_NAME            = var.agent_name
    BACKEND_BASE_URL      = local.page_origin
    NEXT_TURN_URL         = local.next_turn_url
    VOICE_STACK           = var.voice_stack
    VOICE_LANGUAGE        = var.voice_language
    GOOGLE_CLOUD_PROJECT  = var.project_id
    GOOGLE_CLOUD_LOCATION = local.speech_location
    HOST                  = "0.0.0.0" # for health checks from outside of the container
    PORT                  = "8081"
  } : {}
}

resource "google_project_iam_member" "speech" {
  for_each = toset(local.speech ? ["roles/speech.client"] : [])

  project = var.project_id
  role    = each.key
  member  = google_service_account.accounts["worker"].member
}

# The small home. Cloud Run ends a container ten seconds after it asked it to go, so a deployment cuts the interviews
# that run. No word is lost by that: they are with the functions, the page asks for another agent, and it goes on with
# the question that stands.
resource "google_cloud_run_v2_worker_pool" "worker" {
  for_each = toset(var.worker_home == "cloud_run" ? ["worker"] : [])

  name                = "interview-worker"
  location            = local.region
  deletion_protection = false # as of the functions

  # The platform does not see how many interviews a worker has, and without a worker a call is lost.
  scaling {
    scaling_mode          = "MANUAL"
    manual_instance_count = local.fewest_workers
  }

  template {
    labels          = { granted = terraform_data.granted.id }
    service_account = google_service_account.accounts["worker"].email

    containers {
      image = var.worker_image

      resources {
        limits = { cpu = "2", memory = "2Gi" }
      }

      startup_probe {
        period_seconds    = 5
        timeout_seconds   = 5
        failure_threshold = 24
        http_get {
          path = "/"
          port = 8081
        }
      }

      dynamic "env" {
        for_each = local.worker_environment
        content {
          name  = env.key
          value = env.value
        }
      }

      dynamic "env" {
        for_each = toset(local.worker_secrets)
        content {
          name = env.key
          value_source {
            secret_key_ref {
              secret  = google_secret_manager_secret.secrets[env.key].secret_id
              version = local.secret_version[env.key]
            }
          }
        }
      }
    }
  }

  lifecycle {
    precondition {
      condition     = var.worker_image != ""
      error_message = "worker_home is cloud_run, so worker_image must name the worker's image."
    }
  }
}

# The large home: interviews end in peace, and there are as many workers as there is talk. What runs in the cluster is
# what the output worker_manifest says.
resource "google_container_cluster" "worker" {
  #checkov:skip=CKV_GCP_12:Autopilot enforces network policies by Dataplane V2
  #checkov:skip=CKV_GCP_13:Autopilot issues no client certificates
  #checkov:skip=CKV_GCP_20:the control plane has no address to authorize networks for
  #checkov:skip=CKV_GCP_21:the provider's default_labels are on it
  #checkov:skip=CKV_GCP_25:nothing in it listens, and workers must reach LiveKit; private nodes would need a NAT gateway
  #checkov:skip=CKV_GCP_61:flow logs are a setting of the subnetwork, which is the team's
  #checkov:skip=CKV_GCP_64:as CKV_GCP_25
  #checkov:skip=CKV_GCP_65:one namespace, which only who deploys touches
  #checkov:skip=CKV_GCP_66:it runs one image, named by its digest
  #checkov:skip=CKV_GCP_69:Autopilot has the metadata server always
  for_each = toset(var.worker_home == "gke" ? ["worker"] : [])

  name                = "interviews"
  location            = local.region
  enable_autopilot    = true
  deletion_protection = var.deletion_protection
  network             = var.network.network
  subnetwork          = var.network.subnetwork

  ip_allocation_policy {
    cluster_secondary_range_name  = var.network.pods_range
    services_secondary_range_name = var.network.services_range
  }

  release_channel {
    channel = "REGULAR"
  }

  cluster_autoscaling {
    auto_provisioning_defaults {
      service_account = google_service_account.accounts["nodes"].email
    }
  }

  # Reached by name, with an identity that IAM lets in; it has no address to knock at.
  control_plane_endpoints_config {
    dns_endpoint_config {
      allow_external_traffic = true
    }
    ip_endpoints_config {
      enabled = false
    }
  }

  secret_manager_config {
    enabled = true
  }

  depends_on = [google_project_service.apis]

  lifecycle {
    precondition {
      condition     = var.worker_image != ""
      error_message = "worker_home is gke, so worker_image must name the worker's image."
    }
  }
}

resource "google_project_iam_member" "nodes" {
  for_each = toset(var.worker_home == "gke" ? ["roles/container.defaultNodeServiceAccount"] : [])

  project = var.project_id
  role    = each.key
  member  = google_service_account.accounts["nodes"].member
}

# In the repository of the worker's image, LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/…
resource "google_artifact_registry_repository_iam_member" "nodes" {
  for_each = toset(var.worker_home == "gke" && local.worker_repository != null ? ["roles/artifactregistry.reader"] : [])

  project    = local.worker_repository.project
  location   = local.worker_repository.location
  repository = local.worker_repository.name
  role       = each.key
  member     = google_service_account.accounts["nodes"].member
}

# The worker's pods, and no others, are the worker's account.
resource "google_service_account_iam_member" "worker_pods" {
  for_each = toset(var.worker_home == "gke" ? ["roles/iam.workloadIdentityUser"] : [])

  service_account_id = google_service_account.accounts["worker"].name
  role               = each.key
  member             = "serviceAccount:${var.project_id}.svc.id.goog[interviewos/worker]"

  depends_on = [google_container_cluster.worker]
}

locals {
  worker_manifest = var.worker_home != "gke" ? "" : templatefile("${path.module}/kubernetes/worker.yaml", {
    account       = google_service_account.accounts["worker"].email
    environment   = jsonencode(local.worker_environment)
    image         = var.worker_image
    min_instances = local.fewest_workers
    max_instances = var.worker_instances.max
    secrets       = jsonencode(local.worker_secret_files)
    told          = sha256("${jsonencode(local.worker_environment)} ${local.worker_secret_files}")
  })

  worker_secret_files = var.worker_home != "gke" ? "" : yamlencode([
    for name in local.worker_secrets : {
      resourceName = "projects/${data.google_project.this.number}/secrets/${name}/versions/${local.secret_version[name]}"
      path         = name
    }
  ])
}

# As of the functions.
# tflint-ignore: terraform_unused_declarations # read for its postcondition alone
data "google_cloud_run_v2_worker_pool" "worker" {
  for_each = google_cloud_run_v2_worker_pool.worker

  name     = "interview-worker"
  location = local.region

  depends_on = [google_cloud_run_v2_worker_pool.worker]

  lifecycle {
    postcondition {
      condition     = self.latest_ready_revision == self.latest_created_revision
      error_message = "The newest revision of the worker pool is not ready, and the one before works on. Its log says why. When that is mended, make another: `terraform apply -replace=module.interviewos.terraform_data.granted`."
    }
  }
}
