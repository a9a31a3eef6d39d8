#!/usr/bin/env python3
"""What InterviewOS costs a month in US dollars, and which limit bites first: list prices times counted use.

    infra/costs.py                                            the tables of costs.md
    infra/costs.py --interviews 5000 --voice-share 0.2        one month of your own
    infra/costs.py --write                                    bring the tables of costs.md up to date

Every quantity is a fixed part, a part for each interview and a part for each spoken one, so the formula that a table
shows is the one that was computed. A price that no source was found for is no number: its line says "ask".
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Literal

Model = Literal["gemini-3.5-flash", "gemini-3.5-flash-lite"]
WorkerHome = Literal["gke", "cloud_run", "livekit_cloud"]
MODELS: tuple[Model, ...] = ("gemini-3.5-flash", "gemini-3.5-flash-lite")
WORKER_HOMES: tuple[WorkerHome, ...] = ("gke", "cloud_run", "livekit_cloud")

COSTS = Path(__file__).with_name("costs.md")
BEGIN, END = "<!-- what costs.py prints: begin -->", "<!-- what costs.py prints: end -->"

HOURS = 730
MINUTES = HOURS * 60
SECONDS = MINUTES * 60
DAYS = HOURS / 24
"""Of a month."""
GIB = 2**30

# What is assumed

INTRO_ANSWERS, EXPERIENCE_ANSWERS = 5, 12
ANSWER_CHARACTERS, REPLY_CHARACTERS = 500, 250
"""An interview: an answer is spoken in 40 s, a reply in 20 s, so that all of it takes about twenty minutes."""
READINGS, READING_CHARACTERS = 2, 600
"""Of a report, and what each of them writes about a story: levels, some signs and sentences with their quotations."""
INTERVIEW_MINUTES = 20
PEAK = 3
"""How many times as many interviews as on average are held at the busiest moment."""
TURN_SECONDS = 3.0
"""Of a turn, the model's whole reply included. No live model was measured."""
READING_SECONDS = 10.0
"""Of the request that has a report read; both readings are asked for at once. No live model was measured."""
REQUEST_SECONDS = 0.1
"""Of any other request: the least that is billed."""
REQUEST_LOG_BYTES = 1_000
"""Of the line that Cloud Run itself writes about a request."""
UPTIME_RUNS = 6 * MINUTES / 5
"""Of the uptime check: each five minutes from six places."""
METRIC_MIB = 35
"""Of log-based metrics: about 6 distributions of 80 bytes and 45 counters of 8 bytes a minute."""
IMAGES_GIB = 5
BUILD_MINUTES = 50
SECRETS = 2
ALERT_CONDITIONS = 15
RETENTION_DAYS, PITR_DAYS, BACKUPS = 30, 7, 7
LOOKS = INTERVIEW_MINUTES
"""At the day's tokens: a process looks once a minute, here one that holds a single interview."""
MORE_BY_VOICE = 3
"""Requests and reads of a spoken interview: the token, and the transcript when the worker joins and once more."""
SOUND_GB = 2 * INTERVIEW_MINUTES * 60 * 40_000 / 8 / 1e9
"""That LiveKit sends to the two in a room, at 40 kbit/s each."""

# What infra/terraform has where nobody says otherwise

INTERVIEWS_PER_DAY, TOKENS_PER_DAY = 1_000, 50_000_000
CREATES_PER_MINUTE = 10
"""Of one address, in each instance of `create`."""
TOKENS_PER_INTERVIEW = 1_000_000
MAX_INSTANCES, CONCURRENCY = 10, 20
"""Of `next_turn`, and instances of `create`."""
READING_INSTANCES = 5
"""Of `stage_timeout`, each with the same concurrency."""
DISPATCHES_PER_SECOND = 50
FEWEST_WORKERS, MOST_WORKERS = 1, 5
INTERVIEWS_PER_WORKER = 10

# What is measured


@dataclass(frozen=True, slots=True)
class Counts:
    """What one written interview uses."""

    turns: int
    requests: int
    """Of the page and of Cloud Tasks, the turns included."""
    reads: int
    writes: int
    task_operations: int
    """Alarms that were created, created again in vain, and delivered."""
    model_calls: int
    input_tokens: int
    output_tokens: int
    spoken_characters: int
    """Of everything that the interviewer says."""
    document_bytes: int
    hosted_bytes: int
    """Of the answers that come by way of Hosting."""
    streamed_bytes: int
    """Of the turns, which the page takes from their function's own address."""
    log_bytes: int
    page_bytes: int
    """Of all files of the page, uncompressed, livekit-client included."""


