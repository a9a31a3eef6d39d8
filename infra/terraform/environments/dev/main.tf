# What a release is tried in first: the same module, with nothing warm, little allowed, and free to be torn down.
locals {
  project_id = "acme-interviews-dev"
  region     = "us-central1"
  labels     = { app = "interviewos", environment = "dev" }
}

module "interviewos" {
  source = "../../modules/interviewos"

  project_id      = local.project_id
  region          = local.region
  functions_image = var.functions_image
  worker_image    = var.worker_image

  on_call                 = { critical = ["on-call@acme.example"] }
  budget                  = { billing_account = "0A1B2C-3D4E5F-6A7B8C", monthly = 20 }
  gemini_model_retires_on = "2027-06-30"

  deletion_protection = false
  warm_instances      = 0
  max_instances       = 2
  limits              = { interviews_per_day = 50, tokens_per_day = 2500000 }
  interview           = { retention_days = 7 }
}
