# What Google would answer, known when a plan is made, so that the assertions can tell one account from another.
mock_data "google_project" {
  defaults = { number = "123456789012" }
}

override_resource {
  target = google_service_account.accounts["create"]
  values = { email = "interview-create@acme-interviews.iam.gserviceaccount.com", member = "serviceAccount:interview-create@acme-interviews.iam.gserviceaccount.com", name = "projects/acme-interviews/serviceAccounts/interview-create@acme-interviews.iam.gserviceaccount.com", id = "projects/acme-interviews/serviceAccounts/interview-create@acme-interviews.iam.gserviceaccount.com" }
}

override_resource {
  target = google_service_account.accounts["messages"]
  values = { email = "interview-messages@acme-interviews.iam.gserviceaccount.com", member = "serviceAccount:interview-messages@acme-interviews.iam.gserviceaccount.com", name = "projects/acme-interviews/serviceAccounts/interview-messages@acme-interviews.iam.gserviceaccount.com", id = "projects/acme-interviews/serviceAccounts/interview-messages@acme-interviews.iam.gserviceaccount.com" }
}

override_resource {
  target = google_service_account.accounts["next_turn"]
  values = { email = "interview-next-turn@acme-interviews.iam.gserviceaccount.com", member = "serviceAccount:interview-next-turn@acme-interviews.iam.gserviceaccount.com", name = "projects/acme-interviews/serviceAccounts/interview-next-turn@acme-interviews.iam.gserviceaccount.com", id = "projects/acme-interviews/serviceAccounts/interview-next-turn@acme-interviews.iam.gserviceaccount.com" }
}

override_resource {
  target = google_service_account.accounts["token"]
  values = { email = "interview-token@acme-interviews.iam.gserviceaccount.com", member = "serviceAccount:interview-token@acme-interviews.iam.gserviceaccount.com", name = "projects/acme-interviews/serviceAccounts/interview-token@acme-interviews.iam.gserviceaccount.com", id = "projects/acme-interviews/serviceAccounts/interview-token@acme-interviews.iam.gserviceaccount.com" }
}

override_resource {
  target = google_service_account.accounts["stage_timeout"]
  values = { email = "interview-stage-timeout@acme-interviews.iam.gserviceaccount.com", member = "serviceAccount:interview-stage-timeout@acme-interviews.iam.gserviceaccount.com", name = "projects/acme-interviews/serviceAccounts/interview-stage-timeout@acme-interviews.iam.gserviceaccount.com", id = "projects/acme-interviews/serviceAccounts/interview-stage-timeout@acme-interviews.iam.gserviceaccount.com" }
}

override_resource {
  target = google_service_account.accounts["sweep"]
  values = { email = "interview-sweep@acme-interviews.iam.gserviceaccount.com", member = "serviceAccount:interview-sweep@acme-interviews.iam.gserviceaccount.com", name = "projects/acme-interviews/serviceAccounts/interview-sweep@acme-interviews.iam.gserviceaccount.com", id = "projects/acme-interviews/serviceAccounts/interview-sweep@acme-interviews.iam.gserviceaccount.com" }
}

override_resource {
  target = google_service_account.accounts["tasks_invoker"]
  values = { email = "interview-tasks-invoker@acme-interviews.iam.gserviceaccount.com", member = "serviceAccount:interview-tasks-invoker@acme-interviews.iam.gserviceaccount.com", name = "projects/acme-interviews/serviceAccounts/interview-tasks-invoker@acme-interviews.iam.gserviceaccount.com", id = "projects/acme-interviews/serviceAccounts/interview-tasks-invoker@acme-interviews.iam.gserviceaccount.com" }
}

override_resource {
  target = google_service_account.accounts["sweep_invoker"]
  values = { email = "interview-sweep-invoker@acme-interviews.iam.gserviceaccount.com", member = "serviceAccount:interview-sweep-invoker@acme-interviews.iam.gserviceaccount.com", name = "projects/acme-interviews/serviceAccounts/interview-sweep-invoker@acme-interviews.iam.gserviceaccount.com", id = "projects/acme-interviews/serviceAccounts/interview-sweep-invoker@acme-interviews.iam.gserviceaccount.com" }
}

override_resource {
  target = google_service_account.accounts["worker"]
  values = { email = "interview-worker@acme-interviews.iam.gserviceaccount.com", member = "serviceAccount:interview-worker@acme-interviews.iam.gserviceaccount.com", name = "projects/acme-interviews/serviceAccounts/interview-worker@acme-interviews.iam.gserviceaccount.com", id = "projects/acme-interviews/serviceAccounts/interview-worker@acme-interviews.iam.gserviceaccount.com" }
}

override_resource {
  target = google_service_account.accounts["nodes"]
  values = { email = "interview-nodes@acme-interviews.iam.gserviceaccount.com", member = "serviceAccount:interview-nodes@acme-interviews.iam.gserviceaccount.com", name = "projects/acme-interviews/serviceAccounts/interview-nodes@acme-interviews.iam.gserviceaccount.com", id = "projects/acme-interviews/serviceAccounts/interview-nodes@acme-interviews.iam.gserviceaccount.com" }
}

override_resource {
  target = google_monitoring_uptime_check_config.interviews["page"]
  values = { uptime_check_id = "interviews-can-be-held" }
}
