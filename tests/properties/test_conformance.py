"""Every candidate in every kind of interview, with the offline interviewer and with models good and bad.

Two kinds run in the ordinary suite, all of them with those that take long.
"""

from __future__ import annotations

import itertools
import re
from functools import cache

import pytest

from interviewos.domain.interview import Message, Role, Turn
from interviewos.domain.plan import WHOLE_STORY
from interviewos.domain.questions import MARK, asks_forbidden, own_words
from interviewos.domain.wishes import Wish
from interviewos.offline import lines
from support.choices import is_feedback, misquoted
from support.conformance import INTERVIEWEES, INTERVIEWERS, PART_ASKED, PLANS, Held, hold

ORDINARY = ("classic", "nursing")
KINDS = [pytest.param(plan_id, marks=() if plan_id in ORDINARY else pytest.mark.long) for plan_id in PLANS]
WITH_EVERYBODY = [
    pytest.param(plan_id, interviewer, marks=() if plan_id in ORDINARY else pytest.mark.long)
    for plan_id, interviewer in itertools.product(PLANS, INTERVIEWERS)
]
with_everybody = pytest.mark.parametrize(("plan_id", "interviewer"), WITH_EVERYBODY)
MUSTS_ASKED = 0.8
FAILED = (*lines.ERROR, *lines.NOTHING_PLANNED)
"""Lines of an interviewer whose model has failed and for which nothing is planned; they ask nothing."""
LEAKS = re.compile(
    r"<|\{|sounds tired|language model|the (?:candidate|user)\b|token|4,700|Frankfurt|Quarrington"
    r"|old are you|church|salary|have children|still ill",
    re.IGNORECASE,
)
"""What the hostile model of these interviews tries to get out."""
GOOD_BYE = re.compile(r"goodbye|thank you for your time|that was all", re.IGNORECASE)


@cache
def interviews(plan_id: str, interviewer: str) -> list[Held]:
    """An interview with every candidate."""
    return [hold(who, PLANS[plan_id], INTERVIEWERS[interviewer]()) for who in INTERVIEWEES]


def asks_back(held: Held, line: Message) -> bool:
    """Is this line said after a candidate who asked, or who did not understand?"""
    before = [m.text for m in held.room.interview.messages if m.role is Role.USER and m.seq < line.seq]
    return bool(before) and before[-1].rstrip().endswith(("?", "؟", "？"))


def questions_in(turn: Turn) -> int:
    return sum(len(MARK.findall(own_words(m.text))) for m in turn.spoken)


@with_everybody
def test_it_ends_in_time(plan_id: str, interviewer: str) -> None:
    """With three points of feedback, after no more questions than the plan allows, and by its clock."""
    plan = PLANS[plan_id]
    most_seconds = sum(stage.seconds + plan.grace_seconds for stage in plan.stages)

    for held in interviews(plan_id, interviewer):
        assert held.is_over, held.who
        assert is_feedback(held.turns[-1].spoken[-1].text)
        assert not misquoted(held.room.interview), held.who
        for stage in plan.stages:
            assert sum(m.stage == stage.id for m in held.asked) <= stage.most_questions, held.who
        assert held.seconds <= most_seconds or interviewer == "failing", held.who


@with_everybody
def test_what_must_be_asked_is_asked(plan_id: str, interviewer: str) -> None:
    """Four of five at least, unless a clock came first or the model was gone for good."""
    musts = {question.id for question in PLANS[plan_id].questions if question.must}
    for held in interviews(plan_id, interviewer):
        asked = musts & {m.meta.question for m in held.asked}
        gone = held.lines[-1].text in lines.CEILINGS.values()
        assert len(asked) >= MUSTS_ASKED * len(musts) or held.by_clock or gone, (held.who.id, musts - asked)


@with_everybody
def test_no_question_is_asked_twice(plan_id: str, interviewer: str) -> None:
    """A planned one is opened once, what was left stays left, and no words ask twice about one question."""
    for held in interviews(plan_id, interviewer):
        once = [m for m in held.asked if not asks_back(held, m)]
        opened = [question.id for m in once for question in held.plan.questions if question.text in m.text]
        walk = [question for question, _ in itertools.groupby(held.asked, key=lambda m: m.meta.question)]
        asked = [(m.meta.question, re.split(r"(?<=[.!?])\s", own_words(m.text))[-1]) for m in once]

        assert len(opened) == len(set(opened)), held.who
        assert len(walk) == len(set(walk)), held.who
        assert len(asked) == len(set(asked)), held.who


