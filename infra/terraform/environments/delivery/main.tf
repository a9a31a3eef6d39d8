# Where images are built and kept: in a project of its own, or in that of prod.
terraform {
  required_version = ">= 1.11"

  backend "gcs" {
    prefix = "interviewos-delivery"
  }

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 8.0"
    }
  }
}

locals {
  project_id = "acme-interviews"
  region     = "us-central1"
}

provider "google" {
  project               = local.project_id
  region                = local.region
  billing_project       = local.project_id
  user_project_override = true
  default_labels        = { app = "interviewos", environment = "delivery" }
}

module "delivery" {
  source = "../../modules/delivery"

  project_id = local.project_id
  region     = local.region

  # Other projects that run the images, by number: `gcloud projects describe acme-interviews-dev --format="value(projectNumber)"`
  # project_numbers = ["210987654321"]

  # Who deploys by GitHub Actions, and where to.
  # github = { repository = "acme/interviewos", environments = { dev = "acme-interviews-dev", prod = "acme-interviews" } }
}

output "pipeline" {
  description = "For the variables of the repository on GitHub."
  value       = module.delivery.pipeline
}

output "build" {
  description = "What infra/build needs to know."
  value       = module.delivery.build
}
