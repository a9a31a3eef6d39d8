"""What an interview is: its document, its events, and what passes between the rules of a turn.

`interviewos.domain.turn` holds the rules that change it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from interviewos.domain.plan import DONE, STAY, Plan
from interviewos.domain.report import Report
from interviewos.domain.steps import Step
from interviewos.domain.wishes import Wish

SCHEMA = 1
MAX_PENDING = 40
MAX_ANSWER_CHARACTERS = 4_000
"""Most parts of speech, and most characters in all of them, that may wait for one reply."""
MAX_SPEECH_MS = 3_600_000
"""Longest speech of an answer, and longest pause in it: an hour."""
MAX_PASTED_CHARACTERS = 8_000
"""Of a job, and of a background; each is kept until the interview has begun."""
MAX_ATTEMPTS = 9
"""Claims of one turn, takeovers and dead processes together, after which it is answered without a model."""
MOST_TOKENS = 1_000_000
MAX_EXTENSIONS = 4
"""How often the time of a stage can be lengthened, each time by half of it: to three times in all."""


FIRST_STAGE = "intro"
"""Where interviews begin that have no plan of their own."""


class Status(StrEnum):
    CREATED = "created"
    RUNNING = "running"
    ENDED = "ended"
    ERROR = "error"


class Role(StrEnum):
    USER = "user"
    AGENT = "agent"
    SYSTEM = "system"


class Source(StrEnum):
    """Who spoke for the interviewer: the model, the offline script, or a stand-in because the model failed."""

    MODEL = "model"
    SCRIPT = "script"
    FALLBACK = "fallback"


class EventType(StrEnum):
    START = "start"
    USER_TURN = "user_turn"
    FINISH = "finish"
    TIMEOUT = "timeout"


START_ID = EventType.START.value
FINISH_ID = EventType.FINISH.value
WAKE_PREFIX = "wake-"


class Reason(StrEnum):
    """Why the interviewer speaks now."""

    START = "start"
    ANSWER = "answer"
    COVERED = "covered"
    """Nothing more is asked about the open question."""
    REPEAT = "repeat"
    SIMPLER = "simpler"
    PAUSE = "pause"
    MORE_TIME = "more_time"
    LATE = "late"
    LIMIT = "limit"
    SILENCE = "silence"
    FINISH = "finish"


class Ceiling(StrEnum):
    """What an interview has reached that no model may be asked for it again."""

    ATTEMPTS = "attempts"
    BYTES = "bytes"
    DAY = "day"
    FAILURES = "failures"
    TOKENS = "tokens"


@dataclass(frozen=True, slots=True)
class Heard:
    """How much of an interrupted message the candidate really heard."""

    seq: int
    text: str


@dataclass(frozen=True, slots=True)
class Speech:
    """How words were spoken, in numbers.

    `words` were recognised, `speech_ms` is the time in which speech was heard, `pauses` are the silences of at least a
    second inside the answer, and `longest_pause_ms` is 0 where there was none.
    """

    words: int
    speech_ms: int
    pauses: int
    longest_pause_ms: int

    def __sub__(self, other: Speech) -> Speech:
        """Leave out what was counted before. The longest of the pauses that are left is not above the one given."""
        pauses = max(0, self.pauses - other.pauses)
        return Speech(
            words=max(0, self.words - other.words),
            speech_ms=max(0, self.speech_ms - other.speech_ms),
            pauses=pauses,
            longest_pause_ms=self.longest_pause_ms if pauses else 0,
        )


@dataclass(frozen=True, slots=True)
class PendingUtterance:
    """Words of the candidate that are kept and not yet answered; `at` is when they were claimed.

    With a `wish` they are no answer, and there may be none. `after` is set where they belong to a line of the
    interviewer that is not the last one: no later line was heard before they were said. `speech` is how these words
    were spoken, where that was measured.
    """

    event_id: str
    text: str
    at: datetime
    heard: Heard | None = None
    wish: Wish | None = None
    after: int | None = None
    speech: Speech | None = None


@dataclass(frozen=True, slots=True)
class Meta:
    """What is kept beside a message: the events it belongs to, lateness, what was heard of the line before it.

    `after` is the line of the interviewer that words belong to, where that was not the last one. `speech` is how the
    candidate's words were spoken, where that was measured.
    `question` and `part` say what a line of the interviewer asked. One that `repeats` asks nothing new. `wish` is what
    the candidate's words asked for, or what a line of the interviewer grants. `gate` names what was changed of a reply.
    """

    event_ids: tuple[str, ...] = ()
    late: bool = False
    heard: Heard | None = None
    model: str = ""
    question: str = ""
    part: str = ""
    repeats: bool = False
    wish: Wish | None = None
    gate: tuple[str, ...] = ()
    after: int | None = None
    speech: Speech | None = None


@dataclass(frozen=True, slots=True)
class Message:
    seq: int
    role: Role
    stage: str
    text: str
    created_at: datetime
    source: Source | None = None
    meta: Meta = Meta()


@dataclass(frozen=True, slots=True)
class Lease:
    """Who is answering: the event, the caller's random fence, and until when it holds."""

    event_id: str
    fence: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Usage:
    """What the models have cost so far, in calls and tokens."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0

    @property
    def tokens(self) -> int:
        return self.input_tokens + self.output_tokens

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.calls + other.calls,
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
        )


@dataclass(frozen=True, slots=True)
class Paste:
    """What a candidate pasted of the job that they practise for, and of what they have done: data, as all they say."""

    job: str = ""
    background: str = ""


@dataclass(frozen=True, slots=True)
class Interview:
    """One interview, one document. `due_at` is when it must be woken.

    Times are those of the store, but for `created_at` and `expire_at`, which no rule compares with a lease. `capped`
    says that the caps of a day hold for it. `attempts` are the claims
    of the open turn. `tokens` is what the interview may have used: at each claim an estimate is added, which a commit
    replaces by what was used. `counted_tokens` are in the sum of a day. One without a `plan` was created before there
    were several kinds, and is of the first.
    """

    session_id: str
    room_name: str
    candidate_name: str
    role: str
    created_at: datetime
    expire_at: datetime
    schema: int = SCHEMA
    status: Status = Status.CREATED
    stage: str = FIRST_STAGE
    epoch: int = 1
    stage_started_at: datetime | None = None
    stage_deadline: datetime | None = None
    moves_on_at: datetime | None = None
    clock_left_s: float | None = None
    last_turn_at: datetime | None = None
    ended_at: datetime | None = None
    due_at: datetime | None = None
    seq: int = 0
    messages: tuple[Message, ...] = ()
    pending: tuple[PendingUtterance, ...] = ()
    lease: Lease | None = None
    failures: int = 0
    usage: Usage = Usage()
    capped: bool = False
    attempts: int = 0
    tokens: int = 0
    counted_tokens: int = 0
    plan: Plan | None = None
    quiet_until: datetime | None = None
    """Until then the candidate thinks, and the interviewer stays silent."""
    job: str = ""
    background: str = ""
    """What was pasted; it is forgotten with the first turn."""
    report: Report | None = None
    """What can be said about what was told; there is one from the commit on that ends the interview."""

    @property
    def paste(self) -> Paste:
        return Paste(self.job, self.background)

    @property
    def incarnation(self) -> str:
        """Tell this interview from one that was created later under the same id."""
        return f"{self.created_at:%Y%m%d%H%M%S%f}"

    @property
    def uncounted_tokens(self) -> int:
        return self.usage.tokens - self.counted_tokens

    def thinking(self, now: datetime) -> bool:
        """Does a live lease exist?"""
        return self.lease is not None and self.lease.until > now


@dataclass(frozen=True, slots=True)
class Part:
    """Words of the candidate under the id that their sender gave them."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Event:
    """What a caller wants to happen; `fence` is random per request, so a claim can recognise itself.

    `after` is the number of the interviewer's line that is answered; for what was `spoken`, of the last one that was
    heard. `incarnation` is that of the interview for which the caller's token was made, empty where none was presented.
    `speech` is how all parts were spoken, those that were sent before included.
    """

    session_id: str
    type: EventType
    event_id: str
    fence: str
    parts: tuple[Part, ...] = ()
    heard: Heard | None = None
    after: int | None = None
    incarnation: str = ""
    wish: Wish | None = None
    spoken: bool = False
    speech: Speech | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """The messages of one answered turn, the candidate's and the interviewer's."""

    messages: tuple[Message, ...]

    @property
    def spoken(self) -> tuple[Message, ...]:
        return tuple(m for m in self.messages if m.role is Role.AGENT)

    @property
    def assistant_text(self) -> str:
        return "\n\n".join(m.text for m in self.spoken)


