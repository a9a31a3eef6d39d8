variable "project_id" {
  description = "Id of the project that keeps the images; one that an environment has, or one of its own."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "project_id is the id of a project, such as acme-delivery: 6 to 30 small letters, digits and dashes."
  }
}

variable "region" {
  description = "Where the images are kept."
  type        = string
  default     = "us-central1"

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region is a region such as us-central1, without the letter of a zone."
  }
}

variable "build_region" {
  description = "Where Cloud Build builds; the region when null. A new project may build in few regions: the build says so."
  type        = string
  default     = null

  validation {
    condition     = var.build_region == null || can(regex("^([a-z]+-[a-z]+[0-9]+)$", var.build_region))
    error_message = "build_region is a region such as us-central1."
  }
}

variable "project_numbers" {
  description = "Numbers of the other projects that run the images; not of this one."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for number in var.project_numbers : can(regex("^[0-9]{6,}$", number))])
    error_message = "project_numbers are numbers, as `gcloud projects describe PROJECT` prints them, and no ids."
  }
}

variable "github" {
  description = "Repository whose GitHub Actions plan and deploy, such as acme/interviewos, and the project of each environment; null without a pipeline."
  type        = object({ repository = string, environments = map(string) })
  default     = null

  validation {
    condition     = var.github == null || can(regex("^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$", var.github.repository))
    error_message = "github.repository is OWNER/NAME."
  }
  validation {
    condition     = var.github == null || alltrue([for name in keys(try(var.github.environments, {})) : can(regex("^[a-z][a-z0-9]{1,10}$", name)) && !contains(["planner", "delivery"], name)])
    error_message = "github.environments are named as the folders in environments/ are, such as dev and prod."
  }
}
