# The secrets, without their values: infra/set-secrets brings those, so that no state file holds one.
locals {
  caller_secrets = ["INGEST_SECRET", "SESSION_SIGNING_KEY"]
  voice_secrets  = local.voice ? ["LIVEKIT_API_SECRET"] : []
  model_secrets  = var.gemini == "api_key" ? ["GOOGLE_API_KEY"] : []
  # The worker sends one secret; both are accepted.
  worker_secrets = concat(["INGEST_SECRET", "LIVEKIT_API_SECRET"], var.voice_stack == "gemini_key" ? ["GOOGLE_API_KEY"] : [])

  gemini_key = var.gemini == "api_key" || (local.voice && var.voice_stack == "gemini_key")
  secrets    = concat(local.caller_secrets, local.voice_secrets, local.gemini_key ? ["GOOGLE_API_KEY"] : [])

  # A number and no `latest`: a new value is a new revision, which is seen in a plan and can be rolled back.
  secret_version = { for name in local.secrets : name => tostring(lookup(var.secret_versions, name, 1)) }

  # The variable by which a function reads which version of which secret.
  secret_environment = merge(
    { for name, version in local.secret_version : name => { secret = name, version = version } },
    { for name, version in var.rotating : "${name}_NEXT" => { secret = name, version = tostring(version) } },
  )

  secrets_of = merge(
    { for name, function in local.functions : name => function.secrets },
    local.worker_here ? { worker = local.worker_secrets } : {},
  )
  secret_readers = {
    for secret in local.secrets : secret => [for account, secrets in local.secrets_of : account if contains(secrets, secret)]
  }
}

resource "google_secret_manager_secret" "secrets" {
  for_each = toset(local.secrets)

  secret_id = each.key
  # A version that was destroyed by mistake can be had back for a week.
  version_destroy_ttl = "604800s"

  replication {
    dynamic "auto" {
      for_each = var.residency == "global" ? ["everywhere"] : []
      content {}
    }
    dynamic "user_managed" {
      for_each = var.residency == "global" ? [] : ["here"]
      content {
        replicas {
          location = local.region
        }
      }
    }
  }

  depends_on = [google_project_service.apis]
}

resource "google_secret_manager_secret_iam_binding" "readers" {
  for_each = { for secret, accounts in local.secret_readers : secret => accounts if length(accounts) > 0 }

  secret_id = google_secret_manager_secret.secrets[each.key].secret_id
  role      = "roles/secretmanager.secretAccessor"
  members   = [for account in each.value : google_service_account.accounts[account].member]
}

# A grant takes minutes to be true everywhere, and a revision that may not yet read its secret fails for good. So what is
# granted anew is waited for, once. To make new revisions of what did not change, replace it.
resource "terraform_data" "granted" {
  triggers_replace = local.secret_readers

  provisioner "local-exec" {
    command = "sleep ${var.grant_seconds}"
  }

  depends_on = [google_secret_manager_secret_iam_binding.readers]
}