@dataclass(frozen=True, slots=True)
class Claimed:
    """The caller holds the lease of the turn; `event_id` is the id under which a commit looks for the turn."""

    interview: Interview
    event_id: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Repeated:
    """The event was answered before."""

    turn: Turn


@dataclass(frozen=True, slots=True)
class NothingDue:
    """A wake found nothing to do, which is normal: alarms come early, late, twice and for interviews long over."""


@dataclass(frozen=True, slots=True)
class Stale:
    """The answer is to a line that is not the last any more; the turn holds all that came after it."""

    turn: Turn


@dataclass(frozen=True, slots=True)
class Stuck:
    """The open turn was tried so often that it is not tried again."""


Claim = Claimed | Repeated | NothingDue | Stale | Stuck

_GRANTED = (Reason.REPEAT, Reason.SIMPLER, Reason.PAUSE, Reason.MORE_TIME)


@dataclass(frozen=True, slots=True)
class TurnPlan:
    """What the interviewer is asked: why it speaks, in which stage, after which conversation."""

    plan: Plan
    reason: Reason
    stage: str
    candidate_name: str
    role: str
    conversation: tuple[Message, ...]
    seq: int
    """Number that the interviewer's next message will have."""
    ceiling: Ceiling | None = None
    """Why no model may be asked, so that the interview ends; None where it may."""
    step: Step = field(default_factory=Step)
    """What may be asked next."""

    @property
    def grants(self) -> Wish | None:
        """The wish that is granted without asking anything new, if that is why the interviewer speaks."""
        return Wish(self.reason.value) if self.reason in _GRANTED else None

    @property
    def may_extend(self) -> bool:
        """May the time of the stage be lengthened once more?"""
        granted = [m for m in self.conversation if m.role is Role.AGENT and m.meta.wish is Wish.MORE_TIME]
        return sum(m.stage == self.stage for m in granted) < MAX_EXTENSIONS

    @property
    def may_pause(self) -> bool:
        """Was no pause granted for the open question yet?"""
        since = self.open_line.seq if self.open_line else 0
        return not any(m.role is Role.AGENT and m.meta.wish is Wish.PAUSE and m.seq > since for m in self.conversation)

    @property
    def unheard(self) -> frozenset[int]:
        """Numbers of the interviewer's lines that the candidate never heard."""
        return unheard(self.conversation)

    @property
    def open_line(self) -> Message | None:
        """The interviewer's line that asked what is open."""
        lines = asking_lines(self.conversation)
        return lines[-1] if lines else None

    @property
    def opened_at(self) -> int:
        """Number of the line that asked first what is open; 0 where nothing is, and at the end, which looks at all."""
        question = self.step.open.id if self.step.open and self.stage != DONE else ""
        return next((m.seq for m in self.conversation if question and m.meta.question == question), 0)

    @property
    def goal(self) -> str:
        """What the stage is for; nothing at the end."""
        return "" if self.stage == DONE else self.plan.stage(self.stage).goal

    @property
    def answered(self) -> bool:
        """Has the candidate said anything at all?"""
        return any(m.role is Role.USER for m in self.conversation)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the interviewer said. `feedback` and `report` are set when the interview ends with it.

    `question` is a stand-in's, after a reply that was cut before it asked anything: a message of its own, as fallback.
    A line that does not ask leaves the open question as it is. `gate` names what was changed of the reply.
    """

    text: str
    source: Source
    signal: str = STAY
    feedback: str = ""
    feedback_source: Source = Source.SCRIPT
    report: Report | None = None
    model: str = ""
    usage: Usage = Usage()
    question: str = ""
    asks: bool = True
    gate: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """The interview after a turn, the turn itself, and the tokens to count to the day, below 0 to give some back."""

    interview: Interview
    turn: Turn
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who is interviewed, as they said it themselves: data, never an instruction."""

    name: str = ""
    role: str = ""
    paste: Paste = Paste()


