"""The composition root: the only place that knows which adapter stands behind which port.

Everything is made on first use, in the process that uses it: clients do not survive a fork, and an entry point must
not pay for what it does not need.
"""

from __future__ import annotations

import os
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from interviewos import logs
from interviewos.adapters.local_alarm import LONGEST_SLEEP_SECONDS, LocalAlarm
from interviewos.settings import Settings
from interviewos.usecases.ports import Alarm, AppCheck, Interviewer, InterviewStore, Spending, VoiceRoom
from interviewos.usecases.quota import DayBudget
from interviewos.usecases.turns import Turns, sweep, utc_now
from interviewos.web.auth import GoogleCallers, SessionTokens, google_key

if TYPE_CHECKING:
    from google.cloud import firestore

    from interviewos.web.rate_limit import RateLimits


@cache
def settings() -> Settings:
    read = Settings.from_env(os.environ)
    logs.configure(read.firestore_project)
    return read


@cache
def store() -> InterviewStore:
    if settings().firestore:
        from interviewos.adapters.firestore.store import FirestoreStore

        return FirestoreStore(_firestore())
    from interviewos.adapters.sqlite import SqliteStore

    return SqliteStore(_database_file(), utc_now)


@cache
def spending() -> Spending:
    if settings().firestore:
        from interviewos.adapters.firestore.quota import FirestoreSpending

        return FirestoreSpending(_firestore())
    from interviewos.adapters.sqlite_quota import SqliteSpending

    return SqliteSpending(_database_file())


@cache
def budget() -> DayBudget:
    return DayBudget(spending(), settings().daily_caps, utc_now)


@cache
def _firestore() -> firestore.Client:
    from interviewos.adapters.firestore.calls import connect

    return connect(settings().firestore_project, settings().firestore_database)


def _database_file() -> str:
    return str(Path(settings().data) / "interviews.db")


@cache
def interviewer() -> Interviewer:
    gemini = settings().gemini
    if not gemini.configured:
        from interviewos.adapters.scripted import ScriptedInterviewer

        return ScriptedInterviewer()
    from google import genai

    from interviewos.adapters.gemini import GeminiInterviewer, behind_a_gateway

    options = behind_a_gateway() if gemini.gateway else None
    if gemini.vertexai:
        project, location = gemini.project, gemini.location
        client = genai.Client(vertexai=True, project=project, location=location, http_options=options)
    else:
        client = genai.Client(api_key=gemini.api_key, http_options=options)
    return GeminiInterviewer(client, gemini, settings().plan)


@cache
def voice_room() -> VoiceRoom:
    if not settings().livekit.configured:
        from interviewos.adapters.no_voice import NoVoice

        return NoVoice()
    from interviewos.adapters.livekit import LiveKitRoom

    return LiveKitRoom(settings().livekit, utc_now)


@cache
def turns() -> Turns:
    alarm: Alarm
    if settings().tasks.configured:
        from google.cloud import tasks_v2

        from interviewos.adapters.cloud_tasks import CloudTasksAlarm

        alarm = CloudTasksAlarm(tasks_v2.CloudTasksClient(), settings().tasks)
        return Turns(settings().plan, store(), interviewer(), alarm, voice_room(), budget=budget())
    alarm = LocalAlarm(utc_now)
    made = Turns(settings().plan, store(), interviewer(), alarm, voice_room(), budget=budget())
    alarm.run(lambda: _local_round(made, alarm))
    return made


def _local_round(turns: Turns, alarm: LocalAlarm) -> None:
    """Sweep, and look at the store for what comes next: that is how alarms outlive their process."""
    now = utc_now()
    sweep(turns, now)
    for due in turns.store.due(now + timedelta(seconds=LONGEST_SLEEP_SECONDS), limit=1_000):
        if due.at > now:
            alarm.set(due.session_id, due.at)


@cache
def tokens() -> SessionTokens:
    return SessionTokens(settings().signing)


@cache
def google_callers() -> GoogleCallers:
    return GoogleCallers(settings().tasks, google_key())


@cache
def app_check() -> AppCheck | None:
    if not settings().app_check:
        return None
    from interviewos.adapters.firebase import FirebaseAppCheck

    return FirebaseAppCheck(settings().firestore_project)


@cache
def rate_limits() -> RateLimits:
    from interviewos.web.rate_limit import RateLimits, policies

    return RateLimits(policies(settings().creates_per_minute, settings().calls_per_minute))
