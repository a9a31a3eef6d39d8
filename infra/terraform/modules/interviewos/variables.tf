# The project

variable "project_id" {
  description = "Id of the Google Cloud project that InterviewOS has to itself."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "project_id is the id of a project, such as acme-interviews: 6 to 30 small letters, digits and dashes."
  }
}

variable "residency" {
  description = "Where what candidates say is kept, and where a model and speech services hear it: `us`, `eu`, or `global` for no promise. The output not_resident says what no choice can hold."
  type        = string
  default     = "global"

  validation {
    condition     = contains(["us", "eu", "global"], var.residency)
    error_message = "residency is us, eu or global."
  }
  validation {
    condition     = var.residency == "global" || (var.gemini == "vertex" && (var.livekit == null || var.voice_stack == "google_cloud"))
    error_message = "residency is a promise that Gemini by a key does not give: gemini must be vertex, and voice_stack google_cloud."
  }
}

variable "region" {
  description = "Where the functions, the queue, the database and the worker are; one within residency when null."
  type        = string
  default     = null

  validation {
    condition     = var.region == null || can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region is a region such as us-central1, without the letter of a zone."
  }
  validation {
    condition     = var.region == null || can(regex(local.resident_region, var.region))
    error_message = "region is not within residency."
  }
}

variable "deletion_protection" {
  description = "Whether the database and the cluster refuse to be deleted; false only to tear down."
  type        = bool
  default     = true
}

# The functions

variable "functions_image" {
  description = "Image of functions/ by digest, REGISTRY/…/functions@sha256:…, as `infra/build functions` prints it."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9.-]+/[a-z0-9._/-]+@sha256:[0-9a-f]{64}$", var.functions_image))
    error_message = "functions_image names an image by its digest, …@sha256:…, as `infra/build functions` prints it."
  }
}

variable "warm_instances" {
  description = "Instances of next_turn that are always there; each start of one more costs its first caller some seconds."
  type        = number
  default     = 1

  validation {
    condition     = floor(var.warm_instances) == var.warm_instances && var.warm_instances >= 0 && var.warm_instances <= var.max_instances
    error_message = "warm_instances is a whole number from 0 to max_instances."
  }
}

variable "max_instances" {
  description = "Most instances of each public function: a bound on what a rush can cost."
  type        = number
  default     = 10

  validation {
    condition     = floor(var.max_instances) == var.max_instances && var.max_instances >= 1 && var.max_instances <= 100
    error_message = "max_instances is a whole number from 1 to 100."
  }
}

variable "interview" {
  description = "Days that an interview is kept; and of the plan classic, where they are to differ from it, seconds of the stages and of grace and most questions."
  type = object({
    intro_timeout_s      = optional(number)
    experience_timeout_s = optional(number)
    stage_grace_s        = optional(number)
    max_intro_turns      = optional(number)
    max_exp_turns        = optional(number)
    retention_days       = optional(number, 30)
  })
  default = {}

  validation {
    condition     = alltrue([for value in values(var.interview) : value == null ? true : floor(value) == value && value >= 1])
    error_message = "interview holds whole numbers from 1."
  }
  validation {
    condition     = coalesce(var.interview.intro_timeout_s, 180) + coalesce(var.interview.experience_timeout_s, 900) + 2 * coalesce(var.interview.stage_grace_s, 30) <= 3000
    error_message = "interview is longer than 50 minutes: a voice worker that is told to end waits an hour for its interviews."
  }
  validation {
    condition     = var.interview.retention_days <= 3650
    error_message = "interview.retention_days is at most 3650."
  }
}

variable "report_readings" {
  description = "How often a model reads an interview that is over, for the levels of its report: 0 for never, 2 for twice and a third time in doubt."
  type        = number
  default     = 2

  validation {
    condition     = contains([0, 1, 2, 3], var.report_readings)
    error_message = "report_readings is 0, 1, 2 or 3."
  }
}