INTERVIEW = Counts(
    turns=18,
    requests=27,
    reads=26,
    writes=43,
    task_operations=7,
    model_calls=21,
    input_tokens=38_829,
    output_tokens=3_019,
    spoken_characters=4_884,
    document_bytes=28_290,
    hosted_bytes=9_373,
    streamed_bytes=45_938,
    log_bytes=12_108,
    page_bytes=855_000,
)
"""As tests/infra/test_costs.py measures it; four characters are taken for one token."""

CORE_SHARE = 0.16
"""Of a core, for one interview in the voice worker: `test_five_at_once` prints it, on two cores."""
INTERVIEWS_PER_POD = 0.5 / CORE_SHARE
"""On GKE, where a pod more comes when half of the one processor that a pod asks for is in use."""

# Prices


@dataclass(frozen=True, slots=True)
class Price:
    """Dollars for `per` units beyond the `free` ones of a month, and where and when they were read; None is "ask"."""

    dollars: float | None
    unit: str
    source: str
    read: str
    per: float = 1
    free: float = 0

    def of(self, quantity: float) -> float | None:
        """Give the dollars for a month's quantity, or None."""
        return None if self.dollars is None else max(0.0, quantity - self.free) / self.per * self.dollars


RUN = "https://cloud.google.com/run/pricing"
FIRESTORE = "https://cloud.google.com/firestore/pricing"
TASKS = "https://cloud.google.com/tasks/pricing"
SCHEDULER = "https://cloud.google.com/scheduler/pricing"
SECRETS_PAGE = "https://cloud.google.com/secret-manager/pricing"
REGISTRY = "https://cloud.google.com/artifact-registry/pricing"
BUILD = "https://cloud.google.com/build/pricing"
OBSERVABILITY = "https://cloud.google.com/products/observability/pricing"
NETWORK = "https://cloud.google.com/vpc/network-pricing"
HOSTING = "https://firebase.google.com/docs/hosting/usage-quotas-pricing"
GEMINI = "https://ai.google.dev/gemini-api/docs/pricing"
HEARING = "https://cloud.google.com/speech-to-text/pricing"
SPEAKING = "https://cloud.google.com/text-to-speech/pricing"
LIVEKIT = "https://livekit.com/pricing"
GKE = "https://cloud.google.com/kubernetes-engine/pricing"

