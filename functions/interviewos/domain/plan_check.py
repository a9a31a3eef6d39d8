"""What a plan must be before anybody is interviewed by it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass

from interviewos.domain.asking import LANGUAGES
from interviewos.domain.plan import DONE, GOALS, INTRODUCTION, LEVELS, LONG, SHORT, Plan, PlanStage, Question
from interviewos.domain.questions import forbidden_topic, is_one_question

COMPETENCIES = ("approach", "ownership", "impact", "people", "learning")
"""What a story may show."""
PARTS = ("situation", "task", "action", "result", "number")
"""What a story is made of, in the order in which it is told."""
MOST_STAGES = 6
MOST_QUESTIONS = 30
MOST_WORDS = 30
"""What a listener can keep in mind of a question."""
MOST_SECONDS = 45 * 60
MOST_BYTES = 12 * 1024
"""Of a plan as JSON in UTF-8: it is kept in each of its interviews."""
TURN_SECONDS = 90
"""What a question and its answer take."""
TURNS_OF_A_QUESTION = 2
"""The question itself and one follow-up."""
QUESTIONS_OF_A_COMPETENCY = 2
STAGE_ID = re.compile(r"[a-z][a-z0-9_]{0,30}")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: a JSON Pointer (RFC 6901) into the plan, and a sentence that says what to do."""

    pointer: str
    detail: str


Rule = Callable[[Plan], Iterator[Fault]]


def check_plan(plan: Plan) -> list[Fault]:
    """List what is wrong with a plan, in the order of the rules; nothing where it can be used."""
    return [fault for rule in RULES for fault in rule(plan)]


def small_enough(plan: Plan) -> Iterator[Fault]:
    size = len(json.dumps(asdict(plan), ensure_ascii=False, separators=(",", ":")).encode())
    if size > MOST_BYTES:
        yield Fault("", f"Shorten the plan: it has {size} bytes as JSON, and at most {MOST_BYTES} are kept.")


def stages_can_be_counted(plan: Plan) -> Iterator[Fault]:
    if not 1 <= len(plan.stages) <= MOST_STAGES:
        yield Fault("/stages", f"Give a plan 1 to {MOST_STAGES} stages; this one has {len(plan.stages)}.")


def stage_ids_make_signals(plan: Plan) -> Iterator[Fault]:
    for number, stage in enumerate(plan.stages):
        if not STAGE_ID.fullmatch(stage.id) or stage.id == DONE:
            wanted = f"1 to 31 of a-z, 0-9 and _, a letter first, and not {DONE}"
            yield Fault(f"/stages/{number}/id", f"Name the stage with {wanted}.")


def ids_are_unique(plan: Plan) -> Iterator[Fault]:
    for pointer in _repeated("/stages", (stage.id for stage in plan.stages)):
        yield Fault(pointer, "Give each stage an id of its own: another one has this.")
    for pointer in _repeated("/questions", (question.id for question in plan.questions)):
        yield Fault(pointer, "Give each question an id of its own: another one has this.")


def goals_are_known(plan: Plan) -> Iterator[Fault]:
    for number, stage in enumerate(plan.stages):
        if stage.goal not in GOALS:
            yield Fault(f"/stages/{number}/goal", f"Choose a goal that there is: {', '.join(GOALS)}.")


def an_introduction_leads_on(plan: Plan) -> Iterator[Fault]:
    if plan.stages and plan.stages[-1].goal == INTRODUCTION:
        pointer = f"/stages/{len(plan.stages) - 1}/goal"
        yield Fault(pointer, "Put a stage with another goal after the introduction: nothing can be said of it alone.")


def pauses_are_known(plan: Plan) -> Iterator[Fault]:
    for number, stage in enumerate(plan.stages):
        if stage.pauses not in (SHORT, LONG):
            yield Fault(f"/stages/{number}/pauses", f"Choose {SHORT} or {LONG} pauses.")


def stages_can_be_held(plan: Plan) -> Iterator[Fault]:
    for number, stage in enumerate(plan.stages):
        if not 0 < stage.seconds < float("inf"):
            yield Fault(f"/stages/{number}/seconds", "Give the stage more than 0 seconds.")
        if not 0 <= stage.fewest_answers <= stage.most_questions or stage.most_questions < 1:
            pointer = f"/stages/{number}/most_questions"
            yield Fault(pointer, "Allow at least one question, and as many as the fewest answers need.")


def it_takes_no_longer_than_people_can(plan: Plan) -> Iterator[Fault]:
    seconds = sum(stage.seconds for stage in plan.stages)
    if not seconds <= MOST_SECONDS:
        yield Fault("/stages", f"Plan {MOST_SECONDS // 60} minutes at most; these stages take {seconds / 60:.0f}.")


def questions_can_be_counted(plan: Plan) -> Iterator[Fault]:
    if len(plan.questions) > MOST_QUESTIONS:
        yield Fault("/questions", f"Plan {MOST_QUESTIONS} questions at most; these are {len(plan.questions)}.")


def questions_have_a_stage(plan: Plan) -> Iterator[Fault]:
    stages = [stage.id for stage in plan.stages]
    for number, question in enumerate(plan.questions):
        if question.stage not in stages:
            yield Fault(f"/questions/{number}/stage", f"Choose a stage of this plan: {', '.join(stages)}.")


def each_stage_has_a_question(plan: Plan) -> Iterator[Fault]:
    """A planned question is what is asked where a model has nothing better."""
    for number, stage in enumerate(plan.stages):
        lacking = [level for level in plan.levels if not _asked_in(plan, stage, level)]
        if lacking:
            yield Fault(f"/stages/{number}", f"Add a question to {stage.id} for {', '.join(lacking)}.")


