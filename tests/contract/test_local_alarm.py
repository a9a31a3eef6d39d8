"""The alarms of a laptop: a thread that sleeps, and holds nothing that a new process could not find in the store."""

from __future__ import annotations

import queue
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from interviewos.adapters.local_alarm import LocalAlarm
from interviewos.adapters.sqlite import SqliteStore
from interviewos.bootstrap import build
from interviewos.domain.interview import EventType, Interview, Status
from interviewos.settings import Settings
from interviewos.usecases.plans import Plans
from interviewos.usecases.turns import Turns
from support.clock import FakeClock
from support.fakes import FakeInterviewer, Room, plan
from support.process import wait_until

PATIENCE_SECONDS = 10.0


def now() -> datetime:
    return datetime.now(UTC)


def soon(seconds: float = 0.1) -> datetime:
    return now() + timedelta(seconds=seconds)


class Sweeps:
    """A sweep that only remembers when it was called."""

    def __init__(self, failing: bool = False) -> None:
        self.failing = failing
        self._times: queue.Queue[datetime] = queue.Queue()

    def __call__(self) -> None:
        self._times.put(now())
        if self.failing:
            raise RuntimeError("the store is down for a moment")

    def next(self) -> datetime:
        """Wait for a sweep; give when it was."""
        return self._times.get(timeout=PATIENCE_SECONDS)

    @property
    def waiting(self) -> int:
        """Sweeps that nobody looked at."""
        return self._times.qsize()


@pytest.fixture
def alarm() -> LocalAlarm:
    """An alarm in real time; its thread sleeps when the test is over."""
    return LocalAlarm(now)


def test_a_job_that_fails_aside_is_a_line_of_the_log(alarm: LocalAlarm, caplog: pytest.LogCaptureFixture) -> None:
    """As one object with the id of its interview, and nothing on the terminal beside it."""

    def fails(session_id: str) -> None:
        raise RuntimeError("the store is down for a moment")

    alarm.do_aside(fails, "some-session")
    wait_until(lambda: bool(caplog.records), PATIENCE_SECONDS, "the line")

    (record,) = caplog.records
    assert (record.getMessage(), vars(record)["session_id"]) == ("local job failed", "some-session")


def test_it_sweeps_at_once(alarm: LocalAlarm) -> None:
    """What became due while nobody was there is not kept waiting."""
    sweeps = Sweeps()
    alarm.run(sweeps)

    sweeps.next()


def test_it_sweeps_when_something_is_due_and_not_before(alarm: LocalAlarm) -> None:
    """The moment of the alarm, for each alarm."""
    sweeps = Sweeps()
    alarm.run(sweeps)
    sweeps.next()
    moments = [soon(0.1), soon(1)]
    for name, moment in zip(("late", "early"), reversed(moments), strict=True):
        alarm.set(name, moment)

    assert [sweeps.next() >= moment for moment in moments] == [True, True]


def test_an_earlier_alarm_wakes_it_from_its_sleep(alarm: LocalAlarm) -> None:
    """It may already be asleep for a later one."""
    sweeps = Sweeps()
    alarm.run(sweeps)
    sweeps.next()
    alarm.set("late", soon(50))
    alarm.set("early", soon(0.2))

    sweeps.next()


def test_an_alarm_of_the_past_is_due_now(alarm: LocalAlarm) -> None:
    """Also one that was set before the thread began."""
    sweeps = Sweeps()
    alarm.run(sweeps)
    sweeps.next()
    alarm.set("some-session", soon(-100))

    sweeps.next()


def test_alarms_for_one_moment_are_one_sweep(alarm: LocalAlarm) -> None:
    """A sweep takes all that is due."""
    sweeps = Sweeps()
    alarm.run(sweeps)
    sweeps.next()
    moment = soon(0.5)
    for name in "abc":
        alarm.set(name, moment)
    sweeps.next()
    alarm.set("d", soon())
    sweeps.next()

    assert sweeps.waiting == 0


