"""The shapes of the bodies that callers send, and the way from a body to an event of the domain."""

from __future__ import annotations

import re
import unicodedata
import uuid
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta

from interviewos.domain.choice import MOST_TIME
from interviewos.domain.errors import EmptyText, InvalidField, MissingEventId, ReservedId, UnknownField
from interviewos.domain.interview import (
    FINISH_ID,
    MAX_ANSWER_CHARACTERS,
    MAX_PASTED_CHARACTERS,
    MAX_PENDING,
    MAX_SPEECH_MS,
    START_ID,
    Event,
    EventType,
    Heard,
    Part,
    Speech,
    is_reserved,
)
from interviewos.domain.plan import LEVELS
from interviewos.domain.plan_check import MOST_QUESTIONS
from interviewos.domain.wishes import Wish
from interviewos.prewarm import prewarm_types
from interviewos.usecases.plans import DEFAULT_LANGUAGE, DEFAULT_PLAN

UUID_PATTERN = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
_UUID = re.compile(UUID_PATTERN)

SessionId = Annotated[str, Meta(pattern=UUID_PATTERN, max_length=36)]
EventId = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.:-]{1,128}\Z")]  # `$` would let a newline pass
Text = Annotated[str, Meta(max_length=MAX_ANSWER_CHARACTERS)]
QuestionId = Annotated[str, Meta(pattern=r"^[a-z0-9_.-]{1,64}\Z")]
Unset = msgspec.UnsetType
S = TypeVar("S", bound=msgspec.Struct)


class CreateBody(msgspec.Struct, frozen=True):
    candidate_name: Annotated[str, Meta(max_length=128)] = ""
    role: Annotated[str, Meta(max_length=256)] = ""
    job: Annotated[str, Meta(max_length=MAX_PASTED_CHARACTERS)] = ""
    background: Annotated[str, Meta(max_length=MAX_PASTED_CHARACTERS)] = ""
    plan: Annotated[str, Meta(max_length=64)] = DEFAULT_PLAN
    language: Annotated[str, Meta(max_length=35)] = DEFAULT_LANGUAGE
    level: Literal["", *LEVELS] = ""  # type: ignore[valid-type]
    time_factor: Annotated[float, Meta(ge=1, le=MOST_TIME)] = 1
    seen: Annotated[tuple[QuestionId, ...], Meta(max_length=200)] = ()
    only: Annotated[tuple[QuestionId, ...], Meta(max_length=MOST_QUESTIONS)] = ()


class PartBody(msgspec.Struct, frozen=True):
    id: EventId
    text: Text


class HeardBody(msgspec.Struct, frozen=True):
    seq: Annotated[int, Meta(ge=1, le=100_000)]
    text: Text