def each_text_is_one_question(plan: Plan) -> Iterator[Fault]:
    for pointer, text in _texts(plan):
        if not is_one_question(text):
            yield Fault(pointer, "Ask exactly one question, at the end, with a question mark.")


def each_text_can_be_kept_in_mind(plan: Plan) -> Iterator[Fault]:
    for pointer, text in _texts(plan):
        if len(text.split()) > MOST_WORDS:
            yield Fault(pointer, f"Ask in {MOST_WORDS} words at most; these are {len(text.split())}.")


def nothing_private_is_asked(plan: Plan) -> Iterator[Fault]:
    if plan.language.partition("-")[0] not in LANGUAGES:
        can = ", ".join(LANGUAGES)
        yield Fault("/language", f"Write the plan in a language whose questions can be checked: {can}.")
    for pointer, text in _texts(plan):
        if topic := forbidden_topic(text, plan.language):
            yield Fault(pointer, f"Ask about work, and nothing about the candidate's own life: this is about {topic}.")


def levels_are_known(plan: Plan) -> Iterator[Fault]:
    for number, question in enumerate(plan.questions):
        yield from _choice(f"/questions/{number}/levels", question.levels, LEVELS)


def parts_are_known(plan: Plan) -> Iterator[Fault]:
    for number, question in enumerate(plan.questions):
        yield from _choice(f"/questions/{number}/parts", question.parts, PARTS)


def competencies_are_known(plan: Plan) -> Iterator[Fault]:
    yield from _choice("/competencies", plan.competencies, COMPETENCIES)
    if len(plan.competencies) == 1:
        yield Fault("/competencies", "Declare two competencies or more, or none where no levels are wanted.")
    for number, question in enumerate(plan.questions):
        yield from _choice(f"/questions/{number}/competencies", question.competencies, plan.competencies)


def each_competency_can_be_seen(plan: Plan) -> Iterator[Fault]:
    """One story is no evidence, and one that may be left out is none either."""
    for number, competency in enumerate(plan.competencies):
        lacking = [level for level in plan.levels if not _can_be_seen(plan, competency, level)]
        if lacking:
            wanted = f"{QUESTIONS_OF_A_COMPETENCY} questions, one of them `must`, for {', '.join(lacking)}"
            yield Fault(f"/competencies/{number}", f"Give {competency} {wanted}.")


def what_must_be_asked_fits(plan: Plan) -> Iterator[Fault]:
    for number, stage in enumerate(plan.stages):
        turns = TURNS_OF_A_QUESTION * max(_musts(plan, stage, level) for level in plan.levels)
        if turns > stage.most_questions:
            wanted = f"{turns} questions, or fewer `must`: each has a follow-up"
            yield Fault(f"/stages/{number}/most_questions", f"Allow {wanted}.")
        if turns * TURN_SECONDS > stage.seconds:
            wanted = f"{turns * TURN_SECONDS} seconds, or fewer `must`: a turn takes {TURN_SECONDS}"
            yield Fault(f"/stages/{number}/seconds", f"Allow {wanted}.")


def follow_ups_can_be_counted(plan: Plan) -> Iterator[Fault]:
    for number, question in enumerate(plan.questions):
        if question.follow_ups < 0:
            yield Fault(f"/questions/{number}/follow_ups", "Allow 0 follow-ups or more.")


RULES: tuple[Rule, ...] = (
    small_enough,
    stages_can_be_counted,
    stage_ids_make_signals,
    ids_are_unique,
    goals_are_known,
    an_introduction_leads_on,
    pauses_are_known,
    stages_can_be_held,
    it_takes_no_longer_than_people_can,
    questions_can_be_counted,
    questions_have_a_stage,
    each_stage_has_a_question,
    each_text_is_one_question,
    each_text_can_be_kept_in_mind,
    nothing_private_is_asked,
    levels_are_known,
    parts_are_known,
    competencies_are_known,
    each_competency_can_be_seen,
    what_must_be_asked_fits,
    follow_ups_can_be_counted,
)


def _repeated(pointer: str, ids: Iterable[str]) -> Iterator[str]:
    named = list(ids)
    return (f"{pointer}/{number}/id" for number, each in enumerate(named) if each in named[:number])


def _texts(plan: Plan) -> Iterator[tuple[str, str]]:
    for number, question in enumerate(plan.questions):
        yield f"/questions/{number}/text", question.text
        yield f"/questions/{number}/plain", question.plain


def _choice(pointer: str, chosen: tuple[str, ...], known: tuple[str, ...]) -> Iterator[Fault]:
    for number, each in enumerate(chosen):
        if each not in known:
            yield Fault(f"{pointer}/{number}", f"Choose one that there is: {', '.join(known)}.")
    if max(Counter(chosen).values(), default=0) > 1:
        yield Fault(pointer, "Name each of them once.")


def _asked_at(plan: Plan, level: str) -> list[Question]:
    return [question for question in plan.questions if not question.levels or level in question.levels]


def _asked_in(plan: Plan, stage: PlanStage, level: str) -> list[Question]:
    return [question for question in _asked_at(plan, level) if question.stage == stage.id]


def _can_be_seen(plan: Plan, competency: str, level: str) -> bool:
    about = [question for question in _asked_at(plan, level) if competency in question.competencies]
    return len(about) >= QUESTIONS_OF_A_COMPETENCY and any(question.must for question in about)


def _musts(plan: Plan, stage: PlanStage, level: str) -> int:
    return sum(question.must for question in _asked_in(plan, stage, level))
