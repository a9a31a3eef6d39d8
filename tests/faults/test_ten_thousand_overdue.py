"""An hour without Cloud Tasks: ten thousand interviews are overdue, and how long it takes until all have moved on.

The rules, the use cases, the names of tasks and a store are the product's own. Time is simulated, and so is the queue,
which delivers as fast as infra/terraform lets it and as the functions take it.
"""

from __future__ import annotations

import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from interviewos.adapters.cloud_tasks import DELAY, handed_over_id, task_id
from interviewos.adapters.sqlite import SqliteStore
from interviewos.usecases.ports import InterviewStore
from interviewos.usecases.sweeping import sweep
from support.clock import FakeClock
from support.emulators import FirestoreEmulator
from support.fakes import Room
from support.process import REPOSITORY
from support.stores import firestore_store, now

MODULE = REPOSITORY / "infra" / "terraform" / "modules" / "interviewos"
OVERDUE = 10_000
AN_HOUR = timedelta(hours=1)
TURN_SECONDS = 3.0
"""As infra/costs.py takes it."""
BETWEEN_SWEEPS_SECONDS = 60
SWEEPS_AT_ONCE = 2
"""One a minute, and the next one where it is slow: Cloud Run lets two in."""
THREADS = 8
STORE_SECONDS = 60.0
"""The emulator has a busy machine; what it answers late would be sent again."""
MOST_MINUTES = 10
TIMES_FASTER = 50


def number(file: str, pattern: str) -> int:
    """A figure of infra/terraform."""
    found = re.search(pattern, (MODULE / file).read_text(encoding="utf-8"), re.DOTALL)
    assert found, f"{file} does not say {pattern}"
    return int(found[1])


PER_SECOND = number("tasks.tf", r"max_dispatches_per_second = (\d+)")
AT_ONCE = number("locals.tf", r"stage_timeout = {.*?concurrency += (\d+)") * number(
    "locals.tf", r"stage_timeout = {.*?max_instances = (\d+)"
)


@dataclass
class Queue:
    """An Alarm as Cloud Tasks is one: a name is taken once, and what is due waits for its turn."""

    takes: bool
    names: set[str] = field(default_factory=set)
    tasks: list[tuple[datetime, str]] = field(default_factory=list)

    def set(self, session_id: str, moves_on_at: datetime) -> None:
        self._create(task_id(session_id, moves_on_at), session_id, moves_on_at + DELAY)

    def hand_over(self, session_id: str, now: datetime) -> bool:
        if self.takes:
            self._create(handed_over_id(session_id, now), session_id, now)
        return self.takes

    def due(self, now: datetime, most: int) -> list[str]:
        """Take so many from the queue, the oldest first."""
        self.tasks.sort()
        taken = [task for task in self.tasks[:most] if task[0] <= now]
        del self.tasks[: len(taken)]
        return [session_id for _, session_id in taken]

    def _create(self, name: str, session_id: str, at: datetime) -> None:
        if name not in self.names:
            self.names.add(name)
            self.tasks.append((at, session_id))


class Hour:
    """A store with running interviews whose alarms were all lost, and the minutes after it."""

    def __init__(self, store: InterviewStore, clock: FakeClock, count: int, takes: bool) -> None:
        room = Room(store=store, clock=clock)
        room.start()
        running = room.interview
        assert running.moves_on_at
        assert running.due_at
        self.clock, self.queue = clock, Queue(takes)
        self.turns = replace(room.turns, alarm=self.queue)
        self.ids = [str(uuid.uuid4()) for _ in range(count)]
        self.overdue_since = running.due_at - AN_HOUR
        store.delete(room.session_id)
        overdue = replace(running, moves_on_at=running.moves_on_at - AN_HOUR, due_at=running.due_at - AN_HOUR)
        with ThreadPoolExecutor(THREADS) as pool:
            assert all(pool.map(store.create, [replace(overdue, session_id=each) for each in self.ids]))

    def minutes_until_all_moved(self, most: int, sweeps: int = 1) -> float:
        """Sweep each minute, and let the queue deliver in between."""
        seconds = 0.0
        while self._waiting() and seconds < most * 60:
            with ThreadPoolExecutor(sweeps) as pool:
                assert all(pool.map(sweep, [self.turns] * sweeps, [self.clock.now()] * sweeps))
            seconds += self._deliver()
            self.clock.advance(BETWEEN_SWEEPS_SECONDS)
        return seconds / 60

    def _waiting(self) -> bool:
        """Whether one is left that was overdue in the beginning."""
        return bool(self.turns.store.due(self.overdue_since, limit=1))

    def _deliver(self) -> float:
        """Deliver for a minute, as many at once and a second as may be; give the seconds until nobody waited."""
        most = round(BETWEEN_SWEEPS_SECONDS * min(PER_SECOND, AT_ONCE / TURN_SECONDS))
        due = self.queue.due(self.clock.now(), most)
        with ThreadPoolExecutor(THREADS) as pool:
            assert len(list(pool.map(self.turns.wake, due))) == len(due)
        return BETWEEN_SWEEPS_SECONDS * (1 if self._waiting() else len(due) / most)

    def assert_each_moved_once(self) -> None:
        """All of them are one stage further, by one turn that nobody asked for."""
        for session_id in self.ids:
            interview = self.turns.store.read(session_id).interview
            said = [message for message in interview.messages if message.role == "agent"]
            assert (interview.epoch, len(said)) == (2, 2)


@pytest.mark.long
def test_they_are_cleared_within_ten_minutes() -> None:
    """By the queue; by the sweep alone, as where nobody takes what it would hand over, it would be a working day."""
    minutes = {}
    for takes in (True, False):
        clock = FakeClock()
        hour = Hour(SqliteStore(":memory:", clock.now), clock, OVERDUE, takes)
        minutes[takes] = hour.minutes_until_all_moved(most=600)
        if takes:  # who waits for a working day has moved more than once by then
            hour.assert_each_moved_once()
    print(f"\n{OVERDUE} overdue: {minutes[True]:.1f} minutes by the queue, {minutes[False]:.0f} by the sweep alone")

    assert minutes[True] <= MOST_MINUTES
    assert minutes[False] >= TIMES_FASTER * minutes[True]


@pytest.mark.long
@pytest.mark.emulator
def test_nothing_is_moved_twice_in_a_real_store(firestore_emulator: FirestoreEmulator) -> None:
    """With two sweeps at once and eight deliveries beside them, by compare-and-swap."""
    store, channel = firestore_store(firestore_emulator.host, "demo-overdue", timeout_seconds=STORE_SECONDS)
    with channel:
        hour = Hour(store, FakeClock(now()), OVERDUE, takes=True)
        minutes = hour.minutes_until_all_moved(most=2 * MOST_MINUTES, sweeps=SWEEPS_AT_ONCE)
        hour.assert_each_moved_once()
    print(f"\n{OVERDUE} overdue in Firestore's emulator: {minutes:.1f} minutes by the queue")

    assert minutes <= MOST_MINUTES
