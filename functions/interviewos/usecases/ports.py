"""What the use cases need from the world, in our words; adapters speak the vendors'."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol, TypeVar

from interviewos.domain.interview import Interview, Source, TurnPlan, Usage
from interviewos.model.prompt import Request

T = TypeVar("T")
Rule = Callable[[Interview, datetime], tuple[Interview, T]]
"""A pure change: given an interview and the store's time, the interview as it should be, and an answer.

Giving the same interview back means that there is nothing to write. A rule may be run several times.
"""


@dataclass(frozen=True, slots=True)
class VersionedInterview:
    """An interview as the store had it: its version, for compare-and-swap, and the store's own time."""

    interview: Interview
    version: object
    at: datetime


@dataclass(frozen=True, slots=True)
class Due:
    """An interview that is due, and when."""

    session_id: str
    at: datetime


class InterviewStore(Protocol):
    """Keeps interviews, one document each.

    Every call raises StoreUnavailable when the store cannot be reached or used, and StoreRefused when it will not keep
    what it was given.
    """

    def create(self, interview: Interview) -> bool:
        """Keep a new interview; False when its id is taken."""

    def read(self, session_id: str) -> VersionedInterview:
        """Read one interview. Raises UnknownSession."""

    def change(
        self, session_id: str, rule: Rule[T], seen: VersionedInterview | None = None
    ) -> tuple[T, VersionedInterview]:
        """Read, apply the rule, compare and swap; again when another writer was quicker or the answer was lost.

        `seen` saves the first read. Raises UnknownSession, and whatever the rule raises.
        """

    def delete(self, session_id: str) -> None:
        """Forget an interview; forgetting it twice is no error."""

    def due(self, until: datetime, limit: int) -> list[Due]:
        """List the interviews whose `due_at` is not after `until`, oldest first."""


@dataclass(frozen=True, slots=True)
class DayUsage:
    """What a day has used so far: interviews of strangers, and tokens of interviews that ended or were deleted."""

    interviews: int = 0
    tokens: int = 0


class QuotaCounter(Protocol):
    """Counts what each UTC day uses, for all processes together. Both calls raise StoreUnavailable."""

    def add(self, day: date, *, interviews: int = 0, tokens: int = 0) -> None:
        """Count; once it returns nothing is missing, and what had to be sent again may be counted twice."""

    def of(self, day: date) -> DayUsage:
        """Read what was counted for a day."""


class AppCheck(Protocol):
    """Tells requests of our own page from those of any other program."""

    def check(self, token: str) -> None:
        """Check what Firebase gave to the page. Raises AppCheckFailed, and AppCheckUnavailable when it cannot tell."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of a reply, empty while nothing comes. `cut` says that it ends here though it was not finished."""

    text: str = ""
    cut: bool = False
    model: str = ""
    usage: Usage = field(default_factory=Usage)


class Interviewer(Protocol):
    """Asks the questions, and chooses what is said at the end; `source` labels what it says."""

    source: Source

    def stream(self, turn: TurnPlan, seconds: float) -> Iterator[Fragment]:
        """Say the next line as it comes, within so many seconds.

        Raises InterviewerUnavailable before the first text only; a reply that breaks off later ends with `cut`.
        """

    def write(self, request: Request, seconds: float, most_tokens: int) -> Iterator[Fragment]:
        """Answer a request whose answer nobody hears: code reads it, and takes of it what stands.

        Raises nothing: what did not come within so many seconds and tokens is missing, and an interviewer may write
        nothing at all.
        """


@dataclass(frozen=True, slots=True)
class RoomAccess:
    """Where a candidate connects to speak, and with what; the token is a bearer token."""

    url: str
    token: str = field(repr=False)


class VoiceRoom(Protocol):
    """Where an interview is spoken, by a candidate and an agent that works for us."""

    def grant(self, session_id: str, room_name: str, candidate_name: str) -> RoomAccess:
        """Let the candidate in and see to it that an agent is there or comes.

        Raises VoiceNotConfigured, VoiceUnavailable, and VoiceFull where a new room would be one too many.
        """

    def changed(self, session_id: str, room_name: str) -> None:
        """Have the agent, if one is there, look at an interview that went on by itself. Never raises; takes seconds."""

    def close(self, room_name: str) -> None:
        """Send everybody out of a room, if there is one. Never raises."""


class Alarm(Protocol):
    """Wakes an interview without a caller, at least once, after its `moves_on_at`."""

    def set(self, session_id: str, moves_on_at: datetime) -> None:
        """See to it that the interview is woken then. Never raises: a lost alarm is the sweep's to find."""

    def hand_over(self, session_id: str, now: datetime) -> bool:
        """Have an interview that is due woken by a request of its own; False where nobody takes it. Never raises.

        Within a few minutes the same interview is woken once, however often it is handed over.
        """
