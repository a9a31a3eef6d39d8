"""What can be chosen of a kind of interview, and the plan that a choice makes of it. It is what is frozen."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from interviewos.domain.errors import InvalidField
from interviewos.domain.plan import Plan, PlanStage, Question
from interviewos.domain.plan_check import COMPETENCIES

MOST_TIME = 3
"""Times the planned seconds; whoever needs more time chooses it before (WCAG 2.2, success criterion 2.2.1)."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A `level` of LEVELS or none, `time_factor` times the planned time, and ids of questions.

    `only` these questions are asked, all where none are named; those that were `seen` come after those that were not,
    and ids among them that the plan does not have are nothing to it.
    """

    level: str = ""
    time_factor: float = 1
    seen: Collection[str] = ()
    only: tuple[str, ...] = ()


def choose(plan: Plan, choice: Choice) -> Plan:
    """Make the plan of one interview. Raises InvalidField for a level or a question that the plan does not have."""
    if choice.level and choice.level not in plan.levels:
        raise InvalidField(f"Choose a level of this plan: {', '.join(plan.levels)}.", pointer="/level")
    plan = _excerpt(plan, choice.only) if choice.only else _at_level(plan, choice.level)
    questions = tuple(sorted(plan.questions, key=lambda question: question.id in choice.seen))
    return _with_time(replace(plan, questions=questions, level=choice.level), choice.time_factor)


def _at_level(plan: Plan, level: str) -> Plan:
    fitting = tuple(each for each in plan.questions if not level or not each.levels or level in each.levels)
    return replace(plan, questions=fitting)


def _excerpt(plan: Plan, only: tuple[str, ...]) -> Plan:
    """Keep these questions and the stages that they belong to. A few stories are too little for levels."""
    for number, question_id in enumerate(only):
        if plan.question(question_id) is None:
            raise InvalidField("This plan has no such question.", pointer=f"/only/{number}")
    questions = tuple(question for question in plan.questions if question.id in only)
    stages = (stage for stage in plan.stages if any(question.stage == stage.id for question in questions))
    shorter = tuple(replace(stage, fewest_answers=min(1, stage.fewest_answers)) for stage in stages)
    return replace(plan, stages=shorter, questions=questions, competencies=(), excerpt=True)


def _with_time(plan: Plan, factor: float) -> Plan:
    stages = tuple(_longer(stage, factor) for stage in plan.stages)
    return replace(plan, stages=stages, grace_seconds=plan.grace_seconds * factor, time_factor=factor)


def _longer(stage: PlanStage, factor: float) -> PlanStage:
    return replace(stage, seconds=stage.seconds * factor)


QUESTION_SECONDS = 135
"""What a planned question takes with what is asked about its answer, about: every other one is followed up once."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """How many planned questions there will be time for, about, and the competencies that those cannot show."""

    questions: int
    not_covered: tuple[str, ...]


def forecast(plan: Plan) -> Forecast:
    """Tell before an interview what it will come to. A plan without competencies leaves none of them out."""
    asked = [question for stage in plan.stages for question in _time_for(plan, stage)]
    shown = {competency for question in asked for competency in question.competencies}
    missing = (each for each in COMPETENCIES if plan.competencies and each not in shown)
    return Forecast(len(asked), tuple(missing))


def _time_for(plan: Plan, stage: PlanStage) -> list[Question]:
    fit = max(1, round(stage.seconds / plan.time_factor / QUESTION_SECONDS))
    musts_first = sorted(plan.questions_of(stage.id), key=lambda question: not question.must)
    return musts_first[: min(fit, stage.most_questions)]
