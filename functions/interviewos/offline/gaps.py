"""What was missing most, found by counting, and the exercise that goes with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from interviewos.offline import signs
from interviewos.offline.answers import Answer
from interviewos.offline.kinds import DODGED, Kind
from interviewos.offline.phrases import Phrase
from interviewos.offline.review import Review

RAMBLING = 300
"""Words beyond which a listener loses the thread: more than two minutes of speech."""
FEW_WORDS = 15
"""Words an answer needs on average before more can be asked of it than to be longer."""


class Advice(NamedTuple):
    """A gap and the exercise that goes with it; `{quote}` in each stands for words of the answer it is about."""

    about: Answer
    gap: str
    step: str
    shows: Callable[[Phrase], bool] | None = None
    """What the words quoted for the gap should show."""


def find_gap(review: Review) -> Advice:
    """Find what was missing most: the first of the finders that finds something."""
    return next(found for find in _FINDERS if (found := find(review)))


def _longest(answers: Sequence[Answer]) -> Answer:
    return max(answers, key=lambda answer: answer.length)


def _dodged(review: Review) -> Advice | None:
    if sum(answer.kind in DODGED for answer in review.answers) * 2 < len(review.answers):
        return None
    return Advice(
        review.richest(review.about_work),
        f"You left {review.left_open} open; more like “{{quote}}” would have shown your work.",
        "Prepare two stories that fit many questions, beginning with “{quote}”: situation, task, what you did, result.",
    )


def _foreign(review: Review) -> Advice | None:
    if sum(answer.foreign for answer in review.told) * 2 <= len(review.told):
        return None
    return Advice(
        _longest(review.told),
        "I read English only: of “{quote}” I can judge the length and the figures, but not the story.",
        "Tell somebody “{quote}” in four sentences: the situation, your task, what you did, how it ended.",
    )


def _too_short(review: Review) -> Advice | None:
    answered = [answer for answer in review.answers if answer.kind in (Kind.SAID, Kind.THIN)]
    if sum(answer.length for answer in answered) >= FEW_WORDS * len(answered):
        return None
    return Advice(
        min(answered, key=lambda answer: answer.length),
        "Your answers are short: “{quote}” ends before I learn what you did and what came of it.",
        "Tell “{quote}” again in four sentences: the situation, your task, what you did, how it ended.",
        lambda _: True,
    )


def _no_own_part(review: Review) -> Advice | None:
    whole = review.whole
    about = next((a for a in review.about_work if any(p.shows_team for p in review.phrases([a]))), None)
    if about is None or signs.WE_WORD.count_in(whole) <= signs.I_WORD.count_in(whole):
        return None
    return Advice(
        about,
        "In “{quote}” your own part stays hidden: you speak of the team more often than of yourself.",
        "Tell “{quote}” once more, begin every sentence with I, and name one decision that was yours.",
        lambda phrase: phrase.shows_team,
    )


def _tells_result(answer: Answer) -> bool:
    return signs.RESULT.found_in(answer.own) or signs.ASKS_RESULT.found_in(answer.asked)


def _no_result(review: Review) -> Advice | None:
    unfinished = [story for story in review.stories if not any(map(_tells_result, story))]
    if len(unfinished) * 2 < len(review.stories) or not unfinished:
        return None
    return Advice(
        review.richest([answer for story in unfinished for answer in story]),
        "After “{quote}” it did not become clear to me how it ended or what was different from before.",
        "Add one last sentence to “{quote}”: what changed, for whom, and by how much.",
    )


def _too_long(review: Review) -> Advice | None:
    longest = _longest(review.told)
    if longest.length < RAMBLING:
        return None
    return Advice(
        longest,
        f"One answer ran to about {round(longest.length, -1)} words; “{{quote}}” nearly got lost in it.",
        "Tell the same story in ninety seconds, and begin with “{quote}”.",
    )


def _no_number(review: Review) -> Advice | None:
    if signs.NUMBER.found_in(review.whole):
        return None
    return Advice(
        review.richest(review.about_work),
        "No figure came up. “{quote}” would weigh more with a number or another sign that it worked.",
        "Look up one figure for “{quote}”: time, money, people or mistakes, before and after.",
    )


def _no_task(review: Review) -> Advice | None:
    if signs.TASK.found_in(review.whole) or any(signs.ASKS_TASK.found_in(answer.asked) for answer in review.about_work):
        return None
    return Advice(
        review.richest(review.about_work),
        "At “{quote}” it did not become clear to me what was asked of you, and so how hard it was.",
        "Begin “{quote}” with one sentence on your task: who needed what, and by when.",
    )


def _no_lesson(review: Review) -> Advice:
    learned = signs.LESSON.found_in(review.whole)
    missing = "which other way you had weighed up" if learned else "what you took from it or would do differently"
    return Advice(
        review.richest(review.about_work),
        f"At “{{quote}}” I did not hear {missing}.",
        "Add two sentences to “{quote}”: the way you decided against, and why.",
    )


_FINDERS: tuple[Callable[[Review], Advice | None], ...] = (
    _dodged,
    _foreign,
    _too_short,
    _too_long,
    _no_own_part,
    _no_result,
    _no_number,
    _no_task,
    _no_lesson,
)
"""What was missing most comes first; the last one always finds something."""
