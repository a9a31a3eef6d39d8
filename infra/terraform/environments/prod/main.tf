# What candidates use. Fill in what is yours: what else can be chosen stands in modules/interviewos/variables.tf.
locals {
  project_id = "acme-interviews"
  region     = "us-central1"
  labels     = { app = "interviewos", environment = "prod" }
}

module "interviewos" {
  source = "../../modules/interviewos"

  project_id      = local.project_id
  region          = local.region
  functions_image = var.functions_image
  worker_image    = var.worker_image

  on_call                 = { critical = ["on-call@acme.example"] }                     # addresses, or channels that there are
  budget                  = { billing_account = "0A1B2C-3D4E5F-6A7B8C", monthly = 200 } # or no line, where somebody else watches the bill
  gemini_model_retires_on = "2027-06-30"                                                # from Google's page of model deprecations; here a day to look again

  # Where words of candidates are kept and heard: `eu` or `us`, for ever. local.region must be there.
  # residency = "eu"

  # The page at a domain of your own (apply without it first), and only for people: a reCAPTCHA Enterprise key for it.
  # domain             = "interviews.acme.example"
  # app_check          = "enforce"
  # recaptcha_site_key = "6Lc…"
  # firebase_api_key   = "AIza…"

  # Voice. gke is for many interviews at once; cloud_run is the small home, livekit_cloud the one without servers.
  # livekit     = { url = "wss://acme.livekit.cloud", api_key = "API…" }
  # worker_home = "gke"

  # After a rotation, the numbers that infra/set-secrets printed.
  # secret_versions = { INGEST_SECRET = 2 }
  # rotating        = { INGEST_SECRET = 1 }
}