def new_interview(
    session_id: str,
    candidate: Candidate,
    now: datetime,
    retention: timedelta,
    *,
    capped: bool = False,
    plan: Plan | None = None,
) -> Interview:
    """Create an interview that waits for its start; `plan` is frozen into it."""
    stage = plan.first if plan else FIRST_STAGE
    note = Message(1, Role.SYSTEM, stage, "Session created.", now)
    return Interview(
        session_id=session_id,
        room_name=room_of(session_id),
        candidate_name=candidate.name,
        role=candidate.role,
        created_at=now,
        expire_at=now + retention,
        seq=note.seq,
        messages=(note,),
        stage=stage,
        capped=capped,
        plan=plan,
        job=candidate.paste.job,
        background=candidate.paste.background,
    )


def room_of(session_id: str) -> str:
    """Name the room in which an interview is spoken."""
    return f"iv-{session_id}"


def is_reserved(event_id: str) -> bool:
    """Is this the form of an id that only the interview itself gives?"""
    return event_id in (START_ID, FINISH_ID) or event_id.startswith(WAKE_PREFIX)


def asking_lines(conversation: Sequence[Message]) -> list[Message]:
    """List the lines that asked something, repeats and those that nobody heard left out."""
    lost = unheard(conversation)
    return [m for m in conversation if m.meta.question and not m.meta.repeats and m.seq not in lost]


def unheard(conversation: Sequence[Message]) -> frozenset[int]:
    """Find the interviewer's lines that were not heard before the candidate went on about an earlier one."""
    behind = [m for m in conversation if m.meta.after is not None]
    lines = [m.seq for m in conversation if behind and m.role is Role.AGENT]
    return frozenset(seq for words in behind for seq in lines if (words.meta.after or 0) < seq < words.seq)


def stopped(interview: Interview, deadline: datetime, now: datetime) -> Interview:
    """The model failed too often: keep everything, stop the clock, wait for the candidate."""
    left = max(0.0, (deadline - now).total_seconds())
    return replace(
        interview, status=Status.ERROR, stage_deadline=None, moves_on_at=None, due_at=None, clock_left_s=left
    )
