"""The interviewer without a model: it asks the planned questions, and does not pretend to understand the answers."""

from __future__ import annotations

import re

from interviewos.domain.interview import Reason, Role, TurnPlan
from interviewos.domain.plan import DONE, NEXT, STAY, STORIES, WHOLE_STORY, Question
from interviewos.domain.wishes import Wish, wants_to_end
from interviewos.domain.words import count_words
from interviewos.offline import lines
from interviewos.offline.words import clean_name

_ASKS_AT_THE_END = re.compile(r"[?？؟][^\w.!。！]*$")
_STATES = re.compile(r"[.!。！](?=\s)")
THIN = 8
"""Words below which a story is asked for an example, once an interview."""


def next_line(turn: TurnPlan) -> tuple[str, str]:
    """Say the next line in a stage that asks, and its signal."""
    if turn.reason is Reason.ANSWER and _tells(turn) and (more := _more_of_it(turn)):
        text, signal = more
        return _joined(_to_their_question(turn), text), signal
    question = planned(turn)
    if question is None:
        return _joined(_to_their_question(turn), closing(turn)), NEXT
    if turn.reason is Reason.START:
        greeting = lines.GREETING_AGAIN if turn.plan.excerpt else lines.GREETING
        return f"{_greeting(greeting, turn)} {question.text}", NEXT
    lead = lines.END if wants_to_end(_answer(turn)) else lines.LEADS.get(turn.reason, "")
    return _joined(lead or _to_their_question(turn), question.text), NEXT


def planned(turn: TurnPlan) -> Question | None:
    """Find the question that comes next by plan, in this stage or as the first of the one after it."""
    if turn.step.next or turn.stage == DONE:
        return turn.step.next
    following = turn.plan.next_of(turn.stage)
    return next(iter(turn.plan.questions_of(following)), None)


def _tells(turn: TurnPlan) -> bool:
    """Does the answer tell anything? Neither a wish to end nor a question alone does."""
    answer = _answer(turn)
    only_asks = _ASKS_AT_THE_END.search(answer) and not _STATES.search(answer)
    return not wants_to_end(answer) and not only_asks


def _to_their_question(turn: TurnPlan) -> str:
    """Say honestly that a question at the end of an answer finds none here, in other words each time."""
    if not _ASKS_AT_THE_END.search(_answer(turn)):
        return ""
    said = [m.text for m in turn.conversation if m.role is Role.AGENT]
    before = sum(text.startswith(lines.ASKED_BACK) for text in said)
    return lines.ASKED_BACK[before % len(lines.ASKED_BACK)]


def _more_of_it(turn: TurnPlan) -> tuple[str, str] | None:
    """Ask once an interview for an example, and once a question for what its story may still lack."""
    if not turn.step.follow_ups:
        return None
    said = [m.text for m in turn.conversation if m.role is Role.AGENT]
    open_question, asked = turn.step.open, turn.open_line
    fresh = asked is not None and not asked.meta.part
    if fresh and turn.goal == STORIES and count_words(_answer(turn)) < THIN and lines.EXAMPLE not in said:
        return lines.EXAMPLE, STAY
    if turn.step.part and open_question:
        checks = sum(m.meta.part == WHOLE_STORY and not m.meta.repeats for m in turn.conversation)
        return _check(open_question, checks), f"{STAY} {WHOLE_STORY}"
    return None


def _answer(turn: TurnPlan) -> str:
    """Give what was said since the interviewer's last line."""
    last = max((m.seq for m in turn.conversation if m.role is Role.AGENT), default=0)
    return " ".join(m.text for m in turn.conversation if m.role is Role.USER and m.seq > last and not m.meta.wish)


def _check(question: Question, number: int) -> str:
    """Have the candidate look themselves for what a story of theirs lacks."""
    forms = lines.CHECK if len(question.parts) > 1 else lines.CHECK_ONE
    return forms[number % len(forms)].format(parts=_parts(question))


def _parts(question: Question) -> str:
    return ", ".join(lines.PARTS[part] for part in question.parts)


def granted(turn: TurnPlan) -> str:
    """Do what the candidate asked for instead of answering."""
    wish, before = turn.grants, [m for m in turn.conversation if m.meta.repeats]
    here = [m for m in before if turn.open_line and m.seq > turn.open_line.seq]
    if wish is Wish.PAUSE:
        return lines.PAUSE if turn.may_pause else lines.PAUSED
    if wish is Wish.MORE_TIME:
        return lines.MORE_TIME if turn.may_extend else lines.NO_MORE_TIME
    question = turn.step.open
    as_planned = question is not None and turn.step.follow_ups == question.follow_ups
    if wish is Wish.SIMPLER and question and as_planned and not any(m.meta.wish is wish for m in here):
        return lines.SIMPLER.format(question=question.plain)
    if wish is Wish.SIMPLER and question and turn.open_line and turn.open_line.meta.part == WHOLE_STORY and not here:
        return lines.CHECK_SIMPLER.format(parts=_parts(question))
    return lines.REPEATED[len(before) % len(lines.REPEATED)].format(question=_as_asked(turn))


def _as_asked(turn: TurnPlan) -> str:
    """Give the words in which the open question was asked."""
    asked = turn.open_line
    if asked is None:
        return ""
    question = turn.step.open
    return question.text if question and not asked.meta.part and question.text in asked.text else asked.text


def stand_in(turn: TurnPlan, question: Question | None, failures: int, failed: bool = True) -> str:
    """Say honestly that the AI interviewer gave nothing, and ask what is planned in its place.

    `failures` counts those in a row before this one; a reply of which nothing was left did not fail.
    """
    if question is None:
        return lines.NOTHING_PLANNED[failures % len(lines.NOTHING_PLANNED)]
    if turn.reason is Reason.START:
        greeting = lines.GREETING_IN_PLACE if failed else lines.GREETING_BY_SCRIPT
        return f"{_greeting(greeting, turn)} {question.text}"
    if not failed:
        return _joined(lines.LEADS.get(turn.reason, ""), question.text)
    return _joined(lines.STAND_IN[failures % len(lines.STAND_IN)], question.text)


def error_line(turn: TurnPlan) -> str:
    """Say plainly that the AI interviewer cannot be reached, that all is kept, and how it goes on."""
    said = [m.text for m in turn.conversation if m.role is Role.AGENT]
    return lines.ERROR[sum(text in lines.ERROR for text in said) % len(lines.ERROR)]


def closing(turn: TurnPlan, waits: bool = False) -> str:
    """Say one line that ends the interview, led by a model or not; with `waits` the feedback is still to be chosen."""
    if not turn.answered:
        return lines.CLOSING_WITHOUT_ANSWERS
    if turn.ceiling:
        return lines.CEILINGS[turn.ceiling]
    return _joined(lines.CLOSINGS.get(turn.reason, lines.CLOSINGS[Reason.ANSWER]), lines.MOMENT if waits else "")


def _greeting(greeting: str, turn: TurnPlan) -> str:
    called = clean_name(turn.candidate_name)
    return greeting.format(name=f", {called}" if called else "")


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
