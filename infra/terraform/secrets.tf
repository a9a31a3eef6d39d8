# The secrets, without their values: infra/set-secrets brings those, so that no state file holds one.
locals {
  caller_secrets = ["INGEST_SECRET", "INGEST_SECRET_NEXT", "SESSION_SIGNING_KEY", "SESSION_SIGNING_KEY_NEXT"]
  voice_secrets  = local.voice ? ["LIVEKIT_API_SECRET"] : []
  model_secrets  = var.gemini == "api_key" ? ["GOOGLE_API_KEY"] : []
  # A successor that is not in use is an empty secret: revisions that Hosting still leads to may name it.
  unused_secrets = [for name in local.caller_secrets : name if endswith(name, "_NEXT") && !contains(var.rotating, trimsuffix(name, "_NEXT"))]
  # The worker sends one secret; both are accepted.
  worker_secrets = concat(["INGEST_SECRET", "LIVEKIT_API_SECRET"], var.voice_stack == "gemini_key" ? ["GOOGLE_API_KEY"] : [])

  gemini_key = var.gemini == "api_key" || (local.voice && var.voice_stack == "gemini_key")
  secrets    = concat(local.caller_secrets, local.voice_secrets, local.gemini_key ? ["GOOGLE_API_KEY"] : [])

  # A number and no `latest`: a new value is a new revision, which is seen in a plan and can be rolled back.
  secret_version = { for name in local.secrets : name => tostring(lookup(var.secret_versions, name, 1)) }

  secrets_of = merge(
    { for name, function in local.functions : name => function.secrets },
    local.worker_here ? { worker = local.worker_secrets } : {},
  )
  secret_readers = merge([
    for account, secrets in local.secrets_of : {
      for secret in secrets : "${secret} ${account}" => { account = account, secret = secret }
    }
  ]...)
}

resource "google_secret_manager_secret" "secrets" {
  for_each = toset(local.secrets)

  secret_id = each.key
  # A version that was destroyed by mistake can be had back for a week.
  version_destroy_ttl = "604800s"

  replication {
    auto {}
  }

  depends_on = [google_project_service.apis]
}

resource "google_secret_manager_secret_iam_member" "readers" {
  for_each = local.secret_readers

  secret_id = google_secret_manager_secret.secrets[each.value.secret].secret_id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.accounts[each.value.account].member
}