def test_of_an_interviews_alarms_the_last_two_count(alarm: LocalAlarm) -> None:
    """Each answer sets one, and hundreds of interviews would be swept for all the time; a late one hides none."""
    sweeps = Sweeps()
    alarm.run(sweeps)
    sweeps.next()
    before = [soon(0.2 + number / 100) for number in range(20)]
    due, late = soon(0.6), soon(1.2)
    for moment in (*before, due, late, late):
        alarm.set("some-session", moment)

    assert due <= sweeps.next() < late <= sweeps.next()
    assert sweeps.waiting == 0


def test_a_failing_sweep_is_not_the_last(alarm: LocalAlarm, caplog: pytest.LogCaptureFixture) -> None:
    """The thread outlives a store that is down for a moment, and says so."""
    sweeps = Sweeps(failing=True)
    alarm.run(sweeps)
    sweeps.next()
    alarm.set("some-session", soon())
    sweeps.next()
    sweeps.failing = False  # its thread outlives the test
    alarm.set("some-session", soon())
    sweeps.next()

    assert "local sweep failed" in caplog.messages


def test_it_sweeps_now_and_then_anyway() -> None:
    """As Cloud Scheduler would: it finds the turns whose process died."""
    sweeps = Sweeps()
    LocalAlarm(now, longest_sleep_seconds=0.05).run(sweeps)

    assert [sweeps.next() for _ in range(3)]


# a new process


NewProcess = Callable[[Room], Turns]


@pytest.fixture
def new_process(tmp_path: Path) -> NewProcess:
    """Makes the turns of a process that has just begun, as `bootstrap` does, on the store of an earlier one."""

    def begin(room: Room) -> Turns:
        settings = Settings.from_env({"INTERVIEWOS_DATA": str(tmp_path)})
        plans = Plans({"classic": {"en": room.turns.default_plan()}})
        return build(settings, store=room.store, interviewer=room.interviewer, plans=plans).turns

    return begin


def left_behind(intro_seconds: float, experience_seconds: float) -> Room:
    """An interview whose process is gone together with its alarms; the store goes by the real time."""
    rules = plan(intro_seconds, experience_seconds, grace=0.2)
    room = Room(FakeInterviewer(), SqliteStore(":memory:", now), FakeClock(now()), rules)
    room.start()
    return room


def test_alarms_are_set_again_from_the_store(new_process: NewProcess) -> None:
    """What is due soon is found at the start, what comes after it is set by the turns: nobody asks, and it ends."""
    room = left_behind(0.5, 0.2)
    new_process(room)
    wait_until(lambda: room.interview.status is Status.ENDED, PATIENCE_SECONDS, "the end")

    assert [m.meta.event_ids for m in room.interview.messages if m.role == "agent"] == [
        ("start",),
        ("wake-1",),
        ("wake-2",),
        ("wake-2",),
    ]


def test_what_became_due_while_nobody_was_there_is_done_at_the_start(new_process: NewProcess) -> None:
    """A machine that was switched off at the end of a stage."""
    room = left_behind(0.1, 100)
    wait_until(lambda: bool(room.store.due(now(), 1)), PATIENCE_SECONDS, "the moment")
    new_process(room)

    wait_until(lambda: room.interview.stage == "experience", PATIENCE_SECONDS, "the move")


def test_the_turn_of_a_dead_process_is_finished_when_its_lease_is_over(new_process: NewProcess) -> None:
    """The end of a lease is a moment like any other."""
    room = left_behind(100, 100)
    next(room.steps(EventType.USER_TURN, "e1", [("e1", "I am Ada.")]))
    room.store.change(room.session_id, shorten_the_lease)
    new_process(room)
    wait_until(lambda: room.answers == ["I am Ada."], PATIENCE_SECONDS, "the reply")

    assert room.interview.pending == ()


def shorten_the_lease(found: Interview, at: datetime) -> tuple[Interview, None]:
    assert found.lease
    until = at + timedelta(seconds=0.3)
    return replace(found, lease=replace(found.lease, until=until), due_at=until), None
