# Interviews by voice: each home of the worker, and who reads LiveKit's secret then.

mock_provider "google" {
  source          = "./tests/mocks"
  override_during = plan
}

mock_provider "google-beta" {
  override_during = plan
}

variables {
  project_id              = "acme-interviews"
  functions_image         = "us-central1-docker.pkg.dev/acme-interviews/interviewos/functions@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  on_call                 = { critical = ["on-call@acme.example"] }
  gemini_model_retires_on = "2027-06-30"
  livekit                 = { url = "wss://acme.livekit.cloud", api_key = "APIacme" }
  worker_image            = "us-central1-docker.pkg.dev/acme-interviews/interviewos/worker@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
}

run "cloud_run" {
  command = plan
  variables {
    worker_home = "cloud_run"
  }

  assert {
    condition = { for secret, grant in google_secret_manager_secret_iam_binding.readers : secret => toset([for member in grant.members : trimsuffix(trimprefix(member, "serviceAccount:interview-"), "@acme-interviews.iam.gserviceaccount.com")]) } == {
      INGEST_SECRET       = toset(["create", "messages", "next-turn", "token", "worker"])
      SESSION_SIGNING_KEY = toset(["create", "messages", "next-turn", "token"])
      LIVEKIT_API_SECRET  = toset(["messages", "next-turn", "stage-timeout", "sweep", "token", "worker"])
    }
    error_message = "A secret is read by others than need it."
  }
  assert {
    condition = (
      google_cloud_run_v2_worker_pool.worker["worker"].scaling[0].manual_instance_count == 1
      && google_cloud_run_v2_worker_pool.worker["worker"].template[0].service_account == google_service_account.accounts["worker"].email
      && !google_cloud_run_v2_worker_pool.worker["worker"].deletion_protection
    )
    error_message = "No worker waits for a call, or as somebody else."
  }
  assert {
    condition = toset([for env in google_cloud_run_v2_worker_pool.worker["worker"].template[0].containers[0].env : env.name if length(env.value_source) > 0]
    ) == toset(["INGEST_SECRET", "LIVEKIT_API_SECRET"])
    error_message = "The worker has not the secrets that it reads."
  }
  assert {
    condition     = output.worker_environment.BACKEND_BASE_URL == "https://acme-interviews.web.app" && output.worker_environment.NEXT_TURN_URL == "https://next-turn-123456789012.us-central1.run.app"
    error_message = "The worker does not find the functions."
  }
  assert {
    condition     = [for grant in google_project_iam_member.speech : "${grant.member} ${grant.role}"] == ["serviceAccount:interview-worker@acme-interviews.iam.gserviceaccount.com roles/speech.client"]
    error_message = "The worker may not hear, or may more."
  }
  assert {
    condition     = alltrue([for name in ["worker_gone", "voice_slow"] : contains(keys(google_monitoring_alert_policy.alerts), name)])
    error_message = "Nobody is told when the voice is gone or slow."
  }
}

run "gke" {
  command = plan
  variables {
    worker_home      = "gke"
    worker_instances = { min = 2, max = 8 }
  }

  assert {
    condition = (
      google_container_cluster.worker["worker"].enable_autopilot
      && google_container_cluster.worker["worker"].deletion_protection
      && google_container_cluster.worker["worker"].secret_manager_config[0].enabled
      && !google_container_cluster.worker["worker"].control_plane_endpoints_config[0].ip_endpoints_config[0].enabled
      && google_container_cluster.worker["worker"].cluster_autoscaling[0].auto_provisioning_defaults[0].service_account == google_service_account.accounts["nodes"].email
    )
    error_message = "The cluster is not the closed Autopilot cluster that it should be."
  }
  assert {
    condition     = [for grant in google_service_account_iam_member.worker_pods : "${grant.role} ${grant.member}"] == ["roles/iam.workloadIdentityUser serviceAccount:acme-interviews.svc.id.goog[interviewos/worker]"]
    error_message = "Other pods than the worker's are the worker's account."
  }
  assert {
    condition = alltrue([for text in split("\n---\n", output.worker_manifest) : can(yamldecode(text))]) && [
      for text in split("\n---\n", output.worker_manifest) : yamldecode(text).kind
    ] == ["Namespace", "ServiceAccount", "ConfigMap", "SecretProviderClass", "Deployment", "HorizontalPodAutoscaler"]
    error_message = "The manifest is no YAML, or something in it is missing."
  }
  assert {
    condition     = tomap(yamldecode(split("\n---\n", output.worker_manifest)[2]).data) == output.worker_environment
    error_message = "The pods are told something else than the worker's environment."
  }
  assert {
    condition = toset(yamldecode(yamldecode(split("\n---\n", output.worker_manifest)[3]).spec.parameters.secrets)) == toset([
      for name in ["INGEST_SECRET", "LIVEKIT_API_SECRET"] : { path = name, resourceName = "projects/123456789012/secrets/${name}/versions/1" }
    ])
    error_message = "The pods have not the secrets that the worker reads."
  }
  assert {
    condition     = yamldecode(split("\n---\n", output.worker_manifest)[4]).spec.template.spec.terminationGracePeriodSeconds > 3000
    error_message = "A worker is ended before its interviews are."
  }
  assert {
    condition     = yamldecode(split("\n---\n", output.worker_manifest)[5]).spec.minReplicas == 2 && yamldecode(split("\n---\n", output.worker_manifest)[5]).spec.maxReplicas == 8
    error_message = "There are more or fewer workers than asked for."
  }
}

run "a_class_that_begins_together" {
  command = plan
  variables {
    worker_home      = "gke"
    worker_instances = { spare = 30 }
  }

  assert {
    condition     = yamldecode(split("\n---\n", output.worker_manifest)[5]).spec.minReplicas == 3
    error_message = "Some of a class wait for minutes until somebody speaks."
  }
}

run "livekit_cloud" {
  command = plan
  variables {
    worker_home = "livekit_cloud"
    voice_stack = "gemini_key"
  }

  assert {
    condition     = length(google_cloud_run_v2_worker_pool.worker) + length(google_container_cluster.worker) == 0 && !contains(keys(google_service_account.accounts), "worker")
    error_message = "There is a worker here, too."
  }
  assert {
    condition     = toset(output.worker_secrets) == toset(["INGEST_SECRET", "LIVEKIT_API_SECRET", "GOOGLE_API_KEY"]) && contains(keys(google_secret_manager_secret.secrets), "GOOGLE_API_KEY")
    error_message = "The worker's key of Gemini has no home."
  }
  assert {
    condition     = !contains(keys(google_secret_manager_secret_iam_binding.readers), "GOOGLE_API_KEY")
    error_message = "A function reads the worker's key."
  }
}

run "the_worker_by_key" {
  command = plan
  variables {
    worker_home = "cloud_run"
    voice_stack = "gemini_key"
  }

  assert {
    condition     = google_secret_manager_secret_iam_binding.readers["GOOGLE_API_KEY"].members == toset(["serviceAccount:interview-worker@acme-interviews.iam.gserviceaccount.com"])
    error_message = "Not the worker alone reads the key that it alone uses."
  }
  assert {
    condition     = length(google_project_iam_member.speech) == 0
    error_message = "The worker may use a service that it does not use."
  }
}
