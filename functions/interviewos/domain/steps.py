"""The walk through the questions of a plan: which one is open, what may be asked about it, and what comes next.

Where the walk stands is derived from what was asked; nothing else is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from interviewos.domain.plan import DONE, NEXT, STAY, WHOLE_STORY, Plan, Question, move_to

MUST_SECONDS = 120
"""Questions that must be asked come first when less than this, times the time factor, is left for each of them."""
MUST_LINES = 2
"""What each of them takes: itself and one follow-up. They come first as well when an optional one left too few."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a line of the interviewer asked: a planned question, or the part of its story that is named."""

    question: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """What may come next in a stage: more about the open question, or the next one.

    `part` is what may be asked about the open question, empty where all of it was asked. `follow_ups` are left for it.
    `number` counts the question that is open, of `count`.
    """

    open: Question | None = None
    part: str = ""
    follow_ups: int = 0
    next: Question | None = None
    number: int = 0
    count: int = 0
    minutes_left: int = 0


def next_step(plan: Plan, stage: str, asked: Sequence[Asked], seconds_left: float) -> Step:
    """Find what may be asked next in a stage; nothing may at the end."""
    planned = plan.questions_of(stage)
    known = {question.id: question for question in planned}
    here = [line for line in asked if line.question in known]
    opened = list(dict.fromkeys(line.question for line in here))
    left = [question for question in planned if question.id not in opened]
    now = known[opened[-1]] if opened else None
    lines = [line for line in here if now and line.question == now.id]
    follow_ups = max(0, now.follow_ups - (len(lines) - 1)) if now else 0
    parts = _parts_left(now, lines) if now and follow_ups else []
    return Step(
        open=now,
        part=parts[0] if parts else "",
        follow_ups=follow_ups,
        next=_next(left, seconds_left / plan.time_factor, plan.stage(stage).most_questions - len(here)),
        number=len(opened),
        count=len(planned),
        minutes_left=max(0, round(seconds_left / 60)),
    )


def _parts_left(question: Question, lines: Sequence[Asked]) -> list[str]:
    asked = {line.part for line in lines}
    return [] if WHOLE_STORY in asked else [part for part in question.parts if part not in asked]


def _next(left: Sequence[Question], seconds_left: float, lines_left: int) -> Question | None:
    must = [question for question in left if question.must]
    short_of_time = seconds_left < MUST_SECONDS * len(must)
    hurried = must and (short_of_time or lines_left < MUST_LINES * (len(must) + 1))
    return next(iter(must if hurried else left), None)


def must_left(plan: Plan, stage: str, asked: Sequence[Asked]) -> bool:
    """Is there a question of a stage that must still be asked?"""
    opened = {line.question for line in asked}
    return any(question.must and question.id not in opened for question in plan.questions_of(stage))


@dataclass(frozen=True, slots=True)
class Lead:
    """Where a reply leads: the stage, and what its line has asked there."""

    stage: str
    asked: Asked = Asked("")


def lead_of(plan: Plan, stage: str, step: Step, signal: str, may_leave: bool) -> Lead:
    """Decide where a reply leads that is free to stay or to go: the model proposes, this table disposes.

    | signal | when | is |
    |---|---|---|
    | STAY part | the part is the one that was offered, or the whole story | that part of the open question |
    | STAY, none | | more of the open question |
    | NEXT | | the next question; the next stage where the last one is open |
    | MOVE_TO_… | the stage may be left | the next stage, else NEXT |
    """
    word, _, part = signal.partition(" ")
    following = plan.next_of(stage)
    goes_on = word == NEXT or word == move_to(following)
    if not goes_on:
        named = part if word == STAY and step.part and part in (step.part, WHOLE_STORY) else ""
        return Lead(stage, Asked(step.open.id if step.open else "", named))
    if step.next and not (word != NEXT and may_leave):
        return Lead(stage, Asked(step.next.id))
    if may_leave or word == NEXT:
        return Lead(following, opening_of(plan, following))
    return Lead(stage, Asked(step.open.id if step.open else ""))


def opening_of(plan: Plan, stage: str) -> Asked:
    """What is asked first in a stage; nothing at the end."""
    planned = () if stage == DONE else plan.questions_of(stage)
    return Asked(planned[0].id) if planned else Asked("")