PRICES = {
    "Cloud Run processor": Price(0.000024, "vCPU-second", RUN, "2026-08-29", free=180_000),
    "Cloud Run memory": Price(0.0000025, "GiB-second", RUN, "2026-08-29", free=360_000),
    "Cloud Run requests": Price(0.40, "request", RUN, "2026-08-29", per=1_000_000, free=2_000_000),
    "Cloud Run idle processor": Price(0.0000025, "vCPU-second", RUN, "2026-10-07"),
    "Cloud Run idle memory": Price(0.0000025, "GiB-second", RUN, "2026-10-07"),
    "Cloud Run worker pool processor": Price(0.000011244, "vCPU-second", RUN, "2026-09-30"),
    "Cloud Run worker pool memory": Price(0.000001235, "GiB-second", RUN, "2026-09-30"),
    "Firestore reads": Price(0.03, "read", FIRESTORE, "2026-10-08", per=100_000, free=50_000 * DAYS),
    "Firestore writes": Price(0.09, "write", FIRESTORE, "2026-10-08", per=100_000, free=20_000 * DAYS),
    "Firestore TTL deletes": Price(0.01, "delete", FIRESTORE, "2026-08", per=100_000),
    "Firestore storage": Price(0.15, "GiB-month", FIRESTORE, "2026-10-08", free=1),
    "Firestore point-in-time recovery": Price(0.15, "GiB-month", FIRESTORE, "2026-08-18"),
    "Firestore backups": Price(0.03, "GiB-month", FIRESTORE, "2026-08-18"),
    "Cloud Tasks operations": Price(0.40, "operation", TASKS, "2026-11-22", per=1_000_000, free=1_000_000),
    "Cloud Scheduler jobs": Price(0.10, "job", SCHEDULER, "2026-08-18", free=3),
    "Secret Manager versions": Price(0.06, "version", SECRETS_PAGE, "2026-08-29", free=6),
    "Artifact Registry storage": Price(0.10, "GiB-month", REGISTRY, "2026-08-29", free=0.5),
    "Cloud Build": Price(0.006, "minute", BUILD, "2026-10-07", free=2_500),
    "Cloud Logging": Price(0.50, "GiB", OBSERVABILITY, "2026-09-12", free=50),
    "Cloud Monitoring metrics": Price(0.258, "MiB", OBSERVABILITY, "2026-08-29", free=150),
    "Cloud Monitoring uptime checks": Price(0.30, "run", OBSERVABILITY, "2026-08-29", per=1_000, free=1_000_000),
    "Cloud Monitoring alert conditions": Price(None, "condition", OBSERVABILITY, "2026-11-22"),
    "Internet egress": Price(0.12, "GiB", NETWORK, "2026-09-30", free=1),
    "Firebase Hosting transfer": Price(0.15, "GB", HOSTING, "2026-09-29", free=0.36 * DAYS),
    "gemini-3.5-flash input": Price(1.50, "token", GEMINI, "2026-10-07", per=1_000_000),
    "gemini-3.5-flash output": Price(9.00, "token", GEMINI, "2026-10-07", per=1_000_000),
    "gemini-3.5-flash-lite input": Price(0.30, "token", GEMINI, "2026-10-07", per=1_000_000),
    "gemini-3.5-flash-lite output": Price(2.50, "token", GEMINI, "2026-10-07", per=1_000_000),
    "Gemini speech to text": Price(None, "minute", GEMINI, "2026-11-22"),
    "Gemini text to speech": Price(None, "character", GEMINI, "2026-11-22"),
    "Speech-to-Text v2": Price(0.016, "minute", HEARING, "2026-08-27"),
    "Chirp 3 HD voice": Price(30.0, "character", SPEAKING, "2026-09-03", per=1_000_000, free=1_000_000),
    "LiveKit Ship": Price(50.0, "month", LIVEKIT, "2026-09-25"),
    "LiveKit Ship participants": Price(0.0005, "minute", LIVEKIT, "2026-09-25", free=150_000),
    "LiveKit Ship agents": Price(0.01, "minute", LIVEKIT, "2026-09-25", free=5_000),
    "LiveKit Ship transfer": Price(0.12, "GB", LIVEKIT, "2026-09-25", free=250),
    "LiveKit Scale": Price(500.0, "month", LIVEKIT, "2026-09-25"),
    "LiveKit Scale participants": Price(0.0004, "minute", LIVEKIT, "2026-09-25", free=1_500_000),
    "LiveKit Scale agents": Price(0.01, "minute", LIVEKIT, "2026-09-25", free=50_000),
    "LiveKit Scale transfer": Price(0.10, "GB", LIVEKIT, "2026-09-25", free=3_000),
    "GKE Autopilot processor": Price(0.0445, "vCPU-hour", GKE, "2026-09-08"),
    "GKE Autopilot memory": Price(0.0049225, "GiB-hour", GKE, "2026-09-08"),
    "GKE cluster": Price(0.10, "hour", GKE, "2026-09-08", free=744),
}
"""List prices of us-central1 without any discount; what a day has free is spread evenly over the month."""

# Use


@dataclass(frozen=True, slots=True)
class Deployment:
    """What a team decides; `spoken` is the share of interviews that are held by voice."""

    spoken: float = 0.0
    worker_home: WorkerHome = "gke"
    model: Model = "gemini-3.5-flash"
    warm_instances: int = 1


@dataclass(frozen=True, slots=True)
class Use:
    """So much of one thing a month: a fixed part, more for each interview and each spoken one; not under `least`."""

    what: str
    price: str
    fixed: float = 0
    each: float = 0
    spoken: float = 0
    least: float = 0

    def quantity(self, interviews: float, spoken: float) -> float:
        """Give a month's quantity for so many interviews, of which so many are spoken."""
        return max(self.least, self.fixed + self.each * interviews + self.spoken * spoken)

    @property
    def formula(self) -> str:
        """Write down how the quantity is made; N is all interviews, V the spoken ones."""
        parts = [(self.fixed, ""), (self.each, " N"), (self.spoken, " V")]
        text = " + ".join(f"{_number(number)}{letter}" for number, letter in parts if number) or "0"
        return f"{text}, at least {_number(self.least)}" if self.least else text


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a month's bill; `dollars` is None where the price is to be asked for."""

    what: str
    formula: str
    price: str
    dollars: float | None


def cost(interviews: float, deployment: Deployment) -> list[Line]:
    """Compute a month's bill; of LiveKit's plans the cheaper one is taken."""
    bills = [list(_bill(uses, interviews, deployment)) for uses in _alternatives(deployment)]
    return min(bills, key=total)


