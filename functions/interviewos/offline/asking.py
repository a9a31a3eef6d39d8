"""Choosing what to say next, in the stages that ask."""

from __future__ import annotations

from collections.abc import Iterator

from interviewos.domain.interview import Reason, TurnPlan
from interviewos.domain.plan import DONE, INTRODUCTION, STAY, STORIES, move_to
from interviewos.offline import bank, digging, lines
from interviewos.offline.again import say_again, say_plainly
from interviewos.offline.answers import Answer
from interviewos.offline.bank import Question
from interviewos.offline.kinds import NO_ANSWER, QUESTIONS, Kind
from interviewos.offline.talk import Talk, clean_name

RICH = 40
"""Words from which an introduction counts as told at length."""
EXPERIENCE_ANSWERS = 6


def next_line(turn: TurnPlan) -> tuple[str, str]:
    """Say the next line in a stage that still asks, and propose where it leads."""
    talk = Talk(turn)
    if turn.reason is Reason.START:
        return greet(lines.GREETING, turn.candidate_name), STAY
    if turn.reason is not Reason.ANSWER or not talk.answers:
        return _into_stories(talk), STAY
    last = talk.answers[-1]
    if again := say_again(talk, last):
        return again, STAY
    if _introduced(talk) if turn.goal == INTRODUCTION else _told_enough(talk):
        following = turn.plan.next_of(turn.stage)
        line = lines.CLOSINGS[Reason.ANSWER] if following == DONE else _into_stories(talk)
        return line, move_to(following)
    return _ask_on(talk, last), STAY


def greet(greeting: str, name: str) -> str:
    """Greet by name, when there is one, and ask for an introduction."""
    called = clean_name(name)
    return join(greeting.format(name=f", {called}" if called else ""), lines.INTRODUCTION.text)


def join(*parts: str) -> str:
    """Put sentences one after the other."""
    return " ".join(part for part in parts if part)


def next_question(talk: Talk, goal: str) -> str:
    """Take the next question of the bank; a stage that has run dry borrows from the other."""
    family = talk.family
    intro = tuple(_in_turns(family.intro, bank.GENERAL.intro))
    experience = (*family.experience, *bank.GENERAL.experience)
    wanted = (*intro, *experience) if goal == INTRODUCTION else (*experience, *intro)
    return talk.first_new((*wanted, *(q for f in bank.FAMILIES for q in f.experience)))


def _in_turns(special: tuple[Question, ...], general: tuple[Question, ...]) -> Iterator[Question]:
    """Mix what is asked about one kind of work with what everybody is asked, the special first."""
    if special is not general:
        for own, common in zip(special, general[1:], strict=False):
            yield own
            yield common
    yield from general


def _introduced(talk: Talk) -> bool:
    """Is the introduction over: two answers at length, three good ones, or four of any kind?"""
    given = [a for a in talk.answers_in(talk.turn.stage) if a.kind not in NO_ANSWER]
    good = [a for a in given if a.kind is Kind.SAID]
    return len(given) >= 4 or len(good) >= 3 or sum(a.length >= RICH for a in good) >= 2


def _told_enough(talk: Talk) -> bool:
    """Is it time to close, and was that not refused already?"""
    if lines.CLOSINGS[Reason.ANSWER] in talk.said:
        return False
    answers = talk.answers_in(talk.turn.stage)
    wishes_to_end = len(answers) > 2 and answers[-1].kind is Kind.ENDING
    return wishes_to_end or sum(a.kind not in NO_ANSWER for a in answers) >= EXPERIENCE_ANSWERS


def _into_stories(talk: Talk) -> str:
    return join(_bridge(talk), next_question(talk, STORIES))


def _bridge(talk: Talk) -> str:
    reason, last = talk.turn.reason, talk.answers[-1] if talk.answers else None
    if reason in (Reason.LATE, Reason.SILENCE) or last is None:
        return lines.BRIDGES[Reason.LATE if reason is Reason.LATE else Reason.SILENCE]
    if last.kind is Kind.SAID and (quote := talk.quote(last)):
        return lines.BRIDGE_WITH_QUOTE.format(quote=quote)
    return lines.BRIDGES[Reason.LIMIT]


def _ask_on(talk: Talk, last: Answer) -> str:
    goal = talk.turn.goal
    if last.kind is Kind.SAID:
        return _after_answer(talk, last)
    if last.kind is Kind.THIN and (probe := digging.probe(talk, last)):
        return probe
    after = talk.unsaid(lines.AFTER.get(last.kind, lines.PLAIN_LEADS))
    if last.kind is Kind.WAIT and (beginning := talk.first_new(lines.BEGINNINGS)):
        return join(after, beginning)
    if last.kind in QUESTIONS | {Kind.PASTED} and (back := say_plainly(talk, last.asked)):
        return join(after, back)
    return join(after, next_question(talk, goal))


def _after_answer(talk: Talk, last: Answer) -> str:
    """Dig where the answer is thin, or take it up and go on."""
    goal = talk.turn.goal
    if last.asks_beside:
        aside = talk.unsaid(lines.AFTER[last.asks_beside])
        return join(aside, digging.follow_up(talk, last, quote=False) or next_question(talk, goal))
    if last.foreign and not any(lines.FOREIGN_LEAD in line for line in talk.said):
        return join(lines.FOREIGN_LEAD, next_question(talk, goal))
    return digging.follow_up(talk, last) or join(_lead(talk, last), next_question(talk, goal))


def _lead(talk: Talk, last: Answer) -> str:
    if quote := talk.quote(last):
        return talk.unsaid(_leads(talk.turn.goal)).format(quote=quote)
    return talk.unsaid(lines.PLAIN_LEADS)


def _leads(goal: str) -> tuple[str, ...]:
    return lines.INTRO_LEADS if goal == INTRODUCTION else lines.LEADS
