# What a team may have otherwise.

mock_provider "google" {
  source          = "./tests/mocks"
  override_during = plan
}

mock_provider "google-beta" {
  override_during = plan

  override_resource {
    target = google_firebase_web_app.page
    values = { app_id = "1:123456789012:web:0123456789abcdef" }
  }
}

variables {
  project_id              = "acme-interviews"
  functions_image         = "us-central1-docker.pkg.dev/acme-interviews/interviewos/functions@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  on_call                 = { critical = ["on-call@acme.example"] }
  gemini_model_retires_on = "2027-06-30"
}

run "rotating" {
  command = plan
  variables {
    rotating        = { SESSION_SIGNING_KEY = 3 }
    secret_versions = { SESSION_SIGNING_KEY = 2 }
  }

  assert {
    condition     = output.secrets == { INGEST_SECRET = "1", SESSION_SIGNING_KEY = "2" }
    error_message = "A secret is used in another version than was said."
  }
  assert {
    condition = alltrue([for name in ["create", "messages", "next_turn", "token"] :
      { for env in google_cloud_run_v2_service.functions[name].template[0].containers[0].env : env.name => "${env.value_source[0].secret_key_ref[0].secret} ${env.value_source[0].secret_key_ref[0].version}" if length(env.value_source) > 0 } == {
        INGEST_SECRET            = "INGEST_SECRET 1"
        SESSION_SIGNING_KEY      = "SESSION_SIGNING_KEY 2"
        SESSION_SIGNING_KEY_NEXT = "SESSION_SIGNING_KEY 3"
      }
    ])
    error_message = "A function would refuse the successor, or wait for one that nobody made."
  }
}

run "gemini_by_key" {
  command = plan
  variables {
    gemini = "api_key"
  }

  assert {
    condition     = google_secret_manager_secret_iam_binding.readers["GOOGLE_API_KEY"].members == toset([for name in ["next-turn", "stage-timeout", "sweep"] : "serviceAccount:interview-${name}@acme-interviews.iam.gserviceaccount.com"])
    error_message = "The key of Gemini is read by others than ask the model."
  }
  assert {
    condition     = length([for grant in google_project_iam_member.functions : grant if grant.role == "roles/aiplatform.user"]) == 0
    error_message = "Vertex AI is open to accounts that do not use it."
  }
}

run "a_domain_and_app_check" {
  command = plan
  variables {
    domain             = "interviews.acme.example"
    app_check          = "enforce"
    recaptcha_site_key = "6LcAbCdEfGhIjKlMnOpQrStUvWxYz0123456789-"
    firebase_api_key   = "AIzaSyAbCdEfGhIjKlMnOpQrStUvWxYz0123456"
  }

  assert {
    condition = one([for env in google_cloud_run_v2_service.functions["create"].template[0].containers[0].env : env.value if env.name == "ALLOWED_ORIGINS"]
    ) == "https://interviews.acme.example,https://acme-interviews.web.app"
    error_message = "Links do not lead to the domain first."
  }
  assert {
    condition     = length(google_firebase_app_check_recaptcha_enterprise_config.page) == 1 && one([for env in google_cloud_run_v2_service.functions["create"].template[0].containers[0].env : env.value if env.name == "APP_CHECK"]) == "enforce"
    error_message = "App Check is asked for and not there."
  }
}

run "tearing_down" {
  command = plan
  variables {
    deletion_protection = false
  }

  assert {
    condition     = google_firestore_database.this.delete_protection_state == "DELETE_PROTECTION_DISABLED" && google_firestore_database.this.deletion_policy == "DELETE"
    error_message = "It cannot be torn down."
  }
}