def total(lines: Iterable[Line]) -> float:
    """Add up what has a price."""
    return sum(line.dollars or 0.0 for line in lines)


def _bill(uses: Iterable[Use], interviews: float, deployment: Deployment) -> Iterator[Line]:
    for use in uses:
        quantity = use.quantity(interviews, interviews * deployment.spoken)
        yield Line(use.what, use.formula, use.price, PRICES[use.price].of(quantity))


def _alternatives(deployment: Deployment) -> Iterator[list[Use]]:
    text = [*_functions(deployment), *_store(), *_model(deployment.model), *_page(), *_operations()]
    if not deployment.spoken:
        yield text
        return
    for plan in ("LiveKit Ship", "LiveKit Scale"):
        yield [*text, *_voice(deployment, plan)]


def _functions(deployment: Deployment) -> list[Use]:
    """Each request is billed as if it had an instance to itself, with the memory of the largest function."""
    fixed = MINUTES + UPTIME_RUNS  # the sweep comes each minute
    others = INTERVIEW.requests - INTERVIEW.turns - 1
    seconds = INTERVIEW.turns * TURN_SECONDS + READING_SECONDS + others * REQUEST_SECONDS
    warm = deployment.warm_instances * SECONDS
    busy = {"fixed": fixed * REQUEST_SECONDS, "each": seconds, "spoken": MORE_BY_VOICE * REQUEST_SECONDS}
    return [
        Use("Functions: processor", "Cloud Run processor", **busy),
        Use("Functions: memory", "Cloud Run memory", **busy),
        Use("Functions: requests", "Cloud Run requests", fixed, INTERVIEW.requests, MORE_BY_VOICE),
        Use("Functions: warm instance, processor", "Cloud Run idle processor", warm),
        Use("Functions: warm instance, memory", "Cloud Run idle memory", warm),
    ]


def _store() -> list[Use]:
    document = INTERVIEW.document_bytes / GIB
    kept = document * RETENTION_DAYS / DAYS
    # Recovery keeps a version a minute: of a document that grows, half of it each time.
    versions = document / 2 * INTERVIEW_MINUTES * PITR_DAYS / DAYS
    return [
        Use("Store: reads", "Firestore reads", MINUTES, INTERVIEW.reads + LOOKS, MORE_BY_VOICE),
        Use("Store: writes", "Firestore writes", each=INTERVIEW.writes),
        Use("Store: deletes when the retention is over", "Firestore TTL deletes", each=1),
        Use("Store: storage", "Firestore storage", each=kept),
        Use("Store: point-in-time recovery", "Firestore point-in-time recovery", each=versions),
        Use("Store: backups", "Firestore backups", each=kept * BACKUPS),
        Use("Clock: tasks", "Cloud Tasks operations", each=INTERVIEW.task_operations),
        Use("Clock: sweep", "Cloud Scheduler jobs", 1),
    ]


def _model(model: Model) -> list[Use]:
    return [
        Use("Model: read", f"{model} input", each=INTERVIEW.input_tokens),
        Use("Model: written", f"{model} output", each=INTERVIEW.output_tokens),
    ]


def _page() -> list[Use]:
    return [
        Use("Page: transfer", "Firebase Hosting transfer", each=(INTERVIEW.page_bytes + INTERVIEW.hosted_bytes) / 1e9),
        Use("Page: turns", "Internet egress", each=INTERVIEW.streamed_bytes / GIB),
    ]


def _operations() -> list[Use]:
    fixed_log = (MINUTES + UPTIME_RUNS) * REQUEST_LOG_BYTES / GIB
    log = (INTERVIEW.log_bytes + INTERVIEW.requests * REQUEST_LOG_BYTES) / GIB
    spoken_log = INTERVIEW.turns * REQUEST_LOG_BYTES / GIB  # a line of the worker for each turn
    return [
        Use("Operations: logs", "Cloud Logging", fixed_log, log, spoken_log),
        Use("Operations: metrics", "Cloud Monitoring metrics", METRIC_MIB),
        Use("Operations: uptime checks", "Cloud Monitoring uptime checks", UPTIME_RUNS),
        Use("Operations: alert conditions", "Cloud Monitoring alert conditions", ALERT_CONDITIONS),
        Use("Operations: secrets", "Secret Manager versions", SECRETS),
        Use("Operations: images", "Artifact Registry storage", IMAGES_GIB),
        Use("Operations: builds", "Cloud Build", BUILD_MINUTES),
    ]


