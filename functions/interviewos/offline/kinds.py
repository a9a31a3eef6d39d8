"""What a candidate can do with a question, and how to tell it from the words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from interviewos.offline import signs, wishes
from interviewos.offline.patterns import Pattern
from interviewos.offline.words import count_words, plain

SHORT = 25
"""Words up to which an answer is read for what the candidate wishes or asks."""
SHORT_CHARACTERS = 400
EVASIVE = 15
"""Words up to which a refusal is an answer by itself, and not the beginning of one."""
UNKNOWING = 11
"""The same for "I don't know", after which people often say something all the same."""
THIN = 5
"""Words up to which an answer says too little to go on from."""
MACHINE_WORDS = 10
"""Words of one's own beside a mark for machines up to which the mark is the message."""
PASTED_WORDS = 4
"""Words from which it is no accident when they are the interviewer's."""


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
    ASKS_WHAT = "asks what"
    ASKS = "asks"


QUESTIONS = frozenset({Kind.ASKS_WHO, Kind.ASKS_LENGTH, Kind.ASKS_RATING, Kind.ASKS_JOB, Kind.ASKS_WHAT, Kind.ASKS})
DODGED = frozenset({Kind.UNKNOWN, Kind.SKIP, Kind.REFUSAL})
NO_ANSWER = QUESTIONS | {Kind.REPEAT, Kind.REPHRASE, Kind.WAIT, Kind.ENDING}

_WISHES = (
    (Kind.REPHRASE, wishes.REPHRASE, SHORT),
    (Kind.ASKS_WHAT, wishes.ASKS_WHAT, SHORT),
    (Kind.REPEAT, wishes.REPEAT, SHORT),
    (Kind.SKIP, wishes.SKIP, EVASIVE),
    (Kind.ASKS_WHO, wishes.ASKS_WHO, SHORT),
    (Kind.ASKS_LENGTH, wishes.ASKS_LENGTH, SHORT),
    (Kind.ASKS_RATING, wishes.ASKS_RATING, SHORT),
    (Kind.ENDING, wishes.ENDING, EVASIVE),
    (Kind.WAIT, wishes.WAIT, EVASIVE),
    (Kind.REFUSAL, wishes.REFUSAL, EVASIVE),
    (Kind.UNKNOWN, wishes.UNKNOWN, UNKNOWING),
    (Kind.UNKNOWN, wishes.NEVER, EVASIVE),
    (Kind.ASKS_JOB, wishes.ASKS_JOB, SHORT),
)
"""In this order: "I don't understand" is a wish, and only "I don't know" is the end of a question."""


def kind_of(text: str, own: str, lines: Sequence[str]) -> Kind:
    """Tell what an answer is; `own` is what of it the interviewer had not said before, in `lines`."""
    length, own_length = count_words(text), count_words(own)
    if _is_command(text, own_length):
        return Kind.COMMAND
    if is_nonsense(text):
        return Kind.NONSENSE
    if own_length <= min(THIN, 0.4 * length) and is_pasted(text, lines):
        return Kind.PASTED
    line = " ".join(text.split())
    for kind, pattern, most_words in _WISHES:
        if length <= most_words and len(line) <= SHORT_CHARACTERS and pattern.found_in(line):
            return kind
    if length <= SHORT and text.rstrip().endswith("?"):
        return Kind.ASKS
    return Kind.THIN if own_length <= THIN else Kind.SAID


def _is_command(text: str, own_length: int) -> bool:
    """Is this meant for a machine, and not for an interviewer?"""
    if own_length <= MACHINE_WORDS and wishes.MACHINE_MARK.found_in(text):
        return True
    return own_length <= SHORT and wishes.COMMAND.found_in(text)


def question_beside(text: str) -> Kind | None:
    """Find what the candidate asks in the middle of an answer, as far as there is something to say to it."""
    asked = [sentence for sentence in re.split(r"(?<=[.!?\n])", text) if sentence.endswith("?")]
    patterns = [(kind, pattern) for kind, pattern, _ in _WISHES if kind in QUESTIONS]
    return next((kind for sentence in asked for kind, pattern in patterns if pattern.found_in(sentence)), None)


def is_pasted(text: str, lines: Sequence[str]) -> bool:
    """Are these the interviewer's words?"""
    words = plain(text)
    return len(words) >= PASTED_WORDS and _share_said(words, lines) > 0.6


def _share_said(words: list[str], lines: Sequence[str]) -> float:
    said = [plain(line) for line in lines]
    runs = {tuple(line[at : at + PASTED_WORDS]) for line in said for at in range(len(line) - PASTED_WORDS + 1)}
    starts = range(len(words) - PASTED_WORDS + 1)
    return sum(tuple(words[at : at + PASTED_WORDS]) in runs for at in starts) / max(1, len(starts))


def is_nonsense(text: str) -> bool:
    """Is this no language at all: marks without a word, or keys pressed at random?"""
    words = [w for w in plain(text) if not w.isdigit()]
    if not words:
        return not re.search(r"\d", text)
    return sum(map(_is_odd, words)) * 2 >= len(words)


_KEYS = Pattern(
    r"asdf|sdfg|dfgh|fghj|ghjk|hjkl|qwer|wert[zy]|zxcv|xcvb|lkj|fdsa", r"(.)\1{3}", r"[bcdfghjklmnpqrstvwxz]{6}"
)


def _is_odd(word: str) -> bool:
    return _KEYS.found_in(word) or (len(word) > 5 and not re.search(r"[^bcdfghjklmnpqrstvwxz]", word))


def is_foreign(text: str) -> bool:
    """Is this mostly not English, as far as letters and small words tell?"""
    letters = re.findall(r"[^\W\d_]", text)
    if sum(letter > "\u024f" for letter in letters) * 2 > len(letters):
        return True
    words = plain(text)
    return sum(w in signs.FOREIGN for w in words) > max(1, sum(w in signs.ENGLISH for w in words))
