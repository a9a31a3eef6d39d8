"""How it was said, counted: length of answers and, where a voice was heard, its pace and pauses. Nothing is judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from interviewos.domain.interview import Message, Role
from interviewos.domain.words import count_words


@dataclass(frozen=True, slots=True)
class Spoken:
    """Of answers by voice: how many, words a minute of speech, pauses inside of them, and the longest, in seconds."""

    answers: int
    words_a_minute: int
    pauses: int
    longest_pause_s: float


@dataclass(frozen=True, slots=True)
class Delivery:
    """Of all answers: how many, their words, and those of the longest one; `spoken` where they were counted by ear."""

    answers: int
    words: int
    longest_answer_words: int
    spoken: Spoken | None


def delivery_of(messages: Sequence[Message]) -> Delivery | None:
    """Count what was said, wishes apart; None where nothing was."""
    answers = [m for m in messages if m.role is Role.USER and m.meta.wish is None]
    if not answers:
        return None
    lengths = [count_words(answer.text) for answer in answers]
    return Delivery(len(answers), sum(lengths), max(lengths), _spoken(answers))


def _spoken(answers: Sequence[Message]) -> Spoken | None:
    """Add up what a voice was heard to do; None where no time of speech is known."""
    heard = [answer.meta.speech for answer in answers if answer.meta.speech]
    milliseconds = sum(each.speech_ms for each in heard)
    if not milliseconds:
        return None
    pace = round(sum(each.words for each in heard) * 60_000 / milliseconds)
    longest = max(each.longest_pause_ms for each in heard)
    return Spoken(len(heard), pace, sum(each.pauses for each in heard), round(longest / 1000, 1))