def _voice(deployment: Deployment, plan: str) -> list[Use]:
    """The candidate's microphone is recognised from beginning to end; in the room are the candidate and the worker."""
    people = 2 * INTERVIEW_MINUTES
    hears, speaks = "Speech-to-Text v2", "Chirp 3 HD voice"
    if deployment.worker_home == "livekit_cloud":  # where a worker has no service account of Google's
        hears, speaks = "Gemini speech to text", "Gemini text to speech"
    return [
        Use("Voice: recognition", hears, spoken=INTERVIEW_MINUTES),
        Use("Voice: speech", speaks, spoken=INTERVIEW.spoken_characters),
        Use("Voice: LiveKit's plan", plan, 1),
        Use("Voice: people in rooms", f"{plan} participants", spoken=people),
        Use("Voice: sound to them", f"{plan} transfer", spoken=SOUND_GB),
        *_worker(deployment.worker_home, plan),
    ]


def _worker(home: WorkerHome, plan: str) -> list[Use]:
    """GKE follows the day with its pods; a worker pool stays at what the busiest moment needs."""
    if home == "livekit_cloud":
        return [Use("Voice: worker", f"{plan} agents", spoken=INTERVIEW_MINUTES)]
    if home == "gke":
        hours = INTERVIEW_MINUTES / 60 / INTERVIEWS_PER_POD
        return [
            Use("Voice: worker, processor", "GKE Autopilot processor", spoken=hours, least=HOURS),
            Use("Voice: worker, memory", "GKE Autopilot memory", spoken=2 * hours, least=2 * HOURS),
            Use("Voice: worker, cluster", "GKE cluster", HOURS),
        ]
    seconds = PEAK * INTERVIEW_MINUTES * 60 / INTERVIEWS_PER_WORKER
    return [
        Use("Voice: worker, processor", "Cloud Run worker pool processor", spoken=2 * seconds, least=2 * SECONDS),
        Use("Voice: worker, memory", "Cloud Run worker pool memory", spoken=2 * seconds, least=2 * SECONDS),
    ]


# Limits

PER_MINUTE = {"day": 1 / 1440, "minute": 1, "second": 60, "at once": 1}


@dataclass(frozen=True, slots=True)
class Limit:
    """How much of something there may be, and what one interview uses of it; `at once`, for how many minutes.

    None is a limit that is to be asked for. `source` is where and when it was read.
    """

    what: str
    most: float | None
    per: Literal["day", "minute", "second", "at once"]
    uses: float
    source: str

    @property
    def bites_at(self) -> float:
        """Give the interviews a month at which it bites: at the busiest moment, or on a day like any other."""
        if self.most is None:
            return math.inf
        crowd = 1 if self.per == "day" else PEAK
        return self.most * PER_MINUTE[self.per] / self.uses * MINUTES / crowd

    def needed(self, at_once: float) -> float:
        """Give what so many interviews at once need of it, in its own unit: so many begin in each twenty minutes."""
        return at_once / INTERVIEW_MINUTES * self.uses / PER_MINUTE[self.per]


FIRESTORE_LIMITS = "https://firebase.google.com/docs/firestore/best-practices, 2026-11-22"
SPEAKING_LIMITS = "https://docs.cloud.google.com/text-to-speech/quotas, 2026-11-22"
HEARING_LIMITS = "https://docs.cloud.google.com/speech-to-text/docs/quotas, 2026-09-11"
LIVEKIT_LIMITS = f"{LIVEKIT}, 2026-09-25"
GEMINI_LIMITS = "the quota of your project"

