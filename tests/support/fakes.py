"""Hand-written doubles of the ports: an interviewer that says what it is told to, an alarm and a room that remember."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from interviewos.adapters.plan_files import read_plans
from interviewos.adapters.sqlite import SqliteStore
from interviewos.domain.errors import InterviewerUnavailable, VoiceUnavailable
from interviewos.domain.interview import (
    FINISH_ID,
    MOST_TOKENS,
    START_ID,
    Candidate,
    Event,
    EventType,
    Heard,
    Interview,
    Part,
    Paste,
    Source,
    Speech,
    TurnPlan,
    new_interview,
)
from interviewos.domain.plan import DONE, Plan, StageLimits, with_limits
from interviewos.model.prompt import Request
from interviewos.usecases.ports import Fragment, Interviewer, InterviewStore, RoomAccess
from interviewos.usecases.turns import Answered, Step, Turns
from support.choices import is_closing, is_reading, is_tailoring, sensible_choice, sensible_reading
from support.clock import FakeClock

_PLANS = read_plans()
CLASSIC, NURSING = _PLANS["classic"]["en"], _PLANS["nursing"]["en"]
STAGES = (*(stage.id for stage in CLASSIC.stages), DONE)
SIGNALS = CLASSIC.signals
PROPOSED = {("intro", "MOVE_TO_EXPERIENCE"): ("experience", 1), ("experience", "MOVE_TO_DONE"): (DONE, 2)}
"""Where the model may lead from a stage that still has questions, and after how many answers."""


def plan(
    intro_seconds: float = 180, experience_seconds: float = 900, grace: float = 30, most_intro: int = 7, most: int = 14
) -> Plan:
    """The standard plan with other figures."""
    limits = {"intro": StageLimits(intro_seconds, most_intro), "experience": StageLimits(experience_seconds, most)}
    return with_limits(CLASSIC, limits, grace)


@dataclass
class FakeInterviewer:
    """Says the given replies in order, and chooses a strength at the end; remembers what it was asked."""

    replies: Sequence[str | Exception] = ()
    source: Source = Source.MODEL
    during: Callable[[], object] | None = None
    """What happens in the world while the model thinks."""
    tailoring: str = ""
    """What it proposes when questions are to be tailored."""
    choosing: str | None = None
    """What it answers when it is to choose what feedback is about; a quotation of the candidate where it is not set."""
    asked: list[TurnPlan] = field(default_factory=list)
    written: list[Request] = field(default_factory=list)
    """What it was asked for that nobody hears."""
    _left: Iterator[str | Exception] | None = None

    def stream(self, turn: TurnPlan, seconds: float) -> Iterator[Fragment]:
        self.asked.append(turn)
        if self._left is None:
            self._left = iter(self.replies)
        if self.during:
            self.during()
        reply = next(self._left, f"Question {len(self.asked)}?\n<<<STAY>>>")
        if isinstance(reply, Exception):
            raise reply
        for piece in _pieces(reply):
            yield Fragment(piece, model="fake")

    def write(self, request: Request, seconds: float, most_tokens: int) -> Iterator[Fragment]:
        self.written.append(request)
        if self.during:
            self.during()
        for piece in _pieces(self._answer(request)):
            yield Fragment(piece, model="fake")

    def _answer(self, request: Request) -> str:
        if is_reading(request.system):
            return sensible_reading(request.contents[0])
        return self._choice(request) if is_closing(request.system) else self.tailoring

    def _choice(self, request: Request) -> str:
        return sensible_choice(request.contents[0]) if self.choosing is None else self.choosing

    @property
    def pasted(self) -> list[Paste]:
        """What it read of job and background."""
        return [Paste(**json.loads(asked.contents[-1])) for asked in self.written if is_tailoring(asked.system)]

    @property
    def closed(self) -> int:
        """How often it was asked what the feedback is about."""
        return sum(is_closing(asked.system) for asked in self.written)

    @property
    def calls(self) -> int:
        """How often it was asked for a line or for a choice."""
        return len(self.asked) + self.closed


def _pieces(text: str) -> Iterator[str]:
    return (text[start : start + 7] for start in range(0, len(text), 7))


class DownInterviewer(FakeInterviewer):
    """A model that never answers."""

    def stream(self, turn: TurnPlan, seconds: float) -> Iterator[Fragment]:
        self.asked.append(turn)
        raise InterviewerUnavailable
        yield

    def _choice(self, request: Request) -> str:
        return ""


@dataclass
class RecordingAlarm:
    """Remembers which interviews were to be woken, and when; it takes what is handed over, or not."""

    takes: bool = False
    handed_over: list[str] = field(default_factory=list)
    set_for: list[tuple[str, datetime]] = field(default_factory=list)

    def set(self, session_id: str, moves_on_at: datetime) -> None:
        self.set_for.append((session_id, moves_on_at))

    def hand_over(self, session_id: str, now: datetime) -> bool:
        if self.takes:
            self.handed_over.append(session_id)
        return self.takes


@dataclass
class FakeVoiceRoom:
    """Voice rooms in memory: everybody who is admitted gets an agent at once, unless voice is down."""

    down: bool = False
    agents: dict[str, int] = field(default_factory=dict)
    """The open rooms, and how often the agent in each was told to look."""
    closed: list[str] = field(default_factory=list)

    def grant(self, session_id: str, room_name: str, candidate_name: str) -> RoomAccess:
        if self.down:
            raise VoiceUnavailable(retry_after=1)
        self.agents.setdefault(room_name, 0)
        return RoomAccess("wss://voice.test", f"a token of {room_name}")

    def changed(self, session_id: str, room_name: str) -> None:
        if room_name in self.agents and not self.down:
            self.agents[room_name] += 1

    def close(self, room_name: str) -> None:
        self.closed.append(room_name)
        if not self.down:
            self.agents.pop(room_name, None)


class Room:
    """One interview on a store, with verbs for what a candidate does."""

    def __init__(
        self,
        interviewer: Interviewer | None = None,
        store: InterviewStore | None = None,
        clock: FakeClock | None = None,
        rules: Plan | None = None,
        candidate: Candidate | None = None,
        most_tokens: int = MOST_TOKENS,
        gate: str = "off",
    ) -> None:
        self.clock = clock or FakeClock()
        self.store = store or SqliteStore(":memory:", self.clock.now)
        self.interviewer = interviewer or FakeInterviewer()
        self.alarm = RecordingAlarm()
        self.voice = FakeVoiceRoom()
        self.turns = Turns(
            lambda: rules or plan(),
            self.store,
            self.interviewer,
            self.alarm,
            self.voice,
            self.clock.monotonic,
            most_tokens=most_tokens,
            gate=gate,
        )
        self.session_id = str(uuid.uuid4())
        interview = new_interview(
            self.session_id, candidate or Candidate("Ada", "Engineer"), self.clock.now(), timedelta(days=30)
        )
        assert self.store.create(interview)

    def steps(
        self,
        type_: EventType,
        event_id: str,
        parts: Sequence[tuple[str, str]] = (),
        heard: Heard | None = None,
        fence: str = "",
        after: int | None = None,
        spoken: bool = False,
        speech: Speech | None = None,
    ) -> Iterator[Step]:
        said = tuple(Part(*part) for part in parts)
        fence = fence or uuid.uuid4().hex
        event = Event(self.session_id, type_, event_id, fence, said, heard, after, spoken=spoken, speech=speech)
        return self.turns.take_turn(event)

    def start(self) -> Answered:
        return last(self.steps(EventType.START, START_ID))

    def answer(self, text: str, event_id: str = "", heard: Heard | None = None, after: int | None = None) -> Answered:
        event_id = event_id or str(uuid.uuid4())
        return last(self.steps(EventType.USER_TURN, event_id, [(event_id, text)], heard, after=after))

    def speak(self, *parts: tuple[str, str], after: int | None = None, speech: Speech | None = None) -> Answered:
        return last(self.steps(EventType.USER_TURN, parts[-1][0], parts, after=after, spoken=True, speech=speech))

    def finish(self) -> Answered:
        return last(self.steps(EventType.FINISH, FINISH_ID))

    def wake(self) -> bool:
        return self.turns.wake(self.session_id)

    @property
    def interview(self) -> Interview:
        return self.store.read(self.session_id).interview

    @property
    def spoken(self) -> list[str]:
        return [m.text for m in self.interview.messages if m.role == "agent"]

    @property
    def answers(self) -> list[str]:
        return [m.text for m in self.interview.messages if m.role == "user"]


def last(steps: Iterator[Step]) -> Answered:
    """Hear a turn to its end."""
    *_, answered = steps
    assert isinstance(answered, Answered)
    return answered