variable "limits" {
  description = "What strangers may cost: interviews a minute from one address, interviews a day, tokens of the model a day and in any one interview, trusted ones included."
  type = object({
    creates_per_minute   = optional(number, 10)
    interviews_per_day   = optional(number, 1000)
    tokens_per_day       = optional(number, 50000000)
    tokens_per_interview = optional(number, 1000000)
  })
  default = {}

  validation {
    condition     = alltrue([for value in values(var.limits) : floor(value) == value && value >= 1])
    error_message = "limits holds whole numbers from 1."
  }
}

variable "app_check" {
  description = "Whether `create` asks strangers for an App Check token of the page: `off` or `enforce`."
  type        = string
  default     = "off"

  validation {
    condition     = contains(["off", "enforce"], var.app_check)
    error_message = "app_check is off or enforce."
  }
  validation {
    condition     = var.app_check == "off" || (var.recaptcha_site_key != "" && var.firebase_api_key != "")
    error_message = "app_check is enforce, so the page needs recaptcha_site_key and firebase_api_key to get its tokens."
  }
}

variable "recaptcha_site_key" {
  description = "Site key of reCAPTCHA Enterprise for the page's domains, by which App Check knows the page; empty without App Check."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^([A-Za-z0-9_-]{40})?$", var.recaptcha_site_key))
    error_message = "recaptcha_site_key has 40 letters, digits, dashes and underscores."
  }
}

variable "firebase_api_key" {
  description = "The page's key of Firebase, which is no secret: `firebase apps:sdkconfig web` prints it as apiKey; empty without App Check."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(AIza[A-Za-z0-9_-]{35})?$", var.firebase_api_key))
    error_message = "firebase_api_key begins with AIza and has 39 letters, digits, dashes and underscores."
  }
}

# The model

variable "gemini" {
  description = "How the functions reach Gemini: `vertex` by their service accounts, `api_key` by the secret GOOGLE_API_KEY."
  type        = string
  default     = "vertex"

  validation {
    condition     = contains(["vertex", "api_key"], var.gemini)
    error_message = "gemini is vertex or api_key."
  }
}

variable "gemini_location" {
  description = "Where Vertex AI runs the model; what residency says when null."
  type        = string
  default     = null

  validation {
    condition     = var.gemini_location == null || can(regex("^(global|us|eu|[a-z]+-[a-z]+[0-9]+)$", var.gemini_location))
    error_message = "gemini_location is global, us, eu, or a region such as us-central1."
  }
  validation {
    condition     = var.gemini_location == null || var.gemini_location == var.residency || can(regex(local.resident_region, var.gemini_location))
    error_message = "gemini_location is not within residency."
  }
}

variable "gemini_model" {
  description = "The interviewer's model."
  type        = string
  default     = "gemini-3.5-flash"

  validation {
    condition     = can(regex("^gemini-[a-z0-9.-]+$", var.gemini_model))
    error_message = "gemini_model is the id of a Gemini model, such as gemini-3.5-flash."
  }
}

variable "gemini_fallback_models" {
  description = "Models that are asked, in this order, when the first one fails."
  type        = list(string)
  default     = ["gemini-3.5-flash-lite"]

  validation {
    condition     = alltrue([for model in var.gemini_fallback_models : can(regex("^gemini-[a-z0-9.-]+$", model))])
    error_message = "gemini_fallback_models are ids of Gemini models."
  }
  validation {
    condition     = length(var.gemini_fallback_models) > 0 && !contains(var.gemini_fallback_models, var.gemini_model)
    error_message = "gemini_fallback_models has a model at least, and none that just failed."
  }
}

variable "gemini_model_retires_on" {
  description = "Day on which Google retires gemini_model, YYYY-MM-DD, from its page of deprecations. An alert comes 30 days before."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", var.gemini_model_retires_on)) && can(timeadd("${var.gemini_model_retires_on}T00:00:00Z", "0s"))
    error_message = "gemini_model_retires_on is a day such as 2027-06-30; without one announced, the day on which to look again."
  }
}