LIMITS = (
    Limit("`limits.interviews_per_day`", INTERVIEWS_PER_DAY, "day", 1, "yours"),
    Limit("`limits.tokens_per_day`", TOKENS_PER_DAY, "day", INTERVIEW.input_tokens + INTERVIEW.output_tokens, "yours"),
    Limit(
        "turns: `max_instances` times the concurrency of `next_turn`",
        MAX_INSTANCES * CONCURRENCY,
        "at once",
        INTERVIEW.turns * TURN_SECONDS / 60,
        "yours",
    ),
    Limit("deliveries of the queue; a queue can have 500", DISPATCHES_PER_SECOND, "second", 2, "yours"),
    Limit("writes to a day's ten counters, one a second each", 10, "second", 2, FIRESTORE_LIMITS),
    Limit("writes of the indexed `due_at`", 500, "second", 2 * INTERVIEW.turns, FIRESTORE_LIMITS),
    Limit("requests to Gemini", None, "minute", INTERVIEW.model_calls, GEMINI_LIMITS),
    Limit("tokens to Gemini", None, "minute", INTERVIEW.input_tokens, GEMINI_LIMITS),
)
VOICE_LIMITS = (
    Limit(
        "`cloud_run`: `worker_instances.min` times ten",
        FEWEST_WORKERS * INTERVIEWS_PER_WORKER,
        "at once",
        INTERVIEW_MINUTES,
        "yours",
    ),
    Limit(
        "`gke`: `worker_instances.max` times ten",
        MOST_WORKERS * INTERVIEWS_PER_WORKER,
        "at once",
        INTERVIEW_MINUTES,
        "yours",
    ),
    Limit("`livekit_cloud`: agents of the Ship plan", 20, "at once", INTERVIEW_MINUTES, LIVEKIT_LIMITS),
    Limit("`livekit_cloud`: agents of the Scale plan", 600, "at once", INTERVIEW_MINUTES, LIVEKIT_LIMITS),
    Limit("requests to Chirp 3 HD, one a message", 200, "minute", INTERVIEW.model_calls, SPEAKING_LIMITS),
    Limit("streams of Speech-to-Text in a region", 300, "at once", INTERVIEW_MINUTES, HEARING_LIMITS),
    Limit("connections to LiveKit", None, "at once", INTERVIEW_MINUTES, "the plan"),
)

# What somebody without the secret can make it cost

RESERVE = 0.5
"""Share of a day's tokens that interviews which run already may use beyond them."""
ANSWERS, ANSWER_MOST = 7 + 14, 4_000
"""Of one interview, and characters of each."""
SPARE_PROMPT_TOKENS, FULL_PROMPT_TOKENS = 650, 3_000
"""Of a request besides the conversation, at the least and at the most."""
REPLY_TOKENS = 280
SPOKEN_A_MINUTE = 1_000
"""Characters that a voice says in a minute without a pause."""
CALLS_A_TURN = 5
"""A reply from two models, one of them tried twice, and a choice or wordings from both: they are counted afterwards."""
MOST_READINGS, MOST_TRIES, STORY_TOKENS = 3, 3, 400
"""Of a report: a third reading only where two were made, and so in the last try alone. A story has a line in each."""


@dataclass(frozen=True, slots=True)
class Most:
    """The most tokens of the model that somebody can have used, and the settings that bound it."""

    who: str
    minute: float
    day: float
    bounds: str


def largest_turn() -> float:
    """Tokens of a question about an interview as long as can be; a character may be a token."""
    return FULL_PROMPT_TOKENS + (ANSWERS + 1) * (ANSWER_MOST + REPLY_TOKENS)


def largest_report() -> float:
    """Tokens of all readings of an interview as long as can be, in every try that there is, each by two models."""
    calls = ((MOST_TRIES - 1) * READINGS + MOST_READINGS) * len(MODELS)
    return calls * (FULL_PROMPT_TOKENS + ANSWERS * (ANSWER_MOST + STORY_TOKENS))


def most_tokens() -> list[Most]:
    """Compute what one interview, one address and everybody together can use."""
    one = TOKENS_PER_INTERVIEW + CALLS_A_TURN * largest_turn() + largest_report()
    turns, reports = MAX_INSTANCES * CONCURRENCY, READING_INSTANCES * CONCURRENCY
    at_once = turns * CALLS_A_TURN * largest_turn() + reports * largest_report()
    everybody = TOKENS_PER_DAY * (1 + RESERVE) + at_once
    address = min(CREATES_PER_MINUTE * MAX_INSTANCES * one, everybody)
    return [
        Most("one interview", one, one, "`TOKENS_PER_INTERVIEW`, one turn, and `REPORT_READINGS` in three tries"),
        Most(
            "one address",
            address,
            everybody,
            "in a minute `limits.creates_per_minute` interviews in each instance of `create`; the day of everybody",
        ),
        Most(
            "everybody without the secret",
            everybody,
            everybody,
            "`limits.tokens_per_day`, half of it more, and what runs: a turn for each of `max_instances` times the "
            "concurrency, and as many reports as `stage_timeout` takes",
        ),
    ]


def dearest_voice_minute() -> float:
    """Dollars of a minute in an open room: the candidate is recognised, and the interviewer speaks, all the while."""
    hearing, speaking = PRICES["Speech-to-Text v2"], PRICES["Chirp 3 HD voice"]
    people = PRICES["LiveKit Ship participants"]
    assert hearing.dollars is not None
    assert speaking.dollars is not None
    assert people.dollars is not None
    return hearing.dollars + SPOKEN_A_MINUTE * speaking.dollars / speaking.per + 2 * people.dollars


