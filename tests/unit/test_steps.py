"""The walk through the questions of a plan, and where a reply of the model leads on it."""

from dataclasses import replace

import pytest

from interviewos.domain.plan import Plan, PlanStage, Question
from interviewos.domain.steps import Asked, Lead, Step, lead_of, must_left, next_step

STORY = ("action", "result", "number")


def question(name: str, stage: str = "work", must: bool = False, follow_ups: int = 2) -> Question:
    return Question(name, stage, f"{name}?", f"{name}, simply?", STORY, must=must, follow_ups=follow_ups)


PLAN = Plan(
    "trial",
    1,
    (PlanStage("hello", "introduction", 60, 3, 1), PlanStage("work", "stories", 600, 9, 1)),
    questions=(question("who", "hello"), question("one"), question("two"), question("three", must=True)),
)
ONE, TWO, THREE = PLAN.questions[1:]


def walk(*lines: str) -> list[Asked]:
    """What was asked, each as a question or as a question and a part."""
    return [Asked(*line.split("/")) for line in lines]


def test_nothing_is_open_before_the_first_question() -> None:
    """Its own stage counts; that another one was gone through does not."""
    step = next_step(PLAN, "work", walk("who"), 600)

    assert (step.open, step.part, step.next, step.number, step.count) == (None, "", ONE, 0, 3)
    assert step.minutes_left == 10


@pytest.mark.parametrize(
    ("lines", "part", "follow_ups"),
    [
        (("one",), "action", 2),
        (("one", "one/action"), "result", 1),
        (("one", "one"), "action", 1),
        (("one", "one/story"), "", 1),
        (("one", "one/action", "one/result"), "", 0),
        (("one", "one/action", "one/result", "one/number"), "", 0),
    ],
)
def test_the_parts_of_a_story_are_asked_for_in_their_order(lines: tuple[str, ...], part: str, follow_ups: int) -> None:
    """Each once, all at once instead, and no more of them than follow-ups are left."""
    step = next_step(PLAN, "work", walk(*lines), 600)

    assert (step.open, step.part, step.follow_ups, step.next) == (ONE, part, follow_ups, TWO)


@pytest.mark.parametrize(("seconds", "following"), [(600, TWO), (120, TWO), (119, THREE)])
def test_what_must_be_asked_comes_first_when_time_is_short(seconds: float, following: Question) -> None:
    """Under two minutes for each of them."""
    assert next_step(PLAN, "work", walk("one"), seconds).next == following


@pytest.mark.parametrize(("follow_ups", "following"), [(0, TWO), (4, TWO), (5, THREE), (8, THREE)])
def test_what_must_be_asked_comes_first_when_questions_run_out(follow_ups: int, following: Question) -> None:
    """Nine may be asked: an optional one and what must be asked take two each."""
    assert next_step(PLAN, "work", walk("one", *["one/action"] * follow_ups), 600).next == following


@pytest.mark.parametrize(("seconds", "following"), [(240, "two"), (239, "must")])
def test_each_question_that_must_be_asked_needs_its_time(seconds: float, following: str) -> None:
    """Two of them hurry sooner than one, and whoever has twice the time needs it twice."""
    two = replace(PLAN, questions=(*PLAN.questions, question("must", must=True), question("more", must=True)))
    two = replace(two, questions=tuple(each for each in two.questions if each.id != "three"))
    slow = replace(two, time_factor=2)

    assert next_step(two, "work", walk("one"), seconds).next == two.question(following)
    assert next_step(slow, "work", walk("one"), 2 * seconds).next == two.question(following)


def test_after_the_last_question_nothing_comes() -> None:
    """And what was asked once is not asked again."""
    step = next_step(PLAN, "work", walk("one", "three", "two"), 600)

    assert (step.open, step.next, step.number) == (TWO, None, 3)
    assert not must_left(PLAN, "work", walk("one", "three"))
    assert must_left(PLAN, "work", walk("one", "two"))


HERE = Step(open=ONE, part="result", follow_ups=1, next=TWO)
LAST = replace(HERE, next=None)


@pytest.mark.parametrize(
    ("step", "signal", "may_leave", "lead"),
    [
        (HERE, "STAY result", True, Lead("work", Asked("one", "result"))),
        (HERE, "STAY story", True, Lead("work", Asked("one", "story"))),
        (HERE, "STAY number", True, Lead("work", Asked("one"))),
        (HERE, "STAY", True, Lead("work", Asked("one"))),
        (HERE, "", True, Lead("work", Asked("one"))),
        (HERE, "MOVE_TO_WORK", True, Lead("work", Asked("one"))),
        (HERE, "NEXT", True, Lead("work", Asked("two"))),
        (HERE, "NEXT", False, Lead("work", Asked("two"))),
        (HERE, "MOVE_TO_DONE", False, Lead("work", Asked("two"))),
        (HERE, "MOVE_TO_DONE", True, Lead("done")),
        (LAST, "NEXT", False, Lead("done")),
        (LAST, "MOVE_TO_DONE", True, Lead("done")),
        (LAST, "MOVE_TO_DONE", False, Lead("work", Asked("one"))),
        (LAST, "STAY result", True, Lead("work", Asked("one", "result"))),
        (replace(HERE, part=""), "STAY story", True, Lead("work", Asked("one"))),
        (Step(next=ONE), "STAY", True, Lead("work")),
    ],
)
def test_a_signal_leads_where_the_table_says(step: Step, signal: str, may_leave: bool, lead: Lead) -> None:
    """The model proposes; what it may not is the nearest thing that it may."""
    assert lead_of(PLAN, "work", step, signal, may_leave) == lead


def test_the_last_question_of_a_stage_leads_to_the_first_of_the_next() -> None:
    """Whether the model says NEXT or names the stage."""
    step = next_step(PLAN, "hello", walk("who"), 60)

    assert [lead_of(PLAN, "hello", step, signal, True) for signal in ("NEXT", "MOVE_TO_WORK")] == [
        Lead("work", Asked("one"))
    ] * 2
