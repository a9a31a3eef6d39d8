"""What is chosen of a kind of interview: level, time, which questions; and what an interview will come to."""

import pytest

from interviewos.domain.choice import Choice, choose, forecast
from interviewos.domain.errors import InvalidField
from interviewos.domain.plan import Plan, PlanStage, Question


def question(name: str, stage: str = "work", levels: tuple[str, ...] = (), must: bool = False) -> Question:
    competencies = ("approach",) if must else ("impact",)
    return Question(name, stage, f"{name}?", f"{name}, simply?", levels=levels, competencies=competencies, must=must)


PLAN = Plan(
    "trial",
    1,
    (PlanStage("hello", "introduction", 120, 3, 1), PlanStage("work", "stories", 270, 9, 2)),
    grace_seconds=30,
    questions=(
        question("who", "hello"),
        question("first", levels=("entry",)),
        question("second", levels=("mid", "senior")),
        question("third", must=True),
    ),
    competencies=("approach", "impact"),
)


def names(plan: Plan) -> list[str]:
    return [each.id for each in plan.questions]


def test_without_a_choice_a_plan_stays_as_it_is() -> None:
    """Every question, and the time that is planned."""
    assert choose(PLAN, Choice()) == PLAN


@pytest.mark.parametrize(
    ("level", "asked"), [("entry", ["who", "first", "third"]), ("senior", ["who", "second", "third"])]
)
def test_a_level_leaves_the_questions_that_fit_it(level: str, asked: list[str]) -> None:
    """One without levels fits each of them."""
    plan = choose(PLAN, Choice(level))

    assert (names(plan), plan.level) == (asked, level)


def test_a_level_that_no_question_is_for_is_refused_and_the_others_are_named() -> None:
    """Nobody is asked what was written for others."""
    with pytest.raises(InvalidField) as refused:
        choose(PLAN, Choice("lead"))

    assert refused.value.pointer == "/level"
    assert "entry, mid, senior" in str(refused.value)


def test_more_time_is_more_of_every_clock() -> None:
    """The stages and the time for the last answer; how many questions there may be stays."""
    plan = choose(PLAN, Choice(time_factor=1.5))

    assert [stage.seconds for stage in plan.stages] == [180, 405]
    assert (plan.grace_seconds, plan.time_factor, plan.stages[1].most_questions) == (45, 1.5, 9)


def test_what_was_seen_before_comes_last() -> None:
    """Each part in its order; what another plan asked is nothing to this one."""
    assert names(choose(PLAN, Choice(seen=("first", "who", "elsewhere")))) == ["second", "third", "who", "first"]


def test_only_some_questions_leave_only_their_stages() -> None:
    """One answer is enough there, and a few stories are no ground for levels."""
    plan = choose(PLAN, Choice("entry", only=("third", "second")))

    assert names(plan) == ["second", "third"]
    assert [(stage.id, stage.fewest_answers) for stage in plan.stages] == [("work", 1)]
    assert (plan.competencies, plan.excerpt) == ((), True)


def test_a_question_that_the_plan_does_not_have_is_refused() -> None:
    """With its place, so that a caller finds it."""
    with pytest.raises(InvalidField) as refused:
        choose(PLAN, Choice(only=("third", "tenth")))

    assert refused.value.pointer == "/only/1"


def test_a_forecast_counts_what_there_is_time_for() -> None:
    """What must be asked is asked first; what is left out cannot be shown."""
    shown = ("impact", "approach")
    one, all_of_it = forecast(PLAN), forecast(choose(PLAN, Choice("entry")))

    assert (one.questions, all_of_it.questions) == (3, 3)
    assert not set(one.not_covered) & set(shown)
    assert one.not_covered == ("ownership", "people", "learning")


def test_more_time_leaves_the_forecast_as_it_is() -> None:
    """Whoever chooses it needs it for the same questions."""
    assert forecast(choose(PLAN, Choice(time_factor=3))) == forecast(PLAN)
