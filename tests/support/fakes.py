"""Hand-written doubles of the ports: an interviewer that says what it is told to, an alarm and a room that remember."""

from __future__ import annotations

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
from interviewos.usecases.ports import Fragment, Interviewer, InterviewStore, RoomAccess
from interviewos.usecases.turns import Answered, Step, Turns
from support.clock import FakeClock

_PLANS = read_plans()
CLASSIC, NURSING = _PLANS["classic"]["en"], _PLANS["nursing"]["en"]
STAGES = (*(stage.id for stage in CLASSIC.stages), DONE)
SIGNALS = CLASSIC.signals
PROPOSED = {("intro", "MOVE_TO_EXPERIENCE"): ("experience", 1), ("experience", "MOVE_TO_DONE"): (DONE, 2)}
"""Where the model may lead from a stage that still has questions, and after how many answers."""
FEEDBACK = (
    "Thank you.\n\n- Strength: you named a result.\n- Gap: your own part.\n- Next step: tell it again.\n<<<STAY>>>"
)


def plan(
    intro_seconds: float = 180, experience_seconds: float = 900, grace: float = 30, most_intro: int = 7, most: int = 14
) -> Plan:
    """The standard plan with other figures."""
    limits = {"intro": StageLimits(intro_seconds, most_intro), "experience": StageLimits(experience_seconds, most)}
    return with_limits(CLASSIC, limits, grace)


@dataclass
class FakeInterviewer:
    """Says the given replies in order, and feedback whenever the stage is done; remembers what it was asked."""

    replies: Sequence[str | Exception] = ()
    source: Source = Source.MODEL
    during: Callable[[TurnPlan], None] | None = None
    tailoring: str = ""
    """What it proposes when questions are to be tailored."""
    """What happens in the world while the model thinks."""
    asked: list[TurnPlan] = field(default_factory=list)
    pasted: list[Paste] = field(default_factory=list)
    _left: Iterator[str | Exception] | None = None

    def stream(self, turn: TurnPlan, seconds: float) -> Iterator[Fragment]:
        self.asked.append(turn)
        if self._left is None:
            self._left = iter(self.replies)
        if self.during:
            self.during(turn)
        default = FEEDBACK if turn.stage == "done" else f"Question {len(self.asked)}?\n<<<STAY>>>"
        reply = next(self._left, default)
        if isinstance(reply, Exception):
            raise reply
        for piece in _pieces(reply):
            yield Fragment(piece, model="fake")

    def tailor(self, plan: Plan, spoken: str, paste: Paste, seconds: float) -> Iterator[Fragment]:
        self.pasted.append(paste)
        for piece in _pieces(self.tailoring):
            yield Fragment(piece, model="fake")

    @property
    def calls(self) -> int:
        return len(self.asked)


def _pieces(text: str) -> Iterator[str]:
    return (text[start : start + 7] for start in range(0, len(text), 7))


class DownInterviewer(FakeInterviewer):
    """A model that never answers."""

    def stream(self, turn: TurnPlan, seconds: float) -> Iterator[Fragment]:
        self.asked.append(turn)
        raise InterviewerUnavailable
        yield


@dataclass
class RecordingAlarm:
    """Remembers which interviews were to be woken, and when."""

    set_for: list[tuple[str, datetime]] = field(default_factory=list)

    def set(self, session_id: str, moves_on_at: datetime) -> None:
        self.set_for.append((session_id, moves_on_at))


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
