"""The contract with the functions: what `next_turn` is sent, what its stream and `messages` answer.

Names of events and fields are those of openapi.yaml. Decoding is tolerant: events and fields that are not read here,
such as those of a later release, are ignored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from voice.clock import now

EVENTS = frozenset({"ack", "delta", "turn", "problem"})
"""Events of a streamed turn that are read here."""


@dataclass(frozen=True, slots=True)
class Speech:
    """How words were spoken: how many, the time in which speech was heard, the pauses and the longest of them."""

    words: int
    speech_ms: int
    pauses: int
    longest_pause_ms: int

    def __add__(self, other: Speech) -> Speech:
        return Speech(
            self.words + other.words,
            self.speech_ms + other.speech_ms,
            self.pauses + other.pauses,
            max(self.longest_pause_ms, other.longest_pause_ms),
        )


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the candidate's answer under the id that it was first sent with, and how it was spoken."""

    id: str
    text: str
    speech: Speech = Speech(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Heard:
    """The first words of an interrupted message, as far as the candidate heard them."""

    seq: int
    text: str


@dataclass(frozen=True, slots=True)
class Event:
    """An event of the interview: `start`, `timeout`, or `user_turn` with the parts of an answer."""

    type: str
    event_id: str
    parts: tuple[Part, ...] = ()
    heard: Heard | None = None
    after: int | None = None
    """The last message that the candidate has begun to hear."""
    speech: Speech | None = None
    """How all parts were spoken."""

    def body(self, session_id: str) -> dict[str, Any]:
        """Encode it as the JSON body of `next_turn`; only an answer has an id, and carries what was heard."""
        body: dict[str, Any] = {"session_id": session_id, "event_type": self.type}
        if self.parts:
            body["event_id"] = self.event_id
            body["parts"] = [{"id": part.id, "text": part.text} for part in self.parts]
        if self.parts and self.heard:
            body["heard"] = {"seq": self.heard.seq, "text": self.heard.text}
        if self.parts and self.after is not None:
            body["after"] = self.after
        if self.parts and self.speech:
            body["speech"] = asdict(self.speech)
        return body


@dataclass(frozen=True, slots=True)
class Message:
    """A line of the transcript. `role` is `user`, `agent` or `system`."""

    seq: int
    role: str
    text: str
    event_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class InterviewSnapshot:
    """The state of the interview at one moment. Stages are strings: later releases have others."""

    status: str
    stage: str
    seq: int
    due_at: float | None
    """When the interview moves on without the candidate, as a moment of `now`; None while no clock runs."""
    moves_on_at: str
    """The same as the functions' timestamp, for the page; empty while no clock runs."""
    messages: tuple[Message, ...] = field(repr=False)
    pending: bool = False
    """Words of the candidate are stored and not answered yet."""
    thinking: bool = False
    """A turn is being answered."""
    pauses_to_think: bool = False
    """The candidate asked for a moment to think."""
    accepts: frozenset[str] = frozenset()
    """Newer fields that `next_turn` takes; only `messages` names them."""
    pauses: Mapping[str, str] = field(default_factory=dict)
    """By stage, how long people are expected to pause in an answer; only `messages` says so."""
    time_factor: float = 1.0
    """Times the usual patience that this candidate was promised; only `messages` says so."""

    @property
    def ended(self) -> bool:
        return self.status == "ended"


@dataclass(frozen=True, slots=True)
class Ack:
    """The words of the event are stored, and survive a failure of this worker."""


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of the message with this number."""

    seq: int
    text: str


@dataclass(frozen=True, slots=True)
class Turn:
    """The turn is stored; its messages are in `snapshot`. Not `moved`: a `timeout` that found nothing due."""

    snapshot: InterviewSnapshot
    moved: bool


@dataclass(frozen=True, slots=True)
class Problem:
    """An error, as RFC 9457. `slug` is what follows the # in its type, `status` its HTTP status."""

    slug: str
    status: int


def decode_event(name: str, data: dict[str, Any]) -> Ack | Delta | Turn | Problem:
    """Decode one of `EVENTS`. Raises LookupError, TypeError, ValueError or AttributeError for another form."""
    match name:
        case "ack":
            return Ack()
        case "delta":
            if not isinstance(data["text"], str):
                raise TypeError("the text of a delta is a string")
            return Delta(data["seq"], data["text"])
        case "turn":
            return Turn(decode_snapshot(data), data["moved"])
        case "problem":
            return decode_problem(data.get("status", 500), data)
    raise LookupError(name)


def decode_problem(status: int, body: object) -> Problem:
    """Decode an error answer; one that is not in the form of the functions is named by its status."""
    kind = str(body.get("type", "")) if isinstance(body, dict) else ""
    return Problem(kind.rpartition("#")[2] or f"status-{status}", status)


def decode_snapshot(body: dict[str, Any]) -> InterviewSnapshot:
    """Decode what `messages` and a turn have in common."""
    seconds_left = body["moves_on_in_s"]
    return InterviewSnapshot(
        status=body["status"],
        stage=body["stage"],
        seq=body["seq"],
        due_at=None if seconds_left is None else now() + seconds_left,
        moves_on_at=body["moves_on_at"] or "",
        messages=tuple(
            Message(m["seq"], m["role"], m["text"], frozenset(m["event_ids"])) for m in body.get("messages", ())
        ),
        pending=bool(body.get("pending")),
        thinking=bool(body.get("thinking")),
        pauses_to_think=body.get("quiet_until") is not None,
        accepts=_names(body.get("accepts")),
        pauses=_pauses(body.get("plan")),
        time_factor=_time_factor(body.get("plan")),
    )


def _names(value: object) -> frozenset[str]:
    return frozenset(name for name in value if isinstance(name, str)) if isinstance(value, list) else frozenset()


def _time_factor(plan: object) -> float:
    factor = plan.get("time_factor") if isinstance(plan, dict) else None
    return max(1.0, float(factor)) if isinstance(factor, int | float) else 1.0


def _pauses(plan: object) -> dict[str, str]:
    stages = plan.get("stages") if isinstance(plan, dict) else None
    known = [stage for stage in stages if isinstance(stage, dict)] if isinstance(stages, list) else []
    return {str(stage.get("id")): str(stage.get("pauses")) for stage in known}