# The page

variable "site_id" {
  description = "Id of the Firebase Hosting site, which is at https://SITE_ID.web.app; the project's id when null."
  type        = string
  default     = null

  validation {
    condition     = var.site_id == null || can(regex("^[a-z0-9][a-z0-9-]{4,28}[a-z0-9]$", var.site_id))
    error_message = "site_id has 6 to 30 small letters, digits and dashes."
  }
}

variable "domain" {
  description = "Domain of your own for the page, such as interviews.example.com; without one it is at web.app."
  type        = string
  default     = null

  validation {
    condition     = var.domain == null || can(regex("^([a-z0-9-]+\\.)+[a-z]{2,}$", var.domain))
    error_message = "domain is a bare domain such as interviews.example.com, without https:// and path."
  }
}

# Voice

variable "livekit" {
  description = "The LiveKit server that carries the voices; null for interviews in text alone. Its secret goes to infra/set-secrets."
  type        = object({ url = string, api_key = string })
  default     = null

  validation {
    condition     = var.livekit == null || can(regex("^wss://[A-Za-z0-9._-]+(:[0-9]{1,5})?$", var.livekit.url))
    error_message = "livekit.url is the origin of a LiveKit server such as wss://voice.example.com: a page by HTTPS connects to no other."
  }
  validation {
    condition     = var.livekit == null || try(length(var.livekit.api_key) > 0, false)
    error_message = "livekit.api_key is missing."
  }
}

variable "agent_name" {
  description = "Name by which LiveKit sends for the worker; a deployment that shares a LiveKit project has one of its own."
  type        = string
  default     = "interviewer"

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,64}$", var.agent_name))
    error_message = "agent_name has 1 to 64 letters, digits, dashes and underscores."
  }
}

variable "worker_home" {
  description = "Where the voice worker runs: `gke`, `cloud_run` (small, cuts interviews at each deployment, and they resume), `livekit_cloud`, or `none` for text alone."
  type        = string
  default     = "none"

  validation {
    condition     = contains(["gke", "cloud_run", "livekit_cloud", "none"], var.worker_home)
    error_message = "worker_home is gke, cloud_run, livekit_cloud or none."
  }
  validation {
    condition     = var.worker_home == "none" || var.livekit != null
    error_message = "worker_home is a home for the voice worker, but livekit is null: set livekit, or worker_home to none."
  }
  validation {
    condition     = var.worker_home != "none" || var.livekit == null
    error_message = "livekit is set, but worker_home is none: the page would offer a voice that nobody answers."
  }
}

variable "worker_image" {
  description = "Image of agent_service/ by digest, as `infra/build worker` prints it, for the homes `gke` and `cloud_run`."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^([a-z0-9.-]+/[a-z0-9._/-]+@sha256:[0-9a-f]{64})?$", var.worker_image))
    error_message = "worker_image names an image by its digest, …@sha256:…: a tag may mean another image tomorrow."
  }
}

variable "worker_instances" {
  description = "Fewest and most workers; each takes 10 interviews at once. A Cloud Run worker pool stays at the fewest. `spare` is how many interviews may begin in one minute, such as those of a class: so many places are there always."
  type        = object({ min = optional(number, 1), max = optional(number, 5), spare = optional(number, 3) })
  default     = {}

  validation {
    condition     = var.worker_instances.min >= 1 && var.worker_instances.min <= var.worker_instances.max && var.worker_instances.max <= 100
    error_message = "worker_instances has min from 1, for LiveKit drops a call that no worker waits for, and max from min to 100."
  }
  validation {
    condition     = var.worker_instances.spare >= 0 && ceil(var.worker_instances.spare / 10) <= var.worker_instances.max
    error_message = "worker_instances.spare is from 0 to ten times max: ten interviews take a worker."
  }
}

