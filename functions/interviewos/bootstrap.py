"""The composition root: the only place that knows which adapter stands behind which port.

Everything is made on first use, in the process that uses it: clients do not survive a fork, and an entry point must
not pay for what it does not need.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

from interviewos import logs
from interviewos.adapters.local_alarm import LONGEST_SLEEP_SECONDS, LocalAlarm
from interviewos.domain.plan import with_limits
from interviewos.prewarm import importing
from interviewos.settings import Settings
from interviewos.usecases.plans import DEFAULT_PLAN, Plans
from interviewos.usecases.ports import Alarm, AppCheck, Interviewer, InterviewStore, QuotaCounter, VoiceRoom
from interviewos.usecases.quota import DayBudget
from interviewos.usecases.readings import Readings
from interviewos.usecases.sweeping import sweep
from interviewos.usecases.turns import Turns, utc_now
from interviewos.web.app import App
from interviewos.web.auth import GoogleCallers, SessionTokens, google_key
from interviewos.web.rate_limit import RateLimits, policies

if TYPE_CHECKING:
    from google.cloud import firestore


class Parts(TypedDict, total=False):
    """What may be given to `build` instead of being made from the settings."""

    clock: Callable[[], datetime]
    store: InterviewStore
    spending: QuotaCounter
    interviewer: Interviewer
    alarm: Alarm
    voice_room: VoiceRoom
    plans: Plans
    turns: Turns
    google_callers: GoogleCallers
    app_check: AppCheck | None


def build(settings: Settings, **given: Unpack[Parts]) -> App:
    """Join the parts of one process as the settings say, but for those that are given."""
    logs.configure(settings.firestore_project)
    made = _App(settings)
    vars(made).update(given)
    return made


class _App:
    """Makes each part when it is first asked for, and imports the vendor's client only then."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def clock(self) -> Callable[[], datetime]:
        return utc_now

    @cached_property
    def store(self) -> InterviewStore:
        if self.settings.firestore:
            with importing():
                from interviewos.adapters.firestore.store import FirestoreStore

            return FirestoreStore(self._firestore)
        from interviewos.adapters.sqlite import SqliteStore

        return SqliteStore(self._database_file, self.clock)

    @cached_property
    def spending(self) -> QuotaCounter:
        if self.settings.firestore:
            from interviewos.adapters.firestore.quota import FirestoreQuota

            return FirestoreQuota(self._firestore)
        from interviewos.adapters.sqlite_quota import SqliteQuota

        return SqliteQuota(self._database_file)

    @cached_property
    def _firestore(self) -> firestore.Client:
        from interviewos.adapters.firestore.calls import connect

        return connect(self.settings.firestore_project, self.settings.firestore_database)

    @property
    def _database_file(self) -> str:
        return str(Path(self.settings.data) / "interviews.db")

    @cached_property
    def budget(self) -> DayBudget:
        return DayBudget(self.spending, self.settings.daily_caps, self.clock)

    @cached_property
    def interviewer(self) -> Interviewer:
        gemini = self.settings.gemini
        if not gemini.configured:
            from interviewos.adapters.scripted import ScriptedInterviewer

            return ScriptedInterviewer()
        with importing():
            from interviewos.adapters.gemini import GeminiInterviewer, connect

            return GeminiInterviewer(connect(gemini), gemini)

    @cached_property
    def voice_room(self) -> VoiceRoom:
        if not self.settings.livekit.configured:
            from interviewos.adapters.no_voice import NoVoice

            return NoVoice()
        from interviewos.adapters.livekit import LiveKitRoom

        return LiveKitRoom(self.settings.livekit, self.clock)

    @cached_property
    def alarm(self) -> Alarm:
        if self.settings.tasks.configured:
            from google.cloud import tasks_v2

            from interviewos.adapters.cloud_tasks import CloudTasksAlarm

            return CloudTasksAlarm(tasks_v2.CloudTasksClient(), self.settings.tasks)
        return LocalAlarm(self.clock)

    @cached_property
    def plans(self) -> Plans:
        from interviewos.adapters.plan_files import read_plans

        kinds = read_plans()
        limits, grace = self.settings.stage_limits, self.settings.grace_seconds
        for language, plan in kinds[DEFAULT_PLAN].items():
            kinds[DEFAULT_PLAN][language] = with_limits(plan, limits, grace)
        return Plans(kinds)

    @cached_property
    def turns(self) -> Turns:
        alarm = self.alarm
        made = Turns(
            lambda: self.plans.default,
            self.store,
            self.interviewer,
            alarm,
            self.voice_room,
            budget=self.budget,
            most_tokens=self.settings.tokens_per_interview,
            gate=self.settings.gate,
            readings=self._readings(alarm) if self.settings.report_readings else None,
        )
        if isinstance(alarm, LocalAlarm):
            alarm.run(lambda: _local_round(made, alarm, self.clock()))
        return made

    def _readings(self, alarm: Alarm) -> Readings:
        """Make what reads interviews that are over; a laptop reads in a thread, so that its alarms are never late."""

        def begin(session_id: str, at: datetime) -> None:
            if isinstance(alarm, LocalAlarm) and at <= self.clock():
                alarm.do_aside(made.read, session_id)
            else:
                alarm.set(session_id, at)

        made = Readings(
            lambda: self.plans.default,
            self.store,
            self.interviewer,
            begin,
            asked=self.settings.report_readings,
            budget=self.budget,
        )
        return made

    @cached_property
    def tokens(self) -> SessionTokens:
        return SessionTokens(self.settings.signing)

    @cached_property
    def rate_limits(self) -> RateLimits:
        return RateLimits(policies(self.settings.creates_per_minute, self.settings.calls_per_minute))

    @cached_property
    def google_callers(self) -> GoogleCallers:
        return GoogleCallers(self.settings.tasks, google_key())

    @cached_property
    def app_check(self) -> AppCheck | None:
        if not self.settings.app_check:
            return None
        from interviewos.adapters.firebase import FirebaseAppCheck

        return FirebaseAppCheck(self.settings.firestore_project)


def _local_round(turns: Turns, alarm: LocalAlarm, now: datetime) -> None:
    """Sweep, and look at the store for what comes next: that is how alarms outlive their process."""
    sweep(turns, now)
    for due in turns.store.due(now + timedelta(seconds=LONGEST_SLEEP_SECONDS), limit=1_000):
        if due.at > now:
            alarm.set(due.session_id, due.at)