run "in_the_european_union" {
  command = plan
  variables {
    residency    = "eu"
    livekit      = { url = "wss://acme.livekit.cloud", api_key = "APIacme" }
    worker_home  = "cloud_run"
    worker_image = "europe-west1-docker.pkg.dev/acme-interviews/interviewos/worker@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  }

  assert {
    condition = toset(concat(
      [for service in google_cloud_run_v2_service.functions : service.location],
      [for pool in google_cloud_run_v2_worker_pool.worker : pool.location],
      [google_cloud_tasks_queue.alarms.location, google_cloud_scheduler_job.sweep.region, google_firestore_database.this.location_id],
      [for secret in google_secret_manager_secret.secrets : one(secret.replication[0].user_managed[0].replicas).location],
      [for bucket in google_logging_project_bucket_config.interviews : bucket.location],
    )) == toset(["europe-west1"])
    error_message = "Something that holds words of candidates, or a log of them, is not where it was promised."
  }
  assert {
    condition = alltrue([for name in ["next_turn", "stage_timeout", "sweep"] :
      one([for env in google_cloud_run_v2_service.functions[name].template[0].containers[0].env : env.value if env.name == "GOOGLE_CLOUD_LOCATION"]) == "eu"
    ]) && output.worker_environment.GOOGLE_CLOUD_LOCATION == "eu"
    error_message = "A model or a speech service hears candidates somewhere else."
  }
  assert {
    condition     = google_logging_project_sink.interviews["interviews"].filter == google_logging_project_exclusion.interviews["interviews"].filter && strcontains(google_logging_project_sink.interviews["interviews"].filter, "cloud_run_revision")
    error_message = "A log is kept where nothing was promised, too."
  }
  assert {
    condition     = length(output.not_resident) == 5
    error_message = "What cannot be held is not said."
  }
}

run "on_call_by_severity" {
  command = plan
  variables {
    on_call = {
      critical = ["projects/acme-interviews/notificationChannels/1234"]
      warning  = ["team@acme.example"]
    }
  }

  override_resource {
    target          = google_monitoring_notification_channel.emails["team@acme.example"]
    override_during = plan
    values          = { id = "projects/acme-interviews/notificationChannels/5678", name = "projects/acme-interviews/notificationChannels/5678" }
  }

  assert {
    condition = alltrue([for alert in google_monitoring_alert_policy.alerts : (alert.severity == "CRITICAL") == (
      alert.notification_channels == tolist(["projects/acme-interviews/notificationChannels/1234"])
    )])
    error_message = "Somebody is woken by a warning, or sleeps through the end of the service."
  }
  assert {
    condition     = keys(google_monitoring_notification_channel.emails) == ["team@acme.example"] && length(google_billing_budget.monthly) == 0
    error_message = "A channel is made that there is, or a budget that nobody asked for."
  }
}

run "behind_a_load_balancer" {
  command = plan
  variables {
    ingress = "load_balancer"
    domain  = "interviews.acme.example"
  }

  assert {
    condition     = alltrue([for service in google_cloud_run_v2_service.functions : service.ingress == (service.invoker_iam_disabled ? "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER" : "INGRESS_TRAFFIC_INTERNAL_ONLY")])
    error_message = "A function can be reached round the load balancer."
  }
  assert {
    condition     = length(google_firebase_hosting_site.page) == 0 && output.page.next_turn_url == "https://interviews.acme.example" && output.page_origin == "https://interviews.acme.example"
    error_message = "The page looks for its turns where nobody lets it in."
  }
}

run "without_public_invokers" {
  command = plan
  variables {
    ingress  = "load_balancer"
    domain   = "interviews.acme.example"
    invokers = ["serviceAccount:gateway@acme-edge.iam.gserviceaccount.com"]
  }

  assert {
    condition     = !anytrue([for service in google_cloud_run_v2_service.functions : service.invoker_iam_disabled])
    error_message = "A service is public."
  }
  assert {
    condition     = { for name, grant in google_cloud_run_v2_service_iam_binding.public : name => grant.members } == { for name in ["create", "messages", "next_turn", "token"] : name => toset(["serviceAccount:gateway@acme-edge.iam.gserviceaccount.com"]) }
    error_message = "Others than the gateway get in, or it does not."
  }
  assert {
    condition     = length(google_monitoring_uptime_check_config.interviews) == 0 && !contains(keys(google_monitoring_alert_policy.alerts), "page_down")
    error_message = "Somebody is woken because IAM does its work."
  }
}

run "a_shared_network" {
  command = plan
  variables {
    livekit      = { url = "wss://acme.livekit.cloud", api_key = "APIacme" }
    worker_home  = "gke"
    worker_image = "us-central1-docker.pkg.dev/acme-interviews/interviewos/worker@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    network = {
      network        = "projects/acme-net/global/networks/shared"
      subnetwork     = "projects/acme-net/regions/us-central1/subnetworks/interviews"
      pods_range     = "pods"
      services_range = "services"
    }
  }

  assert {
    condition = (
      google_container_cluster.worker["worker"].network == "projects/acme-net/global/networks/shared"
      && google_container_cluster.worker["worker"].ip_allocation_policy[0].cluster_secondary_range_name == "pods"
    )
    error_message = "The cluster is in another network than was said."
  }
}
