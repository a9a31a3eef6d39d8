"""A kind of interview as data: its stages in order, its questions, and what it is called.

A plan is frozen into each interview that is created, so that a release never changes one that runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

DONE = "done"
"""The stage that every plan ends in: the feedback is stored."""
STAY, NEXT = "STAY", "NEXT"
"""The signals of a reply that asks more about the open question, and of one that opens the next question."""
WHOLE_STORY = "story"
"""In place of a part, after STAY: all of them at once were asked for, and the candidate chooses."""
INTRODUCTION, STORIES = "introduction", "stories"
"""The goals that a stage may have; each is a prompt."""
LEVELS = ("entry", "mid", "senior", "lead")
GOALS = (INTRODUCTION, STORIES)
SHORT, LONG = "short", "long"
"""How soon a listener takes silence for the end of an answer."""


@dataclass(frozen=True, slots=True)
class PlanStage:
    """One stage: `seconds` that it takes, the limits of its length, and how it is pursued and called.

    `label` and `about` are what people read.
    """

    id: str
    goal: str
    seconds: float
    most_questions: int
    fewest_answers: int
    pauses: str = LONG
    label: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A planned question; `plain` asks the same in simpler words, `parts` may be asked for one by one, in their order.

    An `id` never changes its meaning. No level means every level. A `tailored` one is worded for a job.
    """

    id: str
    stage: str
    text: str
    plain: str
    parts: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    competencies: tuple[str, ...] = ()
    must: bool = False
    follow_ups: int = 2
    tailored: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """The stages in order, `done` left out; `grace_seconds` is what everybody gets to answer the last question of one.

    The texts are in one language. What is frozen into an interview is already as it was chosen: the questions are those
    of its `level`, the seconds those of its `time_factor`. An `excerpt` has single questions of its kind. `brief` is
    what a model has read of a pasted job and background.
    """

    id: str
    version: int
    stages: tuple[PlanStage, ...]
    grace_seconds: float = 30
    questions: tuple[Question, ...] = ()
    competencies: tuple[str, ...] = ()
    language: str = "en"
    title: str = ""
    time_factor: float = 1
    level: str = ""
    excerpt: bool = False
    brief: str = ""

    @property
    def has_levels(self) -> bool:
        """Is there a question that is not for every level?"""
        return any(question.levels for question in self.questions)

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels that questions are written for, all where none of them names any."""
        named = {level for question in self.questions for level in question.levels}
        return tuple(level for level in LEVELS if level in named) or LEVELS

    @property
    def first(self) -> str:
        """The stage that an interview begins in."""
        return self.stages[0].id

    def questions_of(self, stage_id: str) -> tuple[Question, ...]:
        """List the planned questions of a stage, in their order."""
        return tuple(question for question in self.questions if question.stage == stage_id)

    def question(self, question_id: str) -> Question | None:
        """Find a planned question."""
        return next((question for question in self.questions if question.id == question_id), None)

    def stage(self, stage_id: str) -> PlanStage:
        """Find a stage that asks. Raises KeyError for `done`, and for one that this plan does not have."""
        return {stage.id: stage for stage in self.stages}[stage_id]

    def next_of(self, stage_id: str) -> str:
        """Tell where a stage leads; the end leads to itself."""
        ids = [*(stage.id for stage in self.stages), DONE, DONE]
        return ids[ids.index(stage_id) + 1]

    @property
    def signals(self) -> tuple[str, ...]:
        """Every signal that a reply of this interview may carry."""
        parts = dict.fromkeys(part for question in self.questions for part in question.parts)
        return (STAY, NEXT, *self._moves, *(f"{STAY} {part}" for part in (*parts, WHOLE_STORY)))

    @property
    def _moves(self) -> tuple[str, ...]:
        return (*(move_to(stage.id) for stage in self.stages[1:]), move_to(DONE))


def move_to(stage_id: str) -> str:
    """Name the signal that proposes to move to a stage."""
    return f"MOVE_TO_{stage_id.upper()}"


@dataclass(frozen=True, slots=True)
class StageLimits:
    """What a deployment sets of a stage; None leaves what the plan says."""

    seconds: float | None = None
    most_questions: int | None = None


def with_limits(plan: Plan, limits: Mapping[str, StageLimits], grace_seconds: float | None = None) -> Plan:
    """Put a deployment's limits in place of the plan's own."""
    stages = tuple(_limited(stage, limits.get(stage.id, StageLimits())) for stage in plan.stages)
    grace = plan.grace_seconds if grace_seconds is None else grace_seconds
    return replace(plan, stages=stages, grace_seconds=grace)


def _limited(stage: PlanStage, limits: StageLimits) -> PlanStage:
    seconds = stage.seconds if limits.seconds is None else limits.seconds
    most = stage.most_questions if limits.most_questions is None else limits.most_questions
    return replace(stage, seconds=seconds, most_questions=most)
