# What the log lines of the functions and of the worker count up to.
locals {
  from_functions = "resource.type=\"cloud_run_revision\""
  turn           = "${local.from_functions} AND jsonPayload.message=\"turn answered\""
  # An interview without any answer is closed by script, which says nothing about the model.
  turn_of_model = "${local.turn} AND jsonPayload.source!=\"script\" AND NOT (jsonPayload.source=\"fallback\" AND jsonPayload.status=\"ended\" AND jsonPayload.attempts=0)"

  counted = {
    turns = {
      description = "Turns that were answered"
      filter      = local.turn
      labels      = ["source", "stage", "status"]
    }
    turns_asked = {
      description = "Turns that a model was to answer"
      filter      = local.turn_of_model
      labels      = []
    }
    turns_in_time = {
      description = "Turns that a model answered within 6 s"
      filter      = "${local.turn} AND jsonPayload.source=\"model\" AND jsonPayload.answered_ms<=6000"
      labels      = []
    }
    refusals = {
      description = "Requests that were refused, by problem type"
      filter      = "${local.from_functions} AND jsonPayload.message=\"request refused\""
      labels      = ["status", "why"]
    }
    failures = {
      description = "Faults of our own"
      filter      = "${local.from_functions} AND jsonPayload.message=(\"request failed\" OR \"stream failed\" OR \"sweep could not wake\")"
      labels      = []
    }
    model_failures = {
      description = "Calls of a model that failed, by the model and by what it answered"
      filter      = "${local.from_functions} AND jsonPayload.message=\"model failed\""
      labels      = ["model", "why"]
    }
    alarms_left = {
      description = "Alarms that Cloud Tasks did not take"
      filter      = "${local.from_functions} AND jsonPayload.message=\"alarm left to the sweep\""
      labels      = []
    }
  }

  interviews   = [1, 10, 100, 1000, 3000]
  milliseconds = [25, 50, 100, 200, 400, 800, 1500, 3000, 6000, 12000, 30000]
  measured = {
    left          = { description = "Overdue interviews that a sweep left", filter = "${local.from_functions} AND jsonPayload.message=\"swept\"", unit = "1", bounds = local.interviews }
    before_ms     = { description = "Of a turn, before the model is asked", filter = local.turn, unit = "ms", bounds = local.milliseconds }
    asked_ms      = { description = "Of a turn, with the model", filter = "${local.turn} AND jsonPayload.source=\"model\"", unit = "ms", bounds = local.milliseconds }
    after_ms      = { description = "Of a turn, after the model", filter = local.turn, unit = "ms", bounds = local.milliseconds }
    input_tokens  = { description = "Read by the model in a turn", filter = local.turn, unit = "1", bounds = [500, 1000, 2000, 4000, 8000, 16000, 32000] }
    output_tokens = { description = "Written by the model in a turn", filter = local.turn, unit = "1", bounds = [50, 100, 200, 400, 800, 1600] }
  }
}

resource "google_logging_metric" "counted" {
  for_each = local.counted

  name             = "interview_${each.key}"
  description      = each.value.description
  filter           = each.value.filter
  label_extractors = { for label in each.value.labels : label => "EXTRACT(jsonPayload.${label})" }

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"

    dynamic "labels" {
      for_each = each.value.labels
      content {
        key = labels.value
      }
    }
  }

  depends_on = [google_project_service.apis]
}

resource "google_logging_metric" "measured" {
  for_each = local.measured

  name            = "interview_${each.key}"
  description     = each.value.description
  filter          = each.value.filter
  value_extractor = "EXTRACT(jsonPayload.${each.key})"

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "DISTRIBUTION"
    unit        = each.value.unit
  }

  bucket_options {
    explicit_buckets {
      bounds = each.value.bounds
    }
  }

  depends_on = [google_project_service.apis]
}

resource "google_logging_metric" "voice" {
  for_each = toset(local.worker_here ? ["voice_ms"] : [])

  name            = "interview_${each.key}"
  description     = "From the end of an answer to the first sound of the reply"
  filter          = "resource.type=(\"k8s_container\" OR \"cloud_run_worker_pool\") AND jsonPayload.message=\"voice turn\""
  value_extractor = "EXTRACT(jsonPayload.total_ms)"

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "DISTRIBUTION"
    unit        = "ms"
  }

  bucket_options {
    explicit_buckets {
      bounds = local.milliseconds
    }
  }

  depends_on = [google_project_service.apis]
}
