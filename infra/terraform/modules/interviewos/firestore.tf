resource "google_firestore_database" "this" {
  name                              = var.firestore_database
  location_id                       = coalesce(var.firestore_location, local.region)
  type                              = "FIRESTORE_NATIVE"
  concurrency_mode                  = "OPTIMISTIC"
  point_in_time_recovery_enablement = "POINT_IN_TIME_RECOVERY_ENABLED"
  delete_protection_state           = var.deletion_protection ? "DELETE_PROTECTION_ENABLED" : "DELETE_PROTECTION_DISABLED"
  deletion_policy                   = var.deletion_protection ? "PREVENT" : "DELETE" # and not ABANDON, its default

  depends_on = [google_project_service.apis]
}

# What a candidate deletes is in no backup after a week.
resource "google_firestore_backup_schedule" "daily" {
  database  = google_firestore_database.this.name
  retention = "604800s"

  daily_recurrence {}
}

# A turn changes most fields of its document, and each indexed one, every key of every message too, would be a write
# more. So nothing of an interview is indexed but what the sweep asks for.
resource "google_firestore_field" "interviews" {
  database   = google_firestore_database.this.name
  collection = "interviews"
  field      = "*"

  index_config {}
}

resource "google_firestore_field" "interviews_due_at" {
  database   = google_firestore_database.this.name
  collection = "interviews"
  field      = "due_at"

  index_config {
    indexes {
      order       = "ASCENDING"
      query_scope = "COLLECTION"
    }
  }
}

# Documents go within a day after `expire_at`; an index of it would only be a hot spot.
resource "google_firestore_field" "expire_at" {
  for_each = toset(["interviews", "spending"])

  database   = google_firestore_database.this.name
  collection = each.key
  field      = "expire_at"

  ttl_config {}
  index_config {}
}

# Sums up a day's counters, without reading them.
resource "google_firestore_index" "spending_of_a_day" {
  database   = google_firestore_database.this.name
  collection = "spending"

  fields {
    field_path = "day"
    order      = "ASCENDING"
  }
  fields {
    field_path = "interviews"
    order      = "ASCENDING"
  }
  fields {
    field_path = "tokens"
    order      = "ASCENDING"
  }
}

# Only the functions touch the store, and rules do not bind them.
resource "google_firebaserules_ruleset" "nobody" {
  source {
    files {
      name    = "firestore.rules"
      content = <<-RULES
        rules_version = '2';
        service cloud.firestore {
          match /databases/{database}/documents {
            match /{document=**} {
              allow read, write: if false;
            }
          }
        }
      RULES
    }
  }

  depends_on = [google_firebase_project.this]
}

resource "google_firebaserules_release" "firestore" {
  name         = var.firestore_database == "(default)" ? "cloud.firestore" : "cloud.firestore/${google_firestore_database.this.name}"
  ruleset_name = google_firebaserules_ruleset.nobody.name
}
