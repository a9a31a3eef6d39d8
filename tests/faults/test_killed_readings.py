"""A report is read once, whenever a process dies, and whoever deletes or rolls back meanwhile."""

from __future__ import annotations

import signal
import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from interviewos.adapters.sqlite import SqliteStore
from interviewos.domain.errors import UnknownSession
from interviewos.domain.reading import LEASE_SECONDS
from interviewos.domain.report import Grading
from interviewos.usecases.readings import Readings
from interviewos.usecases.reports import report_of
from interviewos.usecases.sweeping import sweep
from support.clock import FakeClock
from support.fakes import NURSING, Room
from support.process import REPOSITORY
from support.reader import Reader, tell_all
from support.stores import now


class Later:
    """A process that comes by when the lease of a dead one is over, and has a reading begun at once."""

    def __init__(self, path: Path, seconds: float = LEASE_SECONDS + 5) -> None:
        self._ahead = timedelta(seconds=seconds)
        self.reader = Reader()
        self.room = Room(self.reader, SqliteStore(str(path), self.now), FakeClock(self.now()), NURSING)
        self.begun: list[str] = []
        self.readings = Readings(
            lambda: NURSING, self.room.store, self.reader, begin=lambda session_id, at: self.begun.append(session_id)
        )
        self.turns = replace(self.room.turns, readings=self.readings)

    def now(self) -> datetime:
        return now() + self._ahead

    def sweep(self) -> None:
        sweep(self.turns, self.now())

    def read_what_begins(self) -> None:
        while self.begun:
            self.readings.read(self.begun.pop())


def ended(path: Path) -> str:
    """An interview that is over and waits for its reading."""
    room = Room(Reader(), SqliteStore(str(path), now), FakeClock(now()), NURSING)
    room.turns = replace(room.turns, readings=Readings(lambda: NURSING, room.store, room.interviewer, lambda *_: None))
    tell_all(room)
    return room.session_id


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("write", ["1", "2"], ids=["claim", "commit"])
def test_a_process_killed_at_any_write_leaves_one_reading(write: str, moment: str, tmp_path: Path) -> None:
    """The sweep hands over what is left, and what was made is not made again."""
    path = tmp_path / "interviews.db"
    session_id = ended(path)
    command = [sys.executable, "-m", "faults.killed_reading", str(path), session_id, write, moment]
    env = {"PYTHONPATH": f"{REPOSITORY}/functions:{REPOSITORY}/tests"}
    killed = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr

    later = Later(path)
    later.sweep()
    later.read_what_begins()
    later.sweep()
    later.read_what_begins()
    report = later.room.store.read(session_id).interview.report

    assert report
    assert report.grading is Grading.MADE
    assert len(later.reader.requests) == (0 if (write, moment) == ("2", "after") else 2)
    assert report.readings.tries == (1 if (write, moment) in (("1", "before"), ("2", "after")) else 2)


def test_nothing_comes_back_when_it_was_deleted_before_the_lease_was_over(tmp_path: Path) -> None:
    path = tmp_path / "interviews.db"
    session_id = ended(path)
    later = Later(path)
    later.sweep()
    later.room.store.delete(session_id)
    later.read_what_begins()

    assert later.reader.requests == []
    with pytest.raises(UnknownSession):
        later.room.store.read(session_id)


def test_a_reading_whose_wake_an_earlier_release_has_cleared_is_said_to_be_unavailable(tmp_path: Path) -> None:
    """It knows no reports, and clears the wake of an interview that is over."""
    path = tmp_path / "interviews.db"
    session_id = ended(path)
    store = SqliteStore(str(path), now)
    store.change(session_id, lambda interview, at: (replace(interview, due_at=None), None))
    interview = store.read(session_id).interview

    assert report_of(NURSING, interview, now()).grading is Grading.UNAVAILABLE


def test_a_thousand_waiting_readings_hold_up_no_silent_interview(tmp_path: Path) -> None:
    """One sweep has what is due said, and hands readings over beside it; each of them once."""
    path = tmp_path / "interviews.db"
    one = ended(path)
    store = SqliteStore(str(path), now)
    pending = store.read(one).interview
    for number in range(1_000):
        store.create(replace(pending, session_id=f"{number:08d}-0000-4000-8000-000000000000"))
    later = Later(path)
    silent = Room(Reader(), later.room.store, FakeClock(now()), NURSING)
    silent.start()
    store.change(
        silent.session_id,
        lambda interview, at: (replace(interview, moves_on_at=at, stage_deadline=at, due_at=at), None),
    )
    for _ in range(3):
        later.sweep()

    assert len(later.begun) == len(set(later.begun)) == 1_001
    assert store.read(silent.session_id).interview.stage == "experience"
