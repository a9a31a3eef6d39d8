"""What is kept of a report: claims about a candidate's words, each with the words that show it.

Words are kept as places in the transcript and never a second time. The rules that make and check a claim are in
`interviewos.report`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

VERSION = 1
MAX_OBJECTIONS = 20


class Grading(StrEnum):
    """How far a model's readings are."""

    OFF = "off"
    PENDING = "pending"
    MADE = "made"
    UNAVAILABLE = "unavailable"


class Shown(StrEnum):
    """What a claim rests on: a rule of ours, one reading of a model, or most of several."""

    RULE = "rule"
    ONE_READING = "one reading"
    READINGS = "readings"


class Unknown(StrEnum):
    """Why something was not assessed."""

    NOT_ASKED = "not_asked"
    NOT_ANSWERED = "not_answered"
    TOO_SHORT = "too_short"
    NO_EVIDENCE = "no_evidence"
    DEGRADED = "degraded"
    UNCERTAIN = "uncertain"
    GRADER_UNAVAILABLE = "grader_unavailable"


@dataclass(frozen=True, slots=True)
class Span:
    """Words of a message: characters from `start` to before `end`."""

    seq: int
    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        return self.seq == other.seq and self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Finding:
    """A sign of the catalogue and the words that show it; `wording` counts the sentences of the sign."""

    sign: str
    span: Span
    by: Shown = Shown.RULE
    wording: int = 0


@dataclass(frozen=True, slots=True)
class Retold:
    """A sentence of the candidate's own in the order of a story, or a part that is missing from it."""

    part: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class StoryReport:
    """What is said about the answers to one question; `seqs` are the candidate's lines."""

    question: str
    seqs: tuple[int, ...] = ()
    parts_asked: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    retell: tuple[Retold, ...] = ()
    not_assessed: Unknown | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """One of the three points of the feedback: what it says, and where it comes from.

    `chosen` says that a model picked it; `confirmed` turns false where its readings say otherwise afterwards.
    """

    kind: str
    text: str
    sign: str = ""
    question: str = ""
    span: Span | None = None
    by: Shown = Shown.RULE
    chosen: bool = False
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class CompetencyResult:
    """A competency's level from 1 to 5 and the story that shows it, or why there is none."""

    id: str
    level: int | None = None
    story: str = ""
    not_assessed: Unknown | None = None


@dataclass(frozen=True, slots=True)
class Contrast:
    """A part of a story that one story has, and another was asked for and did not tell."""

    part: str
    has: str
    lacks: str


@dataclass(frozen=True, slots=True)
class Objection:
    """What a candidate says is wrong about a finding; `words` are how misheard speech should read."""

    seq: int
    start: int
    sign: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class ReadingLease:
    """Who is reading, by a random fence, and until when it holds."""

    fence: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Readings:
    """How a model has read: which, by which prompt, how many were asked for and used, and what it cost."""

    models: tuple[str, ...] = ()
    prompt: str = ""
    asked: int = 0
    used: int = 0
    tries: int = 0
    tokens: int = 0
    lease: ReadingLease | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The report on one interview; `withheld` counts claims that did not stand, by reason."""

    made_at: datetime
    language: str = "en"
    version: int = VERSION
    grading: Grading = Grading.OFF
    points: tuple[Point, ...] = ()
    stories: tuple[StoryReport, ...] = ()
    contrasts: tuple[Contrast, ...] = ()
    competencies: tuple[CompetencyResult, ...] = ()
    withheld: Mapping[str, int] = field(default_factory=dict)
    readings: Readings = Readings()
    objections: tuple[Objection, ...] = ()
