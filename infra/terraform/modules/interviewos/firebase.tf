# The page. Its files come by `firebase deploy --only hosting`: Terraform cannot bring them.

resource "google_firebase_project" "this" {
  provider = google-beta

  depends_on = [google_project_service.apis]
}

resource "google_firebase_web_app" "page" {
  provider = google-beta

  display_name    = "InterviewOS"
  deletion_policy = "DELETE"

  depends_on = [google_firebase_project.this]
}

resource "google_firebase_hosting_site" "page" {
  provider = google-beta

  for_each = toset(local.hosted ? ["page"] : [])

  site_id = local.site_id
  app_id  = google_firebase_web_app.page.app_id
}

# DNS may take a day: the console says which records are awaited.
resource "google_firebase_hosting_custom_domain" "page" {
  provider = google-beta
  for_each = toset(var.domain == null || !local.hosted ? [] : [var.domain])

  site_id               = google_firebase_hosting_site.page["page"].site_id
  custom_domain         = each.key
  wait_dns_verification = false
}

resource "google_firebase_app_check_recaptcha_enterprise_config" "page" {
  for_each = toset(var.app_check == "enforce" ? ["page"] : [])

  app_id    = google_firebase_web_app.page.app_id
  site_key  = var.recaptcha_site_key
  token_ttl = "3600s"
}
