"""Reading the conversation: what was answered to what, and which words of it are the candidate's own.

Whoever said something first owns it. So a candidate who sends the question back is not taken at the interviewer's
word, and one who says again what the interviewer had quoted still is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from interviewos.domain.interview import Message, Role, TurnPlan
from interviewos.domain.plan import Plan
from interviewos.offline.kinds import Kind, is_foreign, kind_of, question_beside
from interviewos.offline.patterns import Pattern
from interviewos.offline.words import count_words, plain

RUN = 4
"""Words in a row that show whose they are; fewer are said by everybody."""

NEAR = 200
"""Characters around a clause that say what it is about."""
MOST_CLAUSES = 400
"""Nobody talks in more pieces than that within one answer; a text of marks alone is not read to its end."""

Owners = dict[tuple[str, ...], Role]

_CLAUSE_END = Pattern(
    r"<<<.{0,60}?>>>",
    r"[.!…]+(?=\s|$)|[,;:](?=\s|$)|\s[–-]\s|[?¿¡—]",
    r"[\"“”„«»‹›()\[\]{}<>|*_`~\\]|[。、！？，；：「」『』]",
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]",
    r"[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]",
)
_ABBREVIATION = Pattern(r"\b(?:dr|mr|mrs|ms|st|prof|e\.g|i\.e|vs|approx|[a-z])$")
_ROLE_LINE = Pattern(
    r"(?m:^[ \t>*]{0,9}(?:system|assistant|interviewer|developer|agent|user|candidate|model)[ \t*]{0,9}:.*$)"
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of one message between two marks, all of it the candidate's own; `sentence` is what it stands in."""

    text: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything the candidate said between two lines of the interviewer; `asked` is the first of the two.

    `goal` is what the stage was for.
    """

    kind: Kind
    stage: str
    goal: str
    asked: str
    text: str
    clauses: tuple[Clause, ...]

    @property
    def own(self) -> str:
        """The candidate's own words, without the interviewer's."""
        return " ".join(clause.text for clause in self.clauses)

    @property
    def length(self) -> int:
        """Words that are the candidate's own."""
        return count_words(self.own)

    @property
    def foreign(self) -> bool:
        return is_foreign(self.own)

    @property
    def asks_beside(self) -> Kind | None:
        """What the candidate asked beside answering."""
        return question_beside(self.text) if self.kind is Kind.SAID else None


def read_answers(turn: TurnPlan) -> tuple[Answer, ...]:
    """Read all answers of a conversation, in their order."""
    owners: Owners = {}
    lines: list[str] = []
    answers: list[Answer] = []
    parts: list[Message] = []
    for message in turn.conversation:
        if message.role is Role.USER:
            parts.append(message)
        elif message.role is Role.AGENT:
            answers += _answer(parts, lines, owners, turn.plan)
            parts = []
            lines.append(message.text)
            _own(message, owners)
    return (*answers, *_answer(parts, lines, owners, turn.plan))


def _own(message: Message, owners: Owners) -> None:
    words = plain(message.text)
    for at in range(len(words) - RUN + 1):
        owners.setdefault(tuple(words[at : at + RUN]), message.role)


def _answer(parts: list[Message], lines: list[str], owners: Owners, plan: Plan) -> list[Answer]:
    """Make one answer of its parts, or none of none."""
    if not parts:
        return []
    clauses = tuple(clause for part in parts for clause in _clauses(part.text, lines, owners))
    for part in parts:
        _own(part, owners)
    text = "\n".join(part.text for part in parts)
    kind = kind_of(text, " ".join(clause.text for clause in clauses), lines)
    stage = parts[-1].stage
    return [Answer(kind, stage, plan.goal_of(stage), lines[-1] if lines else "", text, clauses)]


def _clauses(text: str, lines: list[str], owners: Owners) -> list[Clause]:
    """Cut one message into clauses and leave out what the interviewer had said."""
    said = [" ".join(plain(line)) for line in lines]
    clauses = []
    for start, end in _spans(text)[:MOST_CLAUSES]:
        for first, last in _own_runs(text, start, end, owners):
            words = plain(text[first:last])
            first_said = owners.get(tuple(words[:RUN]))
            echoed = len(words) > 1 and first_said is not Role.USER and any(" ".join(words) in line for line in said)
            if words and not echoed:
                clauses.append(Clause(text[first:last], _sentence(text, first, last)))
    return clauses


def _spans(text: str) -> list[tuple[int, int]]:
    """Find the stretches between the marks, without lines that play another speaker."""
    spans, start = [], 0
    hidden = _ROLE_LINE.spans_in(text)
    for first, last in _CLAUSE_END.spans_in(text):
        if text[first:last] != "." or not _ABBREVIATION.found_in(text[max(start, first - 8) : first]):
            spans.append((start, first))
            start = last
    spans.append((start, len(text)))
    return [(a, b) for a, b in spans if text[a:b].strip() and not any(x <= b and a < y for x, y in hidden)]


def _own_runs(text: str, start: int, end: int, owners: Owners) -> list[tuple[int, int]]:
    """Find the stretches of a clause that the interviewer did not say before the candidate."""
    spans = [m.span() for m in re.compile(r"\S+").finditer(text, start, end)]
    words = [(word, number) for number, span in enumerate(spans) for word in plain(text[slice(*span)])]
    borrowed: set[int] = set()
    for at in range(len(words) - RUN + 1):
        run = words[at : at + RUN]
        if owners.get(tuple(word for word, _ in run)) is Role.AGENT:
            borrowed.update(number for _, number in run)
    runs: list[tuple[int, int]] = []
    for number, (first, last) in enumerate(spans):
        if number not in borrowed:
            goes_on = runs and number - 1 not in borrowed
            runs[-1:] = [(runs[-1][0], last)] if goes_on else [*runs[-1:], (first, last)]
    return runs


def _sentence(text: str, first: int, last: int) -> str:
    """Give the sentence around a clause, as far as it is near."""
    marks = (". ", "! ", "? ", "\n")
    start = max(text.rfind(mark, max(0, first - NEAR), first) for mark in marks)
    end = min((at for mark in marks if (at := text.find(mark, last, last + NEAR)) >= 0), default=len(text))
    return text[max(start, first - NEAR, 0) : min(end, last + NEAR)]
