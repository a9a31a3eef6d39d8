"""What a plan must be, and what a question may be: each rule by what it finds, and each plan that we ship."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from interviewos.adapters.plan_files import read_plans
from interviewos.domain.plan import INTRODUCTION, LEVELS, STORIES, Plan, PlanStage, Question
from interviewos.domain.plan_check import MOST_BYTES, RULES, check_plan
from interviewos.domain.questions import asks_forbidden, forbidden_topic, is_one_question

QUESTIONS = Path(__file__).parents[1] / "questions"


def rows(name: str) -> list[tuple[str, str, str]]:
    """Language, topic or profession, and text, of a file of questions."""
    languages = tomllib.loads((QUESTIONS / f"{name}.toml").read_text(encoding="utf-8"))
    return [(code, kind, text) for code, kinds in languages.items() for kind, texts in kinds.items() for text in texts]


FORBIDDEN, ORDINARY = rows("forbidden"), rows("ordinary")
SHIPPED = [plan for languages in read_plans().values() for plan in languages.values()]


@pytest.mark.parametrize(("language", "topic", "text"), FORBIDDEN)
def test_what_is_private_is_caught_and_named(language: str, topic: str, text: str) -> None:
    """A question about the candidate's own life is known by whom it is about and by its topic."""
    assert topic == forbidden_topic(text, language)
    assert asks_forbidden(text.replace("'", "’"), f"{language}-GB")


@pytest.mark.parametrize(("language", "profession", "text"), ORDINARY)
def test_a_question_about_work_passes(language: str, profession: str, text: str) -> None:
    """The same words about patients, pupils, machines or customers are work."""
    assert forbidden_topic(text, language) is None, profession
    assert is_one_question(text)


def test_the_questions_are_enough_to_judge_by() -> None:
    """Forty that are caught and eighty of twelve professions that are not, none twice."""
    texts = [text for _, _, text in FORBIDDEN + ORDINARY]

    assert len(FORBIDDEN) >= 40
    assert len(ORDINARY) >= 80
    assert len({profession for _, profession, _ in ORDINARY}) >= 12
    assert sorted(set(texts)) == sorted(texts)


@pytest.mark.parametrize(
    "text",
    [
        "You said that your wife keeps the books. How did you set your prices?",
        "I am sorry about your illness. What would you rather talk about?",
        "“How old are you?” is what the customer asked. How did you answer?",
    ],
)
def test_what_is_only_mentioned_is_not_asked(text: str) -> None:
    """A candidate may have spoken of it; what counts is what is asked."""
    assert not asks_forbidden(text, "en")


@pytest.mark.parametrize("text", ["Wie alt sind Sie?", "How old are you?"])
def test_no_rule_is_known_for_a_language_without_a_row(text: str) -> None:
    """The rules of one language say nothing about the words of another."""
    assert not asks_forbidden(text, "xx")


@pytest.mark.parametrize(
    "text",
    [
        "What did you do?",
        "Tell me about a hard problem. What did you do about it?",
        "You moved it in a week, right? What was the hardest part?",
        "You said “Why me?” to them. How did they take it?",
        "'Who did this?' is what they asked. What did you answer?",
        "It stood on https://example.com/?q=1 at the time. Who saw it first?",
        "How did you decide who came first and what could wait?",
        "How did you explain what a fraction is, and why it matters?",
        "On what kind of ward, or in what kind of setting, do you work best?",
        "Did you call them or did you write to them?",
        "Really?!",
        "¿Qué hizo usted entonces?",
        "Τι κάνατε τότε\u037e",
        "それからどうしましたか。",
        "你当时做了什么？",
        "ماذا فعلت بعد ذلك؟",
        "What was the result? ",
    ],
)
def test_this_is_one_question(text: str) -> None:
    """Marks in quotation marks, tags and addresses are no questions; a request belongs to the question after it."""
    assert is_one_question(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Tell me about a hard problem.",
        "What did you do? And why?",
        "What did you do? Take your time.",
        "What did you do, and how did it end?",
        "What did you have to learn quickly, and how did you go about it?",
        "What kind of work do you like most, and for whom?",
        "What brought you to this work, and what has kept you in it?",
        "Which task did you take on, and why?",
        "Who was there and what did they say?",
        "Did you see it and did you tell anybody?",
        "You moved it in a week, didn't you?",
        "They asked “Why?”",
        "それは何ですか。どうしましたか。",
        "你做了什么？为什么？",
    ],
)
def test_this_is_not_one_question(text: str) -> None:
    """None, two, two that "and" joins, and one that is not at the end."""
    assert not is_one_question(text)