variable "voice_stack" {
  description = "Who hears and speaks: `google_cloud` (Speech-to-Text and Text-to-Speech) or `gemini_key` (Gemini's speech, by GOOGLE_API_KEY)."
  type        = string
  default     = "google_cloud"

  validation {
    condition     = contains(["google_cloud", "gemini_key"], var.voice_stack)
    error_message = "voice_stack is google_cloud or gemini_key."
  }
  validation {
    condition     = var.worker_home != "livekit_cloud" || var.voice_stack == "gemini_key"
    error_message = "worker_home is livekit_cloud, where a worker has no service account of Google's: voice_stack must be gemini_key."
  }
}

variable "voice_language" {
  description = "What is recognised and spoken, as a language tag."
  type        = string
  default     = "en-US"

  validation {
    condition     = can(regex("^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", var.voice_language))
    error_message = "voice_language is a language tag such as en-US."
  }
}

variable "speech_location" {
  description = "Location of Speech-to-Text that has Chirp 3, for voice_stack google_cloud; what residency says when null."
  type        = string
  default     = null

  validation {
    condition     = var.speech_location == null || can(regex("^(us|eu|[a-z]+-[a-z]+[0-9]+)$", var.speech_location))
    error_message = "speech_location is a location that has Chirp 3, such as us or eu; global has it not."
  }
  validation {
    condition     = var.speech_location == null || var.speech_location == var.residency || can(regex(local.resident_region, var.speech_location))
    error_message = "speech_location is not within residency."
  }
}

variable "network" {
  description = "VPC network and subnetwork of the cluster, for worker_home gke, by name or, in a Shared VPC, by self link; there with the secondary ranges of pods and services. The nodes reach LiveKit from it."
  type = object({
    network        = optional(string, "default")
    subnetwork     = optional(string, "default")
    pods_range     = optional(string)
    services_range = optional(string)
  })
  default = {}
}

# Who comes in

variable "ingress" {
  description = "From where the public functions can be reached: `all`, or `load_balancer` for one of your own in front of them, and of the page."
  type        = string
  default     = "all"

  validation {
    condition     = contains(["all", "load_balancer"], var.ingress)
    error_message = "ingress is all or load_balancer."
  }
  validation {
    condition     = var.ingress == "all" || var.domain != null
    error_message = "ingress is load_balancer, so domain must say where that is."
  }
}

variable "invokers" {
  description = "Members that alone may call the public functions, checked by IAM, such as the service account of your gateway; nobody named is everybody. For organisations that allow no public service."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for member in var.invokers : can(regex("^(serviceAccount|group|user|domain|principalSet|principal):.+", member)) && !startswith(member, "allUsers")])
    error_message = "invokers are members such as serviceAccount:gateway@acme-edge.iam.gserviceaccount.com."
  }
  validation {
    condition     = length(var.invokers) == 0 || (var.ingress == "load_balancer" && var.worker_home == "none")
    error_message = "invokers keep browsers and the voice worker out: only what stands behind a gateway of yours gets in, so ingress must be load_balancer and worker_home none."
  }
}

# The store

variable "firestore_location" {
  description = "Location of the database, for ever; the region when null. `nam5` and `eur3` survive the loss of a region at twice the price."
  type        = string
  default     = null

  validation {
    condition     = var.firestore_location == null || can(regex("^(nam5|nam7|eur3|[a-z]+-[a-z]+[0-9]+)$", var.firestore_location))
    error_message = "firestore_location is nam5, nam7, eur3 or a region."
  }
  validation {
    condition     = var.firestore_location == null || contains(local.resident_multi_regions, coalesce(var.firestore_location, "none")) || can(regex(local.resident_region, var.firestore_location))
    error_message = "firestore_location is not within residency."
  }
}

