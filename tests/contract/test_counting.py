"""What a turn costs, held by counting and not by the clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from contract.conftest import FIRESTORE
from interviewos.domain.interview import Interview, Message, Meta, Role, Source, Status
from interviewos.usecases import sessions
from interviewos.usecases.ports import InterviewStore
from support.clock import FakeClock
from support.fakes import Room
from support.stores import READ, WRITE, CountedSqlite, Wire

LENGTHS = [2, 200]


class Counted:
    """A store, and how many reads and writes it has cost since the last look."""

    def __init__(self, request: pytest.FixtureRequest, kind: str) -> None:
        self.store: InterviewStore = request.getfixturevalue(kind)
        self._wire: Wire | None = request.getfixturevalue("wire") if kind == "firestore" else None

    def forget(self) -> None:
        """Begin to count."""
        if self._wire:
            self._wire.calls.clear()
        else:
            assert isinstance(self.store, CountedSqlite)
            self.store.statements.clear()

    @property
    def cost(self) -> tuple[int, int]:
        """Reads and writes; nothing else may have been done."""
        if self._wire:
            found = self._wire.count(READ), self._wire.count(WRITE)
            assert sum(found) == len(self._wire.calls)
        else:
            assert isinstance(self.store, CountedSqlite)
            found = self.store.count("SELECT"), self.store.count("UPDATE")
            assert sum(found) == len(self.store.statements)
        return found


@pytest.fixture(params=["sqlite", FIRESTORE])
def counted(request: pytest.FixtureRequest) -> Counted:
    """Both kinds of store."""
    return Counted(request, request.param)


def room_with(store: InterviewStore, clock: FakeClock, length: int) -> Room:
    """A running interview whose transcript has this many messages of a usual length."""
    room = Room(store=store, clock=clock)
    room.start()

    def lengthen(found: Interview, now: datetime) -> tuple[Interview, None]:
        texts = tuple(
            Message(seq, Role.AGENT, "intro", f"{seq} " * 80, now, Source.FALLBACK, Meta((f"old-{seq}",)))
            for seq in range(found.seq + 1, length + 1)
        )
        return replace(found, messages=(*found.messages, *texts), seq=length), None

    room.store.change(room.session_id, lengthen)
    assert len(room.interview.messages) == length
    return room


@pytest.mark.parametrize("length", LENGTHS)
def test_a_turn_is_one_read_and_two_writes(counted: Counted, clock: FakeClock, length: int) -> None:
    """However long the transcript is."""
    room = room_with(counted.store, clock, length)
    counted.forget()
    room.answer("I build robots.")

    assert counted.cost == (1, 2)


@pytest.mark.parametrize("length", LENGTHS)
def test_messages_are_one_read(counted: Counted, clock: FakeClock, length: int) -> None:
    """The whole transcript or its end alike."""
    room = room_with(counted.store, clock, length)
    counted.forget()
    seen = sessions.read(counted.store, room.session_id)

    assert counted.cost == (1, 0)
    assert len(seen.interview.messages) == length


def test_what_changes_nothing_is_one_read(counted: Counted, clock: FakeClock) -> None:
    """A repeat, a refusal and an early alarm write nothing."""
    room = room_with(counted.store, clock, 2)
    room.answer("I build robots.", "e1")
    for harmless in (lambda: room.answer("I build robots.", "e1"), room.wake):
        counted.forget()
        harmless()
        assert counted.cost == (1, 0)


def test_the_end_costs_what_any_turn_costs(counted: Counted, clock: FakeClock) -> None:
    """Closing line, feedback, stage and status are one commit."""
    room = room_with(counted.store, clock, 2)
    room.answer("I build robots.")
    counted.forget()
    ended = room.finish()

    assert ended.interview.status is Status.ENDED
    assert counted.cost == (1, 2)


@pytest.mark.emulator
def test_the_transcript_does_not_travel_with_a_turn(firestore: InterviewStore, wire: Wire, clock: FakeClock) -> None:
    """What a turn sends is as long after two hundred messages as after two."""
    sizes = []
    for length in LENGTHS:
        room = room_with(firestore, clock, length)
        wire.calls.clear()
        room.answer("I build robots.")
        sizes.append([call.request_bytes for call in wire.calls])
    short, long = sizes

    # Numbers of three digits and random ids may take a byte or two more or less.
    assert all(abs(one - other) < 32 for one, other in zip(short, long, strict=True))
    assert max(long) < 2_000