def question(number: int, **changes: Any) -> Question:
    """A question that shows two competencies, and must be asked where its number is odd."""
    sound = Question(
        id=f"sound.{number}",
        stage="experience",
        text=f"Tell me about piece {number} of your work. What did you do?",
        plain=f"What did you do in piece {number} of your work?",
        parts=("action", "result"),
        competencies=("approach", "impact"),
        must=number % 2 == 1,
    )
    return replace(sound, **changes)


INTRO = PlanStage("intro", INTRODUCTION, 120, 3, 1, "short")
EXPERIENCE = PlanStage("experience", STORIES, 600, 6, 2)
HELLO = Question("sound.hello", "intro", "What do you do at work?", "What is your work?")
SOUND = Plan(
    "sound",
    1,
    (INTRO, EXPERIENCE),
    questions=(HELLO, question(1), question(2)),
    competencies=("approach", "impact"),
)


def with_stage(**changes: Any) -> Plan:
    return replace(SOUND, stages=(INTRO, replace(EXPERIENCE, **changes)))


def with_first(**changes: Any) -> Plan:
    return replace(SOUND, questions=(replace(HELLO, **changes), *SOUND.questions[1:]))


def with_more(*more: Question) -> Plan:
    return replace(SOUND, questions=(*SOUND.questions, *more))


def of_one_stage_each(*ids: str) -> Plan:
    """A plan whose stages have these ids and one question each."""
    stages = tuple(PlanStage(each, STORIES, 300, 3, 1) for each in ids)
    questions = tuple(replace(HELLO, id=f"sound.{number}", stage=each) for number, each in enumerate(ids))
    return replace(SOUND, stages=stages, questions=questions, competencies=())


def written(words: int) -> str:
    return f"What {'very ' * (words - 2)}went?"