def dearest_token(model: Model) -> float:
    """Dollars of a token where questions are as short as can be, so that replies are the largest share of them."""
    read, written = PRICES[f"{model} input"].dollars, PRICES[f"{model} output"].dollars
    assert read is not None
    assert written is not None
    return (SPARE_PROMPT_TOKENS * read + REPLY_TOKENS * written) / (SPARE_PROMPT_TOKENS + REPLY_TOKENS) / 1e6


# Tables

CROWDS = (100, 1_000, 10_000)
"""Interviews at once."""
TEXT, VOICE = Deployment(), Deployment(spoken=0.5)
MONTHS = (0, 1_000, 100_000)


def report() -> str:
    """Write everything that stands between the marks in costs.md."""
    parts = [
        "### A month in text",
        _cost_table([(number, TEXT) for number in MONTHS]),
        _largest(MONTHS[-1], TEXT),
        "### A month with half of the interviews by voice",
        _cost_table([(number, VOICE) for number in MONTHS]),
        _largest(MONTHS[-1], VOICE),
        "### The same by other choices",
        "In text, by `gemini_model`:",
        _alternative_table("gemini_model", {model: replace(TEXT, model=model) for model in MODELS}),
        "Half of it by voice, by `worker_home`:",
        _alternative_table("worker_home", {home: replace(VOICE, worker_home=home) for home in WORKER_HOMES}),
        "### The most that somebody without the secret can make it cost",
        _most_table(TEXT.model),
        "### What bites first, in text",
        _limit_table(LIMITS),
        _bound(),
        "### What bites first, by voice",
        _limit_table(VOICE_LIMITS),
        "### Interviews at once",
        "What so many need of each limit, all day long; in **bold** what there is not by default.",
        _crowd_table(),
        "### Prices",
        _price_table(),
    ]
    return "\n\n".join(parts)


def _cost_table(months: Sequence[tuple[float, Deployment]]) -> str:
    """Put the bills of several months side by side."""
    bills = [cost(*month) for month in months]
    rows = [
        [
            first.what,
            first.formula,
            PRICES[first.price].unit,
            first.price,
            *(_dollars(line.dollars) for line in (first, *others)),
        ]
        for first, *others in zip(*bills, strict=True)
    ]
    sums = ["**Sum of what has a price**", "", "", "", *(f"**{_dollars(total(bill))}**" for bill in bills)]
    head = ["what", "a month", "unit", "price", *(f"{number:,} interviews" for number, _ in months)]
    return _table(head, [*rows, sums])


def _largest(interviews: int, deployment: Deployment) -> str:
    """Say what one interview costs, and which lines dominate."""
    bill = sorted(cost(interviews, deployment), key=lambda line: line.dollars or 0, reverse=True)
    shares = ", ".join(f"{line.what} {(line.dollars or 0) / total(bill):.0%}" for line in bill[:3])
    return f"At {interviews:,} interviews one costs ${total(bill) / interviews:.3f}. The largest lines: {shares}."


def _bound() -> str:
    """Say what the daily cap on tokens lets the model cost."""
    uses = _model(TEXT.model)
    dollars = sum(PRICES[use.price].of(use.each) or 0 for use in uses) / sum(use.each for use in uses)
    return f"`limits.tokens_per_day` bounds what the model costs to about ${TOKENS_PER_DAY * dollars:.0f} a day."


def _alternative_table(name: str, choices: Mapping[str, Deployment]) -> str:
    """Put the sums of several choices one below the other."""
    rows = []
    for choice, deployment in choices.items():
        bills = [cost(number, deployment) for number in MONTHS]
        asks = ", ".join(line.what for line in bills[0] if line.dollars is None)
        rows.append([f"`{choice}`", *(_dollars(total(bill)) for bill in bills), asks])
    return _table([name, *(f"{number:,} interviews" for number in MONTHS), "to be asked, not in the sum"], rows)