variable "firestore_database" {
  description = "Name of the database."
  type        = string
  default     = "(default)"

  validation {
    condition     = var.firestore_database == "(default)" || can(regex("^[a-z][a-z0-9-]{2,61}[a-z0-9]$", var.firestore_database))
    error_message = "firestore_database is (default), or 4 to 63 small letters, digits and dashes."
  }
}

# Secrets

variable "secret_versions" {
  description = "Which version of a secret is used, by its name; 1 where nothing is said. infra/set-secrets prints the numbers."
  type        = map(number)
  default     = {}

  validation {
    condition     = alltrue([for version in values(var.secret_versions) : floor(version) == version && version >= 1])
    error_message = "secret_versions are whole numbers from 1."
  }
  validation {
    condition     = length(setsubtract(keys(var.secret_versions), local.secrets)) == 0
    error_message = "secret_versions names a secret that this deployment has not; it has ${join(", ", local.secrets)}."
  }
}

variable "rotating" {
  description = "Secrets that are being rotated, and the other version of each that is accepted as well. LiveKit's and Gemini's keys overlap at their makers."
  type        = map(number)
  default     = {}

  validation {
    condition     = length(setsubtract(keys(var.rotating), local.caller_secrets)) == 0
    error_message = "rotating names INGEST_SECRET, SESSION_SIGNING_KEY or both: no other secret is accepted in two versions."
  }
  validation {
    condition     = alltrue([for version in values(var.rotating) : floor(version) == version && version >= 1])
    error_message = "rotating has versions, which are whole numbers from 1."
  }
}

variable "grant_seconds" {
  description = "Seconds to wait for what was granted a moment ago: typically two minutes, at times seven."
  type        = number
  default     = 180

  validation {
    condition     = floor(var.grant_seconds) == var.grant_seconds && var.grant_seconds >= 0
    error_message = "grant_seconds is a whole number from 0."
  }
}

# Being on call, and what it may cost

variable "on_call" {
  description = "Who is told of what: `critical` is woken, `warning` reads it on the next day, and the budget with it; where nobody is named, those of `critical`. Each is an e-mail address or a notification channel that there is, projects/…/notificationChannels/…, such as one of PagerDuty."
  type        = object({ critical = set(string), warning = optional(set(string), []) })

  validation {
    condition     = length(var.on_call.critical) > 0
    error_message = "on_call.critical needs somebody: alerts that nobody reads are none."
  }
  validation {
    condition     = alltrue([for whom in setunion(var.on_call.critical, var.on_call.warning) : can(regex("^([^@\\s]+@[^@\\s]+\\.[^@\\s]+|projects/[^/]+/notificationChannels/[^/]+)$", whom))])
    error_message = "on_call has e-mail addresses, and names of channels as `gcloud beta monitoring channels list` prints them."
  }
  validation {
    condition     = var.budget == null || length(length(var.on_call.warning) > 0 ? var.on_call.warning : var.on_call.critical) <= 5
    error_message = "on_call.warning has five at most where there is a budget, which writes to no more."
  }
}

variable "budget" {
  description = "Billing account that pays for the project, and what a month may cost in whole units of its currency; mails at 50, 80 and 100 % and at a forecast of 100 %. It stops nothing. Null where somebody else watches the bill."
  type        = object({ billing_account = string, monthly = number })
  default     = null

  validation {
    condition     = var.budget == null || can(regex("^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$", var.budget.billing_account))
    error_message = "budget.billing_account is an id such as 0A1B2C-3D4E5F-6A7B8C: see `gcloud billing accounts list`."
  }
  validation {
    condition     = try(floor(var.budget.monthly) == var.budget.monthly && var.budget.monthly >= 1, var.budget == null)
    error_message = "budget.monthly is a whole number from 1."
  }
}

variable "slo_goal" {
  description = "Share of turns that a model is to answer within 6 s, over 28 days."
  type        = number
  default     = 0.95

  validation {
    condition     = var.slo_goal >= 0.5 && var.slo_goal <= 0.999
    error_message = "slo_goal is from 0.5 to 0.999."
  }
}
