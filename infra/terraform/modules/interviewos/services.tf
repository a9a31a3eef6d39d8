resource "google_project_service" "apis" {
  for_each = setunion(
    [
      "cloudscheduler.googleapis.com",
      "cloudtasks.googleapis.com",
      "firebase.googleapis.com",
      "firebasehosting.googleapis.com",
      "firebaserules.googleapis.com",
      "firestore.googleapis.com",
      "iam.googleapis.com",
      "iamcredentials.googleapis.com",
      "logging.googleapis.com",
      "monitoring.googleapis.com",
      "run.googleapis.com",
      "secretmanager.googleapis.com",
    ],
    var.budget == null ? [] : ["billingbudgets.googleapis.com"],
    var.gemini == "vertex" ? ["aiplatform.googleapis.com"] : [],
    var.gemini == "vertex" && !local.gemini_key ? [] : ["generativelanguage.googleapis.com"],
    var.app_check == "enforce" ? ["firebaseappcheck.googleapis.com", "recaptchaenterprise.googleapis.com"] : [],
    var.worker_home == "gke" ? ["container.googleapis.com"] : [],
    local.speech ? ["speech.googleapis.com", "texttospeech.googleapis.com"] : [],
  )

  service = each.key
  # Others may have switched it on before us.
  disable_on_destroy = false
}
