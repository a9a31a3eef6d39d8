"""Reading an answer: what kind it is, which words of it are the candidate's own, and what a story in it holds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from interviewos.interview import Message, Role, Stage
from interviewos.script import signs, wishes

SHORT = 25
"""Words up to which an answer is read for wishes and questions of the candidate."""
THIN = 5
"""Words up to which an answer says too little to go on from."""
RICH = 40
"""Words from which an answer counts as told at length."""
RUN = 4
"""Words in a row that, once the interviewer has said them, are no longer the candidate's own."""


class Kind(StrEnum):
    """What the candidate did with the question."""

    SAID = "said"
    THIN = "thin"
    UNKNOWN = "unknown"
    SKIP = "skip"
    REFUSAL = "refusal"
    NONSENSE = "nonsense"
    PASTED = "pasted"
    COMMAND = "command"
    REPEAT = "repeat"
    REPHRASE = "rephrase"
    WAIT = "wait"
    ENDING = "ending"
    ASKS_WHO = "asks who"
    ASKS_LENGTH = "asks length"
    ASKS_RATING = "asks rating"
    ASKS_JOB = "asks job"
    ASKS = "asks"


REQUESTS = frozenset({Kind.REPEAT, Kind.REPHRASE, Kind.WAIT})
QUESTIONS = frozenset({Kind.ASKS_WHO, Kind.ASKS_LENGTH, Kind.ASKS_RATING, Kind.ASKS_JOB, Kind.ASKS})
DODGED = frozenset({Kind.UNKNOWN, Kind.SKIP, Kind.REFUSAL})
NO_ANSWER = REQUESTS | QUESTIONS | {Kind.ENDING}

_WISHES = (
    (Kind.REPHRASE, wishes.REPHRASE),
    (Kind.REPEAT, wishes.REPEAT),
    (Kind.SKIP, wishes.SKIP),
    (Kind.ASKS_WHO, wishes.ASKS_WHO),
    (Kind.ASKS_LENGTH, wishes.ASKS_LENGTH),
    (Kind.ASKS_RATING, wishes.ASKS_RATING),
    (Kind.ENDING, wishes.ENDING),
    (Kind.WAIT, wishes.WAIT),
    (Kind.REFUSAL, wishes.REFUSAL),
    (Kind.UNKNOWN, wishes.UNKNOWN),
    (Kind.ASKS_JOB, wishes.ASKS_JOB),
)

