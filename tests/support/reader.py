"""A model that interviews and reads, and what its candidate tells."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from interviewos.domain.interview import Usage
from interviewos.model.prompt import Request
from interviewos.usecases.ports import Fragment
from support.fakes import FakeInterviewer, Room

SEPSIS = (
    "A boy of six was pale after his second treatment. I called the doctor straight away because his hands were cold."
    " He was on antibiotics 35 minutes after that, and he came back to us three weeks later."
)
SHIFT = (
    "Two of five nurses were missing on a night with eighteen children. We sorted them by who could get worse, and the"
    " ward next door lent somebody for two hours. It went well in the end."
)
ANSWERS = ("I am a nurse.", "A ward.", SEPSIS, SHIFT, SEPSIS.replace("boy", "girl"))
"""To the questions of the nursing plan in their order."""
REASON = ("choice_reasoned", "because his hands were cold")


def line(story: int = 1, **more: Any) -> str:
    """One line of a reading."""
    return json.dumps({"story": story, "levels": {"approach": 3}} | more)


GOOD = line(signs=[{"sign": REASON[0], "quote": REASON[1]}])


@dataclass
class Reader(FakeInterviewer):
    """Asks one question after another, chooses no points, and gives these readings in order, the last one for ever."""

    readings: list[str | Callable[[], str]] = field(default_factory=lambda: [GOOD])
    requests: list[Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.replies = [f"Question {number}, then?\n<<<NEXT>>>" for number in range(40)]

    def write(self, request: Request, seconds: float, most_tokens: int) -> Iterator[Fragment]:
        if "strength" in request.system:
            return
        self.requests.append(request)
        answer = self.readings.pop(0) if len(self.readings) > 1 else self.readings[0]
        yield Fragment(answer if isinstance(answer, str) else answer(), model="reader")
        yield Fragment(usage=Usage(1, 1000, 100))


def tell_all(room: Room) -> None:
    """Hold the interview of a room to its end."""
    room.start()
    for answer in ANSWERS:
        room.answer(answer)
    room.finish()
