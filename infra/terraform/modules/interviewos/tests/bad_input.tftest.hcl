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
  on_call                 = { critical = ["on-call@acme.example"] }
  gemini_model_retires_on = "2027-06-30"
}

run "values_that_cannot_be" {
  command = plan
  variables {
    project_id              = "Acme"
    functions_image         = "functions:latest"
    max_instances           = 0
    limits                  = { interviews_per_day = 0.5 }
    app_check               = "on"
    gemini                  = "key"
    gemini_model            = "gpt"
    gemini_model_retires_on = "2027-02-31"
    site_id                 = "x"
    domain                  = "https://interviews.acme.example/"
    agent_name              = "an agent"
    worker_home             = "laptop"
    worker_instances        = { min = 0 }
    voice_language          = "English"
    firestore_database      = "No"
    rotating                = { LIVEKIT_API_SECRET = 2 }
    grant_seconds           = -1
    budget                  = { billing_account = "acme", monthly = 0 }
    slo_goal                = 1
  }
  expect_failures = [
    var.project_id, var.functions_image, var.max_instances, var.limits,
    var.app_check, var.gemini, var.gemini_model,
    var.gemini_model_retires_on, var.site_id, var.domain, var.agent_name, var.worker_home,
    var.worker_instances, var.voice_language,
    var.firestore_database, var.rotating, var.grant_seconds, var.budget, var.slo_goal,
  ]
}

run "values_that_cannot_be_beside_good_ones" {
  command = plan
  variables {
    region                 = "us-central1-a"
    gemini_location        = "everywhere"
    speech_location        = "global"
    firestore_location     = "europe"
    on_call                = { critical = [] }
    firebase_api_key       = "secret"
    gemini_fallback_models = []
    worker_image           = "worker:latest"
  }
  expect_failures = [
    var.region, var.gemini_location, var.speech_location, var.firestore_location, var.on_call,
    var.firebase_api_key, var.gemini_fallback_models, var.worker_image,
  ]
}

run "words_that_are_no_choice" {
  command = plan
  variables {
    residency = "mars"
    ingress   = "tunnel"
  }
  expect_failures = [var.residency, var.ingress]
}

run "everybody_by_name_and_a_voice_of_nobody" {
  command = plan
  variables {
    voice_stack = "local"
    invokers    = ["allUsers"]
  }
  expect_failures = [var.invokers, var.voice_stack]
}

run "places_outside_of_what_was_promised" {
  command = plan
  variables {
    residency          = "eu"
    region             = "europe-west2"
    gemini_location    = "global"
    speech_location    = "us"
    firestore_location = "nam5"
  }
  expect_failures = [var.region, var.gemini_location, var.speech_location, var.firestore_location]
}

run "a_promise_that_a_key_does_not_give" {
  command = plan
  variables {
    residency = "eu"
    gemini    = "api_key"
  }
  expect_failures = [var.residency]
}

run "a_load_balancer_nowhere" {
  command = plan
  variables {
    ingress = "load_balancer"
  }
  expect_failures = [var.ingress]
}

run "a_gateway_that_anybody_goes_round" {
  command = plan
  variables {
    invokers = ["serviceAccount:gateway@acme-edge.iam.gserviceaccount.com"]
  }
  expect_failures = [var.invokers]
}

run "more_addresses_than_a_budget_writes_to" {
  command = plan
  variables {
    budget  = { billing_account = "0A1B2C-3D4E5F-6A7B8C", monthly = 200 }
    on_call = { critical = [for number in range(6) : "on-call-${number}@acme.example"] }
  }
  expect_failures = [var.on_call]
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

run "a_class_larger_than_all_workers" {
  command = plan
  variables {
    worker_instances = { spare = 60 }
  }
  expect_failures = [var.worker_instances]
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