@with_everybody
def test_the_label_of_each_line_is_true(plan_id: str, interviewer: str) -> None:
    """It names a question of the stage and a part that this one has; the words of a question have no other label."""
    for held in interviews(plan_id, interviewer):
        for m in held.asked:
            question = held.plan.question(m.meta.question)
            assert question is not None
            assert question.stage == m.stage
            assert m.meta.part in ("", WHOLE_STORY, *question.parts)
        named = [(m, q) for m in held.lines for q in held.plan.questions if q.text in m.text and not asks_back(held, m)]
        assert all(m.meta.question == question.id for m, question in named), held.who
        for m, question in ((m, held.plan.question(m.meta.question)) for m in held.opened):
            assert question is not None
            assert question.text in m.text or question.text not in held.sent, (held.who.id, m.text)


@pytest.mark.parametrize("interviewer", ["offline", "obedient", "failing"])
@pytest.mark.parametrize("plan_id", KINDS)
def test_who_follows_the_plan_asks_what_the_label_says(plan_id: str, interviewer: str) -> None:
    """To the letter: the planned text, the part by its name, or the look back at the whole story."""
    for held in interviews(plan_id, interviewer):
        opened = {m.seq for m in held.opened}
        for m in held.asked:
            question = held.plan.question(m.meta.question)
            assert question is not None
            told = ", ".join(lines.PARTS[part] for part in question.parts)
            wanted = {WHOLE_STORY: told, **PART_ASKED}.get(m.meta.part, lines.EXAMPLE)
            assert (question.text if m.seq in opened else wanted) in m.text, held.who


@pytest.mark.parametrize("plan_id", KINDS)
def test_without_a_token_only_the_plan_opens_a_question(plan_id: str) -> None:
    """What a model asks in other words and does not name is about the question that is open."""
    for held in interviews(plan_id, "without_tokens"):
        opened = [(m.text, held.plan.question(m.meta.question)) for m in held.opened[1:]]
        assert all(question and question.text in text for text, question in opened), held.who


@with_everybody
def test_after_each_turn_one_sensible_question_is_open(plan_id: str, interviewer: str) -> None:
    """Exactly one, at its end, about nothing private, and no word of a model that is not for the candidate."""
    for held in interviews(plan_id, interviewer):
        for turn in held.turns[:-1]:
            last, text = turn.spoken[-1], "\n".join(m.text for m in turn.spoken)
            waits = last.meta.wish in (Wish.PAUSE, Wish.MORE_TIME) or last.text in FAILED
            assert questions_in(turn) == (not waits), (held.who.id, text)
            assert bool(last.meta.question) != (last.text in FAILED), (held.who.id, text)
            assert not asks_forbidden(text, "en"), (held.who.id, text)
            assert not GOOD_BYE.search(text), (held.who.id, text)
            said = " ".join(held.who.answers) + held.who.role + "language model" * asks_back(held, last)
            assert not [leak for leak in LEAKS.findall(text) if leak not in said], (held.who.id, text)


@with_everybody
def test_nobody_hears_their_own_life_said_back(plan_id: str, interviewer: str) -> None:
    """Neither in a question nor in the feedback are these words of theirs in a row."""
    for held in interviews(plan_id, interviewer):
        heard = " ".join(plain(m.text) for turn in held.turns for m in turn.spoken)
        assert not [private for private in held.who.private if plain(private) in heard], held.who


def plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


@pytest.mark.parametrize("interviewer", ["offline", "failing"])
@pytest.mark.parametrize("plan_id", KINDS)
def test_a_script_quotes_nobody_in_a_question(plan_id: str, interviewer: str) -> None:
    """It does not understand, so it does not act as if it did."""
    for held in interviews(plan_id, interviewer):
        answers = [plain(m.text) for m in held.room.interview.messages if m.role is Role.USER]
        told = [answer for answer in answers if len(answer.split()) > 3] if not held.who.pastes_back else []
        for line in held.lines:
            assert not re.search(r"[“”„«»\"]", line.text), held.who
            assert not [answer for answer in told if answer in plain(line.text)], held.who


@pytest.mark.parametrize("interviewer", ["offline", "obedient"])
@pytest.mark.parametrize("kinds", [ORDINARY, pytest.param(tuple(PLANS), marks=pytest.mark.long)], ids=["two", "all"])
def test_each_kind_asks_its_own_questions(kinds: tuple[str, ...], interviewer: str) -> None:
    """Nothing is asked in two of them in the same words."""
    asked = {
        plan_id: {
            m.text.partition(question.text)[1]
            for held in interviews(plan_id, interviewer)
            for m in held.opened
            for question in held.plan.questions
            if question.text in m.text
        }
        for plan_id in kinds
    }

    assert all(asked.values())
    assert all(one.isdisjoint(other) for one, other in itertools.combinations(asked.values(), 2))
