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
  alert_emails            = ["on-call@acme.example"]
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
