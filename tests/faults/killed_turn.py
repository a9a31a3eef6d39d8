"""Take one step of an interview in a process of its own that kills itself before or after one of its writes.

Arguments: the database file, the session, the step, the number of the write, and `before` or `after`.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from interviewos.adapters.no_voice import NoVoice
from interviewos.adapters.scripted import ScriptedInterviewer
from interviewos.adapters.sqlite import SqliteStore
from interviewos.domain.interview import Event, EventType, Interview, Part
from interviewos.usecases.turns import Turns
from support.fakes import RecordingAlarm, plan
from support.stores import now


class DeadlyStore(SqliteStore):
    """Kills its process at one of its writes, with the signal that nobody can catch."""

    deadly: tuple[int, str]
    writes = 0

    def _swap(self, after: Interview, version: object) -> Any:
        self.writes += 1
        self._die("before")
        swapped = super()._swap(after, version)
        self._die("after")
        return swapped

    def _die(self, moment: str) -> None:
        if (self.writes, moment) == self.deadly:
            os.kill(os.getpid(), signal.SIGKILL)


def event(session_id: str, step: str) -> Event:
    """The event of a step; answers are told apart by their words."""
    if step in (EventType.START, EventType.FINISH, EventType.TIMEOUT):
        event_id = "" if step == EventType.TIMEOUT else step
        return Event(session_id, EventType(step), event_id, f"fence of {os.getpid()}")
    return Event(session_id, EventType.USER_TURN, step, f"fence of {os.getpid()}", (Part(step, f"Words of {step}."),))


def main(path: str, session_id: str, step: str, write: str, moment: str) -> None:
    """Live up to the write."""
    store = DeadlyStore(path, now)
    store.deadly = (int(write), moment)
    turns = Turns(plan, store, ScriptedInterviewer(), RecordingAlarm(), NoVoice())
    list(turns.take_turn(event(session_id, step)))
    sys.exit("nobody was killed")


if __name__ == "__main__":
    main(*sys.argv[1:])
