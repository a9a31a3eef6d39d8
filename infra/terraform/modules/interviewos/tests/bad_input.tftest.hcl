# What cannot work is said in a sentence about the variable, before Google is asked.

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
  alert_emails            = ["on-call@acme.example"]
  gemini_model_retires_on = "2027-06-30"
}

run "values_that_cannot_be" {
  command = plan
  variables {
    project_id              = "Acme"
    region                  = "us-central1-a"
    functions_image         = "functions:latest"
    max_instances           = 0
    limits                  = { interviews_per_day = 0.5 }
    app_check               = "on"
    gemini                  = "key"
    gemini_location         = "everywhere"
    gemini_model            = "gpt"
    gemini_model_retires_on = "2027-02-31"
    site_id                 = "x"
    domain                  = "https://interviews.acme.example/"
    agent_name              = "an agent"
    worker_home             = "laptop"
    worker_instances        = { min = 0 }
    voice_language          = "English"
    speech_location         = "global"
    firestore_location      = "europe"
    firestore_database      = "No"
    rotating                = { LIVEKIT_API_SECRET = 2 }
    grant_seconds           = -1
    alert_emails            = []
    budget                  = { billing_account = "acme", monthly = 0 }
    slo_goal                = 1
  }
  expect_failures = [
    var.project_id, var.region, var.functions_image, var.max_instances, var.limits,
    var.app_check, var.gemini, var.gemini_location, var.gemini_model,
    var.gemini_model_retires_on, var.site_id, var.domain, var.agent_name, var.worker_home,
    var.worker_instances, var.voice_language, var.speech_location, var.firestore_location,
    var.firestore_database, var.rotating, var.grant_seconds, var.alert_emails, var.budget, var.slo_goal,
  ]
}

run "values_that_cannot_be_beside_good_ones" {
  command = plan
  variables {
    firebase_api_key       = "secret"
    gemini_fallback_models = []
    worker_image           = "worker:latest"
    voice_stack            = "local"
  }
  expect_failures = [var.firebase_api_key, var.gemini_fallback_models, var.worker_image, var.voice_stack]
}

run "an_interview_longer_than_a_worker_waits" {
  command = plan
  variables {
    interview = { experience_timeout_s = 3600 }
  }
  expect_failures = [var.interview]
}

run "more_warm_instances_than_there_may_be" {
  command = plan
  variables {
    warm_instances = 11
  }
  expect_failures = [var.warm_instances]
}

run "app_check_without_a_key_for_the_page" {
  command = plan
  variables {
    app_check = "enforce"
  }
  expect_failures = [var.app_check]
}

run "a_model_that_stands_in_for_itself" {
  command = plan
  variables {
    gemini_fallback_models = ["gemini-3.5-flash"]
  }
  expect_failures = [var.gemini_fallback_models]
}

run "a_worker_without_livekit" {
  command = plan
  variables {
    worker_home  = "gke"
    worker_image = "us-central1-docker.pkg.dev/acme-interviews/interviewos/worker@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  }
  expect_failures = [var.worker_home]
}

run "livekit_without_a_worker" {
  command = plan
  variables {
    livekit = { url = "wss://acme.livekit.cloud", api_key = "APIacme" }
  }
  expect_failures = [var.worker_home]
}

run "livekit_in_the_clear_and_without_a_key" {
  command = plan
  variables {
    livekit     = { url = "ws://acme.livekit.cloud", api_key = "" }
    worker_home = "livekit_cloud"
    voice_stack = "gemini_key"
  }
  expect_failures = [var.livekit]
}

run "a_home_without_an_image" {
  command = plan
  variables {
    livekit     = { url = "wss://acme.livekit.cloud", api_key = "APIacme" }
    worker_home = "cloud_run"
  }
  expect_failures = [google_cloud_run_v2_worker_pool.worker]
}

run "a_cluster_without_an_image" {
  command = plan
  variables {
    livekit     = { url = "wss://acme.livekit.cloud", api_key = "APIacme" }
    worker_home = "gke"
  }
  expect_failures = [google_container_cluster.worker]
}

run "google_speech_where_google_knows_nobody" {
  command = plan
  variables {
    livekit     = { url = "wss://acme.livekit.cloud", api_key = "APIacme" }
    worker_home = "livekit_cloud"
  }
  expect_failures = [var.voice_stack]
}

run "a_version_of_a_secret_that_there_is_not" {
  command = plan
  variables {
    secret_versions = { LIVEKIT_API_SECRET = 2 }
  }
  expect_failures = [var.secret_versions]
}