def _most_table(model: Model) -> str:
    """Say what a minute and a day can cost at the most, by whom."""
    dollars = dearest_token(model)
    rows = [
        [
            most.who,
            *(f"{tokens:,.0f} = ${_dollars(tokens * dollars)}" for tokens in (most.minute, most.day)),
            most.bounds,
        ]
        for most in most_tokens()
    ]
    tokens = _table(["who", "tokens in a minute", "tokens in a day", "bounded by"], rows)
    rooms, minute = MOST_WORKERS * INTERVIEWS_PER_WORKER, dearest_voice_minute()
    voice = (
        f"By voice an open room costs at most ${minute:.3f} a minute besides. `MAX_VOICE_ROOMS`, which Terraform sets "
        f"to what the workers can take, lets {rooms} be open: ${_dollars(rooms * minute)} a minute, and "
        f"${_dollars(rooms * minute * 1_440)} on a day on which none is ever empty. A room that is left closes after a "
        "minute."
    )
    return f"{tokens}\n\n{voice}"


def _limit_table(limits: Iterable[Limit]) -> str:
    rows = []
    for limit in sorted(limits, key=lambda limit: limit.bites_at):
        most = "ask" if limit.most is None else f"{limit.most:,}"
        uses = f"{_number(limit.uses)} min" if limit.per == "at once" else _number(limit.uses)
        month = "ask" if limit.most is None else f"{_two_figures(limit.bites_at):,.0f}"
        rows.append([limit.what, f"{most} {_rate(limit.per)}", uses, month, limit.source])
    return _table(["limit", "most", "an interview", "interviews a month", "source, read"], rows)


def _crowd_table() -> str:
    """Say what crowds need of each limit, and how large a crowd fits."""
    rows = []
    for limit in (*LIMITS, *VOICE_LIMITS):
        most = math.inf if limit.most is None else limit.most
        needs = [limit.needed(crowd) for crowd in CROWDS]
        shown = [f"**{_number(math.ceil(need))}**" if need > most else _number(math.ceil(need)) for need in needs]
        fits = "ask" if limit.most is None else f"{_two_figures(most / limit.needed(1)):,.0f}"
        rows.append([limit.what, "ask" if limit.most is None else f"{limit.most:,} {_rate(limit.per)}", fits, *shown])
    return _table(["limit", "most", "fits", *(f"{crowd:,} at once" for crowd in CROWDS)], rows)


def _price_table() -> str:
    rows = []
    for name, price in PRICES.items():
        dollars = "ask" if price.dollars is None else _number(price.dollars)
        free = _number(price.free) if price.free else ""
        rows.append([name, dollars, _number(price.per), price.unit, free, price.source, price.read])
    return _table(["price", "dollars", "for", "unit", "free a month", "source", "read"], rows)


def _table(head: list[str], rows: Iterable[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _rate(per: str) -> str:
    return per if per == "at once" else f"a {per}"


def _dollars(dollars: float | None) -> str:
    return "ask" if dollars is None else f"{dollars:,.2f}"


def _two_figures(number: float) -> float:
    """Round: more figures would not be true."""
    return float(f"{number:.2g}")


def _number(number: float) -> str:
    """Write a whole number or a large one whole, any other with the figures that it has, five at most."""
    if number == round(number) or number >= 1_000:
        return f"{number:,.0f}"
    return f"{Decimal(f'{number:.5g}'):f}"


def write(document: Path = COSTS) -> None:
    """Put the report between the marks in costs.md."""
    before, _, rest = document.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    document.write_text(f"{before}{BEGIN}\n\n{report()}\n\n{END}{after}", encoding="utf-8")


def main() -> None:
    """Print, or write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--interviews", type=int, help="print one month with so many interviews")
    parser.add_argument("--voice-share", type=float, default=0.0, help="share of the interviews by voice, 0 to 1")
    parser.add_argument("--worker-home", choices=WORKER_HOMES, default="gke")
    parser.add_argument("--model", choices=MODELS, default=MODELS[0])
    parser.add_argument("--warm-instances", type=int, default=1, help="instances of next_turn that are always there")
    parser.add_argument("--write", action="store_true", help="bring the tables of costs.md up to date")
    given = parser.parse_args()
    if given.interviews is not None and given.interviews < 0:
        parser.error("--interviews is a number of interviews: 0 or more")
    if given.warm_instances < 0:
        parser.error("--warm-instances is a number of instances: 0 or more")
    if not 0 <= given.voice_share <= 1:
        parser.error("--voice-share is a share: 0 to 1")
    if given.write:
        write()
    elif given.interviews is None:
        sys.stdout.write(report() + "\n")
    else:
        deployment = Deployment(given.voice_share, given.worker_home, given.model, given.warm_instances)
        sys.stdout.write(_cost_table([(given.interviews, deployment)]) + "\n")


if __name__ == "__main__":
    main()