_WORD = re.compile(r"\S+")
_LETTERS = re.compile(r"[^\W\d_]")
_CLAUSE_END = re.compile(
    r"<<<.{0,60}?>>>|[.!…]+(?=\s|$)|,(?=\s|$)|[;:](?=\s|$)|\s[–-]\s|[?¿¡—\n\r\t\x00-\x1f\x7f]"  # noqa: RUF001
    r"|[\"“”„«»‹›()\[\]{}<>|*_`~\\]|[。、！？，；：「」『』]|[\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"  # noqa: RUF001
)
_TITLE_BEFORE = re.compile(r"\b(?:dr|mr|mrs|ms|st|prof|e\.g|i\.e|vs|approx|no|[a-z])$", re.IGNORECASE)
_ROLE_LINE = re.compile(
    r"^[ \t>*]*(?:system|assistant|interviewer|developer|agent|user|candidate|model)[ \t*]*:.*$",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of one message between two marks, with the words in it, all of them the candidate's own."""

    text: str
    sentence: str

    @property
    def words(self) -> list[str]:
        return self.text.split()


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything the candidate said between two lines of the interviewer."""

    kind: Kind
    stage: Stage
    text: str
    own: str
    clauses: tuple[Clause, ...]
    asked: str
    also: Kind | None = None
    """A question that the candidate asked beside answering."""

    @property
    def length(self) -> int:
        """Words that are the candidate's own."""
        return count_words(self.own)

    @property
    def foreign(self) -> bool:
        return is_foreign(self.own)


def plain(text: str) -> list[str]:
    """Cut a text into words, without marks and case, to compare it with another."""
    return re.findall(r"[^\W_]+", text.casefold().replace("’", "").replace("'", ""))


def count_words(text: str) -> int:
    """Count words; two signs of a script without spaces count as one."""
    unspaced = len(re.findall(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]", text))
    return len(text.split()) + unspaced // 2


def is_foreign(text: str) -> bool:
    """Is this mostly not English, as far as small words and letters tell?"""
    letters = _LETTERS.findall(text)
    if not letters:
        return False
    if sum(letter > "\u024f" for letter in letters) * 2 > len(letters):
        return True
    words = plain(text)
    return sum(w in signs.FOREIGN for w in words) > max(1, sum(w in signs.ENGLISH for w in words))


def is_nonsense(text: str) -> bool:
    """Is this no language at all: only marks, or keys pressed at random?"""
    words = [w for w in plain(text) if not w.isdigit()]
    if not any(_LETTERS.search(w) for w in words):
        return not re.search(r"\d", text)
    return sum(map(_is_odd, words)) * 2 > len(words)


def _is_odd(word: str) -> bool:
    if re.search(r"(.)\1{3}", word) or re.search(
        r"asdf|sdfg|dfgh|fghj|ghjk|hjkl|qwer|wert[zy]|zxcv|xcvb|lkj|fdsa", word
    ):
        return True
    if len(word) < 4 or not re.fullmatch(r"[a-z]+", word):
        return False
    return not re.search(r"[aeiouy]", word) and len(word) > 5 or bool(re.search(r"[bcdfghjklmnpqrstvwxz]{6}", word))


def read_answers(conversation: tuple[Message, ...]) -> tuple[Answer, ...]:
    """Read all answers of a conversation, each with the line it answers."""
    first_said: dict[tuple[str, ...], Role] = {}
    lines: list[str] = []
    answers: list[Answer] = []
    parts: list[Message] = []
    for message in conversation:
        if message.role is Role.USER:
            parts.append(message)
        elif message.role is Role.AGENT:
            if parts:
                answers.append(_read(parts, lines, first_said))
                parts = []
            lines.append(message.text)
            _remember(message.text, Role.AGENT, first_said)
    if parts:
        answers.append(_read(parts, lines, first_said))
    return tuple(answers)


def _remember(text: str, role: Role, first_said: dict[tuple[str, ...], Role]) -> None:
    words = plain(text)
    for at in range(len(words) - RUN + 1):
        first_said.setdefault(tuple(words[at : at + RUN]), role)


def _read(parts: list[Message], lines: list[str], first_said: dict[tuple[str, ...], Role]) -> Answer:
    clauses = tuple(clause for part in parts for clause in _clauses(part.text, lines, first_said))
    text = "\n".join(part.text for part in parts)
    own = " ".join(clause.text for clause in clauses)
    for part in parts:
        _remember(part.text, Role.USER, first_said)
    kind, also = _classify(text, own, lines)
    return Answer(kind, parts[-1].stage, text, own, clauses, lines[-1] if lines else "", also)


def _clauses(text: str, lines: list[str], first_said: dict[tuple[str, ...], Role]) -> list[Clause]:
    """Cut one message into clauses of the candidate's own words; what the interviewer said first is left out."""
    said = [" " + " ".join(plain(line)) + " " for line in lines]
    clauses = []
    for start, end in _spans(text):
        for begin, stop in _own_runs(text, start, end, first_said):
            clause = text[begin:stop].strip()
            words = plain(clause)
            pasted = len(words) > 1 and any(f" {' '.join(words)} " in line for line in said)
            quoted_before = tuple(words[:RUN]) in first_said and len(words) >= RUN
            if words and (not pasted or quoted_before):
                clauses.append(Clause(clause, _sentence(text, begin, stop)))
    return clauses


def _spans(text: str) -> list[tuple[int, int]]:
    spans, start = [], 0
    hidden = [m.span() for m in _ROLE_LINE.finditer(text)]
    for mark in _CLAUSE_END.finditer(text):
        if mark[0] == "." and _TITLE_BEFORE.search(text[start : mark.start()]):
            continue
        spans.append((start, mark.start()))
        start = mark.end()
    spans.append((start, len(text)))
    return [(a, b) for a, b in spans if text[a:b].strip() and not any(x <= a < y for x, y in hidden)]


def _own_runs(text: str, start: int, end: int, first_said: dict[tuple[str, ...], Role]) -> list[tuple[int, int]]:
    """Find the stretches of a clause that the interviewer did not say before the candidate."""
    spans = [(m.start() + start, m.end() + start) for m in _WORD.finditer(text[start:end])]
    owner: list[int] = []
    words: list[str] = []
    for number, (a, b) in enumerate(spans):
        for word in plain(text[a:b]):
            words.append(word)
            owner.append(number)
    borrowed: set[int] = set()
    for at in range(len(words) - RUN + 1):
        if first_said.get(tuple(words[at : at + RUN])) is Role.AGENT:
            borrowed.update(owner[at : at + RUN])
    runs: list[tuple[int, int]] = []
    for number, (a, b) in enumerate(spans):
        if number in borrowed:
            continue
        if runs and number - 1 not in borrowed:
            runs[-1] = (runs[-1][0], b)
        else:
            runs.append((a, b))
    return runs


def _sentence(text: str, begin: int, stop: int) -> str:
    """Give the whole sentence around a clause, lower case: what it says is judged by all of it."""
    start = max(text.rfind(mark, 0, begin) for mark in (". ", "! ", "? ", "\n"))
    ends = [at for mark in (". ", "! ", "? ", "\n") if (at := text.find(mark, stop)) >= 0]
    return text[max(start, 0) : min(ends, default=len(text))].casefold()


def _classify(text: str, own: str, lines: list[str]) -> tuple[Kind, Kind | None]:
    words = count_words(text)
    own_words = count_words(own)
    if own_words <= SHORT and wishes.COMMAND.search(text):
        return Kind.COMMAND, None
    if is_nonsense(text):
        return Kind.NONSENSE, None
    if lines and own_words < max(3, 0.4 * words) and own_words <= THIN and _is_pasted(text, lines):
        return Kind.PASTED, None
    asked = _question(text)
    if words <= SHORT:
        for kind, pattern in _WISHES:
            if pattern.search(text) and not (kind in (Kind.UNKNOWN, Kind.REFUSAL) and words > SHORT // 2 + 3):
                return kind, None
        if asked and text.rstrip().endswith("?"):
            return Kind.ASKS, None
    if own_words <= THIN:
        return Kind.THIN, None
    return Kind.SAID, asked


def _question(text: str) -> Kind | None:
    """Find what the candidate asks beside an answer."""
    for sentence in re.findall(r"[^.!?\n]*\?", text):
        for kind, pattern in _WISHES:
            if kind in QUESTIONS and pattern.search(sentence):
                return kind
    return Kind.ASKS if "?" in text else None


def _is_pasted(text: str, lines: list[str]) -> bool:
    words = " ".join(plain(text))
    return any(words and words in " ".join(plain(line)) for line in lines) or len(words.split()) >= RUN
