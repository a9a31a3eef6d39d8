# The images are given with each apply, by digest: TF_VAR_functions_image and, with voice, TF_VAR_worker_image.

variable "functions_image" {
  description = "What `infra/build functions` printed."
  type        = string
}

variable "worker_image" {
  description = "What `infra/build worker` printed; empty without voice."
  type        = string
  default     = ""
}