BROKEN: dict[str, tuple[Plan, list[str]]] = {
    "a plan without stages": (of_one_stage_each(), ["/stages"]),
    "seven stages": (of_one_stage_each(*"abcdefg"), ["/stages"]),
    "a stage that is called done": (of_one_stage_each("a", "done"), ["/stages/1/id"]),
    "a stage that begins with a capital": (of_one_stage_each("Work"), ["/stages/0/id"]),
    "a stage with a name of 32 letters": (of_one_stage_each("a" * 32), ["/stages/0/id"]),
    "two stages of one name": (of_one_stage_each("a", "a"), ["/stages/1/id"]),
    "two questions of one name": (with_more(replace(HELLO, stage="experience")), ["/questions/3/id"]),
    "a goal that nobody knows": (with_stage(goal="feedback"), ["/stages/1/goal"]),
    "an introduction to nothing": (with_stage(goal=INTRODUCTION), ["/stages/1/goal"]),
    "pauses of another length": (with_stage(pauses="medium"), ["/stages/1/pauses"]),
    "a stage without time": (
        replace(of_one_stage_each("a"), stages=(replace(EXPERIENCE, id="a", seconds=0),)),
        ["/stages/0/seconds"],
    ),
    "more answers than questions": (with_stage(fewest_answers=7), ["/stages/1/most_questions"]),
    "a stage without questions": (
        replace(of_one_stage_each("a"), stages=(PlanStage("a", STORIES, 60, 0, 0),)),
        ["/stages/0/most_questions"],
    ),
    "46 minutes": (with_stage(seconds=44 * 60), ["/stages"]),
    "31 questions": (with_more(*(replace(HELLO, id=f"sound.more.{n}") for n in range(28))), ["/questions"]),
    "a question of no stage": (with_more(question(4, stage="case")), ["/questions/3/stage"]),
    "a stage that has nothing to ask of a lead": (
        replace(SOUND, questions=(replace(HELLO, levels=LEVELS[:3]), question(1, levels=LEVELS), question(2))),
        ["/stages/0"],
    ),
    "a text that asks nothing": (with_first(text="Tell me about your work."), ["/questions/0/text"]),
    "a plain text that asks twice": (with_first(plain="What do you do? And why?"), ["/questions/0/plain"]),
    "a text of 31 words": (with_first(text=written(31)), ["/questions/0/text"]),
    "a plain text of 31 words": (with_first(plain=written(31)), ["/questions/0/plain"]),
    "a private question": (with_first(text="Are you married?"), ["/questions/0/text"]),
    "a private question in plain words": (with_first(plain="How old are you?"), ["/questions/0/plain"]),
    "a language without rules": (replace(SOUND, language="xx"), ["/language"]),
    "a level that nobody has": (with_more(question(4, levels=(*LEVELS, "expert"))), ["/questions/3/levels/4"]),
    "a level twice": (with_more(question(4, levels=("entry", *LEVELS))), ["/questions/3/levels"]),
    "a part that no story has": (with_first(parts=("moral",)), ["/questions/0/parts/0"]),
    "a competency that nobody knows": (
        replace(
            SOUND,
            competencies=("approach", "impact", "charm"),
            questions=tuple(replace(q, competencies=("approach", "impact", "charm")) for q in SOUND.questions),
        ),
        ["/competencies/2"],
    ),
    "one competency alone": (
        replace(
            SOUND,
            competencies=("impact",),
            questions=(HELLO, question(1, competencies=("impact",)), question(2, competencies=("impact",))),
        ),
        ["/competencies"],
    ),
    "a competency that the plan does not have": (
        with_first(competencies=("learning",)),
        ["/questions/0/competencies/0"],
    ),
    "one question of a competency": (
        replace(SOUND, questions=(HELLO, question(1), question(2, competencies=("approach",)))),
        ["/competencies/1"],
    ),
    "a competency that may be left out": (
        replace(SOUND, questions=(HELLO, question(1, competencies=("approach",)), question(2), question(4))),
        ["/competencies/1"],
    ),
    "a level with one question of each competency": (
        replace(SOUND, questions=(HELLO, question(1, levels=("entry", "mid")), question(2, levels=("entry",)))),
        ["/competencies/0", "/competencies/1"],
    ),
    "more that must be asked than may be": (
        with_stage(most_questions=1, fewest_answers=1),
        ["/stages/1/most_questions"],
    ),
    "less time than its questions take": (with_stage(seconds=2 * 90 - 1), ["/stages/1/seconds"]),
    "fewer follow-ups than none": (with_first(follow_ups=-1), ["/questions/0/follow_ups"]),
    "a plan that is too long to keep": (replace(SOUND, title="é" * (MOST_BYTES // 2)), [""]),
}


def test_a_sound_plan_has_no_fault() -> None:
    """What the rows below break is whole."""
    assert check_plan(SOUND) == []


@pytest.mark.parametrize(("plan", "pointers"), BROKEN.values(), ids=BROKEN)
def test_a_fault_is_found_and_no_other(plan: Plan, pointers: list[str]) -> None:
    """Each rule points at what it is about, and says what to do."""
    faults = check_plan(plan)

    assert pointers == [fault.pointer for fault in faults]
    assert all(fault.detail.endswith(".") for fault in faults)


def test_each_rule_is_needed() -> None:
    """Without any one of the rules, one of the broken plans would pass."""
    alone = {
        rule for plan, _ in BROKEN.values() if len(found := [r for r in RULES if list(r(plan))]) == 1 for rule in found
    }

    assert set(RULES) == alone


@pytest.mark.parametrize("plan", SHIPPED, ids=lambda plan: f"{plan.id}.{plan.language}")
def test_each_plan_of_ours_passes(plan: Plan) -> None:
    """Nothing checks them at start: what we ship is right."""
    assert check_plan(plan) == []


@pytest.mark.parametrize("plan", [plan for plan in SHIPPED if plan.competencies], ids=lambda plan: plan.id)
def test_a_profession_takes_a_quarter_of_an_hour_or_a_little_longer(plan: Plan) -> None:
    """There is enough to ask at every level for the time that it takes, and no more than somebody sits through."""
    assert 15 * 60 <= sum(stage.seconds for stage in plan.stages) <= 25 * 60
    assert plan.levels == LEVELS
    assert 8 <= len(plan.questions) <= 12


@pytest.mark.parametrize("plan", [plan for plan in SHIPPED if plan.id == "first-job"], ids=lambda plan: plan.language)
def test_who_has_had_no_job_yet_is_not_asked_about_one(plan: Plan) -> None:
    """School, home and clubs count; no words of applicants, and nothing that would need years of work."""
    texts = " ".join(text for each in plan.questions for text in (each.text, each.plain)).lower()

    assert not {"position", "career", "colleague", "manager"} & set(texts.replace(".", " ").replace("?", " ").split())
    assert plan.competencies == ()
