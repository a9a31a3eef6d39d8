"""The longest interview that the ceilings let through is one that a store can hold."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace

import msgspec
import pytest

from interviewos.domain.interview import EventType, Heard, TurnPlan
from interviewos.domain.size import MAX_DOCUMENT_BYTES
from interviewos.usecases.ports import Fragment
from support.fakes import FakeInterviewer, Room, last, plan


@pytest.mark.parametrize(("count", "text"), [(40, "\U0001f35e" * 100), (1, "Yes.")], ids=["long", "mostly heard"])
def test_the_largest_interview_fits_a_document(count: int, text: str) -> None:
    """Long answers in many parts, the longest ids and replies, everything heard: it ends long before 1 MiB."""
    reply = "Wie war das für Sie in jenem Jahr? " * 150

    class Wordy(FakeInterviewer):
        def stream(self, turn: TurnPlan, seconds: float) -> Iterator[Fragment]:
            self.asked.append(turn)
            yield Fragment(f"{len(self.asked)} {reply}", model="fake")

    rules = plan(most=10_000, most_intro=10_000)
    endless = tuple(replace(question, follow_ups=10_000) for question in rules.questions)
    room = Room(Wordy(), rules=replace(rules, questions=endless))
    room.start()
    while room.interview.stage != "done":
        heard = Heard(room.interview.seq, room.spoken[-1])
        parts = [(f"{uuid.uuid4()}".ljust(128, "x"), text) for _ in range(count)]
        last(room.steps(EventType.USER_TURN, parts[-1][0], parts, heard))

    size = len(msgspec.json.encode(room.interview))
    assert MAX_DOCUMENT_BYTES * 0.6 < size < 1_048_576 * 0.8
    assert room.spoken[-2].startswith("This is as much as one interview can hold")
