terraform {
  required_version = ">= 1.11"

  # Which bucket is told at `terraform init -backend-config=bucket=…`: the bucket that holds the state is not in it.
  backend "gcs" {
    prefix = "interviewos"
  }

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 8.0"
    }
    google-beta = {
      source  = "hashicorp/google-beta"
      version = "~> 8.0"
    }
  }
}

provider "google" {
  project               = local.project_id
  region                = local.region
  billing_project       = local.project_id
  user_project_override = true
  default_labels        = local.labels
}

# Firebase's own resources are in this provider alone.
provider "google-beta" {
  project               = local.project_id
  region                = local.region
  billing_project       = local.project_id
  user_project_override = true
  default_labels        = local.labels
}