class SpeechBody(msgspec.Struct, frozen=True):
    words: Annotated[int, Meta(ge=0, le=MAX_ANSWER_CHARACTERS)]
    speech_ms: Annotated[int, Meta(ge=0, le=MAX_SPEECH_MS)]
    pauses: Annotated[int, Meta(ge=0, le=MAX_SPEECH_MS // 1_000)]
    longest_pause_ms: Annotated[int, Meta(ge=0, le=MAX_SPEECH_MS)]


class TurnBody(msgspec.Struct, frozen=True):
    session_id: SessionId
    event_type: EventType
    event_id: EventId | Unset = msgspec.UNSET
    user_text: Text | Unset = msgspec.UNSET
    parts: Annotated[tuple[PartBody, ...], Meta(max_length=MAX_PENDING)] = ()  # generated clients may send none as []
    heard: HeardBody | Unset = msgspec.UNSET
    after: Annotated[int, Meta(ge=0, le=100_000)] | Unset = msgspec.UNSET
    wish: Wish | Unset = msgspec.UNSET
    speech: SpeechBody | Unset = msgspec.UNSET


ACCEPTS = tuple(sorted(set(TurnBody.__struct_fields__) - {"session_id", "event_type"}))
"""What a turn may hold besides what it must; a caller sends a field of a later release only where it is named here."""


class ObjectionBody(msgspec.Struct, frozen=True):
    seq: Annotated[int, Meta(ge=1, le=100_000)]
    start: Annotated[int, Meta(ge=0, le=MAX_ANSWER_CHARACTERS)]
    sign: Annotated[str, Meta(pattern=r"^[a-z_]{1,64}\Z")]
    words: Annotated[str, Meta(max_length=500)] = ""


class SessionBody(msgspec.Struct, frozen=True):
    session_id: SessionId


prewarm_types(CreateBody, TurnBody, ObjectionBody, SessionBody)


def decode(body: dict[str, Any], into: type[S]) -> S:
    """Give a body its shape. Raises UnknownField or InvalidField with a pointer.

    What a turn holds beyond what is known is left out: it comes from a page or a worker of a later release.
    """
    if into is not TurnBody:
        _check_known(body, into)
    try:
        return msgspec.convert(_in_lower_case(body), into)
    except msgspec.ValidationError as error:
        raise InvalidField(_sentence(str(error)), pointer=_pointer(str(error))) from None


def _in_lower_case(body: dict[str, Any]) -> dict[str, Any]:
    """An id may come in capitals (RFC 9562, section 4); the store knows it in lower case."""
    session_id = body.get("session_id")
    return body | {"session_id": session_id.lower()} if isinstance(session_id, str) else body


def _check_known(body: dict[str, Any], into: type[msgspec.Struct]) -> None:
    if unknown := sorted(set(body) - set(into.__struct_fields__)):
        raise UnknownField(pointer=f"/{unknown[0].replace('~', '~0').replace('/', '~1')}")


def _pointer(message: str) -> str:
    """Turn the place that msgspec names, as in `$.parts[0].text`, into a JSON Pointer."""
    place = re.search(r" - at `\$([^`]*)`$", message)
    missing = re.search(r"missing required field `([^`]*)`", message)
    steps = re.findall(r"[^.\[\]]+", place[1]) if place else []
    return "".join(f"/{step}" for step in [*steps, *([missing[1]] if missing else [])])


def _sentence(message: str) -> str:
    """Say what is wrong without the value that is: msgspec names a wrong enum value."""
    return re.sub(r" value '.*", " value", message, flags=re.DOTALL).split(" - at ")[0].replace("`", "") + "."


def is_session_id(text: str) -> bool:
    return bool(_UUID.match(text)) and len(text) == 36


def event_of(turn: TurnBody, incarnation: str = "") -> Event:
    """Make the event that a body means; `incarnation` is what the caller's token was made for.

    Raises EmptyText, InvalidField, MissingEventId or ReservedId.
    """
    fence = uuid.uuid4().hex
    if turn.event_type is not EventType.USER_TURN:
        _check_no_words(turn)
        event_id = {EventType.START: START_ID, EventType.FINISH: FINISH_ID}.get(turn.event_type, "")
        return Event(turn.session_id, turn.event_type, event_id, fence, incarnation=incarnation)
    if turn.event_id is msgspec.UNSET:
        raise MissingEventId(pointer="/event_id")
    parts = _parts(turn, turn.event_id)
    heard = None if turn.heard is msgspec.UNSET else Heard(turn.heard.seq, turn.heard.text)
    after = None if turn.after is msgspec.UNSET else turn.after
    wish = None if turn.wish is msgspec.UNSET else turn.wish
    return Event(
        session_id=turn.session_id,
        type=turn.event_type,
        event_id=turn.event_id,
        fence=fence,
        parts=parts,
        heard=heard,
        after=after,
        incarnation=incarnation,
        wish=wish,
        spoken=bool(turn.parts),
        speech=None if turn.speech is msgspec.UNSET else _speech(turn.speech),
    )


def _speech(counted: SpeechBody) -> Speech:
    if counted.longest_pause_ms and not counted.pauses:
        raise InvalidField("Without a pause the longest one is 0.", pointer="/speech/longest_pause_ms")
    return Speech(counted.words, counted.speech_ms, counted.pauses, counted.longest_pause_ms)


def _check_no_words(turn: TurnBody) -> None:
    for name in ("user_text", "parts", "heard", "after", "wish", "speech"):
        if getattr(turn, name) not in (msgspec.UNSET, ()):
            raise InvalidField(f"{name} belongs to a user_turn only.", pointer=f"/{name}")


def _parts(turn: TurnBody, event_id: str) -> tuple[Part, ...]:
    if is_reserved(event_id):
        raise ReservedId(pointer="/event_id")
    if turn.wish is not msgspec.UNSET and turn.user_text is msgspec.UNSET and not turn.parts:
        return (Part(event_id, ""),)
    if (turn.user_text is msgspec.UNSET) == (not turn.parts):
        raise InvalidField("Send either user_text or parts, or a wish.", pointer="/user_text")
    if not turn.parts:
        assert isinstance(turn.user_text, str)
        _check_visible(turn.user_text, "/user_text")
        return (Part(event_id, turn.user_text),)
    _check_parts(turn.parts, event_id)
    return tuple(Part(part.id, part.text) for part in turn.parts)


def _check_parts(parts: tuple[PartBody, ...], event_id: str) -> None:
    for index, part in enumerate(parts):
        _check_visible(part.text, f"/parts/{index}/text")
        if is_reserved(part.id):
            raise ReservedId(pointer=f"/parts/{index}/id")
    if len({part.id for part in parts}) < len(parts):
        raise InvalidField("Each part needs an id of its own.", pointer="/parts")
    if parts[-1].id != event_id:
        raise InvalidField("The last part's id must be the event_id.", pointer="/event_id")
    if sum(len(part.text) for part in parts) > MAX_ANSWER_CHARACTERS:
        raise InvalidField(f"An answer has at most {MAX_ANSWER_CHARACTERS:,} characters.", pointer="/parts")


_INVISIBLE = ("Zs", "Zl", "Zp", "Cc", "Cf")
"""What is not assigned yet counts as seen: an emoji may be younger than this Python."""
_BLANK_LETTERS = "\u115f\u1160\u3164\uffa0\u2800"
"""Letters and a symbol by category, and yet nothing to see."""


def _check_visible(text: str, pointer: str) -> None:
    if not any(unicodedata.category(c) not in _INVISIBLE and c not in _BLANK_LETTERS for c in text):
        raise EmptyText(pointer=pointer)
