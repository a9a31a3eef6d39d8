"""Competitors for one interview, as threads of one process; run as a program it is one of several such processes.

The program gets the database file as its argument and a session and a word a line on its standard input, and answers
each line with what became of its competitors.
"""

from __future__ import annotations

import json
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import takewhile

from interviewos.adapters.no_voice import NoVoice
from interviewos.adapters.sqlite import SqliteStore
from interviewos.domain.errors import TurnInProgress
from interviewos.domain.interview import Event, EventType, Part, Role, Source, TurnPlan
from interviewos.model.prompt import Request
from interviewos.usecases.ports import Fragment, InterviewStore
from interviewos.usecases.turns import Turns
from support.fakes import RecordingAlarm, last, plan
from support.stores import now

REFUSED = "refused"


@dataclass
class Echo:
    """Repeats what it heard, when it may: `wait` holds it as a slow model would."""

    wait: Callable[[], object] = lambda: None
    source: Source = Source.MODEL

    def stream(self, turn: TurnPlan, seconds: float) -> Iterator[Fragment]:
        """Say it in one piece."""
        self.wait()
        waiting = [*takewhile(lambda message: message.role is Role.USER, reversed(turn.conversation))]
        said = " and ".join(message.text for message in reversed(waiting))
        yield Fragment(f"You said {said}?", model="echo")

    def write(self, request: Request, seconds: float, most_tokens: int) -> Iterator[Fragment]:
        """Write nothing."""
        return iter(())


class Competitors:
    """Callers that all act at the same moment."""

    def __init__(self, store: InterviewStore, number: int) -> None:
        self._pool = ThreadPoolExecutor(number)
        self._start = threading.Barrier(number)
        self.echo = Echo()
        self.turns = Turns(lambda: plan(most_intro=1_000), store, self.echo, RecordingAlarm(), NoVoice(), gate="off")

    def answer(self, session_id: str, answers: list[tuple[str, str]], refused: Callable[[], object]) -> list[str]:
        """Send these answers at once; give what each caller was told."""
        calls = [self._pool.submit(self._answer, session_id, each, refused) for each in answers]
        return [call.result(60) for call in calls]

    def close(self) -> None:
        """Let the threads go."""
        self._pool.shutdown()

    def _answer(self, session_id: str, answer: tuple[str, str], refused: Callable[[], object]) -> str:
        event_id, text = answer
        event = Event(session_id, EventType.USER_TURN, event_id, uuid.uuid4().hex, (Part(event_id, text),))
        self._start.wait(60)
        try:
            return last(self.turns.take_turn(event)).turn.assistant_text
        except TurnInProgress:
            refused()
            return REFUSED


def main(path: str) -> None:
    """Take part in every round that the input names."""
    competitors = Competitors(SqliteStore(path, now), 4)
    print("ready", flush=True)
    for line in sys.stdin:
        session_id, *answers = json.loads(line)
        told = competitors.answer(session_id, [(event_id, text) for event_id, text in answers], refused=lambda: None)
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
